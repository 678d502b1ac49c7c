"""Batches without end, from folders that may still grow: seeded by rank and place, one process a rank."""

from collections import deque
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from .augment import PatternBank, augment
from .network import INPUT_HEIGHT, INPUT_WIDTH
from .picture import Labelled, read_folder
from .targets import targets

CROP = (320, 224)
"""Most batches: half as many pixels as the whole input, and so twice as many crops."""

CROPS_A_BATCH, WHOLE_A_BATCH = 12, 6
WHOLE_SHARE = 0.4
LETTERBOXED_SHARE = 0.6
"""Of the batches of whole size: pictures as the product shows them; the rest are crops of that size, for tall people."""

MOSAIC_SHARE = 0.12
ENOUGH = 400
"""Pictures from which on a source has its full weight."""

ECHO_AFTER = 24
"""Every second batch is the one made so many batches before, mirrored: to make one takes half as long as to learn from it.
The idea: Choi et al., "Faster Neural Network Training with Data Echoing" (2019)."""

LOOK_AGAIN = 40
"""Batches after which the folders are read again."""


@dataclass(frozen=True)
class Source:
    """Folders (a glob) of one kind of pictures, and how often it is drawn from."""

    glob: str
    weight: float
    split: str | None = "train"

    def pictures(self) -> list[Labelled]:
        root, _, rest = self.glob.partition("*")
        if rest or self.glob.endswith("*"):
            parent = Path(root).parent if not root.endswith("/") else Path(root)
            folders = sorted(parent.glob(self.glob[len(str(parent)) + 1 :]))
        else:
            folders = [Path(self.glob)]
        return [picture for folder in folders for picture in read_folder(folder, self.split)]


Batch = tuple[torch.Tensor, ...]


def mirrored(batch: Batch) -> Batch:
    """Left is right: the maps, and the horizontal places that stand in them."""
    images, *maps, numbers = (column.flip(-1) for column in batch)
    width = images.shape[-1]
    x1, y1, x2, y2, u, v = numbers.unbind(1)
    return images, *maps, torch.stack((width - x2, y1, width - x1, y2, width - u, v), 1)


class Feed(IterableDataset):
    """Yields (images uint8 [n, 3, h, w], heat, care, weight, numbers), from batch `start` on."""

    def __init__(self, sources: list[Source], seed: int, rank: int, start: int):
        self.sources, self.seed, self.rank, self.start = sources, seed, rank, start

    def __iter__(self):
        torch.set_num_threads(1)
        info = get_worker_info()
        workers, worker = (info.num_workers, info.id) if info else (1, 0)
        bank = PatternBank(np.random.default_rng((self.seed, self.rank, 9)))
        at = self.start + worker
        known: list[tuple[float, list[Labelled]]] = []
        made: deque[Batch] = deque()
        seen = 0
        while True:
            if len(made) > ECHO_AFTER:
                yield mirrored(made.popleft())
            if seen % LOOK_AGAIN == 0:
                # A folder that has only just begun to fill is not drawn from over and over again.
                known = [
                    (s.weight * min(1.0, len(p) / ENOUGH), p)
                    for s in self.sources
                    if (p := s.pictures())
                ]
                if not known:
                    raise FileNotFoundError(
                        "no training pictures: " + ", ".join(s.glob for s in self.sources)
                    )
            seen += 1
            # Every rank takes the same shape of batch in a step, so that none waits for another.
            whole = np.random.default_rng((self.seed, at)).random() < WHOLE_SHARE
            batch = self._batch(np.random.default_rng((self.seed, at, self.rank)), known, bank, whole)
            made.append(batch)
            yield batch
            at += workers

    def _batch(self, rng, known, bank, whole):
        width, height = (INPUT_WIDTH, INPUT_HEIGHT) if whole else CROP
        weights = np.array([w for w, _ in known])
        columns: list[list[np.ndarray]] = [[], [], [], [], []]

        def pick():
            pictures = known[rng.choice(len(known), p=weights / weights.sum())][1]
            return pictures[rng.integers(len(pictures))].load()

        for _ in range(WHOLE_A_BATCH if whole else CROPS_A_BATCH):
            other = pick() if rng.random() < MOSAIC_SHARE and not whole else None
            letterboxed = whole and rng.random() < LETTERBOXED_SHARE
            made = augment(rng, pick(), other, (width, height), bank, letterboxed)
            columns[0].append(np.asarray(made.rgb).transpose(2, 0, 1))
            for column, value in zip(columns[1:], targets(made.people, width, height), strict=True):
                column.append(value)
        return tuple(torch.from_numpy(np.stack(column)) for column in columns)
