import type { Material } from '../mesh.js';
import { clothColour } from '../figures/appearance.js';
import { clothTexture } from '../figures/cloth.js';
import { fromHsv, material, speckled, type Colour } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { foliageTexture, posterTexture, signTexture, stoneColour } from './surfaces.js';

/** Materials that a scene's things share. */
export interface Palette {
  readonly metals: readonly Material[];
  readonly stones: readonly Material[];
  readonly leaves: readonly Material[];
  readonly posters: readonly Material[];
  readonly signs: readonly Material[];
  readonly cloths: readonly Material[];
  readonly bright: readonly Material[];
  readonly black: Material;
}

export function palette(random: Random): Palette {
  const many = (count: number, make: () => Material): Material[] =>
    Array.from({ length: count }, make);
  const plain = (colour: Colour, contrast: number, gloss: number): Material =>
    material(speckled(colour, contrast, random.next(), 64), gloss);
  return {
    metals: many(3, () =>
      plain(fromHsv(0.6, random.between(0, 0.2), random.between(0.08, 0.75)), 0.1, 0.4),
    ),
    stones: many(3, () => plain(stoneColour(random, 0.15, 0.9), 0.15, 0.05)),
    leaves: many(2, () => material(foliageTexture(random), 0)),
    posters: many(5, () => material(posterTexture(random), 0.05, random.chance(0.2) ? 0.5 : 0)),
    signs: many(3, () => material(signTexture(random), 0.05, random.chance(0.4) ? 0.6 : 0)),
    cloths: many(4, () =>
      material(
        clothTexture(random, {
          colour: clothColour(random, 0.4),
          second: clothColour(random, 0.2),
          pattern: random.pick(['plain', 'stripes', 'check', 'heather', 'quilt', 'block']),
        }),
        0.05,
      ),
    ),
    bright: many(2, () =>
      plain(fromHsv(random.next(), random.between(0.4, 0.9), random.between(0.3, 0.9)), 0.08, 0.2),
    ),
    black: plain([0.07, 0.07, 0.08], 0.15, 0.2),
  };
}
