import type { Texture } from '../mesh.js';
import { fromHsv, pink, type Colour } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { stoneColour } from './surfaces.js';

/**
 * Things before things, of all sizes: a dead-leaves picture (Matheron 1968; Lee, Mumford and Huang, IJCV 41, 2001, found
 * that it has the edge statistics of photographs). What a shop window, a shelf or a far street looks like to a detector.
 */
export function leavesTexture(random: Random, width = 128, height = 128, loud = 0.3): Texture {
  const rgb = new Uint8Array(width * height * 3);
  const tone = stoneColour(random, 0.2, 0.7);
  const upright = random.between(0.4, 2.2);
  const boxes = random.between(0.3, 1);
  const count = random.whole(60, 190);
  const smallest = 0.012;
  const largest = random.between(0.12, 0.4);
  const soft = random.between(0, 0.35);
  for (let i = 0; i < count; i += 1) {
    // Radii follow r^-3 between the smallest and the largest; the first ones are large, so that nothing stays empty.
    const share = i < 12 ? 1 : random.next();
    const a = smallest ** -2;
    const r = i < 12 ? largest * 1.6 : (a + share * (largest ** -2 - a)) ** -0.5;
    const colour: Colour = random.chance(loud)
      ? fromHsv(random.next(), random.between(0.2, 0.9), random.between(0.15, 1))
      : stoneColour(random, 0.05, 0.95);
    leaf(rgb, width, height, {
      u: random.next(),
      v: random.next(),
      ru: (r / Math.sqrt(upright)) * random.between(0.5, 1.5),
      rv: r * Math.sqrt(upright) * random.between(0.5, 1.5),
      box: random.chance(boxes),
      shade: random.between(-soft, soft),
      colour: [
        (colour[0] * 2 + tone[0]) / 3,
        (colour[1] * 2 + tone[1]) / 3,
        (colour[2] * 2 + tone[2]) / 3,
      ],
    });
  }
  return { width, height, rgb };
}

interface Leaf {
  readonly u: number;
  readonly v: number;
  readonly ru: number;
  readonly rv: number;
  readonly box: boolean;
  readonly shade: number;
  readonly colour: Colour;
}

function leaf(
  rgb: Uint8Array,
  width: number,
  height: number,
  { u, v, ru, rv, box, shade, colour }: Leaf,
): void {
  const [x0, x1] = [Math.floor((u - ru) * width), Math.ceil((u + ru) * width)];
  const [y0, y1] = [Math.floor((v - rv) * height), Math.ceil((v + rv) * height)];
  for (let y = y0; y <= y1; y += 1) {
    const dy = ((y + 0.5) / height - v) / rv;
    const row = (y & (height - 1)) * width;
    for (let x = x0; x <= x1; x += 1) {
      const dx = ((x + 0.5) / width - u) / ru;
      if (box ? Math.abs(dx) > 1 || Math.abs(dy) > 1 : dx * dx + dy * dy > 1) continue;
      const k = 255 * (1 + shade * dy + 0.12 * pink(x / width, y / height));
      const at = (row + (x & (width - 1))) * 3;
      rgb[at] = Math.min(255, Math.max(0, colour[0] * k));
      rgb[at + 1] = Math.min(255, Math.max(0, colour[1] * k));
      rgb[at + 2] = Math.min(255, Math.max(0, colour[2] * k));
    }
  }
}
