import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lentOrSkip } from '../../../test/support/require.js';
import { SightingList, SeededRandom } from '../src/index.js';

const WALKS = join(import.meta.dirname, '../../../../shared/data/walks');
const FRAME_S = 0.04;

export const hasWalks = lentOrSkip(
  'attacks on real walkers',
  existsSync(WALKS),
  'there is no ../shared/data/walks beside the project',
);

/** Real walkers from above, 2.5 times a second, and who each is. */
export function walkers(name: string) {
  const list = new SightingList();
  for (const line of readFileSync(join(WALKS, `${name}.txt`), 'utf8')
    .trim()
    .split('\n')) {
    const [frame = NaN, id = NaN, xM = NaN, yM = NaN] = line.split(/\s+/).map(Number);
    list.add({ atS: frame * FRAME_S, floor: 0, xM, yM }, id);
  }
  return list.take();
}

export interface Walk {
  fromS: number;
  toS: number;
  x0: number;
  y0: number;
  vx: number;
  vy: number;
}

/** People who walk straight on, seen every `stepS`. */
export function straightWalks(walks: readonly Walk[], stepS = 1, withVelocity = false) {
  const list = new SightingList();
  walks.forEach(({ fromS, toS, x0, y0, vx, vy }, person) => {
    for (let atS = fromS; atS <= toS + 1e-9; atS += stepS) {
      const [xM, yM] = [x0 + vx * (atS - fromS), y0 + vy * (atS - fromS)];
      const velocity = withVelocity ? { vxMS: vx, vyMS: vy } : {};
      list.add({ atS, floor: 0, xM, yM, ...velocity }, person);
    }
  });
  return list.take();
}

/** People who cross a hall one after another, `everyS` apart, on lanes of their own in both directions. */
export function hallOf(people: number, everyS: number, seed = 1): Walk[] {
  const random = new SeededRandom(seed);
  return Array.from({ length: people }, (_, i) => {
    const speed = 1 + 0.6 * random.next();
    const way = random.next() < 0.5 ? 1 : -1;
    const fromS = Math.round(i * everyS);
    return {
      ...{ fromS, toS: fromS + Math.floor(30 / speed) },
      ...{ x0: way > 0 ? -15 : 15, y0: 0.5 + 9 * random.next(), vx: way * speed, vy: 0 },
    };
  });
}
