"""Write a TF.js teacher as an ONNX file, and what torch makes of pictures with it.

  python3 -m training.teacher_onnx --teacher FOLDER --cache CACHE --out FOLDER

CACHE is the one that training.copies made. Writes teacher.onnx, pictures.npy (the test drawings) and top1.npy (torch's best class of each), so that

  hybit convert teacher.onnx -o teacher.hybit
  hybit eval teacher.hybit --data pictures.npy --truth top1.npy

tells how often the engine and torch agree.
"""
import argparse
from pathlib import Path

import numpy as np
import torch

from .teacher import Teacher

BATCH = 64


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(args.teacher).eval()
    clean = np.load(args.cache / "clean.npz")
    pictures = (clean["images"][clean["is_test"]].astype(np.float32) / 255)[:, None]
    best = np.concatenate([teacher(torch.from_numpy(pictures[i : i + BATCH])).argmax(1).numpy() for i in range(0, len(pictures), BATCH)])
    np.save(args.out / "pictures.npy", pictures)
    np.save(args.out / "top1.npy", best.astype(np.int32))
    torch.onnx.export(
        teacher, torch.from_numpy(pictures[:1]), str(args.out / "teacher.onnx"), opset_version=13, input_names=["x"], output_names=["y"], dynamic_axes={"x": {0: "n"}, "y": {0: "n"}}
    )
    print(f"{len(pictures)} pictures; torch is right in {100 * (best == clean['labels'][clean['is_test']]).mean():.2f} %")


if __name__ == "__main__":
    main()
