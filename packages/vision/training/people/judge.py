"""Runs an exported model and compares with the truth: recall, precision, counts and foot points."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image

from .network import INPUT_HEIGHT, INPUT_WIDTH

PAD = (114, 114, 114)


class Model:
    """The exported file behind the runtime, one thread."""

    def __init__(self, path: Path):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def __call__(self, image: Image.Image) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """boxes [n, 4] cut at the border, scores [n] and feet [n, 2], in the picture's pixels."""
        scale = min(INPUT_WIDTH / image.width, INPUT_HEIGHT / image.height)
        size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
        canvas = Image.new("RGB", (INPUT_WIDTH, INPUT_HEIGHT), PAD)
        canvas.paste(image.resize(size, Image.Resampling.BILINEAR), (0, 0))
        dets, _, feet = self.session.run(None, {"picture": np.asarray(canvas)[None]})
        boxes = dets[0, :, :4] / scale
        boxes[:, [0, 2]] = boxes[:, [0, 2]].clip(0, image.width)
        boxes[:, [1, 3]] = boxes[:, [1, 3]].clip(0, image.height)
        return boxes, dets[0, :, 4], feet[0] / scale


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """IoU of every box of `a` with every one of `b`."""
    low, high = (
        np.maximum(a[:, None, :2], b[None, :, :2]),
        np.minimum(a[:, None, 2:], b[None, :, 2:]),
    )
    shared = np.clip(high - low, 0, None).prod(2)
    area = lambda boxes: (boxes[:, 2:] - boxes[:, :2]).prod(1)  # noqa: E731
    return shared / np.maximum(area(a)[:, None] + area(b)[None] - shared, 1e-6)


@dataclass
class Tally:
    """Scores of what was found, right or wrong, and how many there were."""

    scores: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)
    wanted: int = 0
    feet: list[float] = field(default_factory=list)
    counts: list[tuple[np.ndarray, int, int]] = field(default_factory=list)

    def add(
        self, boxes, scores, feet, truth, truth_feet, anything_goes, everyone: int, fault_from=0.0
    ) -> None:
        """Greedy, strongest first, IoU 0.5. What lies on a person that need not be found is no fault, nor is a wrong box
        that is less tall than `fault_from`."""
        keep = scores > 0.03
        boxes, scores, feet = boxes[keep], scores[keep], feet[keep]
        self.wanted += len(truth)
        table = overlaps(boxes, truth) if len(truth) else np.zeros((len(boxes), 0))
        excuse = (
            overlaps(boxes, anything_goes).max(1, initial=0)
            if len(anything_goes)
            else np.zeros(len(boxes))
        )
        free = np.ones(len(truth), bool)
        for i in range(len(boxes)):
            row = np.where(free, table[i], 0)
            best = int(row.argmax()) if len(row) else -1
            if best >= 0 and row[best] >= 0.5:
                free[best] = False
                self.scores.append(float(scores[i]))
                self.right.append(True)
                if truth_feet is not None and scores[i] > 0.3:
                    tall = max(truth[best, 3] - truth[best, 1], 1)
                    self.feet.append(float(np.hypot(*(feet[i] - truth_feet[best])) / tall))
            elif excuse[i] < 0.5 and boxes[i, 3] - boxes[i, 1] >= fault_from:
                self.scores.append(float(scores[i]))
                self.right.append(False)
        counted = scores[boxes[:, 3] - boxes[:, 1] >= fault_from]
        self.counts.append((np.sort(counted)[::-1], len(truth), everyone))

    def curve(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Thresholds, precision, recall."""
        order = np.argsort(-np.array(self.scores), kind="stable")
        right = np.array(self.right, bool)[order].cumsum()
        return (
            np.array(self.scores)[order],
            right / np.arange(1, len(order) + 1),
            right / max(self.wanted, 1),
        )

    def at(self, threshold: float) -> tuple[float, float]:
        scores, right = np.array(self.scores), np.array(self.right, bool)
        told = scores >= threshold
        return float(right[told].sum() / max(told.sum(), 1)), float(
            right[told].sum() / max(self.wanted, 1)
        )

    def best(self) -> tuple[float, float, float, float]:
        """Threshold, precision, recall and F1 where F1 is highest."""
        t, p, r = self.curve()
        f = 2 * p * r / np.maximum(p + r, 1e-9)
        i = int(f.argmax())
        return float(t[i]), float(p[i]), float(r[i]), float(f[i])

    def as_many(self) -> float:
        """The threshold at which as many are found as must be: right ones and wrong ones make up for those missed."""
        scores = np.sort(np.concatenate([scores for scores, _, _ in self.counts]))[::-1]
        return float(scores[min(self.wanted, len(scores)) - 1])

    def average_precision(self) -> float:
        _, p, r = self.curve()
        p = np.maximum.accumulate(p[::-1])[::-1]
        return float((np.diff(np.concatenate([[0], r])) * p).sum())

    def recall_at_precision(self, wanted: float) -> float:
        _, p, r = self.curve()
        good = p >= wanted
        return float(r[good].max()) if good.any() else 0.0
