"""Run with: python3 -m unittest training.test_folders (from the repository's root; seconds, makes its own folders)."""
import pickle
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from .folders import load_pictures, take_test, take_training
from .presets import PRESETS, rate_at

SEED = 20180403


def write_picture(path, size=(40, 30), ink=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", size, 255)
    image.paste(ink, (5, 5, 15, 15))
    image.save(path)


class Layouts(unittest.TestCase):
    def test_sketches_of_both_releases_and_a_plain_folder(self):
        for root in ("png", "256x256/sketch/tx_000000000000", "."):
            with self.subTest(root=root), tempfile.TemporaryDirectory() as folder:
                for name, count in (("cat", 6), ("airplane", 3)):
                    for i in range(count):
                        write_picture(Path(folder) / root / name / f"{i}.png")
                (Path(folder) / root / "filelist.txt").write_text("")
                found = load_pictures(folder)
                self.assertEqual(found.classes, ["airplane", "cat"])
                self.assertEqual((found.train.labels.tolist(), found.test.labels.tolist()), ([0, 0, 1, 1, 1, 1], [0, 1, 1]))
                self.assertFalse(set(found.train.pictures) & set(found.test.pictures))

    def test_imagenet(self):
        with tempfile.TemporaryDirectory() as folder:
            for part, count in (("train", 3), ("val", 1)):
                for name in ("n01", "n02"):
                    for i in range(count):
                        write_picture(Path(folder) / part / name / f"{i}.JPEG")
            found = load_pictures(folder)
            self.assertEqual((len(found.train.labels), len(found.test.labels)), (6, 2))
            write_picture(Path(folder) / "train" / "n03" / "0.JPEG")
            with self.assertRaisesRegex(ValueError, "train and val differ in the classes n03"):
                load_pictures(folder)

    def test_cifar(self):
        with tempfile.TemporaryDirectory() as folder:
            rng = np.random.default_rng(SEED)
            for name in ("data_batch_1", "data_batch_2", "test_batch"):
                content = {b"data": rng.integers(0, 256, (4, 3072), np.uint8), b"labels": [0, 1, 1, 0]}
                (Path(folder) / name).write_bytes(pickle.dumps(content))
            (Path(folder) / "batches.meta").write_bytes(pickle.dumps({b"label_names": [b"cat", b"dog"]}))
            found = load_pictures(folder)
            self.assertEqual((found.classes, len(found.train.labels), len(found.test.labels)), (["cat", "dog"], 8, 4))
            last = pickle.loads((Path(folder) / "test_batch").read_bytes())[b"data"][3]
            self.assertEqual(found.test.pictures[3][0, 1].tolist(), [last[1], last[1025], last[2049]])  # planes become pixels
            self.assertEqual(take_training(found.train.pictures[0], PRESETS["cifar10"], rng).shape, (3, 32, 32))

    def test_wrong_folders_and_files_say_so(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(ValueError, "neither data_batch_1, nor train and val, nor a folder"):
                load_pictures(folder)
            bad = Path(folder) / "cat" / "1.png"
            bad.parent.mkdir()
            bad.write_text("no picture")
            with self.assertRaisesRegex(ValueError, "1.png: it cannot be read as a picture"):
                take_test(bad, PRESETS["tu-berlin"])


class Pictures(unittest.TestCase):
    def test_sketches_are_inverted_and_normalised_as_in_the_paper(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.png"
            write_picture(path, (300, 256))
            crops = take_test(path, PRESETS["tu-berlin"])
            self.assertEqual(crops.shape, (10, 1, 225, 225))
            self.assertAlmostEqual(crops.min().item(), (0 - 0.06) / 0.93, 5)
            self.assertAlmostEqual(crops.max().item(), (1 - 0.06) / 0.93, 5)
            self.assertTrue(torch.equal(crops[6], crops[1].flip(2)))

    def test_training_pictures_repeat_and_have_the_size(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.png"
            write_picture(path)
            for name, channels, side in (("sketchy", 1, 225), ("sketchy-224", 1, 224), ("imagenet", 3, 224)):
                first, again = (take_training(path, PRESETS[name], np.random.default_rng(SEED)) for _ in range(2))
                self.assertEqual(first.shape, (channels, side, side))
                self.assertTrue(torch.equal(first, again))

    def test_transparent_paper_is_white(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.png"
            Image.new("RGBA", (256, 256), (0, 0, 0, 0)).save(path)
            self.assertAlmostEqual(take_test(path, PRESETS["tu-berlin"]).max().item(), (0 - 0.06) / 0.93, 5)


class Schedules(unittest.TestCase):
    def test_rates(self):
        alexnet, sketches = PRESETS["imagenet"], PRESETS["tu-berlin"]
        self.assertEqual([rate_at(alexnet.rates, epoch) for epoch in (0, 17, 18, 30, 60)], [1e-3, 1e-3, 5e-4, 1e-4, 2e-5])
        self.assertEqual([rate_at(alexnet.decay, epoch) for epoch in (29, 30)], [5e-5, 0])
        self.assertEqual([rate_at(sketches.rates, epoch) for epoch in (0, 40, 80, 599)], [2e-3, 1e-3, 5e-4, 5e-5])


if __name__ == "__main__":
    unittest.main()
