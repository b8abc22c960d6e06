"""Make what a student learns from: distorted copies of drawings given as strokes, with a teacher's logits.

  python3 -m training.copies --data <folder with strokes.ndjson.gz and teacher/> --cache <folder> --copies 60 [--more <folder, see data.py>]

Writes clean.npz (all drawings, with the split) and copy-<k>.npz (distorted training drawings) into the cache; --more adds the training part of a
folder of bitmaps, of whatever classes, as more.npz. What is there is not made again. Even copies are strongly distorted, odd ones weakly.
"""
import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch

from .checkpoint import write_atomically
from .data import load
from .evaluate import to_input
from .strokes import distort, rasterize, read_sketches, split_by_class
from .teacher import Teacher

# Strength of the distortion: the second is how nearly all people draw.
STRENGTHS = 1.0, 0.4


def label(teacher, images, batch=128):
    """The teacher's logits, float16 [n, classes]."""
    parts = [teacher(to_input(images[i : i + batch]).contiguous(memory_format=torch.channels_last)) for i in range(0, len(images), batch)]
    return torch.cat(parts).half().numpy()


def save(path, **arrays):
    write_atomically(path, lambda temporary: np.savez(temporary, **arrays))


def make_clean(path, sketches, labels, is_test, teacher):
    images = rasterize(sketches.drawings)
    save(path, images=images, labels=labels, is_test=is_test, recognized=sketches.recognized, logits=label(teacher, images))


def make_copy(path, number, drawings, labels, teacher):
    rng = np.random.default_rng(1000 + number)
    strength = STRENGTHS[number % len(STRENGTHS)]
    others = [drawings[i] for i in rng.integers(len(drawings), size=len(drawings))]
    images = rasterize([distort(drawing, rng, other, strength) for drawing, other in zip(drawings, others)])
    logits = label(teacher, images)
    save(path, images=images, logits=logits)
    return (logits.argmax(1) == labels).mean()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True, type=Path)
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--copies", type=int, default=60)
    parser.add_argument("--more", help="folder of bitmaps to have labelled as well, see data.py")
    args = parser.parse_args()
    torch.set_num_threads(1)
    teacher = Teacher(args.data / "teacher").eval()
    sketches = read_sketches(args.data / "strokes.ndjson.gz")
    unknown = sorted(set(sketches.words) - set(teacher.classes))
    if unknown:
        raise ValueError(f"{args.data}: the teacher does not know {', '.join(unknown)}")
    labels = np.array([teacher.classes.index(word) for word in sketches.words])
    is_test = split_by_class(labels)
    args.cache.mkdir(parents=True, exist_ok=True)

    clean = args.cache / "clean.npz"
    if not clean.exists():
        make_clean(clean, sketches, labels, is_test, teacher)
    kept = np.load(clean)
    hits = kept["logits"].argmax(1) == labels
    print(f"{(~is_test).sum()} training and {is_test.sum()} test drawings; the teacher gets {100 * hits[is_test].mean():.2f} % of the test ones", flush=True)
    if args.more and not (args.cache / "more.npz").exists():
        images = load(args.more).train.images
        save(args.cache / "more.npz", images=images, logits=label(teacher, images))
        print(f"{len(images)} more bitmaps", flush=True)
    drawings = [sketches.drawings[i] for i in np.flatnonzero(~is_test)]
    for number in range(args.copies):
        path, start = args.cache / f"copy-{number:03}.npz", time.time()
        if not path.exists():
            right = make_copy(path, number, drawings, labels[~is_test], teacher)
            print(f"copy {number + 1}/{args.copies}: the teacher gets {100 * right:.1f} %, {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit("stopped; the same command goes on from here")
