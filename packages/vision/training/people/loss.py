"""Focal loss on the heat map (CornerNet's, α 2, β 4), generalised IoU and foot error around the heads."""

import torch
from torch.nn import functional as F

from .network import boxes_and_feet

FOOT_WEIGHT, BOX_WEIGHT, LOG_WEIGHT = 1.0, 4.0, 0.5


def heat_loss(raw: torch.Tensor, heat: torch.Tensor, care: torch.Tensor) -> torch.Tensor:
    """Summed over each picture, [n]; Law & Deng, "CornerNet" (2018), equation 1, without logarithms of zero."""
    p = raw.sigmoid()
    log_p, log_q = F.logsigmoid(raw), F.logsigmoid(-raw)
    is_peak = heat >= 0.999
    positive = -((1 - p) ** 2) * log_p * is_peak
    negative = -((1 - heat) ** 4) * p**2 * log_q * ~is_peak
    return ((positive + negative) * care).sum((1, 2))


def giou(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Generalised intersection over union of boxes [n, 4]."""
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    shared = (high - low).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - shared
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1)
    return shared / (union + 1e-6) - (hull - union) / (hull + 1e-6)


def loss(raw: torch.Tensor, heat, care, weight, numbers) -> tuple[torch.Tensor, dict[str, float]]:
    """Weighted mean over the persons of the batch, and its parts for the log.

    A person weighs 1 / √(persons in the picture): a crowd of a hundred says more than one passer-by, not a hundred
    times as much.
    """
    raw = raw.float()
    persons = (heat >= 0.999).sum((1, 2)).clamp(min=1).float()
    share = persons.rsqrt() / persons.sqrt().sum()
    on_heat = (heat_loss(raw[:, 0], heat, care) * share).sum()
    at = weight > 0
    if not bool(at.any()):
        return on_heat, {"heat": on_heat.item(), "box": 0.0, "foot": 0.0}
    index = at.nonzero()
    own = raw.permute(0, 2, 3, 1)[at]
    w = weight[at] * share[index[:, 0]]
    wanted = numbers.permute(0, 2, 3, 1)[at]
    boxes, feet = boxes_and_feet(own, index[:, 2], index[:, 1])
    tall = (wanted[:, 3] - wanted[:, 1]).clamp(min=4.0)
    on_box = (w * (1 - giou(boxes, wanted[:, :4]))).sum()
    size, true_size = boxes[:, 2:] - boxes[:, :2], wanted[:, 2:4] - wanted[:, :2]
    on_log = (w * (size.log() - true_size.clamp(min=2.0).log()).abs().clamp(max=2.0).sum(1)).sum()
    error = (feet - wanted[:, 4:]) / tall[:, None]
    on_foot = (
        w
        * F.smooth_l1_loss(error, torch.zeros_like(error), beta=0.05, reduction="none")
        .clamp(max=3.0)
        .sum(1)
    ).sum()
    total = on_heat + BOX_WEIGHT * on_box + LOG_WEIGHT * on_log + FOOT_WEIGHT * on_foot
    return total, {"heat": on_heat.item(), "box": on_box.item(), "foot": on_foot.item()}
