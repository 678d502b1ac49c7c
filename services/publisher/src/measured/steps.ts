import { HitonamiError, type CellKey, type CellQuality, type PlanDataset } from '@hitonami/model';
import type { ReadSteps } from '@hitonami/warehouse';
import { baseOf, stepsOf, type LocalDay, type Step } from '../releases/periods.js';

/** Cells of one day of one dataset: more would not fit into memory beside what protects them. */
export const CELLS_MAX = 500_000;

export const NOT_SEEN: CellQuality = { coverage: 0, doubtful: null, saturation: null };

/** The steps of a day, as the releases and as the warehouse have them. */
export interface DaySteps {
  readonly steps: readonly Step[];
  readonly read: ReadSteps;
}

export function daySteps(day: LocalDay, dataset: PlanDataset): DaySteps {
  const steps = stepsOf(day, dataset.stepS);
  const baseS = baseOf(steps);
  if (baseS === undefined)
    throw new HitonamiError(
      'PLAN',
      `timeZone: the steps of '${dataset.id}' on ${day.name} begin between two quarters of an hour, of which nothing is kept`,
    );
  return {
    steps,
    read: { startsUs: steps.map(({ startMs }) => startMs * 1000), endUs: day.toMs * 1000, baseS },
  };
}

/** A part of the steps: so many that an answer of the warehouse has at most this many rows. */
export function* inParts({ steps, read }: DaySteps, rowsPerStep: number, rowsMax: number) {
  const count = Math.max(1, Math.floor(rowsMax / Math.max(1, rowsPerStep)));
  for (let first = 0; first < steps.length; first += count) {
    const next = steps[first + count];
    const part: ReadSteps = {
      startsUs: read.startsUs.slice(first, first + count),
      endUs: next === undefined ? read.endUs : next.startMs * 1000,
      baseS: read.baseS,
    };
    yield { first, part };
  }
}

export function keyOf(places: readonly string[], { startMs, lengthMs }: Step): CellKey {
  return { places, startMs, lengthMs };
}

/** @throws HitonamiError `PLAN` where the times of movements are stored too coarsely for the steps of a dataset */
export function requireFineLegs(legTimeStepS: number, baseS: number, { id }: PlanDataset): void {
  if (legTimeStepS <= baseS) return;
  throw new HitonamiError(
    'PLAN',
    `datasets: '${id}' counts movements in steps of ${baseS} s, and the plan keeps their times in steps of ${legTimeStepS} s (legTimeStepS): give the dataset longer steps`,
  );
}

/** @throws HitonamiError `PLAN` */
export function requireFew(cells: number, { id }: PlanDataset): void {
  if (cells <= CELLS_MAX) return;
  throw new HitonamiError(
    'PLAN',
    `datasets: a day of '${id}' has ${cells} cells, more than ${CELLS_MAX}: name fewer places, or longer steps`,
  );
}
