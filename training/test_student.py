"""Run with: python3 -m unittest training.test_student (from the repository's root; seconds, no data needed; draws with node where it is built)."""
import gzip
import json
import tempfile
import unittest
import warnings
from pathlib import Path

import numpy as np
import torch

from .checkpoint import load_checkpoint, save_checkpoint
from .distil import Copies, compute_loss
from .export import bake, export
from .quantize import to_bits
from .strokes import RASTERIZE, distort, rasterize, read_sketches, split_by_class
from .student import Student
from .teacher import Teacher

SEED = 20180403
SQUARE = [[[0, 90, 90, 0, 0], [0, 0, 90, 90, 0]], [[20, 60], [30, 30]]]


def make_student(kinds="FWFPF", classes=7):
    torch.manual_seed(SEED)
    net = Student(kinds, width=4, classes=classes)
    net.train()
    with torch.no_grad():
        net(torch.rand(32, 1, 28, 28))
    return net.eval()


class Students(unittest.TestCase):
    def test_baking_keeps_what_it_computes(self):
        x = torch.rand(5, 1, 28, 28)
        for kinds, tolerance in (("PPPPP", 1e-4), ("FWFPF", 2e-2)):  # 8 bits in the classifier of the second
            net = make_student(kinds)
            with torch.no_grad():
                torch.testing.assert_close(bake(net)(x), net(x), rtol=tolerance, atol=tolerance)

    def test_exports_and_comes_back_from_a_checkpoint(self):
        with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            net = make_student()
            export(bake(net), Path(folder) / "net.onnx")
            save_checkpoint(Path(folder) / "net.pt", net, dict(seed=SEED))
            x = torch.rand(2, 1, 28, 28)
            self.assertTrue(torch.equal(load_checkpoint(Path(folder) / "net.pt")[0](x), net(x)))

    def test_wrong_kinds_say_so(self):
        with self.assertRaisesRegex(ValueError, "wanted 5 letters"):
            Student("FF")

    def test_eight_bits(self):
        weight = torch.randn(6, 40)
        rounded = to_bits(weight)
        step = weight.abs().amax(1, keepdim=True) * 2 / 255
        self.assertTrue(((rounded - weight).abs() <= step / 2 * 1.001).all())
        torch.testing.assert_close(to_bits(rounded), rounded)
        self.assertTrue(all(len(row.unique()) <= 256 for row in to_bits(torch.randn(2, 5000))))


