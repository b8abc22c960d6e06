"""Drawings as uint8 images, white on black, 28x28, from either of two kinds of folder.

  packed folder   classes.json, {train,test}-{images,labels}.npy (or .npy.gz)
  QuickDraw       <class>.npy per class, each N x 784 uint8, as published under
                  "numpy_bitmap" by Google's Quick, Draw! data set (CC BY 4.0); the split is ours and fixed by the file

Downloads nothing.
"""
import gzip
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np

SIDE = 28


class Drawings(NamedTuple):
    images: np.ndarray  # [n, 28, 28] uint8
    labels: np.ndarray  # [n] int64


class DrawingSet(NamedTuple):
    train: Drawings
    test: Drawings
    classes: list


def load(folder, per_class=None, test_fraction=0.1):
    """Load a folder of either kind. The last two arguments are for QuickDraw's per-class files only."""
    folder = Path(folder)
    if (folder / "classes.json").exists():
        classes = json.loads((folder / "classes.json").read_text())
        return DrawingSet(_load_packed(folder, "train"), _load_packed(folder, "test"), classes)
    return _load_quickdraw(folder, per_class, test_fraction)


def hold_out(drawings, fraction, seed=0):
    """Split off a validation part, the same for the same seed. Returns (rest, held out)."""
    order = np.random.default_rng(seed).permutation(len(drawings.labels))
    held = round(fraction * len(order))
    rest, part = np.sort(order[held:]), np.sort(order[:held])
    return _take(drawings, rest), _take(drawings, part)


def _take(drawings, index):
    return Drawings(drawings.images[index], drawings.labels[index])


def _load_packed(folder, part):
    images = _read_npy(folder / f"{part}-images.npy").reshape(-1, SIDE, SIDE)
    labels = _read_npy(folder / f"{part}-labels.npy").astype(np.int64)
    if len(images) != len(labels):
        raise ValueError(f"{folder}: {len(images)} {part} images but {len(labels)} labels")
    return Drawings(images, labels)


def _read_npy(path):
    if path.exists():
        return np.load(path)
    packed = Path(f"{path}.gz")
    if packed.exists():
        with gzip.open(packed) as file:
            return np.load(file)
    raise FileNotFoundError(f"neither {path} nor {packed.name} beside it")


def _load_quickdraw(folder, per_class, test_fraction):
    files = sorted(folder.glob("*.npy"))
    if not files:
        raise FileNotFoundError(f"{folder}: no classes.json and no <class>.npy files")
    parts = [[], []]
    for label, path in enumerate(files):
        images = np.load(path, mmap_mode="r")
        if images.dtype != np.uint8 or images.reshape(len(images), -1).shape[1] != SIDE * SIDE:
            raise ValueError(f"{path}: wanted N x {SIDE * SIDE} uint8, got {images.dtype} {images.shape}")
        # Per class, so that adding or removing a class leaves the other classes' split alone.
        order = np.random.default_rng(0).permutation(len(images))[:per_class]
        held = max(1, round(test_fraction * len(order)))
        for part, index in zip(parts, (order[held:], order[:held])):
            index = np.sort(index)
            part.append((np.asarray(images[index]).reshape(-1, SIDE, SIDE), np.full(len(index), label, np.int64)))
    train, test = (Drawings(*(np.concatenate(column) for column in zip(*part))) for part in parts)
    return DrawingSet(train, test, [path.stem for path in files])
