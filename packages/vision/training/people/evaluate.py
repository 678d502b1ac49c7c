"""Figures of an exported model on rendered pictures: threshold from one folder, judgement on another.

    python -m people.evaluate --model people.onnx --choose DIR --judge 'DIR*' [--every N]

`--choose` holds pictures of the training split that were kept from training: the threshold is where as many people from
45 px are found there as there are, since this product counts. `--judge` holds the held-out split. A person must be found where at least a quarter shows and the network sees
10 px of height; anyone else may be.
"""

import argparse
from pathlib import Path

import numpy as np

from .feed import Source
from .judge import Model, Tally
from .network import INPUT_HEIGHT, INPUT_WIDTH
from .picture import BOX, FOOT, VISIBLE, Labelled
from .targets import HEIGHT_MIN_PX

LOS_WALKWAY = {"A": 0.308, "B": 0.431, "C": 0.718, "D": 1.076, "E": 2.153, "F": np.inf}
"""Upper bounds in persons/m²; Fruin, "Pedestrian Planning and Design", chapter 4."""

VISIBLE_MIN = 0.25
"""Whoever shows this share must be found."""

TALL_PX = 45.0
"""Persons this tall for the network are judged by themselves too, and wrong boxes of that size: those who are smaller
are a matter of how far a camera is asked to see."""

COUNTED_FROM = 0.05
"""Whoever shows this share is one of "everyone" in a count."""


def band(density: float) -> str:
    return next(letter for letter, most in LOS_WALKWAY.items() if density <= most)


def judge(model: Model, pictures: list[Labelled]) -> dict[str, Tally]:
    """A tally for each level of service, one for each kind of view, and one for all."""
    tallies: dict[str, Tally] = {}
    for labelled in pictures:
        picture = labelled.load()
        boxes, scores, feet = model(picture.rgb)
        people = picture.people
        width, height = picture.rgb.size
        scale = min(INPUT_WIDTH / width, INPUT_HEIGHT / height)
        cut = people[:, BOX].copy()
        cut[:, [0, 2]] = cut[:, [0, 2]].clip(0, width)
        cut[:, [1, 3]] = cut[:, [1, 3]].clip(0, height)
        tall = (people[:, 3] - people[:, 1]) * scale
        shows = people[:, VISIBLE] >= COUNTED_FROM
        letter = "LOS " + band(labelled.about.get("density", 0.0))
        parts = ["all", letter]
        if "viewing" in labelled.about:
            parts.append("view " + labelled.about["viewing"])
        parts = [(part, HEIGHT_MIN_PX, 0.0) for part in parts]
        parts += [(f"{part}, from {TALL_PX:.0f} px", TALL_PX, TALL_PX) for part in ("all", letter)]
        for name, height_min, fault_from in parts:
            wanted = (people[:, VISIBLE] >= VISIBLE_MIN) & (tall >= height_min)
            tallies.setdefault(name, Tally()).add(
                boxes,
                scores,
                feet,
                cut[wanted],
                people[wanted][:, FOOT],
                cut[~wanted],
                int((shows & (tall >= height_min)).sum()),
                fault_from / scale,
            )
    return tallies


def counts(tally: Tally, threshold: float) -> tuple[float, float, float]:
    """Count error: of the sums, signed; mean absolute a picture; of the sums against everyone who shows at all."""
    found = np.array([(scores >= threshold).sum() for scores, _, _ in tally.counts], float)
    wanted = np.array([n for _, n, _ in tally.counts], float)
    everyone = np.array([n for _, _, n in tally.counts], float)
    some = wanted > 0
    each = float((np.abs(found - wanted)[some] / wanted[some]).mean()) if some.any() else 0.0
    total = lambda truth: float(found.sum() / max(truth.sum(), 1) - 1)  # noqa: E731
    return total(wanted), each, total(everyone)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--choose", required=True)
    parser.add_argument("--judge", required=True)
    parser.add_argument("--every", type=int, default=1, help="look at every Nth picture only")
    parser.add_argument("--threshold", type=float, help="instead of choosing one")
    args = parser.parse_args()
    model = Model(args.model)
    threshold = args.threshold
    if threshold is None:
        pictures = Source(args.choose, 1).pictures()[:: args.every]
        chosen = judge(model, pictures)[f"all, from {TALL_PX:.0f} px"]
        threshold, (best, _, _, f) = chosen.as_many(), chosen.best()
        p, r = chosen.at(threshold)
        print(
            f"chosen on {len(chosen.counts)} pictures: threshold {threshold:.3f} (P {p:.3f} R {r:.3f} F1 {2 * p * r / (p + r):.3f}; best F1 {f:.3f} at {best:.3f})"
        )
    tallies = judge(model, Source(args.judge, 1, split=None).pictures()[:: args.every])
    print(
        "| part | pictures | persons | AP50 | precision | recall | count, sum | count, each | count, everyone | foot, share of height |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in sorted(tallies):
        tally = tallies[name]
        p, r = tally.at(threshold)
        total, each, everyone = counts(tally, threshold)
        foot = float(np.median(tally.feet)) if tally.feet else float("nan")
        print(
            f"| {name} | {len(tally.counts)} | {tally.wanted} | {tally.average_precision():.3f} | {p:.3f} | {r:.3f}"
            f" | {total:+.1%} | {each:.1%} | {everyone:+.1%} | {foot:.3f} |"
        )


if __name__ == "__main__":
    main()
