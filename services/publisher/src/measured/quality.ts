import type { CellQuality, SitePlan } from '@hitonami/model';
import type { ReadSteps, ReleaseReads } from '@hitonami/warehouse';
import { worst } from './areas.js';

/** How well each place was seen in each step; undefined where it was not measured. */
export type PlaceQuality = (place: string, step: number) => CellQuality | undefined;

export async function placeQuality(
  reads: Pick<ReleaseReads, 'areaSteps' | 'lineSteps'>,
  plan: SitePlan,
  places: readonly string[],
  steps: ReadSteps,
): Promise<PlaceQuality> {
  const [areas, lines] = [plan.areas, plan.lines].map((list) =>
    list.map(({ id }) => id).filter((id) => places.includes(id)),
  );
  const found = new Map<string, CellQuality>();
  if (areas && areas.length > 0)
    for (const { area, step, coverage, doubtful, saturation } of await reads.areaSteps(
      plan.site,
      areas,
      steps,
    ))
      found.set(`${step} ${area}`, { coverage, doubtful, saturation });
  if (lines && lines.length > 0)
    for (const { line, step, coverage, doubtful } of await reads.lineSteps(plan.site, lines, steps))
      found.set(`${step} ${line}`, { coverage, doubtful, saturation: null });
  return (place, step) => found.get(`${step} ${place}`);
}

/** How well a way over several places was seen: as its worst; undefined where one of them was not measured. */
export function wayQuality(
  of: PlaceQuality,
  places: readonly string[],
  step: number,
): CellQuality | undefined {
  const all = [...new Set(places)].map((place) => of(place, step));
  return all.some((one) => one === undefined)
    ? undefined
    : worst(all.filter((one) => one !== undefined));
}
