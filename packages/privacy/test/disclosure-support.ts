import type { CellKey, MeasuredCell, ReleasedCell } from '@hitonami/model';
import { openLpSolver, type DisclosureRules } from '../src/index.js';

export const K = 10;
export const QUARTER_MS = 900_000;
export const HOUR_MS = 4 * QUARTER_MS;

export const solver = await openLpSolver();

export function rulesOf(changed: Partial<DisclosureRules> = {}): DisclosureRules {
  return { subject: 'areas', k: K, roundedTo: 1, areas: new Map(), ...changed };
}

export function areaCell(
  place: string | undefined,
  startMs: number,
  people: { mean: number; peak: number },
  { lengthMs = QUARTER_MS, coverage = 1 } = {},
): MeasuredCell {
  return {
    key: { places: place === undefined ? [] : [place], startMs, lengthMs },
    measures: {
      occupancy: people.mean,
      occupancyMax: people.peak,
      density: people.mean / 50,
      los: 'A',
      meanSpeedMS: 1.234,
    },
    peopleMin: people.peak,
    quality: { coverage, doubtful: 0, saturation: 0 },
  };
}

export function wayCell(
  places: string[],
  count: number,
  changed: Partial<CellKey> = {},
): MeasuredCell {
  return {
    key: { places, startMs: 0, lengthMs: QUARTER_MS, ...changed },
    measures: { count, meanTravelS: 61.7 },
    peopleMin: count,
    quality: { coverage: 1, doubtful: 0, saturation: null },
  };
}

/** A station by areas and quarters of an hour: what each has on average and at most. */
export interface World {
  readonly areas: readonly string[];
  /** By area, then quarter. */
  readonly quarters: readonly (readonly { mean: number; peak: number }[])[];
}

/** The cells of all areas and their sum, in steps of so many quarters, as the warehouse has them. */
export function cellsOf({ areas, quarters }: World, perStep: number): MeasuredCell[] {
  const steps = (quarters[0]?.length ?? 0) / perStep;
  return Array.from({ length: steps }, (_, step) => {
    const each = areas.map((_area, a) => {
      const some = quarters[a]?.slice(step * perStep, (step + 1) * perStep) ?? [];
      return {
        mean: some.reduce((sum, { mean }) => sum + mean, 0) / perStep,
        peak: Math.max(...some.map(({ peak }) => peak)),
      };
    });
    const mean = each.reduce((sum, people) => sum + people.mean, 0);
    const whole = { mean, peak: Math.max(Math.ceil(mean), ...each.map(({ peak }) => peak)) };
    const length = { lengthMs: perStep * QUARTER_MS };
    const startMs = step * length.lengthMs;
    return [
      areaCell(undefined, startMs, whole, length),
      ...each.map((people, a) => areaCell(areas[a], startMs, people, length)),
    ];
  }).flat();
}

export function toldOf(cells: readonly ReleasedCell[], place: string | undefined, startMs = 0) {
  const found = cells.find(
    ({ key }) => key.startMs === startMs && key.places[0] === place && key.places.length < 2,
  );
  if (found === undefined) throw new Error(`no cell of ${String(place)} at ${String(startMs)}`);
  return found;
}
