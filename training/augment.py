"""One random warp per drawing: flip, rotation, scale, shear, shift, and a smooth wobble of the strokes."""
import math

import torch
from torch.nn import functional


def augment(images, generator, strength=1.0):
    """Warp a batch [n, 1, h, w] of floats, bilinearly, blank outside. Returns a new batch."""
    n, _, height, width = images.shape

    def uniform(limit):
        return (torch.rand(n, generator=generator) * 2 - 1) * (limit * strength)

    turn = uniform(math.radians(15))
    across, down = 1 + uniform(0.15), 1 + uniform(0.15)
    shear = uniform(0.15)
    flip = (torch.rand(n, generator=generator) < 0.5).float() * 2 - 1
    cos, sin = torch.cos(turn), torch.sin(turn)
    shift = 2 * 2.5 / width
    matrix = torch.stack(
        [
            torch.stack([cos * across * flip, (shear - sin) * down, uniform(shift)], 1),
            torch.stack([sin * across * flip, cos * down, uniform(shift)], 1),
        ],
        1,
    )
    grid = functional.affine_grid(matrix, [n, 1, height, width], align_corners=False)
    # Displacements on a 4x4 mesh, sigma about half a pixel, stretched smoothly over the image.
    mesh = torch.randn(n, 2, 4, 4, generator=generator) * (0.035 * strength)
    wobble = functional.interpolate(mesh, size=(height, width), mode="bilinear", align_corners=True)
    grid = grid + wobble.permute(0, 2, 3, 1)
    return functional.grid_sample(images, grid.to(images.device), align_corners=False)
