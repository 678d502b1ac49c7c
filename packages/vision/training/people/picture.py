"""A training picture with its people, and the folder format that the renderer's `dataset` command writes."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

BOX, FOOT, HEAD, HEAD_SIZE, VISIBLE = slice(0, 4), slice(4, 6), slice(6, 8), 8, 9
"""Columns of `Picture.people`: x1 y1 x2 y2, u v, head centre u v, larger side of the head's box, visible share."""

COLUMNS = 10


@dataclass
class Picture:
    """One picture: RGB, and one row of float32 a person, in its pixels. Boxes are whole bodies, not cut."""

    rgb: Image.Image
    people: np.ndarray


@dataclass(frozen=True)
class Labelled:
    """A line of `labels.jsonl`."""

    path: Path
    people: np.ndarray
    about: dict

    def load(self) -> Picture:
        with Image.open(self.path) as image:
            return Picture(image.convert("RGB"), self.people.copy())


def people_of(line: dict) -> np.ndarray:
    rows = np.zeros((len(line["people"]), COLUMNS), np.float32)
    for row, person in zip(rows, line["people"], strict=True):
        x1, y1, x2, y2 = person["head"]
        row[BOX], row[FOOT] = person["box"], person["foot"]
        row[HEAD] = (x1 + x2) / 2, (y1 + y2) / 2
        row[HEAD_SIZE] = max(x2 - x1, y2 - y1)
        row[VISIBLE] = person["visible"]
    return rows


def read_folder(folder: Path, split: str | None = None) -> list[Labelled]:
    """Pictures of a folder whose file is already there; a line that is still being written is left for later."""
    found = []
    labels = folder / "labels.jsonl"
    if not labels.exists():
        return found
    for text in labels.read_text().splitlines():
        try:
            line = json.loads(text)
        except json.JSONDecodeError:
            continue
        if split is not None and line.get("split", split) != split:
            continue
        path = folder / line["file"]
        if not path.exists():
            continue
        about = {key: value for key, value in line.items() if key != "people"}
        about["kinds"] = [person.get("kind") for person in line["people"]]
        found.append(Labelled(path, people_of(line), about))
    return found
