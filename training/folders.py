"""Pictures as data sets are released, made into batches by a preset.

  TU-Berlin   <folder>/png/<class>/*.png, or the folder of classes itself
  Sketchy     <folder>/256x256/sketch/tx_000000000000/<class>/*.png, or the folder of classes itself
  ImageNet    <folder>/train/<wnid>/*.JPEG and <folder>/val/<wnid>/*.JPEG
  CIFAR-10    <folder>/data_batch_1..5 and test_batch, the python version

Sketches come without a split: every third picture of each class, by name, is a test picture, as in three-fold use of TU-Berlin. Downloads nothing.
"""
import pickle
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image, ImageOps, UnidentifiedImageError

SUFFIXES = {".png", ".jpg", ".jpeg"}
ROOTS = ["png", "256x256/sketch/tx_000000000000", "."]


class Samples(NamedTuple):
    """A picture is a path, or an array [h, w, 3] of uint8."""

    pictures: list
    labels: np.ndarray


class PictureSet(NamedTuple):
    train: Samples
    test: Samples
    classes: list


def load_pictures(folder):
    """Find out which of the layouts a folder has, and list it. Throws ValueError saying what was looked for."""
    folder = Path(folder)
    if (folder / "data_batch_1").exists():
        return load_cifar(folder)
    if (folder / "train").is_dir():
        classes = list_classes(folder / "train")
        missing = set(classes) ^ set(list_classes(folder / "val"))
        if missing:
            raise ValueError(f"{folder}: train and val differ in the classes {', '.join(sorted(missing)[:5])}; sort val into a folder for each class")
        return PictureSet(*(gather(folder / part, classes, lambda _: True) for part in ("train", "val")), classes)
    root = next((folder / name for name in ROOTS if (folder / name).is_dir() and list_classes(folder / name)), None)
    if root is None:
        raise ValueError(f"{folder}: it holds neither data_batch_1, nor train and val, nor a folder of pictures for each class")
    classes = list_classes(root)
    return PictureSet(gather(root, classes, lambda place: place % 3 != 0), gather(root, classes, lambda place: place % 3 == 0), classes)


def list_classes(folder):
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.name for path in inside if path.is_dir() and list_pictures(path)]


def list_pictures(folder):
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)


def gather(root, classes, is_taken):
    found = [(path, label) for label, name in enumerate(classes) for place, path in enumerate(list_pictures(root / name)) if is_taken(place)]
    return Samples([path for path, _ in found], np.array([label for _, label in found], np.int64))


def load_cifar(folder):
    def read(names):
        parts = [pickle.loads((folder / name).read_bytes(), encoding="bytes") for name in names]
        pictures = np.concatenate([part[b"data"] for part in parts]).reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1)
        return Samples(list(pictures), np.concatenate([part[b"labels"] for part in parts]).astype(np.int64))

    names = pickle.loads((folder / "batches.meta").read_bytes(), encoding="bytes")[b"label_names"]
    train = read([path.name for path in sorted(folder.glob("data_batch_*"))])
    return PictureSet(train, read(["test_batch"]), [name.decode() for name in names])


def open_picture(picture, preset):
    mode = "L" if preset.channels == 1 else "RGB"
    if isinstance(picture, np.ndarray):
        return Image.fromarray(picture).convert(mode)
    try:
        image = Image.open(picture)
        if image.mode in ("RGBA", "LA", "P"):  # ink on nothing is ink on white
            image = image.convert("RGBA")
            image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
        return image.convert(mode)
    except (UnidentifiedImageError, OSError) as error:
        raise ValueError(f"{picture}: it cannot be read as a picture: {error}") from error


def to_tensor(image, preset):
    x = np.asarray(image, np.float32).reshape(image.size[1], image.size[0], preset.channels) / 255
    x = (1 - x if preset.invert else x) - np.array(preset.mean, np.float32)
    return torch.from_numpy((x / np.array(preset.std, np.float32)).transpose(2, 0, 1).copy())


def shrink(image, side):
    """Scale the shorter side to so many pixels."""
    ratio = side / min(image.size)
    return image.resize([max(side, round(length * ratio)) for length in image.size], Image.BILINEAR)


def take_training(picture, preset, rng):
    """float [c, crop, crop]: rotated, flipped, and cropped at random."""
    image = shrink(open_picture(picture, preset), preset.resize)
    if preset.rotate:
        white = 255 if preset.invert else 0
        image = image.rotate(rng.uniform(-preset.rotate, preset.rotate), Image.BILINEAR, fillcolor=white if preset.channels == 1 else (white,) * 3)
    if preset.pad:
        image = ImageOps.expand(image, preset.pad)
    width, height = image.size
    if preset.least_area < 1:
        area, ratio = rng.uniform(preset.least_area, 1) * width * height, np.exp(rng.uniform(np.log(3 / 4), np.log(4 / 3)))
        w, h = min(width, round((area * ratio) ** 0.5)), min(height, round((area / ratio) ** 0.5))
    else:
        w = h = preset.crop
    left, top = rng.integers(width - w + 1), rng.integers(height - h + 1)
    image = image.crop((left, top, left + w, top + h)).resize((preset.crop, preset.crop), Image.BILINEAR)
    return to_tensor(ImageOps.mirror(image) if rng.random() < 0.5 else image, preset)


def take_test(picture, preset):
    """float [crops, c, crop, crop]: the middle, or the four corners, the middle and their mirror images."""
    image = shrink(open_picture(picture, preset), preset.resize)
    width, height = image.size
    right, bottom = width - preset.crop, height - preset.crop
    places = [(right // 2, bottom // 2)]
    if preset.ten_crops:
        places += [(0, 0), (right, 0), (0, bottom), (right, bottom)]
    crops = [image.crop((x, y, x + preset.crop, y + preset.crop)) for x, y in places]
    if preset.ten_crops:
        crops += [ImageOps.mirror(crop) for crop in crops]
    return torch.stack([to_tensor(crop, preset) for crop in crops])
