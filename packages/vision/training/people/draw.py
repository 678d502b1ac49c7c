"""Crude people over patterns: jointed figures of polygons, the first lessons of the network and a spice later.

    python -m people.draw --out DIR --count N --seed S

They teach what the rendered pictures cannot: that a person looks like a person before any background, in any colours.
The folder has the format of the renderer's `dataset` command.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .figure import figure
from .patterns import clouds, colour, leaves, pattern

SIZE = (480, 336)
SUPER = 2


def _ground(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """A wall and a floor, or patterns alone."""
    choice = rng.random()
    if choice < 0.35:
        image = leaves(rng, width, height, int(rng.integers(60, 700)))
    else:
        image = pattern(rng, width, height)
        horizon = int(rng.uniform(-0.3, 0.6) * height)
        if horizon > 8:
            image.paste(pattern(rng, width, horizon), (0, 0))
        d = ImageDraw.Draw(image)
        if rng.random() < 0.5:  # lines of a floor in perspective
            vx, c = rng.uniform(0, width), colour(rng)
            for k in np.linspace(-2, 3, rng.integers(6, 30)):
                d.line(
                    (vx, max(horizon, 0), k * width, height), fill=c, width=int(rng.integers(1, 4))
                )
            for k in range(rng.integers(2, 14)):
                y = max(horizon, 0) + (height - horizon) * 0.8**k
                d.line((0, y, width, y), fill=c, width=int(rng.integers(1, 4)))
        for _ in range(rng.poisson(6)):  # windows, doors, posts, boards
            x, y = rng.uniform(0, width), rng.uniform(0, height * 0.8)
            w = rng.exponential(0.06) * width + 3
            h = w * np.exp(rng.normal(0.5, 0.9))
            d.rectangle(
                (x, y, x + w, y + h),
                fill=colour(rng),
                outline=colour(rng) if rng.random() < 0.5 else None,
                width=2,
            )
            if rng.random() < 0.3:
                image.paste(
                    pattern(rng, max(4, int(w) // 2), max(4, int(h) // 2)), (int(x), int(y))
                )
    if rng.random() < 0.5:
        grain = 1 + rng.uniform(0.1, 0.8) * (clouds(rng, width, height) - 0.5)
        image = Image.fromarray(np.uint8(np.clip(np.asarray(image) * grain, 0, 255)))
    if rng.random() < 0.4:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.5, 4)))
    return image


def _thing(rng: np.random.Generator, height: float) -> Image.Image:
    """Something as tall as a person that is none: a post, a bin, a board, a bush, clothes without a head."""
    h = int(max(6, height * rng.uniform(0.3, 1.2)))
    w = int(max(4, h * np.exp(rng.normal(-1.0, 0.6))))
    texture = pattern(rng, w, h).convert("RGBA")
    mask = Image.new("L", (w, h), 0)
    d = ImageDraw.Draw(mask)
    choice = rng.random()
    if choice < 0.4:
        d.rectangle((0, 0, w, h), fill=255)
    elif choice < 0.6:
        d.ellipse((0, 0, w, h), fill=255)
    elif choice < 0.8:
        d.rounded_rectangle((0, h * 0.2, w, h), radius=w * 0.3, fill=255)
        d.rectangle((w * 0.45, 0, w * 0.55, h), fill=255)
    else:
        n = int(rng.integers(5, 14))
        angle = np.sort(rng.uniform(0, 2 * np.pi, n))
        reach = rng.uniform(0.4, 1, n)
        d.polygon(
            [
                (w / 2 * (1 + r * np.cos(a)), h / 2 * (1 + r * np.sin(a)))
                for a, r in zip(angle, reach, strict=True)
            ],
            fill=255,
        )
    texture.putalpha(mask)
    return texture


def scene(rng: np.random.Generator) -> tuple[Image.Image, list[dict]]:
    """A picture and its people, farthest first."""
    width, height = SIZE[0] * SUPER, SIZE[1] * SUPER
    image = _ground(rng, width, height)
    ids = np.zeros((height, width), np.int16)
    largest = np.exp(rng.uniform(np.log(0.12), np.log(0.95)))
    count = int(min(40, rng.poisson(rng.choice([2, 7, 14, 3 / largest]))))
    slope = rng.uniform(0.2, 1.0)
    feet = np.sort(rng.uniform(0.25, 1.15, count))
    people, totals = [], []
    for k, v in enumerate(feet):
        tall = max(
            14.0 * SUPER, largest * height * (1 - slope * (1.15 - v)) * rng.uniform(0.88, 1.1)
        )
        layer, about = figure(rng, tall)
        if rng.random() < 0.15:
            layer = layer.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
            lw = layer.width
            x1, y1, x2, y2 = about["box"]
            about["box"] = (lw - x2, y1, lw - x1, y2)
            x1, y1, x2, y2 = about["head"]
            about["head"] = (lw - x2, y1, lw - x1, y2)
            about["foot"] = (lw - about["foot"][0], about["foot"][1])
        left, top = (
            int(rng.uniform(-0.05, 1.05) * width - layer.width / 2),
            int(v * height - layer.height),
        )
        if people and rng.random() < 0.3:  # beside another one
            left = int(people[-1]["at"] + rng.uniform(-0.5, 0.5) * tall)
        for _ in range(rng.poisson(0.3)):
            thing = _thing(rng, tall)
            at = (int(rng.uniform(0, width)), int(v * height - thing.height))
            image.paste(thing, at, thing)
            mask = np.zeros((height, width), bool)
            _stamp(mask, np.asarray(thing.getchannel("A")) > 127, at, True)
            ids[mask] = 0
        alpha = np.asarray(layer.getchannel("A")) > 127
        if rng.random() < 0.4:  # a shadow
            shadow = Image.new("L", (int(tall * 0.5), max(2, int(tall * 0.08))), 0)
            ImageDraw.Draw(shadow).ellipse(
                (0, 0, shadow.width - 1, shadow.height - 1), fill=int(rng.uniform(40, 160))
            )
            image.paste(
                (0, 0, 0),
                (
                    left + int(about["foot"][0] - shadow.width / 2),
                    top + int(about["foot"][1] - shadow.height / 2),
                ),
                shadow,
            )
        image.paste(layer, (left, top), layer)
        _stamp(ids, alpha, (left, top), k + 1)
        totals.append(int(alpha.sum()))
        x1, y1, x2, y2 = about["box"]
        hx1, hy1, hx2, hy2 = about["head"]
        u, v_ = about["foot"]
        people.append(
            {
                "at": left,
                "box": [x1 + left, y1 + top, x2 + left, y2 + top],
                "head": [hx1 + left, hy1 + top, hx2 + left, hy2 + top],
                "foot": [u + left, v_ + top],
            }
        )
    if rng.random() < 0.25:
        for _ in range(rng.integers(1, 4)):
            thing = _thing(rng, rng.uniform(0.2, 0.8) * height)
            at = (int(rng.uniform(0, width)), int(rng.uniform(0.2, 1) * height))
            image.paste(thing, at, thing)
            _stamp(ids, np.asarray(thing.getchannel("A")) > 127, at, 0)
    seen = np.bincount(ids.ravel(), minlength=count + 1)
    labels = []
    for k, person in enumerate(people):
        labels.append(
            {
                **{
                    key: [round(float(value) / SUPER, 2) for value in person[key]]
                    for key in ("box", "foot", "head")
                },
                "visible": round(float(seen[k + 1] / max(totals[k], 1)), 3),
                "kind": "walker",
            }
        )
    return image.resize(SIZE, Image.Resampling.BOX), labels


def _stamp(target: np.ndarray, mask: np.ndarray, at: tuple[int, int], value) -> None:
    """Writes `value` where the mask, with its corner at `at`, lies inside the target."""
    x, y = at
    h, w = mask.shape
    x1, y1, x2, y2 = max(x, 0), max(y, 0), min(x + w, target.shape[1]), min(y + h, target.shape[0])
    if x2 <= x1 or y2 <= y1:
        return
    target[y1:y2, x1:x2][mask[y1 - y : y2 - y, x1 - x : x2 - x]] = value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with (args.out / "labels.jsonl").open("a") as labels:
        for i in range(args.count):
            image, people = scene(np.random.default_rng((args.seed, i)))
            name = f"{args.seed:03d}-{i:06d}.jpg"
            image.save(args.out / name, quality=90)
            labels.write(
                json.dumps(
                    {
                        "file": name,
                        "width": SIZE[0],
                        "height": SIZE[1],
                        "scene": "drawn",
                        "split": "train",
                        "people": people,
                    }
                )
                + "\n"
            )
            labels.flush()


if __name__ == "__main__":
    main()
