"""From a picture to a training crop: what carries the network from drawn pictures to real ones.

Geometry first (a person of the picture gets a height drawn from a broad range, then a window is cut), then things in
the way, light, colour, lens, sensor and compression. All of it is seeded by the generator that is handed in.
"""

import io

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from .patterns import pattern
from .picture import BOX, HEAD, HEAD_SIZE, VISIBLE, Picture

PAD = (114, 114, 114)
TALLEST_SHARE = 0.95
"""Of a window's height: how tall a person is made at most."""

SMALLEST_PX = 15.0
SCALE_MIN, SCALE_MAX, COVER_MIN = 0.3, 2.2, 0.85

_NOISE = np.random.default_rng(0).standard_normal((512, 768, 3)).astype(np.float32)
_GREY_NOISE = np.random.default_rng(1).standard_normal((512, 768, 1)).astype(np.float32)


class PatternBank:
    """Some patterns, each used many times: drawing one takes longer than a training crop."""

    def __init__(self, rng: np.random.Generator, count: int = 48, side: int = 320):
        self.patterns = [pattern(rng, side, side) for _ in range(count)]

    def cut(self, rng: np.random.Generator, width: int, height: int) -> Image.Image:
        image = self.patterns[rng.integers(len(self.patterns))]
        side = image.width
        part = np.exp(rng.uniform(np.log(0.15), 0))
        x, y = rng.uniform(0, side * (1 - part), 2)
        return image.resize(
            (width, height), Image.Resampling.BILINEAR, box=(x, y, x + side * part, y + side * part)
        )


def crop(
    rng: np.random.Generator, picture: Picture, width: int, height: int, whole: bool = False
) -> Picture:
    """A window of the picture in a random scale, mirrored half of the time; `whole` keeps the letterboxed picture."""
    image, people = picture.rgb, picture.people
    if whole:
        scale = min(width / image.width, height / image.height) * (
            1 if rng.random() < 0.5 else np.exp(rng.uniform(-0.35, 0))
        )
        left = top = 0.0
    else:
        # A picture much smaller than the window would teach padding.
        scale = max(
            _scale(rng, picture, TALLEST_SHARE * height),
            COVER_MIN * min(width / image.width, height / image.height),
        )
        left, top = _corner(rng, picture, width / scale, height / scale)
    stretch = np.exp(rng.normal(0, 0.06)) if not whole else 1.0
    sx, sy = scale * stretch, scale / stretch
    x1, y1 = max(left, 0.0), max(top, 0.0)
    x2, y2 = min(left + width / sx, image.width), min(top + height / sy, image.height)
    out = Image.new("RGB", (width, height), PAD)
    at = round((x1 - left) * sx), round((y1 - top) * sy)
    size = (
        max(1, min(width - at[0], round((x2 - x1) * sx))),
        max(1, min(height - at[1], round((y2 - y1) * sy))),
    )
    kernel = Image.Resampling.BILINEAR if rng.random() < 0.8 else Image.Resampling.BICUBIC
    out.paste(image.resize(size, kernel, box=(x1, y1, x2, y2), reducing_gap=None), at)
    people = people.copy()
    people[:, [0, 2, 4, 6]] = (people[:, [0, 2, 4, 6]] - left) * sx
    people[:, [1, 3, 5, 7]] = (people[:, [1, 3, 5, 7]] - top) * sy
    before = np.maximum(_inside(picture.people, image.width, image.height), 1e-6)
    ratio = (
        _inside(people, width, height, (at[0], at[1], at[0] + size[0], at[1] + size[1])) / before
    )
    people[:, HEAD_SIZE] *= scale
    people[:, VISIBLE] *= np.clip(ratio, 0, 1)
    if rng.random() < 0.5:
        out = out.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        people[:, [0, 2]] = width - people[:, [2, 0]]
        people[:, [4, 6]] = width - people[:, [4, 6]]
    return Picture(out, people)


def _scale(rng: np.random.Generator, picture: Picture, tallest: float) -> float:
    seen = picture.people[picture.people[:, VISIBLE] > 0.3]
    if len(seen) == 0:
        return float(np.exp(rng.uniform(np.log(0.5), np.log(1.2))))
    person = seen[rng.integers(len(seen))]
    tall = max(person[3] - person[1], 4.0)
    wanted = np.exp(rng.uniform(np.log(SMALLEST_PX), np.log(tallest)))
    # Between what was drawn by lot and what the camera shows: the camera's own sizes are the likeliest.
    wanted = wanted**0.75 * (0.8 * tall) ** 0.25
    return float(np.clip(wanted / tall, SCALE_MIN, SCALE_MAX))


