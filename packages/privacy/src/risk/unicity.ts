import { shareOf } from './judge.js';
import type { SeededRandom } from './random.js';
import { trailsOf, type Sightings } from './sightings.js';

/** How exactly an attacker knows where and when he saw somebody. */
export interface Resolution {
  /** Side of a cell of the floor, m. */
  cellM: number;
  /** Length of a step of time, s. */
  stepS: number;
}

/** The resolutions that every report has. */
export const RESOLUTIONS: readonly Resolution[] = [
  { cellM: 0.5, stepS: 1 },
  { cellM: 5, stepS: 10 },
  { cellM: 10, stepS: 60 },
];

/** Most points that an attacker is taken to know. */
export const POINTS_MAX = 5;

export interface Unicity extends Resolution {
  /** Paths that were tried. */
  paths: number;
  /** Share of them that nobody else's path agrees with, by the number of points known: the first is of one point. */
  shares: (number | null)[];
  /** Of those that have as many points as the attacker would have to know: the same, but of long paths alone. */
  pathsWithAll: number;
}

export interface UnicityOptions {
  random: SeededRandom;
  /** Paths that are tried, drawn by chance. Default 2,000. */
  samples?: number;
}

const SAMPLES = 2_000;

/**
 * Unicity, after "Unique in the Crowd" (de Montjoye et al., Scientific Reports 3, 1376): p points drawn by chance from a
 * path at a resolution, all of them where it has fewer; it is singled out where no other path has them all.
 *
 * @param labels the path of each position; below 0 for none
 */
export function unicityOfPaths(
  sightings: Sightings,
  labels: Int32Array,
  resolution: Resolution,
  options: UnicityOptions,
): Unicity {
  const trails = trailsOf(labels);
  const cellOf = cellsOf(sightings, resolution);
  const all = Array.from({ length: trails.count }, (_, label) => label);
  const drawn = options.random.some(
    all.filter((label) => trails.of(label).length > 0),
    options.samples ?? SAMPLES,
  );
  const known = drawn.map((label) => ({
    label,
    points: options.random.some([...new Set(Array.from(trails.of(label), cellOf))], POINTS_MAX),
  }));
  // Only the cells that are asked about are looked up, in one pass: a day does not fit as a whole.
  const wanted = new Map<number, Set<number>>();
  for (const { points } of known) for (const cell of points) wanted.set(cell, new Set());
  for (let i = 0; i < sightings.count; i++) {
    const label = labels[i] as number;
    if (label >= 0) wanted.get(cellOf(i))?.add(label);
  }
  return { ...resolution, ...judge(known, wanted) };
}

/** What is known of one path, and who else has it. */
interface Known {
  label: number;
  points: number[];
}

function judge(
  known: readonly Known[],
  who: ReadonlyMap<number, ReadonlySet<number>>,
): Pick<Unicity, 'paths' | 'shares' | 'pathsWithAll'> {
  const alone = new Array<number>(POINTS_MAX).fill(0);
  for (const { points } of known) {
    let others: number[] | undefined;
    for (let p = 0; p < POINTS_MAX; p++) {
      const point = points[p];
      if (point !== undefined) {
        const there = who.get(point);
        others = others === undefined ? [...(there ?? [])] : others.filter((o) => there?.has(o));
      }
      if (others?.length === 1) alone[p] = (alone[p] ?? 0) + 1;
    }
  }
  return {
    paths: known.length,
    shares: alone.map((count) => shareOf(count, known.length)),
    pathsWithAll: known.filter(({ points }) => points.length === POINTS_MAX).length,
  };
}

/** The number of the cell of space and time that a sighting lies in: exact, for all of them together stay below 2^53. */
function cellsOf(s: Sightings, { cellM, stepS }: Resolution): (i: number) => number {
  const least = (column: ArrayLike<number>): number => {
    let low = Infinity;
    for (let i = 0; i < s.count; i++) low = Math.min(low, column[i] as number);
    return Math.floor(low);
  };
  const [x0, y0, t0] = [least(s.xM), least(s.yM), least(s.atS)];
  return (i) => {
    const x = Math.floor(((s.xM[i] as number) - x0) / cellM);
    const y = Math.floor(((s.yM[i] as number) - y0) / cellM);
    const t = Math.floor(((s.atS[i] as number) - t0) / stepS);
    return ((t * 64 + (s.floor[i] as number)) * SIDE + (y % SIDE)) * SIDE + (x % SIDE);
  };
}

/** Cells along a side: half a metre each, over 4 km. */
const SIDE = 8_192;

/** A stored flow leg: times are those that are stored, already in steps. */
export interface StoredLeg {
  /** Whose it is: any text that is the same for one pseudonym. */
  pseudonym: string;
  fromPlace: string;
  toPlace: string;
  leftS: number;
  reachedS: number;
}

/**
 * The same for stored flow legs: a path is one pseudonym's legs, a point is a place (area or line) with the step of time in
 * which it was reached or left. How exactly the attacker knows the place makes no difference, for there are but places.
 */
export function unicityOfLegs(
  legs: readonly StoredLeg[],
  stepS: number,
  options: UnicityOptions,
): Omit<Unicity, 'cellM'> {
  const numbers = new Map<string, number>();
  const number = (text: string): number => {
    const known = numbers.get(text) ?? numbers.size;
    numbers.set(text, known);
    return known;
  };
  const paths = new Map<string, Set<number>>();
  for (const leg of legs) {
    const points = paths.get(leg.pseudonym) ?? new Set();
    paths.set(leg.pseudonym, points);
    if (leg.fromPlace !== '')
      points.add(number(`${Math.floor(leg.leftS / stepS)} ${leg.fromPlace}`));
    if (leg.toPlace !== '')
      points.add(number(`${Math.floor(leg.reachedS / stepS)} ${leg.toPlace}`));
  }
  const all = [...paths.values()];
  const drawn = options.random.some(
    all.map((_, label) => label),
    options.samples ?? SAMPLES,
  );
  const known = drawn.map((label) => ({
    label,
    points: options.random.some([...(all[label] ?? [])], POINTS_MAX),
  }));
  const who = new Map<number, Set<number>>();
  for (const { points } of known) for (const point of points) who.set(point, new Set());
  all.forEach((points, label) => {
    for (const point of points) who.get(point)?.add(label);
  });
  return { stepS, ...judge(known, who) };
}
