"""The sketch net: one architecture, and the presets that say which layers are binary.

A small Sketch-A-Net for 28x28 drawings: six 3x3 convolutions and a linear classifier, 10.9 M
multiply-accumulates at width 32. The first convolution and the classifier are always float.

  1x28x28 -> conv1 -> pool 14 -> conv2 -> pool 7 -> conv3 -> conv4 -> pool 3 -> conv5 -> conv6 (valid) 1 -> linear
"""
import torch
from torch import nn

from .layers import Block, QuantConv

# One letter per convolution from conv2 to conv6, and the quantiser of the binary ones.
VARIANTS = {
    "fprec": ("PPPPP", "float"),
    "wbin": ("WWWWW", "sign"),
    "fbin": ("FFFFF", "sign"),
    "fbin-two-level": ("FFFFF", "two-level"),
    "hybrid": ("FFFWW", "sign"),
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
        if len(kinds) != len(shapes) - 1 or set(kinds) - set("PWF"):
            raise ValueError(f"kinds: wanted {len(shapes) - 1} letters of P, W, F, got {kinds!r}")
        self.config = dict(kinds=kinds, levels=levels, width=width, classes=classes, estimator=estimator)
        self.blocks = nn.Sequential(
            *[Block(kind, *shape, levels, estimator) for kind, shape in zip("P" + kinds, shapes)]
        )
        self.flatten = nn.Flatten()
        self.classifier = nn.Linear(8 * w, classes)

    def forward(self, x):
        return self.classifier(self.flatten(self.blocks(x)))


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


def count_bytes(net):
    """Bytes of a net as stored: 1 bit per binary weight, 4 bytes per float.

    `weight_bytes` is weights alone; `other_bytes` is the classifier's bias, BN (4 numbers a channel) and slopes.
    """
    binary = sum(m.weight.numel() for m in net.modules() if isinstance(m, QuantConv) and m.levels != "float")
    real = sum(m.weight.numel() for m in net.modules() if isinstance(m, QuantConv) and m.levels == "float")
    real += net.classifier.weight.numel()
    everything = sum(p.numel() for p in net.parameters())
    everything += sum(b.numel() for name, b in net.named_buffers() if "running" in name)
    return dict(weight_bytes=binary // 8 + 4 * real, other_bytes=4 * (everything - binary - real))