def _corner(
    rng: np.random.Generator, picture: Picture, width: float, height: float
) -> tuple[float, float]:
    """Around a person most of the time, anywhere else; never far outside."""
    image, people = picture.rgb, picture.people
    if len(people) > 0 and rng.random() < 0.75:
        box = people[rng.integers(len(people)), BOX]
        x = rng.uniform(box[0], box[2]) - rng.uniform(0.15, 0.85) * width
        y = rng.uniform(box[1], box[3]) - rng.uniform(0.15, 0.85) * height
    else:
        x = rng.uniform(0, max(image.width - width, 0))
        y = rng.uniform(0, max(image.height - height, 0))
    slack = 0.1
    x = np.clip(
        x,
        min(-slack * width, (image.width - width) / 2),
        max(image.width - (1 - slack) * width, (image.width - width) / 2),
    )
    y = np.clip(
        y,
        min(-slack * height, (image.height - height) / 2),
        max(image.height - (1 - slack) * height, (image.height - height) / 2),
    )
    return float(x), float(y)


def _inside(people: np.ndarray, width: float, height: float, window=None) -> np.ndarray:
    """Share of each box inside the window (the picture where none is given)."""
    x1, y1, x2, y2 = window or (0, 0, width, height)
    w = np.minimum(people[:, 2], x2) - np.maximum(people[:, 0], x1)
    h = np.minimum(people[:, 3], y2) - np.maximum(people[:, 1], y1)
    area = np.maximum((people[:, 2] - people[:, 0]) * (people[:, 3] - people[:, 1]), 1e-6)
    return np.maximum(w, 0) * np.maximum(h, 0) / area


def mosaic(rng: np.random.Generator, a: Picture, b: Picture) -> Picture:
    """Left (or upper) part of one crop beside the rest of another of the same size."""
    width, height = a.rgb.size
    image = a.rgb.copy()
    if rng.random() < 0.5:
        cut = int(rng.uniform(0.3, 0.7) * width)
        first, second = (0, 0, cut, height), (cut, 0, width, height)
    else:
        cut = int(rng.uniform(0.3, 0.7) * height)
        first, second = (0, 0, width, cut), (0, cut, width, height)
    image.paste(b.rgb.crop(second), second[:2])
    rows = []
    for people, window in ((a.people, first), (b.people, second)):
        kept = people.copy()
        whole = np.maximum(_inside(people, width, height), 1e-6)
        kept[:, VISIBLE] *= _inside(people, width, height, window) / whole
        x1, y1, x2, y2 = window
        centre = kept[:, HEAD]
        outside = (
            (centre[:, 0] < x1) | (centre[:, 0] >= x2) | (centre[:, 1] < y1) | (centre[:, 1] >= y2)
        )
        rows.append(kept[~(outside | (kept[:, VISIBLE] <= 0))])
    return Picture(image, np.concatenate(rows))


def cover(rng: np.random.Generator, picture: Picture, bank: PatternBank) -> Picture:
    """Things in the way: rectangles of patterns, noise or one colour, some of them posts."""
    image, people = picture.rgb.copy(), picture.people.copy()
    width, height = image.size
    for _ in range(rng.integers(1, 5)):
        w = int(max(3, rng.exponential(0.08) * width))
        h = int(max(3, min(height, w * np.exp(rng.normal(0.3, 1.0)))))
        w = min(w, width)
        x, y = int(rng.uniform(-w / 2, width - w / 2)), int(rng.uniform(-h / 2, height - h / 2))
        patch = bank.cut(rng, w, h)
        if rng.random() < 0.3:
            mask = Image.new("L", (w, h), 0)
            ImageDraw.Draw(mask).ellipse((0, 0, w, h), fill=255)
            image.paste(patch, (x, y), mask)
        else:
            image.paste(patch, (x, y))
        if len(people):
            hidden = _inside(people, width, height, (x, y, x + w, y + h))
            people[:, VISIBLE] *= np.clip(
                1 - hidden / np.maximum(_inside(people, width, height), 1e-6), 0, 1
            )
    return Picture(image, people)


