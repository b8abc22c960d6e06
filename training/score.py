"""Top-1 and top-5 of students on the test drawings of a cache; optionally what the project's own tests compare with.

  python3 -m training.score --cache <folder> --net hybrid.pt [--fixtures <folder>]

Fixtures are lines.npy (which lines of strokes.ndjson.gz are test drawings) and top1.npy (what the baked net says of each).
"""
import argparse
from pathlib import Path

import numpy as np
import torch

from .checkpoint import load_checkpoint, write_atomically
from .evaluate import run
from .export import bake


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cache", required=True, type=Path)
    parser.add_argument("--net", required=True)
    parser.add_argument("--fixtures", type=Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    clean = np.load(args.cache / "clean.npz")
    is_test = clean["is_test"]
    labels, recognized = clean["labels"][is_test], clean["recognized"][is_test]
    net, record = load_checkpoint(args.net)
    best = run(bake(net), clean["images"][is_test]).topk(5).indices.numpy()
    hits = best == labels[:, None]
    for name, kept in (("all", np.ones_like(recognized)), ("recognized", recognized)):
        first, any_ = 100 * hits[kept, 0].mean(), 100 * hits[kept].any(1).mean()
        print(f"{name}: {kept.sum()} drawings, top-1 {first:.2f} %, top-5 {any_:.2f} %")
    print(f"{record['epochs_done']} epochs, {record['minutes']} minutes")
    if args.fixtures:
        fixtures = dict(lines=np.flatnonzero(is_test).astype(np.uint16), top1=best[:, 0].astype(np.uint16))
        for name, array in fixtures.items():
            write_atomically(args.fixtures / f"{name}.npy", lambda temporary: np.save(temporary, array))


if __name__ == "__main__":
    main()
