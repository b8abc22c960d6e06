"""Measure the batch norms' means and variances again, with the weights fixed, and write a new checkpoint.

  python3 -m training.settle --data <folder> --net fbin.pt --out fbin-settled.pt [--augment 1]

During training the running averages lag behind the weights and were taken in bfloat16 if --bf16 was on;
a binary net feels that, since they are the thresholds of its signs. Uses training drawings only.
"""
import argparse

import torch
from torch import nn

from .augment import augment
from .checkpoint import load_checkpoint, save_checkpoint
from .data import hold_out, load
from .evaluate import run, to_input, top1


@torch.no_grad()
def settle(net, images, strength, seed=0, batch=256):
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
    parser.add_argument("--augment", type=float, default=1.0, help="strength of the augmentation; 0 for clean drawings")
    parser.add_argument("--validate", type=float, default=0.0, help="as it was in training")
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, record = load_checkpoint(args.net)
    drawings, held = load(args.data).train, None
    if args.validate:
        drawings, held = hold_out(drawings, args.validate)
        print(f"validation before {100 * top1(run(net, held.images), held.labels):.2f} %")
    settle(net, drawings.images, args.augment)
    if held:
        print(f"validation after {100 * top1(run(net, held.images), held.labels):.2f} %")
    save_checkpoint(args.out, net, dict(record, settled=args.augment))


if __name__ == "__main__":
    main()
