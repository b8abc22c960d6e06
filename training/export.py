"""Bake a checkpoint into an ONNX file (opset 13, any batch), and its test vectors.

  python3 -m training.export --net fbin.pt --onnx fbin.onnx [--keep-batchnorm] [--data <folder> --vectors logits.npy]

Baked means: every binary filter holds exactly two values, slopes are non-negative, each sign is
GreaterOrEqual + Where over float scalars, and conv -> BN pairs are one convolution with a bias
(unless --keep-batchnorm; then BatchNormalization nodes remain).
The vectors are computed by torch from the baked net, so from the very numbers in the file.
"""
import argparse
import copy

import numpy as np
import onnx
import torch
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from .checkpoint import load_checkpoint, write_atomically
from .data import load
from .evaluate import run, top1
from .layers import Binarize, Block
from .quantize import to_bits
from .student import ResidualBlock, Student

OPSET = 13


def bake(net, fold=True):
    """Return a plain float copy of the net, in eval mode, as described above."""
    net = copy.deepcopy(net).eval()
    for block in [m for m in net.modules() if isinstance(m, (Block, ResidualBlock))]:
        block.conv.bake()
        block.act = block.act.bake()
        if fold:
            block.conv, block.norm = fuse_conv_bn_eval(block.conv, block.norm), nn.Identity()
    net.classifier.bake()
    if isinstance(net, Student):
        bake_ends(net)
    for binarize in [m for m in net.modules() if isinstance(m, Binarize)]:
        binarize.exact = True
    return net


@torch.no_grad()
def bake_ends(net):
    """Fold a student's first norm into its first convolution, its last one into the classifier, whose weights get 8 bits where others get one."""
    net.stem, net.stem_norm = fuse_conv_bn_eval(net.stem, net.stem_norm), nn.Identity()
    net.stem_act = net.stem_act.bake()
    norm, classifier = net.head_norm, net.classifier
    scale = norm.weight / (norm.running_var + norm.eps).sqrt()
    classifier.bias += classifier.weight @ (norm.bias - norm.running_mean * scale)
    classifier.weight *= scale
    if set(net.config["kinds"]) != {"P"}:
        classifier.weight.copy_(to_bits(classifier.weight))
    net.head_norm = nn.Identity()


def export(baked, path, side=28):
    """Write a baked net and have onnx check it with shape and type inference."""

    def write(temporary):
        torch.onnx.export(
            baked,
            torch.zeros(1, 1, side, side),
            temporary,
            opset_version=OPSET,
            input_names=["input"],
            output_names=["logits"],
            dynamic_axes={"input": {0: "n"}, "logits": {0: "n"}},
            # Folding is done by now where it is wanted; the exporter's own would not keep BN apart.
            training=torch.onnx.TrainingMode.PRESERVE,
        )
        onnx.checker.check_model(onnx.load(temporary), full_check=True)

    write_atomically(path, write)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--net", required=True)
    parser.add_argument("--onnx", required=True)
    parser.add_argument("--keep-batchnorm", action="store_true")
    parser.add_argument("--data", help="folder, for --vectors")
    parser.add_argument("--vectors", help="write logits of all test drawings here, float32 [n, classes]")
    args = parser.parse_args()
    torch.set_num_threads(1)
    net, _ = load_checkpoint(args.net)
    baked = bake(net, fold=not args.keep_batchnorm)
    export(baked, args.onnx)
    print(f"{args.onnx}: {sorted({node.op_type for node in onnx.load(args.onnx).graph.node})}")
    if args.vectors:
        test = load(args.data).test
        logits = run(baked, test.images)
        write_atomically(args.vectors, lambda temporary: np.save(temporary, logits.numpy()))
        print(f"{args.vectors}: top-1 {100 * top1(logits, test.labels):.2f} % of {len(test.labels)}")


if __name__ == "__main__":
    main()
