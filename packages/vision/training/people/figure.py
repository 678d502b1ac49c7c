"""Crude people: jointed figures of polygons, in any pose, build and clothes."""

import numpy as np
from PIL import Image, ImageDraw

from .patterns import clouds, colour, stripes

SKIN = (
    (255, 224, 196),
    (240, 200, 165),
    (224, 172, 125),
    (198, 134, 90),
    (141, 85, 50),
    (90, 56, 37),
    (60, 38, 28),
)


def _limb(draw: ImageDraw.ImageDraw, a, b, ra: float, rb: float, fill) -> None:
    """A tapered limb with round ends."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    along = b - a
    length = np.hypot(*along) or 1.0
    side = np.array([-along[1], along[0]]) / length
    draw.polygon(
        [tuple(a + side * ra), tuple(b + side * rb), tuple(b - side * rb), tuple(a - side * ra)],
        fill=fill,
    )
    for p, r in ((a, ra), (b, rb)):
        draw.ellipse((p[0] - r, p[1] - r, p[0] + r, p[1] + r), fill=fill)


def _shade(rng, colour_, amount: float):
    return tuple(int(np.clip(c * amount, 0, 255)) for c in colour_)


def figure(rng: np.random.Generator, height: float) -> tuple[Image.Image, dict]:
    """A person about `height` px tall: RGBA, and where head, foot point and box are in it."""
    w, h = int(height * 1.0) + 8, int(height * 1.12) + 8
    layer = Image.new("RGBA", (w, h), (0, 0, 0, 0))
    d = ImageDraw.Draw(layer)
    x0, top = w / 2, 0.04 * height + 2
    tall = height
    squash = rng.uniform(0.62, 1.0) if rng.random() < 0.5 else rng.uniform(0.9, 1.0)
    front = rng.random()  # 0 is seen from the side, 1 from the front or behind
    face = rng.random() < 0.5
    sign = rng.choice([-1, 1])
    build = rng.uniform(0.85, 1.3)
    skin = _shade(rng, SKIN[rng.integers(len(SKIN))], rng.uniform(0.75, 1.05))
    hair = (
        _shade(rng, (rng.choice([20, 45, 90, 150, 200]),) * 3, 1)
        if rng.random() < 0.6
        else colour(rng, 0.5)
    )
    upper, lower, shoe = colour(rng), colour(rng), colour(rng)
    if rng.random() < 0.4:
        lower = _shade(rng, (40, 42, 55), rng.uniform(0.4, 1.8))
    head_r = 0.058 * tall * rng.uniform(0.9, 1.1)
    head = np.array([x0, top + head_r * 1.3])
    neck = head + [0, head_r * 1.5]
    shoulder = neck + [0, 0.035 * tall * squash]
    hip = shoulder + [rng.normal(0, 0.015) * tall, 0.32 * tall * squash]
    half_shoulder = (0.065 + 0.055 * front) * tall * build
    half_hip = (0.06 + 0.035 * front) * tall * build
    leg = 0.24 * tall * squash
    stride = (
        rng.uniform(-0.6, 0.6) * (1.1 - 0.7 * front)
        if rng.random() < 0.75
        else rng.uniform(-0.08, 0.08)
    )

    def legs(which: int):
        angle = stride * which
        knee = (
            hip
            + [which * half_hip * 0.5 * front, 0]
            + leg * np.array([np.sin(angle) * sign, np.cos(angle)])
        )
        bend = angle - abs(rng.uniform(0, 0.5)) * (1 if which * stride < 0 else 0.2)
        ankle = knee + leg * np.array([np.sin(bend) * sign, np.cos(bend)])
        return hip + [which * half_hip * 0.5 * front, 0], knee, ankle

    def arms(which: int, fill):
        angle = rng.uniform(-0.7, 0.7) * (1.1 - 0.8 * front)
        s = shoulder + [which * half_shoulder * 0.9 * max(front, 0.15), 0.02 * tall]
        elbow = s + 0.16 * tall * squash * np.array(
            [np.sin(angle) * sign + which * rng.uniform(0, 0.35) * front, np.cos(angle)]
        )
        bend = angle + rng.uniform(0, 1.6) * rng.random()
        hand = elbow + 0.15 * tall * squash * np.array([np.sin(bend) * sign, np.cos(bend)])
        sleeve = fill if rng.random() < 0.75 else skin
        _limb(d, s, elbow, 0.033 * tall * build, 0.027 * tall * build, fill)
        _limb(d, elbow, hand, 0.027 * tall * build, 0.02 * tall, sleeve)
        d.ellipse(
            (
                hand[0] - 0.02 * tall,
                hand[1] - 0.02 * tall,
                hand[0] + 0.02 * tall,
                hand[1] + 0.025 * tall,
            ),
            fill=skin,
        )
        return hand

    far = rng.uniform(0.65, 0.95)
    arms(-1, _shade(rng, upper, far))
    ankles = []
    skirt = rng.random() < 0.15
    for which in (-1, 1):
        a, k, f = legs(which)
        tone = _shade(rng, lower, far if which < 0 else 1)
        bare = skin if skirt or rng.random() < 0.08 else tone
        thick = rng.uniform(0.9, 1.3) * build
        _limb(d, a, k, 0.052 * tall * thick, 0.04 * tall * thick, tone if not skirt else bare)
        _limb(d, k, f, 0.038 * tall * thick, 0.026 * tall * thick, bare)
        toe = f + [sign * 0.07 * tall * (1.1 - front), 0.015 * tall + 0.03 * tall * front]
        _limb(d, f + [0, 0.01 * tall], toe, 0.024 * tall, 0.02 * tall, shoe)
        ankles.append(f)
    coat = rng.random() < 0.3
    body_end = hip + [0, (rng.uniform(0.05, 0.22) if coat else 0.03) * tall]
    flare = rng.uniform(0.9, 1.4) if coat or skirt else 1.0
    d.polygon(
        [
            tuple(p)
            for p in (
                shoulder + [-half_shoulder, 0.01 * tall],
                shoulder + [-half_shoulder * 0.5, -0.03 * tall],
                shoulder + [half_shoulder * 0.5, -0.03 * tall],
                shoulder + [half_shoulder, 0.01 * tall],
                body_end + [half_hip * 1.05 * flare, 0],
                body_end + [-half_hip * 1.05 * flare, 0],
            )
        ],
        fill=upper,
    )
    if skirt:
        d.polygon(
            [
                tuple(hip + [-half_hip, 0]),
                tuple(hip + [half_hip, 0]),
                tuple(hip + [half_hip * 1.5, 0.2 * tall]),
                tuple(hip + [-half_hip * 1.5, 0.2 * tall]),
            ],
            fill=lower,
        )
    if rng.random() < 0.3:  # something carried
        c = colour(rng)
        at = (
            shoulder + [(-sign * (half_shoulder + 0.02 * tall)) * (1 - front), 0.12 * tall]
            if rng.random() < 0.6
            else hip + [rng.choice([-1, 1]) * half_hip * 1.3, 0.06 * tall]
        )
        bw, bh = rng.uniform(0.04, 0.09) * tall, rng.uniform(0.05, 0.12) * tall
        d.rounded_rectangle(
            (at[0] - bw, at[1] - bh, at[0] + bw, at[1] + bh), radius=bw * 0.4, fill=c
        )
    hand = arms(1, _shade(rng, upper, rng.uniform(0.85, 1.1)))
    if rng.random() < 0.12:
        c = colour(rng)
        bw, bh = rng.uniform(0.04, 0.1) * tall, rng.uniform(0.05, 0.13) * tall
        d.rectangle((hand[0] - bw, hand[1], hand[0] + bw, hand[1] + 2 * bh), fill=c)
    _limb(d, neck, shoulder - [0, 0.02 * tall], 0.03 * tall, 0.035 * tall, skin)
    r = head_r
    box = (head[0] - r, head[1] - r * 1.3, head[0] + r, head[1] + r * 1.3)
    style = rng.random()
    if style < 0.2:  # long hair behind
        d.ellipse(
            (
                box[0] - 0.2 * r,
                box[1] - 0.1 * r,
                box[2] + 0.2 * r,
                box[3] + r * rng.uniform(0.3, 1.2),
            ),
            fill=hair,
        )
    d.ellipse(box, fill=skin if face or front < 0.5 else hair)
    if style < 0.9:
        if front >= 0.5 and not face:
            d.ellipse(box, fill=hair)
        else:
            turn = rng.uniform(0.1, 0.6) * (1 - front) * sign
            d.pieslice(
                (box[0] - 0.08 * r, box[1] - 0.1 * r, box[2] + 0.08 * r, box[3] - 0.2 * r),
                180 - 40 * (turn > 0) * 2,
                360 + 40 * (turn < 0) * 2,
                fill=hair,
            )
        if rng.random() < 0.15:  # a hat
            c = colour(rng)
            d.pieslice(
                (box[0] - 0.15 * r, box[1] - 0.3 * r, box[2] + 0.15 * r, box[1] + 1.8 * r),
                180,
                360,
                fill=c,
            )
    # Cloth is not flat: folds and light from one side.
    pixels = np.asarray(layer).astype(np.float32)
    light = 1 + rng.uniform(0, 0.5) * (
        np.linspace(-1, 1, w, dtype=np.float32)[None, :, None] * rng.choice([-1, 1]) * 3
    ).clip(-1, 1)
    light = light * (1 + rng.uniform(0.1, 0.7) * (clouds(rng, w, h, decay=0.7) - 0.5))
    if rng.random() < 0.3:
        y1, y2 = int(shoulder[1]), max(int(body_end[1]), int(shoulder[1]) + 1)
        light[y1:y2] *= 1 + rng.uniform(0.2, 0.8) * (stripes(rng, w, y2 - y1) - 0.5)
    pixels[:, :, :3] = np.clip(pixels[:, :, :3] * light, 0, 255)
    layer = Image.fromarray(np.uint8(pixels), "RGBA")
    foot = (ankles[0] + ankles[1]) / 2 + [0, 0.03 * tall]
    foot[1] = max(ankles[0][1], ankles[1][1]) + 0.02 * tall if front > 0.6 else foot[1]
    return layer, {"box": layer.getchannel("A").getbbox(), "foot": foot, "head": box}
