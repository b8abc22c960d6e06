"""Measure the batch norms' means and variances again, with the weights fixed, and write a new checkpoint.

  python3 -m training.settle --data <folder> --net two-level.pt --out two-level-settled.pt

Uses the training drawings, clean unless --augment is given. Nets with two free levels need it (README.md, "Tried"):
their filters are not centred, so how much of a drawing is blank moves every mean. Nets with sign weights do not.
"""
import argparse

import torch
from torch import nn

from .augment import augment
from .checkpoint import load_checkpoint, save_checkpoint
from .data import load
from .evaluate import to_input


@torch.no_grad()
def settle(net, images, strength=0.0, seed=0, batch=256):
    """Replace the running statistics by plain averages over one pass of the images, in random order."""
    norms = [m for m in net.modules() if isinstance(m, nn.BatchNorm2d)]
    momenta = [norm.momentum for norm in norms]
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None  # torch's way to ask for the plain average
    generator = torch.Generator().manual_seed(seed)
    net.train()
    for index in torch.randperm(len(images), generator=generator).split(batch):
        x = to_input(images[index.numpy()])
        net(augment(x, generator, strength) if strength else x)
    for norm, momentum in zip(norms, momenta):
        norm.momentum = momentum
    return net.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--net", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--augment", type=float, default=0.0, help="strength of the augmentation")
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, record = load_checkpoint(args.net)
    settle(net, load(args.data).train.images, args.augment)
    save_checkpoint(args.out, net, dict(record, settled=vars(args)))


if __name__ == "__main__":
    main()
