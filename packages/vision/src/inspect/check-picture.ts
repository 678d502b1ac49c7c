import sharp from 'sharp';

/** As a common camera: 4 : 3, and larger than most networks' inputs, so that it is resized as in life. */
const WIDTH = 768;
const HEIGHT = 576;
const HORIZON = 150;
const QUALITY = 90;

interface Figure {
  /** Foot point and height, pixels. */
  readonly u: number;
  readonly v: number;
  readonly height: number;
  readonly coat: Rgb;
}
type Rgb = readonly [number, number, number];

const SKIN: Rgb = [196, 150, 124];
const TROUSERS: Rgb = [48, 52, 66];
const FIGURES: readonly Figure[] = [
  { u: 130, v: 330, height: 130, coat: [150, 40, 44] },
  { u: 262, v: 420, height: 205, coat: [40, 74, 130] },
  { u: 410, v: 300, height: 115, coat: [210, 205, 190] },
  { u: 478, v: 500, height: 260, coat: [58, 96, 60] },
  { u: 610, v: 380, height: 175, coat: [120, 110, 96] },
  { u: 690, v: 310, height: 120, coat: [196, 160, 50] },
];

/**
 * A picture to try a model with where there is none at hand, JPEG: a tiled hall with six plain figures, the same
 * every time. It shows whether a network computes, and how fast; not whether it finds people: for that, give it a
 * real picture.
 */
export async function drawCheckPicture(): Promise<Buffer> {
  const rgb = new Uint8Array(WIDTH * HEIGHT * 3);
  let seed = 1;
  for (let v = 0; v < HEIGHT; v++) {
    for (let u = 0; u < WIDTH; u++) {
      // Noise as of a sensor (a linear congruential generator: Numerical Recipes' constants).
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const noise = (seed >>> 24) / 32 - 4;
      const colour = colourAt(u, v);
      for (let c = 0; c < 3; c++) {
        rgb[(v * WIDTH + u) * 3 + c] = Math.min(255, Math.max(0, (colour[c] ?? 0) + noise));
      }
    }
  }
  return sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

/** The nearest figure, else the hall. */
function colourAt(u: number, v: number): Rgb {
  let seen: Rgb | undefined;
  let nearest = 0;
  for (const figure of FIGURES) {
    const colour = figure.v > nearest ? figureAt(figure, u, v) : undefined;
    if (colour !== undefined) [seen, nearest] = [colour, figure.v];
  }
  return seen ?? hallAt(u, v);
}

/** Head, coat and legs in the proportions of a person: an eighth, three eighths, a half. */
function figureAt(
  { u: foot, v: ground, height, coat }: Figure,
  u: number,
  v: number,
): Rgb | undefined {
  const x = Math.abs(u - foot) / height;
  const y = (ground - v) / height;
  if (y < 0 || y > 1) return undefined;
  if ((x / 0.055) ** 2 + ((y - 0.93) / 0.07) ** 2 <= 1) return SKIN;
  if (y < 0.87 && y > 0.46 && x < 0.13 - 0.1 * Math.max(0, y - 0.78)) return coat;
  return y <= 0.46 && x > 0.015 && x < 0.1 - 0.05 * (0.46 - y) ? TROUSERS : undefined;
}

function hallAt(u: number, v: number): Rgb {
  if (v < HORIZON) return [150 + v / 10, 152 + v / 10, 156 + v / 10];
  const depth = 6000 / (v - HORIZON + 12);
  const tile = (Math.floor(depth / 12) + Math.floor(((u - WIDTH / 2) * depth) / 2400)) & 1;
  const light = 168 + (v - HORIZON) / 12 - tile * 22;
  return [light, light - 4, light - 12];
}
