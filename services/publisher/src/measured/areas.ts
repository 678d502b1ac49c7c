import {
  datasetPlaces,
  polygonBox,
  type CellQuality,
  type MeasuredCell,
  type PlanDataset,
  type SitePlan,
} from '@hitonami/model';
import type { AreaStep, ReleaseReads } from '@hitonami/warehouse';
import type { LocalDay, Step } from '../releases/periods.js';
import { daySteps, inParts, keyOf, NOT_SEEN, requireFew } from './steps.js';

/** Rows of one answer of the warehouse. */
const ROWS_MAX = 50_000;

/**
 * The cells of a day of areas: for each step the whole (`places: []`), then each area. An area that was not measured in a step
 * has no measures.
 */
export async function areaCells(
  reads: Pick<ReleaseReads, 'areaSteps'>,
  plan: SitePlan,
  dataset: PlanDataset,
  day: LocalDay,
): Promise<MeasuredCell[]> {
  const areas = datasetPlaces(plan, dataset);
  const all = daySteps(day, dataset);
  requireFew(all.steps.length * (areas.length + 1), dataset);
  const rows = new Map<string, AreaStep>();
  for (const { first, part } of inParts(all, areas.length, ROWS_MAX))
    for (const row of await reads.areaSteps(plan.site, areas, part))
      rows.set(`${first + row.step} ${row.area}`, row);
  const apart = groupsApart(plan, areas);
  const measured = areas.filter((area) => all.steps.some((_, i) => rows.has(`${i} ${area}`)));
  return all.steps.flatMap((step, i) => {
    const found = areas.map((area) => rows.get(`${i} ${area}`));
    const parts = measured.map((area) => rows.get(`${i} ${area}`));
    return [wholeOf(step, parts, apart), ...areas.map((area, n) => cellOf([area], step, found[n]))];
  });
}

function cellOf(places: string[], step: Step, row: AreaStep | undefined): MeasuredCell {
  const key = keyOf(places, step);
  if (row === undefined) return { key, measures: {}, peopleMin: null, quality: NOT_SEEN };
  const { occupancy, occupancyMax, density, los, meanSpeedMS } = row;
  return {
    key,
    measures: { occupancy, occupancyMax, density, los, meanSpeedMS },
    peopleMin: occupancyMax,
    quality: qualityOf(row),
  };
}

/**
 * The sum over the areas. It is known where all of them were seen, so its coverage is the least of theirs. How many distinct
 * people are behind it: as many as in any one area, and as were on average in areas that share no floor.
 */
function wholeOf(
  step: Step,
  rows: readonly (AreaStep | undefined)[],
  apart: ReadonlyMap<string, number>,
): MeasuredCell {
  const key = keyOf([], step);
  const known = rows.filter((row) => row !== undefined);
  if (known.length === 0 || known.length < rows.length)
    return { key, measures: {}, peopleMin: null, quality: NOT_SEEN };
  const lengthS = step.lengthMs / 1000;
  const most = new Map<number, number>();
  for (const { area, personS } of known) {
    const group = apart.get(area) ?? 0;
    most.set(group, Math.max(most.get(group) ?? 0, personS / lengthS));
  }
  const together = Math.floor([...most.values()].reduce((sum, people) => sum + people, 0));
  const isKnown = known.every(({ occupancy }) => occupancy !== null);
  const occupancy = known.reduce((sum, row) => sum + (row.occupancy ?? 0), 0);
  return {
    key,
    measures: { occupancy: isKnown ? occupancy : null },
    peopleMin: Math.max(together, ...known.map(({ occupancyMax }) => occupancyMax ?? 0)),
    quality: worst(known.map(qualityOf)),
  };
}

function qualityOf({ coverage, doubtful, saturation }: AreaStep): CellQuality {
  return { coverage, doubtful, saturation };
}

/** The least that may be believed of several. */
export function worst(all: readonly CellQuality[]): CellQuality {
  const most = (of: (one: CellQuality) => number | null): number | null =>
    all.reduce<number | null>((high, one) => {
      const value = of(one);
      return value === null ? high : Math.max(high ?? 0, value);
    }, null);
  return {
    coverage: Math.min(...all.map(({ coverage }) => coverage), 1),
    doubtful: most(({ doubtful }) => doubtful),
    saturation: most(({ saturation }) => saturation),
  };
}

/** Areas whose boxes touch on one floor get one number: who is in two of them must not be taken for two people. */
export function groupsApart(plan: SitePlan, areas: readonly string[]): Map<string, number> {
  const boxes = plan.areas
    .filter(({ id }) => areas.includes(id))
    .map(({ id, floor, polygon }) => ({ id, floor, box: polygonBox(polygon.coordinates) }));
  const group = new Map(boxes.map(({ id }, i) => [id, i]));
  for (const [i, a] of boxes.entries())
    for (const b of boxes.slice(i + 1)) {
      // Neighbours share an edge and nobody; a millimetre is no overlap.
      const isOverlapping =
        a.floor === b.floor &&
        Math.min(a.box.maxX, b.box.maxX) - Math.max(a.box.minX, b.box.minX) > 1e-3 &&
        Math.min(a.box.maxY, b.box.maxY) - Math.max(a.box.minY, b.box.minY) > 1e-3;
      const [from, to] = [group.get(b.id), group.get(a.id)];
      if (!isOverlapping || from === to || from === undefined || to === undefined) continue;
      for (const [id, number] of group) if (number === from) group.set(id, to);
    }
  return group;
}
