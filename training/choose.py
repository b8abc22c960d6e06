"""Print, per layer of a trained FBin net, what its sign costs in accuracy and what a real input would cost in time.

  python3 -m training.choose --data <folder> --net fbin.pt --validate 0.1

Hybrid Binary Networks (arXiv 1804.03867) keeps real the inputs of layers where the input-binarization
error is high and the layer is cheap. E is the root mean square of sign(x) - x over the drawings, E_norm is
E over the root mean square of x. Uses the held-out part of the training drawings, never the test drawings.
Only prints; the choice is `--kinds` of the next training.
"""
import argparse

import torch

from .checkpoint import load_checkpoint
from .data import hold_out, load
from .evaluate import run
from .layers import Binarize
from .nets import measure_layers
from .quantize import sign

# MACs that one binary MAC is worth, as the papers count: 58 per float MAC.
BINARY_SPEED = 58


def measure_errors(net, images):
    """(E, E_norm) of each sign, first to last."""
    sums = []

    def record(_, inputs, __):
        x = inputs[0]
        row = torch.tensor([(sign(x) - x).square().sum(), x.square().sum(), x.numel()], dtype=torch.double)
        found[len(passes) % len(signs)] += row
        passes.append(1)

    signs = [m for m in net.modules() if isinstance(m, Binarize)]
    found, passes = torch.zeros(len(signs), 3, dtype=torch.double), []
    hooks = [m.register_forward_hook(record) for m in signs]
    run(net, images)
    for hook in hooks:
        hook.remove()
    for difference, power, count in found.tolist():
        sums.append(((difference / count) ** 0.5, (difference / power) ** 0.5))
    return sums


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", required=True)
    parser.add_argument("--net", required=True, help="checkpoint of kind F throughout")
    parser.add_argument("--validate", type=float, default=0.1, help="as it was in training")
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, _ = load_checkpoint(args.net)
    if set(net.config["kinds"]) != {"F"}:
        raise ValueError(f"{args.net}: wanted kinds FFFFF, got {net.config['kinds']}")
    _, held = hold_out(load(args.data).train, args.validate)
    errors = measure_errors(net, held.images)
    layers = measure_layers(net)
    print("conv      E  E_norm    MACs  equivalent MACs added by a real input")
    for i, (error, relative) in enumerate(errors, 2):
        macs = layers[i - 1]["macs"]
        print(f"{i:4d}  {error:.3f}   {relative:.3f}  {macs / 1e6:4.2f} M  {macs * (1 - 1 / BINARY_SPEED) / 1e6:.2f} M")


if __name__ == "__main__":
    main()
