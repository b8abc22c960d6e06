"""A residual net for many classes, to be taught: what 345 kinds of sketches need on 38 M multiply-accumulates.

  1x28x28 -> conv1 5x5/2 -> 64x16x16 -> 5 blocks (64, 128/2, 128, 256/2, 256) -> 256x4x4 -> mean -> linear

A block is ReActNet's (arXiv 2003.03488): y = RPReLU(BN(conv(sign(x + b))) + shortcut), the sign only in kind F; the shortcut of
a block that halves the size and doubles the channels is the 2x2 mean, twice.
"""
import torch
from torch import nn

from .layers import Binarize, MonotonePReLU, QuantConv, QuantLinear


class Bias(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bias = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, x):
        return x + self.bias


class ResidualBlock(nn.Module):
    def __init__(self, kind, in_channels, out_channels, stride, levels, estimator):
        super().__init__()
        self.kind = kind
        self.repeat = out_channels // in_channels
        self.front = nn.Sequential(*([Bias(in_channels), Binarize(estimator)] if kind == "F" else []))
        self.conv = QuantConv(in_channels, out_channels, 3, 1, "float" if kind == "P" else levels, stride)
        self.norm = nn.BatchNorm2d(out_channels)
        self.shrink = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.shift_in, self.act, self.shift_out = Bias(out_channels), MonotonePReLU(out_channels), Bias(out_channels)

    def forward(self, x):
        shortcut = torch.cat([self.shrink(x)] * self.repeat, 1)
        x = self.norm(self.conv(self.front(x))) + shortcut
        return self.shift_out(self.act(self.shift_in(x)))


class Student(nn.Module):
    def __init__(self, kinds, levels="sign", width=64, classes=345, estimator="clip"):
        super().__init__()
        w = width
        shapes = [(w, w, 1), (w, 2 * w, 2), (2 * w, 2 * w, 1), (2 * w, 4 * w, 2), (4 * w, 4 * w, 1)]
        if len(kinds) != len(shapes) or set(kinds) - set("PWF"):
            raise ValueError(f"kinds: wanted {len(shapes)} letters of P, W, F, got {kinds!r}")
        self.config = dict(kinds=kinds, levels=levels, width=width, classes=classes, estimator=estimator)
        self.stem = QuantConv(1, w, 5, 4, "float", 2)
        self.stem_norm = nn.BatchNorm2d(w)
        self.stem_act = MonotonePReLU(w)
        self.blocks = nn.Sequential(*[ResidualBlock(kind, *shape, levels, estimator) for kind, shape in zip(kinds, shapes)])
        self.mean = nn.AdaptiveAvgPool2d(1)
        self.head_norm = nn.BatchNorm2d(4 * w)
        self.flatten = nn.Flatten()
        self.classifier = QuantLinear(4 * w, classes, "float")

    def forward(self, x):
        x = self.blocks(self.stem_act(self.stem_norm(self.stem(x))))
        return self.classifier(self.flatten(self.head_norm(self.mean(x))))
