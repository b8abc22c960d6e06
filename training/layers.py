"""Layers of a hybrid net: quantised convolution and classifier, binarized input, monotone PReLU, and the block of them.

A block's kind is one letter, as in Hybrid Binary Networks (arXiv 1804.03867):
  P (FPrec)  float weights, real input
  W (WBin)   two-level weights, real input
  F (FBin)   two-level weights, input = sign(BN(x))
"""
import torch
from torch import nn
from torch.nn import functional

from .quantize import QUANTISERS, SignStraightThrough, quantise_straight_through


class Binarize(nn.Module):
    """sign(x) with a straight-through gradient. `exact` drops the gradient, for export."""

    def __init__(self, estimator="clip"):
        super().__init__()
        self.estimator = estimator
        self.exact = False
        # Tensors, not Python numbers: the exporter would write those as doubles.
        self.register_buffer("plus", torch.ones(()), persistent=False)
        self.register_buffer("minus", -torch.ones(()), persistent=False)

    def forward(self, x):
        if self.exact:
            return torch.where(x >= 0, self.plus, self.minus)
        return SignStraightThrough.apply(x, self.estimator)


class Bakes:
    def bake(self):
        """Replace the float weights by their levels: exactly two values per filter."""
        with torch.no_grad():
            self.weight.copy_(QUANTISERS[self.levels](self.weight))
        self.levels = "float"


class QuantConv(Bakes, nn.Conv2d):
    """Convolution over quantised weights; the float weights live on as what the optimiser moves."""

    def __init__(self, in_channels, out_channels, side, padding, levels, stride=1):
        super().__init__(in_channels, out_channels, side, stride, padding, bias=False)
        self.levels = levels

    def forward(self, x):
        weight = quantise_straight_through(self.weight, self.levels)
        return functional.conv2d(x, weight, self.bias, self.stride, self.padding)


class QuantLinear(Bakes, nn.Linear):
    """Classifier over quantised weights, with a float bias."""

    def __init__(self, in_features, out_features, levels):
        super().__init__(in_features, out_features)
        self.levels = levels

    def forward(self, x):
        return functional.linear(x, quantise_straight_through(self.weight, self.levels), self.bias)


class MonotonePReLU(nn.Module):
    """PReLU whose slopes are |a| per channel, so that conv..sign stays monotone and folds to a threshold."""

    def __init__(self, channels):
        super().__init__()
        self.slope = nn.Parameter(torch.full((channels,), 0.25))

    def forward(self, x):
        slope = self.slope.abs().view(1, -1, 1, 1)
        return torch.relu(x) + slope * x.clamp(max=0)

    def bake(self):
        """Return a plain PReLU with the same slopes."""
        plain = nn.PReLU(len(self.slope))
        plain.weight.data = self.slope.detach().abs()
        return plain


def make_front(kind, channels, estimator):
    """What kind F has in front of its weights: BN and sign."""
    return nn.Sequential(*([nn.BatchNorm2d(channels), Binarize(estimator)] if kind == "F" else []))


class Block(nn.Module):
    """[BN, sign], conv, BN, PReLU, [max pool]; the bracketed front only in kind F."""

    def __init__(self, kind, in_channels, out_channels, padding, pool, levels, estimator):
        super().__init__()
        self.kind = kind
        self.front = make_front(kind, in_channels, estimator)
        self.conv = QuantConv(in_channels, out_channels, 3, padding, "float" if kind == "P" else levels)
        self.norm = nn.BatchNorm2d(out_channels)
        self.act = MonotonePReLU(out_channels)
        self.pool = nn.MaxPool2d(2) if pool else nn.Identity()

    def forward(self, x):
        x = self.norm(self.conv(self.front(x)))
        # A non-decreasing activation and a maximum change places freely; pooling first is a third of the work.
        return self.act(self.pool(x)) if self.training else self.pool(self.act(x))
