"""Quantisers: the sign of an activation, and filters rounded to two levels.

Nothing here knows about layers. Each quantiser returns values exactly as the engine will hold them;
the straight-through estimators let gradients pass as if the rounding were not there.

Sources
  sign and alpha = mean|w| per filter, centred: Hybrid Binary Networks, arXiv 1804.03867
  two free levels per filter: Distribution-Aware Binarization, arXiv 1804.02941
  polynomial gradient: Bi-Real Net, arXiv 1808.00278
"""
import torch


def sign(x):
    """+1 where x >= 0, else -1. Both zeros count as +1, as everywhere in Hybit."""
    one = torch.ones((), dtype=x.dtype, device=x.device)
    # Adding 0 makes -0 a +0. copysign is vectorised in torch 1.13; torch.where is not and took 18 times as long.
    return torch.copysign(one, x + 0)


class SignStraightThrough(torch.autograd.Function):
    """Forward: sign. Backward: 'clip' passes the gradient where |x| < 1, 'poly' weighs it by (2 - 2|x|)+."""

    @staticmethod
    def forward(ctx, x, estimator):
        ctx.save_for_backward(x)
        ctx.estimator = estimator
        return sign(x)

    @staticmethod
    def backward(ctx, grad):
        (x,) = ctx.saved_tensors
        if ctx.estimator == "poly":
            return grad * (2 - 2 * x.abs()).clamp_(min=0), None
        return grad * (x.abs() < 1).to(grad.dtype), None


def sign_levels(weight):
    """Round each filter to +-alpha, alpha = mean|w|, after centring it over its input channels."""
    centred = weight - weight.mean(1, keepdim=True)
    alpha = centred.abs().mean(tuple(range(1, weight.dim())), keepdim=True)
    return sign(centred) * alpha


def split_two_levels(rows):
    """Find, per row of [filters, n], the two levels with the least squared error.

    The best two-level set is a threshold on the sorted weights: if the K largest share the level
    alpha = mean(largest K) and the rest beta = mean(rest), the squared error is sum(w^2) - J with

        J(K) = (sum of the K largest)^2 / K + (sum of the rest)^2 / (n - K),   0 < K < n

    so one sort and one prefix sum per filter find the maximum of J. (1804.02941, section 3.)
    Returns threshold, alpha, beta, each [filters, 1]; weights >= threshold take alpha.
    """
    ordered = rows.sort(1, descending=True).values
    prefix = ordered.double().cumsum(1)
    total, head = prefix[:, -1:], prefix[:, :-1]
    n = rows.shape[1]
    k = torch.arange(1, n, dtype=torch.double, device=rows.device)
    best = (head ** 2 / k + (total - head) ** 2 / (n - k)).argmax(1, keepdim=True)
    count, top = (best + 1).double(), head.gather(1, best)
    alpha, beta = top / count, (total - top) / (n - count)
    return ordered.gather(1, best), alpha.to(rows.dtype), beta.to(rows.dtype)


def two_levels(weight):
    """Round each filter to its optimal two levels. Not centred: the mean is what the second level is for."""
    rows = weight.flatten(1)
    threshold, alpha, beta = split_two_levels(rows)
    return torch.where(rows >= threshold, alpha, beta).view_as(weight)


def to_bits(weight, bits=8):
    """Round each filter to 2^bits evenly spaced numbers around 0, the largest magnitude at the end, as hybit convert --binarize 8-bit does."""
    rows, most = weight.flatten(1).double(), 2 ** bits - 1
    unit = rows.abs().amax(1, keepdim=True) / most
    codes = torch.floor((rows / unit + most) / 2 + 0.5).clamp(0, most)
    return torch.where(unit > 0, unit * (2 * codes - most), rows).view_as(weight).to(weight.dtype)


QUANTISERS = {"float": lambda weight: weight, "sign": sign_levels, "two-level": two_levels}


def quantise_straight_through(weight, levels):
    """Quantised values forward, identity gradient backward. Rounds once more than QUANTISERS do (1e-7)."""
    if levels == "float":
        return weight
    with torch.no_grad():
        step = QUANTISERS[levels](weight) - weight
    return weight + step
