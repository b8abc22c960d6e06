"""Top-1 of a checkpoint on the test drawings; optionally its logits.

  python3 -m training.evaluate --data <folder> --net fbin.pt [--save logits.npy]
"""
import argparse

import numpy as np
import torch

from .checkpoint import load_checkpoint, write_atomically
from .data import load


def to_input(images, device="cpu"):
    """uint8 [n, 28, 28] to the nets' input: float [n, 1, 28, 28] in 0..1."""
    return torch.from_numpy(np.ascontiguousarray(images)).to(device).float().div_(255).unsqueeze(1)


@torch.no_grad()
def run(net, images, batch=256):
    """Logits [n, classes] of uint8 images, in their order, on the CPU."""
    device = next(net.parameters()).device
    net.eval()
    return torch.cat([net(to_input(images[i : i + batch], device)).cpu() for i in range(0, len(images), batch)])


def top1(logits, labels):
    return (logits.argmax(1).numpy() == labels).mean().item()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--net", required=True)
    parser.add_argument("--save", help="write the logits here, float32 [n, classes]")
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, record = load_checkpoint(args.net)
    test = load(args.data).test
    logits = run(net, test.images)
    if args.save:
        write_atomically(args.save, lambda temporary: np.save(temporary, logits.numpy()))
    print(f"{args.net}: top-1 {100 * top1(logits, test.labels):.2f} % of {len(test.labels)}, {record}")


if __name__ == "__main__":
    main()
