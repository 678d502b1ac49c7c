import { datasetPlaces, HitonamiError, type PlanDataset, type SitePlan } from '@hitonami/model';
import type { PlannedCell } from '@hitonami/privacy';
import type { ReleaseReads } from '@hitonami/warehouse';
import type { LocalDay } from '../releases/periods.js';
import { placeQuality, wayQuality } from './quality.js';
import { daySteps, keyOf, NOT_SEEN, requireFew, requireFineLegs } from './steps.js';

/** Pseudonyms of one day that are held at once. */
const PSEUDONYMS_MAX = 5_000_000;

/** What noise is added to: cells that the plan alone fixes, and in which of them each pseudonym counts. */
export interface NoiseInput {
  readonly planned: PlannedCell[];
  /** For each pseudonym, which is not told, the indices of its cells. */
  readonly contributions: number[][];
}

/**
 * Lines are counted both ways together: a flow leg knows which line somebody reached, and not from which side.
 */
export async function noiseInput(
  reads: ReleaseReads,
  plan: SitePlan,
  dataset: PlanDataset,
  day: LocalDay,
): Promise<NoiseInput> {
  const places = datasetPlaces(plan, dataset);
  const { steps, read } = daySteps(day, dataset);
  requireFineLegs(plan.governance.legTimeStepS, read.baseS, dataset);
  const ways =
    dataset.subject === 'lines'
      ? places.map((line) => [line])
      : places.flatMap((from) => places.map((to) => [from, to]));
  requireFew(steps.length * ways.length, dataset);
  const quality = await placeQuality(reads, plan, places, read);
  const index = new Map<string, number>();
  const planned = steps.flatMap((step, i) =>
    ways.map((way): PlannedCell => {
      index.set(`${i} ${way.join('\n')}`, index.size);
      return { key: keyOf(way, step), quality: wayQuality(quality, way, i) ?? NOT_SEEN };
    }),
  );
  const lists =
    dataset.subject === 'lines'
      ? reads.lineContributions(plan.site, places, read)
      : reads.movementContributions(plan.site, places, read);
  const contributions: number[][] = [];
  for await (const cells of lists) {
    if (contributions.length >= PSEUDONYMS_MAX)
      throw new HitonamiError(
        'INPUT',
        `more than ${PSEUDONYMS_MAX} pseudonyms on ${day.name}: name fewer places in '${dataset.id}'`,
      );
    contributions.push(
      cells.flatMap((cell) => index.get(`${cell.step} ${cell.places.join('\n')}`) ?? []),
    );
  }
  return { planned, contributions };
}