class Strokes(unittest.TestCase):
    def test_reading_and_its_errors(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "some.ndjson.gz"
            row = dict(word="cat", recognized=True, drawing=SQUARE)
            path.write_bytes(gzip.compress((json.dumps(row) + "\n" + json.dumps({**row, "recognized": False}) + "\n").encode()))
            found = read_sketches(path)
            self.assertEqual((found.words, found.recognized.tolist()), (["cat", "cat"], [True, False]))
            self.assertEqual([stroke.shape for stroke in found.drawings[0]], [(5, 2), (2, 2)])
            plain = Path(folder) / "bad.ndjson"
            for text, message in (("{", "line 1 is no drawing"), ('{"word":"x","recognized":true,"drawing":[]}', "line 1 holds no strokes")):
                plain.write_text(text)
                with self.assertRaisesRegex(ValueError, message):
                    read_sketches(plain)

    def test_split_keeps_a_fifth_of_each_class_and_never_changes(self):
        labels = np.repeat(np.arange(5), [20, 20, 3, 40, 20])
        is_test = split_by_class(labels)
        self.assertEqual([is_test[labels == label].sum() for label in range(5)], [4, 4, 2, 8, 4])
        np.testing.assert_array_equal(is_test, split_by_class(labels))

    def test_distortion_repeats_and_keeps_size(self):
        drawing = [np.array(stroke, np.float32).T for stroke in SQUARE]
        first, again = (distort(drawing, np.random.default_rng(SEED), drawing) for _ in range(2))
        for a, b in zip(first, again):
            np.testing.assert_array_equal(a, b)
        spread = np.ptp(np.concatenate(first), 0)
        self.assertTrue((spread > 30).all() and (spread < 300).all())

    @unittest.skipUnless((RASTERIZE.parent.parent / "dist" / "image.js").exists(), "needs npm run build")
    def test_pixels_are_white_on_black_and_in_order(self):
        drawing = [np.array(stroke, np.float32).T for stroke in SQUARE]
        square, dot = rasterize([drawing, [np.zeros((1, 2), np.float32)]])
        self.assertEqual((square[0, 0], square[14, 1] > 200, square[20, 14]), (0, True, 0))
        self.assertGreater(dot[13:15, 13:15].sum(), 0)


class Teaching(unittest.TestCase):
    def test_a_teacher_runs_with_tensorflows_padding(self):
        with tempfile.TemporaryDirectory() as folder:
            kernel = np.arange(9, dtype=np.float32).reshape(3, 3, 1, 1)
            layers = [
                ("InputLayer", "in", {}, []),
                ("Conv2D", "conv", dict(strides=[2, 2], padding="same"), [[["in"]]]),
                ("GlobalAveragePooling2D", "mean", {}, [[["conv"]]]),
                ("Dense", "dense", dict(activation="softmax"), [[["mean"]]]),
            ]
            steps = [dict(class_name=kind, name=name, config=config, inbound_nodes=nodes) for kind, name, config, nodes in layers]
            weights = {"conv/kernel": kernel, "dense/kernel": np.ones((1, 2), np.float32), "dense/bias": np.array([0, 1], np.float32)}
            (Path(folder) / "w.bin").write_bytes(b"".join(array.tobytes() for array in weights.values()))
            entries = [dict(name=name, shape=array.shape) for name, array in weights.items()]
            model = dict(modelTopology=dict(config=dict(layers=steps)), weightsManifest=[dict(paths=["w.bin"], weights=entries)])
            (Path(folder) / "model.json").write_text(json.dumps(model))
            (Path(folder) / "class.json").write_text('["a_b", "c"]')
            teacher = Teacher(folder)
            self.assertEqual(teacher.classes, ["a b", "c"])
            x = torch.ones(1, 1, 4, 4)
            # Padding of 1 behind alone: windows start at 0 and 2, the second of each axis lacks its last row or column.
            sums = [36, 36 - (2 + 5 + 8), 36 - (6 + 7 + 8), 0 + 1 + 3 + 4]
            torch.testing.assert_close(teacher(x), torch.tensor([[np.mean(sums), np.mean(sums) + 1]], dtype=torch.float32))
            steps[1]["class_name"] = "LSTM"
            (Path(folder) / "model.json").write_text(json.dumps(model))
            with self.assertRaisesRegex(ValueError, "layer conv: LSTM is not supported"):
                Teacher(folder)(x)

    def test_copies_are_found_as_they_appear_and_bitmaps_have_no_label(self):
        with tempfile.TemporaryDirectory() as folder:
            rng = np.random.default_rng(SEED)
            draw = lambda n: dict(images=rng.integers(0, 256, (n, 28, 28), np.uint8), logits=rng.normal(size=(n, 3)).astype(np.float16))
            is_test = np.arange(10) >= 8
            np.savez(Path(folder) / "clean.npz", labels=np.arange(10) % 3, is_test=is_test, recognized=is_test, **draw(10))
            np.savez(Path(folder) / "more.npz", **draw(4))
            copies = Copies(Path(folder))
            np.savez(Path(folder) / "copy-000.npz", **draw(8))
            copies.refresh()
            self.assertEqual(list(copies.parts), ["clean", "copy-000.npz"])
            images, logits, labels = copies.draw(20, 0.25, rng)
            self.assertEqual((images.shape, logits.shape, (labels == -1).sum()), ((20, 28, 28), (20, 3), 5))
            student = torch.from_numpy(logits).clone().requires_grad_()
            loss = compute_loss(student, torch.from_numpy(logits), torch.from_numpy(labels), 2.0, 0.0)
            self.assertAlmostEqual(loss.item(), 0, 5)


if __name__ == "__main__":
    unittest.main()
