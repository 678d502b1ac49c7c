"""Patterns without meaning: dead leaves, clouds and stripes, as backgrounds, clothes and things in the way.

Dead leaves (discs and polygons of all sizes over one another) have the edges and the spectrum of photographs:
Lee, Mumford & Huang, "Occlusion Models for Natural Images" (2001).
"""

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def colour(rng: np.random.Generator, spread: float = 1.0) -> tuple[int, int, int]:
    """Mostly dull, sometimes strong."""
    grey = rng.uniform(10, 245)
    chroma = rng.normal(0, 1, 3) * rng.exponential(22) * spread
    r, g, b = np.clip(grey + chroma, 0, 255).astype(int)
    return int(r), int(g), int(b)


def clouds(
    rng: np.random.Generator, width: int, height: int, channels: int = 1, decay: float | None = None
) -> np.ndarray:
    """Noise with a falling spectrum, 0 to 1, float32 [height, width, channels]."""
    decay = rng.uniform(0.45, 0.75) if decay is None else decay
    total = np.zeros((height, width, channels), np.float32)
    cells, strength, sum_ = 2, 1.0, 0.0
    while cells < max(width, height) / 2:
        small = rng.random(
            (max(2, cells * height // max(width, height) + 1), cells + 1, channels), np.float32
        )
        for c in range(channels):
            total[:, :, c] += strength * np.asarray(
                Image.fromarray(small[:, :, c], mode="F").resize(
                    (width, height), Image.Resampling.BICUBIC
                )
            )
        sum_ += strength
        strength *= decay
        cells *= 2
    low, high = total.min(), total.max()
    return (total - low) / max(high - low, 1e-6)


def leaves(rng: np.random.Generator, width: int, height: int, count: int = 120) -> Image.Image:
    """Dead leaves, largest first in the mean; some of them with a pattern."""
    image = Image.new("RGB", (width, height), colour(rng))
    draw = ImageDraw.Draw(image)
    largest = rng.uniform(0.1, 0.5) * width
    # Cubic law of sizes: as many small things as photographs have.
    sizes = largest / np.sqrt(1 + rng.random(count) * 400)
    if rng.random() < 0.5:
        sizes = np.sort(sizes)[::-1]
    palette = [colour(rng) for _ in range(rng.integers(3, 16))]
    boxy = rng.random()
    for size in sizes:
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        fill = palette[rng.integers(len(palette))]
        stretch = np.exp(rng.normal(0, 0.6))
        w, h = size * stretch, size / stretch
        if rng.random() < boxy:
            if rng.random() < 0.6:
                draw.rectangle((x - w, y - h, x + w, y + h), fill=fill)
            else:
                turn = rng.uniform(0, np.pi)
                c, s = np.cos(turn), np.sin(turn)
                draw.polygon(
                    [
                        (x + a * w * c - b * h * s, y + a * w * s + b * h * c)
                        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
                    ],
                    fill=fill,
                )
        elif rng.random() < 0.6:
            draw.ellipse((x - w, y - h, x + w, y + h), fill=fill)
        else:
            n = rng.integers(3, 8)
            angle = np.sort(rng.uniform(0, 2 * np.pi, n))
            reach = rng.uniform(0.5, 1.1, n)
            draw.polygon(
                [
                    (x + w * r * np.cos(a), y + h * r * np.sin(a))
                    for a, r in zip(angle, reach, strict=True)
                ],
                fill=fill,
            )
    return image


def stripes(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    """Stripes, checks or dots, 0 to 1, float32 [height, width, 1]."""
    turn = rng.choice([0, np.pi / 2, rng.uniform(0, np.pi)])
    period = rng.uniform(3, max(6.0, min(width, height) / 2))
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    a = np.sin((x * np.cos(turn) + y * np.sin(turn)) * 2 * np.pi / period)
    if rng.random() < 0.4:
        a = a * np.sin(
            (y * np.cos(turn) - x * np.sin(turn)) * 2 * np.pi / (period * rng.uniform(0.7, 1.5))
        )
    sharp = rng.choice([1.0, 8.0])
    return np.clip(0.5 + 0.5 * sharp * a, 0, 1).astype(np.float32)[:, :, None]


def pattern(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    """One of the patterns, with shading over it."""
    choice = rng.random()
    if choice < 0.55:
        image = leaves(rng, width, height, int(rng.integers(20, 160)))
    else:
        a, b = np.array(colour(rng), np.float32), np.array(colour(rng), np.float32)
        mask = clouds(rng, width, height) if choice < 0.8 else stripes(rng, width, height)
        image = Image.fromarray(np.uint8(a * mask + b * (1 - mask)))
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 3)))
    return image
