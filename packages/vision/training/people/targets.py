"""What the network should say about a crop: a map of heads, and for the cells around each head the person's numbers."""

import numpy as np

from .network import STRIDE
from .picture import BOX, FOOT, HEAD, HEAD_SIZE, VISIBLE

VISIBLE_MIN = 0.12
HEIGHT_MIN_PX = 10.0
"""Persons with less to be seen of are neither wanted nor a fault. In a crowd a head and a shoulder are a tenth of a body."""

REGRESSED_FROM = 0.55
"""Cells whose heat reaches this learn the person's box and foot point."""


def targets(
    people: np.ndarray, width: int, height: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """heat [h, w], care [h, w] (0 where anything goes), weight [h, w] of the regression, numbers [6, h, w].

    Numbers are x1 y1 x2 y2 (whole body, crop pixels) and the foot point; where heads overlap, the hotter one's.
    """
    w, h = width // STRIDE, height // STRIDE
    heat, care = np.zeros((h, w), np.float32), np.ones((h, w), np.float32)
    weight, numbers = np.zeros((h, w), np.float32), np.zeros((6, h, w), np.float32)
    for person in sorted(people, key=lambda row: row[3]):
        if person[VISIBLE] <= 0.02:
            continue
        tall = person[3] - person[1]
        wanted = person[VISIBLE] >= VISIBLE_MIN and tall >= HEIGHT_MIN_PX
        u, v = person[HEAD]
        inside = -2 * STRIDE < u < width + 2 * STRIDE and -2 * STRIDE < v < height + 2 * STRIDE
        if not inside and not wanted:
            continue
        # A head beyond the border is looked for at the border: there is the body that belongs to it.
        u, v = min(max(u, 2.0), width - 2.0), min(max(v, 2.0), height - 2.0)
        cu, cv = int(u / STRIDE), int(v / STRIDE)
        sigma = float(np.clip(0.28 * person[HEAD_SIZE] / STRIDE, 0.6, 4.0))
        reach = int(np.ceil(3 * sigma))
        ax, bx, ay, by = (
            max(cu - reach, 0),
            min(cu + reach + 1, w),
            max(cv - reach, 0),
            min(cv + reach + 1, h),
        )
        gx = np.exp(-((np.arange(ax, bx) - cu) ** 2) / (2 * sigma**2))
        gy = np.exp(-((np.arange(ay, by) - cv) ** 2) / (2 * sigma**2))
        bump = (gy[:, None] * gx[None, :]).astype(np.float32)
        if not wanted:
            near = (bump > 0.08) & (heat[ay:by, ax:bx] < 0.3)
            care[ay:by, ax:bx][near] = 0
            continue
        here = heat[ay:by, ax:bx]
        owned = (bump > REGRESSED_FROM) & (bump >= here)
        numbers[:4, ay:by, ax:bx][:, owned] = person[BOX][:, None]
        numbers[4:, ay:by, ax:bx][:, owned] = person[FOOT][:, None]
        cut = 1 - _inside_share(person, width, height)
        weight[ay:by, ax:bx][owned] = (1.0 - 0.7 * cut) / max(int(owned.sum()), 1)
        care[ay:by, ax:bx][bump > 0.3] = 1
        np.maximum(here, bump, out=here)
    return heat, care, weight, numbers


def _inside_share(person: np.ndarray, width: int, height: int) -> float:
    x1, y1, x2, y2 = person[BOX]
    w, h = min(x2, width) - max(x1, 0), min(y2, height) - max(y1, 0)
    return float(np.clip(max(w, 0) * max(h, 0) / max((x2 - x1) * (y2 - y1), 1e-6), 0, 1))
