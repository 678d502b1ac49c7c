import { datasetPlaces, type MeasuredCell, type PlanDataset, type SitePlan } from '@hitonami/model';
import type { ReleaseReads, WayStep } from '@hitonami/warehouse';
import type { LocalDay } from '../releases/periods.js';
import { placeQuality, wayQuality } from './quality.js';
import { daySteps, keyOf, NOT_SEEN, requireFew, requireFineLegs } from './steps.js';

/** Times of flow legs in longer steps than this say nothing of how long a movement took, s. */
const TRAVEL_STEP_S_MAX = 60;

/**
 * The cells of a day of movements or sequences: every step of every way that k people took in some step. A way that k people
 * never took is not among them, so that none and few look the same; nor are its steps.
 */
export async function wayCells(
  reads: Pick<ReleaseReads, 'movementSteps' | 'sequenceSteps' | 'areaSteps' | 'lineSteps'>,
  plan: SitePlan,
  dataset: PlanDataset,
  day: LocalDay,
): Promise<MeasuredCell[]> {
  const places = datasetPlaces(plan, dataset);
  const { steps, read } = daySteps(day, dataset);
  const { tracksPerPerson, legTimeStepS, smallestGroup } = plan.governance;
  requireFineLegs(legTimeStepS, read.baseS, dataset);
  const rows =
    dataset.subject === 'movements'
      ? await reads.movementSteps(plan.site, places, read)
      : await reads.sequenceSteps(plan.site, places, read);
  const peopleOf = ({ tracks }: WayStep): number => Math.floor(tracks / tracksPerPerson);
  const byWay = new Map<string, Map<number, WayStep>>();
  for (const row of rows) {
    const way = row.places.join('\n');
    byWay.set(way, (byWay.get(way) ?? new Map<number, WayStep>()).set(row.step, row));
  }
  const ways = [...byWay]
    .filter(([, cells]) => [...cells.values()].some((row) => peopleOf(row) >= smallestGroup))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  requireFew(steps.length * ways.length, dataset);
  const quality = await placeQuality(reads, plan, places, read);
  const hasTravel = legTimeStepS <= TRAVEL_STEP_S_MAX;
  return steps.flatMap((step, i) =>
    ways.map(([way, cells]): MeasuredCell => {
      const along = way.split('\n');
      const key = keyOf(along, step);
      const seen = wayQuality(quality, along, i);
      if (seen === undefined) return { key, measures: {}, peopleMin: null, quality: NOT_SEEN };
      const row = cells.get(i);
      return {
        key,
        measures: {
          count: row?.count ?? 0,
          meanTravelS: hasTravel ? (row?.meanTravelS ?? null) : null,
        },
        peopleMin: row === undefined ? 0 : peopleOf(row),
        quality: seen,
      };
    }),
  );
}
