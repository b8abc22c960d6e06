"""Drawings as strokes: reading Quick, Draw! files, the split, augmentation stroke by stroke, and pixels.

A drawing is a list of strokes, each float [points, 2] in canvas units, y downwards.
"""
import gzip
import json
import math
import subprocess
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .data import SIDE

RASTERIZE = Path(__file__).parent / "rasterize.mjs"


class Sketches(NamedTuple):
    drawings: list
    words: list
    recognized: np.ndarray  # bool: Google's game guessed the drawing


def read_sketches(path):
    """Read a Quick, Draw! ndjson file, plain or gzipped. Throws ValueError with the line that is wrong."""
    drawings, words, recognized = [], [], []
    with (gzip.open if str(path).endswith(".gz") else open)(path, "rt") as file:
        for number, line in enumerate(file, 1):
            try:
                row = json.loads(line)
                strokes = [np.array(stroke[:2], np.float32).T for stroke in row["drawing"] if len(stroke[0])]
                words.append(row["word"])
                recognized.append(row["recognized"])
            except (ValueError, KeyError, IndexError) as error:
                raise ValueError(f"{path}: line {number} is no drawing: {error}") from error
            if not strokes:
                raise ValueError(f"{path}: line {number} holds no strokes")
            drawings.append(strokes)
    return Sketches(drawings, words, np.array(recognized, bool))


def split_by_class(labels, fraction=0.2, seed=7):
    """Mark the test drawings: this fraction of each class, at least 2; the same for the same seed."""
    rng = np.random.default_rng(seed)
    is_test = np.zeros(len(labels), bool)
    for label in range(labels.max() + 1):
        order = rng.permutation(np.flatnonzero(labels == label))
        is_test[order[: max(2, round(fraction * len(order)))]] = True
    return is_test


def distort(strokes, rng, other=None, strength=1.0):
    """One random variation: strokes dropped and added, each moved and scaled, the whole bent and warped.

    `other` is a drawing to take a stray stroke from. Strengths up to 1 were tried.
    """
    if len(strokes) > 1 and rng.random() < 0.5 * strength:
        strokes = [stroke for stroke in strokes if rng.random() > 0.12] or strokes
    if other is not None and rng.random() < 0.12 * strength:
        strokes = strokes + [other[rng.integers(len(other))]]
    points = np.concatenate(strokes)
    low, high = points.min(0), points.max(0)
    size, middle = max((high - low).max(), 1), (low + high) / 2
    turn = math.radians(rng.normal(0, 8 * strength))
    stretch = np.exp(rng.normal(0, 0.12 * strength, 2))
    flip = -1 if rng.random() < 0.5 else 1
    shear = np.array([[stretch[0] * flip, rng.normal(0, 0.1 * strength)], [0, stretch[1]]])
    warp = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]]) @ shear
    # Each coordinate is bent by two sines of the position.
    phase, rate = rng.random((2, 2)) * 2 * math.pi, rng.uniform(0.5, 2, (2, 2))
    bend = rng.normal(0, 0.02 * strength, (2, 2)) * size

    def move(stroke):
        centre = stroke.mean(0)
        stroke = (stroke - centre) * np.exp(rng.normal(0, 0.05 * strength)) + centre + rng.normal(0, 0.015 * strength, 2) * size
        place = (stroke - middle) / size * 2 * math.pi
        waves = [sum(bend[axis, k] * np.sin(rate[axis, k] * place[:, k] + phase[axis, k]) for k in (0, 1)) for axis in (0, 1)]
        return (stroke + np.stack(waves, 1) - middle) @ warp.T

    return [move(stroke) for stroke in strokes]


def rasterize(drawings):
    """uint8 [n, 28, 28], white on black, as hybit/image draws them (pen, margins, anti-aliasing)."""
    lines = "".join(json.dumps([np.round(stroke, 2).T.tolist() for stroke in strokes]) + "\n" for strokes in drawings)
    done = subprocess.run(["node", str(RASTERIZE)], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    return np.frombuffer(done.stdout, np.uint8).reshape(-1, SIDE, SIDE)
