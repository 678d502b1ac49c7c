import { appearanceOf, type Appearance, type PersonKind } from '../figures/appearance.js';
import { cyclesPerS } from '../figures/gait.js';
import { figureOf } from '../figures/figure.js';
import type { Random } from '../figures/random.js';
import type { Figure } from '../mesh.js';
import type { View } from '../raster/view.js';
import type { Place } from '../scene/place.js';

export const PEOPLE_MAX = 200;
/** Nobody smaller than this is drawn, and nobody nearer than fills the picture, pixels. */
const SMALLEST_PX = 16;
/** Looks of people a worker keeps: each costs about 150 kB. */
const WARDROBE_MAX = 900;
/** People who may come into one chunk's pictures; some of them leave and others come from chunk to chunk. */
const GUESTS = 320;
export const NEW_GUESTS = 10;

/** Keeps the looks of people who may come again. */
export class Wardrobe {
  readonly #seed: number;
  readonly #kept = new Map<string, Appearance>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  of(person: number, kind: PersonKind): Appearance {
    const key = `${String(person)}/${kind}`;
    let who = this.#kept.get(key);
    if (who === undefined) {
      if (this.#kept.size >= WARDROBE_MAX) this.#kept.clear();
      who = appearanceOf(this.#seed, person, { kind });
      this.#kept.set(key, who);
    }
    return who;
  }
}

export interface Crowd {
  readonly figures: readonly Figure[];
  readonly kinds: ReadonlyMap<number, PersonKind>;
  /** Persons a square metre of floor in view. */
  readonly density: number;
}

interface Stand {
  readonly x: number;
  readonly y: number;
  readonly heightPx: number;
}

/** How many, how dense: from nobody to a crush. `eye` cameras see fewer. */
function demand(random: Random, isEye: boolean): { count: number; density: number } {
  const kind = random.next();
  if (kind < 0.05) return { count: 0, density: 0 };
  if (isEye) {
    if (kind < 0.75) return { count: random.whole(1, 12), density: 2 };
    return { count: random.whole(8, 40), density: 3 };
  }
  if (kind < 0.4) return { count: random.whole(1, 10), density: 1.5 };
  if (kind < 0.8) {
    const density = Math.exp(random.between(Math.log(0.1), Math.log(1.2)));
    return { count: random.whole(6, 80), density };
  }
  const many = random.chance(0.25) ? PEOPLE_MAX : random.whole(30, 110);
  return { count: many, density: random.between(1, 6) };
}

/**
 * People at random in what the view shows of the place: alone, in groups, in streams, standing close. `guests` is
 * the first of those who may come.
 */
export function crowdIn(
  random: Random,
  place: Place,
  view: View,
  wardrobe: Wardrobe,
  isEye: boolean,
  guests: number,
): Crowd {
  const wanted = demand(random, isEye);
  const { camera } = view;
  const reach = isEye ? 26 : 34;
  const largest = camera.height * (isEye ? 0.95 : 0.9);
  const fits = (x: number, y: number): Stand | undefined => {
    if (!place.walk.some((w) => x > w.x0 && x < w.x1 && y > w.y0 && y < w.y1)) return undefined;
    const foot = camera.project([x, y, 0]);
    const top = camera.project([x, y, 1.7]);
    if (foot === undefined || top === undefined) return undefined;
    const heightPx = view.pixelHeightOf([x, y, 0], 1.7);
    if (heightPx < SMALLEST_PX || heightPx > largest) return undefined;
    const u = (foot.u + top.u) / 2;
    const v = (foot.v + top.v) / 2;
    if (u < -0.03 * camera.width || u > 1.03 * camera.width) return undefined;
    if (v < -0.05 * camera.height || v > 1.08 * camera.height) return undefined;
    if (place.blocked.some((b) => Math.hypot(b.x - x, b.y - y) < b.radiusM + 0.25))
      return undefined;
    return { x, y, heightPx };
  };
  // Random places in view; how many of the tries fall into it tells how much floor is seen.
  const stands: Stand[] = [];
  const tries = 600;
  let seen = 0;
  let around = 0;
  const [px, py] = camera.position;
  for (const span of place.walk) {
    const x0 = Math.max(span.x0, px - reach);
    const x1 = Math.min(span.x1, px + reach);
    const y0 = Math.max(span.y0, py - reach);
    const y1 = Math.min(span.y1, py + reach);
    if (x1 <= x0 || y1 <= y0) continue;
    around += (x1 - x0) * (y1 - y0);
    for (let i = 0; i < tries / place.walk.length; i += 1) {
      const stand = fits(random.between(x0, x1), random.between(y0, y1));
      if (stand === undefined) continue;
      seen += 1;
      // Far places are many: people who are a fair part of the picture would be rare without this.
      const share = stand.heightPx / (0.3 * camera.height);
      if (!isEye || random.chance(0.06 + share * share)) stands.push(stand);
    }
  }
  const seenM2 = (around * seen) / tries;
  const figures: Figure[] = [];
  const kinds = new Map<number, PersonKind>();
  if (stands.length === 0) return { figures, kinds, density: 0 };
  const count = Math.min(wanted.count, PEOPLE_MAX, Math.ceil(wanted.density * seenM2));
  // Too few for the whole floor: the wanted density holds in a patch of it.
  const dense = isEye
    ? count / Math.max(1, seenM2)
    : Math.max(
        count / Math.max(1, seenM2),
        wanted.density >= 1 && wanted.count > 20 ? wanted.density : 0,
      );
  const apart = Math.min(0.62, Math.max(0.3, 0.62 / Math.sqrt(Math.max(0.9, dense))));
  const moving = dense > 3 ? random.between(0, 0.5) : random.between(0.35, 1);
  const facing = random.between(-Math.PI, Math.PI);
  const shared = random.chance(0.5);
  const taken: Stand[] = [];
  const free = (x: number, y: number, room: number): boolean =>
    taken.every((other) => Math.hypot(other.x - x, other.y - y) >= room);
  const patchM = Math.sqrt(count / Math.max(1, dense) / Math.PI);
  const patch = dense > 1.2 && count < dense * seenM2 * 0.8 ? random.pick(stands) : undefined;
  for (let attempt = 0; attempt < count * 8 && taken.length < count; attempt += 1) {
    const seed = random.pick(stands);
    const away = patchM * Math.sqrt(random.next());
    const round = random.between(-Math.PI, Math.PI);
    const at =
      patch === undefined
        ? fits(seed.x + random.between(-0.4, 0.4), seed.y + random.between(-0.4, 0.4))
        : fits(patch.x + Math.cos(round) * away, patch.y + Math.sin(round) * away);
    if (at === undefined) continue;
    const kind = random.weighted<PersonKind>([
      ['walker', 30],
      ['pushchair', dense > 1.5 ? 0.1 : 0.7],
      ['wheelchair', dense > 1.5 ? 0.1 : 0.6],
      ['bicycle', place.indoors || dense > 1.2 ? 0.05 : 1.2],
    ]);
    if (!free(at.x, at.y, kind === 'walker' ? apart : 1.1)) continue;
    const walks = random.chance(moving);
    const along = place.alongRad + (random.chance(0.5) ? 0 : Math.PI) + random.normal() * 0.3;
    const heading = walks
      ? random.chance(0.72)
        ? along
        : random.between(-Math.PI, Math.PI)
      : shared
        ? facing + random.normal() * 0.5
        : random.between(-Math.PI, Math.PI);
    const speed = !walks
      ? 0
      : kind === 'bicycle' && random.chance(0.6)
        ? random.between(2, 5)
        : random.between(0.6, 1.7) / (1 + 0.25 * dense);
    const members =
      kind === 'walker' && random.chance(dense > 2 ? 0.05 : 0.3) ? random.whole(2, 4) : 1;
    for (let m = 0; m < members && taken.length < count; m += 1) {
      const side = m * random.between(0.5, 0.75);
      const spot =
        m === 0
          ? at
          : fits(
              at.x - Math.sin(heading) * side + random.normal() * 0.1,
              at.y + Math.cos(heading) * side + random.normal() * 0.1,
            );
      if (spot === undefined || (m > 0 && !free(spot.x, spot.y, 0.38))) continue;
      taken.push(spot);
      const person = taken.length;
      const who = wardrobe.of(guests + random.whole(0, GUESTS - 1), kind);
      const turned = heading + random.normal() * (walks ? 0.06 : 0.4);
      figures.push(
        figureOf(who, {
          person,
          x: spot.x,
          y: spot.y,
          vx: Math.cos(turned) * speed,
          vy: Math.sin(turned) * speed,
          headingRad: turned,
          phase: random.next() * cyclesPerS(speed, who.statureM) * 7,
          umbrellaUp: who.umbrella,
          heightPx: spot.heightPx,
        }),
      );
      kinds.set(person, kind);
    }
  }
  return { figures, kinds, density: seenM2 > 0 ? figures.length / seenM2 : 0 };
}
