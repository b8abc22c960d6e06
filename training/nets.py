"""The sketch net: one architecture, and the presets that say which layers are binary.

A small Sketch-A-Net for 28x28 drawings: six 3x3 convolutions and a linear classifier, 10.9 M
multiply-accumulates at width 32. The first convolution is always float.

  1x28x28 -> conv1 -> pool 14 -> conv2 -> pool 7 -> conv3 -> conv4 -> pool 3 -> conv5 -> conv6 (valid) 1 -> linear
"""
import torch
from torch import nn

from .layers import Block, QuantConv, QuantLinear, make_front

# One letter per layer from conv2 to conv6 and the classifier, and the quantiser of the binary ones.
VARIANTS = {
    "fprec": ("PPPPPP", "float"),
    "wbin": ("WWWWWP", "sign"),
    "wbin-two-level": ("WWWWWP", "two-level"),
    "fbin": ("FFFFFP", "sign"),
    "fbin-two-level": ("FFFFFP", "two-level"),
    "hybrid": ("FFFWWP", "sign"),
    "wbin-last": ("WWWWWW", "sign"),
    "fbin-last": ("FFFFFF", "sign"),
    "hybrid-last": ("FFFWWW", "sign"),
}


class SketchNet(nn.Module):
    def __init__(self, kinds, levels="sign", width=32, classes=10, estimator="clip"):
        super().__init__()
        w = width
        shapes = [  # in channels, out channels, padding, pool
            (1, w, 1, True),
            (w, 2 * w, 1, True),
            (2 * w, 2 * w, 1, False),
            (2 * w, 4 * w, 1, True),
            (4 * w, 4 * w, 1, False),
            (4 * w, 8 * w, 0, False),
        ]
        if len(kinds) != len(shapes) or set(kinds) - set("PWF"):
            raise ValueError(f"kinds: wanted {len(shapes)} letters of P, W, F, got {kinds!r}")
        self.config = dict(kinds=kinds, levels=levels, width=width, classes=classes, estimator=estimator)
        self.blocks = nn.Sequential(
            *[Block(kind, *shape, levels, estimator) for kind, shape in zip("P" + kinds, shapes)]
        )
        self.front = make_front(kinds[-1], 8 * w, estimator)
        self.flatten = nn.Flatten()
        self.classifier = QuantLinear(8 * w, classes, "float" if kinds[-1] == "P" else levels)

    def forward(self, x):
        return self.classifier(self.flatten(self.front(self.blocks(x))))


def measure_layers(net, side=28):
    """MACs per image and weight count of each convolution, then of the classifier."""
    rows = []

    def record(conv, _, out):
        rows.append(dict(weights=conv.weight.numel(), macs=conv.weight.numel() * out.shape[2] * out.shape[3]))

    hooks = [m.register_forward_hook(record) for m in net.modules() if isinstance(m, QuantConv)]
    was_training = net.training
    net.eval()
    with torch.no_grad():
        net(torch.zeros(1, 1, side, side))
    net.train(was_training)
    for hook in hooks:
        hook.remove()
    weights = net.classifier.weight.numel()
    return rows + [dict(weights=weights, macs=weights)]


def count_equivalent_macs(net, kinds):
    """MACs with those on bits counted as 1/58, as the papers do."""
    return sum(row["macs"] / (58 if kind == "F" else 1) for kind, row in zip("P" + kinds, measure_layers(net)))


def count_bytes(net):
    """Bytes of a net as stored: 1 bit per binary weight, 4 bytes per float.

    `weight_bytes` is weights alone; `other_bytes` is the classifier's bias, BN (4 numbers a channel) and slopes.
    """
    layers = [m for m in net.modules() if isinstance(m, (QuantConv, QuantLinear))]
    binary = sum(m.weight.numel() for m in layers if m.levels != "float")
    real = sum(m.weight.numel() for m in layers if m.levels == "float")
    everything = sum(p.numel() for p in net.parameters())
    everything += sum(b.numel() for name, b in net.named_buffers() if "running" in name)
    return dict(weight_bytes=binary // 8 + 4 * real, other_bytes=4 * (everything - binary - real))
