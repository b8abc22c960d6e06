"""What the papers did with each data set: sizes, normalisation, augmentation, schedule. Facts of the released training code of Hybrid Binary Networks
(arXiv 1804.03867: train.py, utils.py, run_*.sh, datasets/load_data.py); where it has none, the preset says so.
"""
from typing import NamedTuple


class Preset(NamedTuple):
    channels: int
    resize: int  # shorter side before the crop
    crop: int
    invert: bool  # 1 - x: ink is high
    mean: tuple
    std: tuple
    rotate: float  # degrees to either side, in training
    least_area: float  # of a random sized crop; 1: crops of the whole size, from a picture with `pad` pixels around
    pad: int
    ten_crops: bool  # how test pictures are scored
    epochs: int
    batch: int
    rates: tuple  # (from epoch, learning rate), of Adam
    decay: tuple  # (from epoch, weight decay)


def halve(rate, every, floor, epochs):
    """A rate halved every so many epochs, down to a floor."""
    return tuple((epoch, max(floor, rate / 2 ** (epoch // every))) for epoch in range(0, epochs, every))


def rate_at(steps, epoch):
    """The entry of (from epoch, number) pairs that holds in an epoch."""
    return [number for start, number in steps if start <= epoch][-1]


def sketches(mean, std, epochs, crop=225):
    return Preset(1, 256, crop, True, (mean,), (std,), 10, 0.08, 0, True, epochs, 128, halve(2e-3, 40, 5e-5, epochs), ((0, 0.0),))


PRESETS = {
    # Sketch-A-Net takes 225 pixels and 600 epochs; ResNet-18 and SqueezeNet 400 epochs, GoogLeNet 350, at 224.
    "tu-berlin": sketches(0.06, 0.93, 600),
    "sketchy": sketches(0.0465, 0.9, 600),
    "tu-berlin-224": sketches(0.06, 0.93, 400, 224),
    "sketchy-224": sketches(0.0465, 0.9, 400, 224),
    # AlexNet's.
    "imagenet": Preset(
        3, 256, 224, False, (0.485, 0.456, 0.406), (0.229, 0.224, 0.225), 0, 0.08, 0, False, 90, 512,
        ((0, 1e-3), (18, 5e-4), (29, 1e-4), (43, 5e-5), (52, 2e-5)), ((0, 5e-5), (30, 0.0)),
    ),
    # The released code names no schedule: the usual crops and flips, and the sketches' rates over 200 epochs.
    "cifar10": Preset(
        3, 32, 32, False, (0.4914, 0.4822, 0.4465), (0.247, 0.2435, 0.2616), 0, 1.0, 4, False, 200, 128,
        halve(2e-3, 40, 5e-5, 200), ((0, 0.0),),
    ),
}