def colour(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """Hue, saturation, gain of each channel, contrast, brightness and gamma; grey and swapped channels now and then."""
    if rng.random() < 0.6:
        image = image.convert("RGB", _hue_matrix(rng))
    if rng.random() < 0.12:
        image = image.convert("L").convert("RGB")
    elif rng.random() < 0.06:
        bands = image.split()
        image = Image.merge("RGB", [bands[i] for i in rng.permutation(3)])
    x = np.arange(256, dtype=np.float32) / 255
    gamma, contrast, brightness = (
        np.exp(rng.normal(0, 0.25)),
        np.exp(rng.normal(0, 0.25)),
        rng.normal(0, 0.07),
    )
    table = []
    for _ in range(3):
        gain = np.exp(rng.normal(0, 0.08))
        y = (
            (np.clip(x * gain, 0, 1) ** (gamma * np.exp(rng.normal(0, 0.05))) - 0.5) * contrast
            + 0.5
            + brightness
        )
        table.append(np.clip(y * 255, 0, 255))
    if rng.random() < 0.02:
        table = [255 - t for t in table]
    return image.point(np.concatenate(table).astype(np.uint8).tolist())


def _hue_matrix(rng: np.random.Generator) -> tuple[float, ...]:
    """A turn of the hue about the grey axis, with a change of saturation."""
    angle = rng.normal(0, 0.35)
    saturation = np.exp(rng.normal(-0.15, 0.4))
    c, s = np.cos(angle), np.sin(angle)
    to_yiq = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    turn = np.array(
        [[1, 0, 0], [0, c * saturation, -s * saturation], [0, s * saturation, c * saturation]]
    )
    m = np.linalg.inv(to_yiq) @ turn @ to_yiq
    return tuple(float(v) for row in m for v in (*row, 0.0))


def light(rng: np.random.Generator, image: Image.Image, bank: PatternBank) -> Image.Image:
    """Uneven light, a shadow's edge, a reflection or mist over the whole picture."""
    width, height = image.size
    choice = rng.random()
    if choice < 0.4:
        mask = Image.linear_gradient("L").rotate(rng.uniform(0, 360)).resize((width, height))
        dark = Image.new(
            "RGB", (width, height), tuple(int(v) for v in rng.choice([0, 255]) * np.ones(3))
        )
        strength = rng.uniform(0.15, 0.6)
        return Image.composite(dark, image, mask.point(lambda v: int(v * strength)))
    if choice < 0.7:
        mask = Image.new("L", (width, height), 0)
        corners = rng.uniform(-0.3, 1.3, (rng.integers(3, 6), 2)) * (width, height)
        ImageDraw.Draw(mask).polygon([tuple(p) for p in corners], fill=int(rng.uniform(50, 150)))
        if rng.random() < 0.7:
            mask = mask.filter(ImageFilter.BoxBlur(rng.uniform(1, 8)))
        return Image.composite(Image.new("RGB", (width, height)), image, mask)
    return Image.blend(image, bank.cut(rng, width, height), rng.uniform(0.04, 0.22))


def sensor(rng: np.random.Generator, image: Image.Image) -> Image.Image:
    """What lens, sensor and codec add: blur, sharpening, few pixels, noise, JPEG."""
    if rng.random() < 0.2:
        part = rng.uniform(0.35, 0.9)
        small = image.resize(
            (max(8, int(image.width * part)), max(8, int(image.height * part))),
            Image.Resampling.BILINEAR,
        )
        image = small.resize(
            image.size,
            Image.Resampling.BILINEAR if rng.random() < 0.7 else Image.Resampling.NEAREST,
        )
    choice = rng.random()
    if choice < 0.15:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 1.3)))
    elif choice < 0.22:
        image = image.filter(ImageFilter.BoxBlur((rng.uniform(0, 3), rng.uniform(0, 0.7))))
    elif choice < 0.42:
        image = image.filter(
            ImageFilter.UnsharpMask(rng.uniform(0.6, 2.5), int(rng.uniform(40, 200)), 0)
        )
    if rng.random() < 0.45:
        bank = _NOISE if rng.random() < 0.6 else _GREY_NOISE
        y, x = (
            rng.integers(bank.shape[0] - image.height + 1),
            rng.integers(bank.shape[1] - image.width + 1),
        )
        noise = bank[y : y + image.height, x : x + image.width] * np.float32(rng.exponential(7))
        image = Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))
    if rng.random() < 0.35:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(rng.uniform(18, 92)))
        image = Image.open(buffer).convert("RGB")
    return image


def augment(
    rng: np.random.Generator,
    picture: Picture,
    other: Picture | None,
    size: tuple[int, int],
    bank: PatternBank,
    whole: bool,
) -> Picture:
    """Everything above, in order. `other` is the second picture of a mosaic."""
    made = crop(rng, picture, *size, whole=whole)
    if other is not None:
        made = mosaic(rng, made, crop(rng, other, *size))
    if rng.random() < 0.3:
        made = cover(rng, made, bank)
    image = made.rgb
    if rng.random() < 0.3:
        image = light(rng, image, bank)
    if rng.random() < 0.9:
        image = colour(rng, image)
    return Picture(sensor(rng, image), made.people)
