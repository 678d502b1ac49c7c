import { SATURATED_MIN } from '@hitonami/crowd';
import { isPeople, polygonArea, type SitePlan } from '@hitonami/model';
import type { LiveSnapshot as LiveRecord } from '@hitonami/service';
import type { Headcount } from '../contract/index.js';
import { COVERAGE_MIN } from '../live/site-picture.js';

/**
 * How many people are where. Of what is seen by less than half the number is null: not seen is not nobody. A floor's and a
 * site's people are counted from their positions, for areas may overlap; how much of them is seen, from their areas.
 *
 * @param record the newest of the site; undefined where nothing comes of it now
 */
export function headcountOf(
  plan: SitePlan,
  record: LiveRecord | undefined,
  nowMs: number,
): Headcount {
  const seen = new Map(record?.areas.map((area) => [area.area, area]));
  const areas = plan.areas.map(({ id }) => {
    const area = seen.get(id);
    const coverage = rounded(area?.coverage ?? 0);
    const people = area !== undefined && area.coverage >= COVERAGE_MIN ? area.people : null;
    return { area: id, people, coverage, atLeast: (area?.saturation ?? 0) >= SATURATED_MIN };
  });
  const onFloor = record === undefined ? new Map<string, number>() : peopleByFloor(record);
  const coverageOf = new Map(areas.map(({ area, coverage }) => [area, coverage]));
  const floors = plan.floors.map(({ id }) => {
    const coverage = meanCoverage(plan, coverageOf, id);
    return { floor: id, coverage, people: counted(onFloor.get(id) ?? 0, coverage) };
  });
  const coverage = meanCoverage(plan, coverageOf);
  const everybody = [...onFloor.values()].reduce((sum, people) => sum + people, 0);
  return {
    site: plan.site,
    at: new Date(record === undefined ? nowMs : record.capturedUs / 1000).toISOString(),
    people: counted(everybody, coverage),
    coverage,
    floors,
    areas,
  };
}

function counted(people: number, coverage: number): number | null {
  return coverage >= COVERAGE_MIN ? people : null;
}

function peopleByFloor({ floors, floor, kind }: LiveRecord): Map<string, number> {
  const found = new Map<string, number>(floors.map((id) => [id, 0]));
  for (let i = 0; i < floor.length; i += 1) {
    const id = floors[floor[i] ?? -1];
    if (id !== undefined && isPeople(kind[i] ?? 0)) found.set(id, (found.get(id) ?? 0) + 1);
  }
  return found;
}

/** By size: half of a concourse unseen weighs more than half of a passage. */
function meanCoverage(
  plan: SitePlan,
  coverageOf: ReadonlyMap<string, number>,
  floor?: string,
): number {
  let [seenM2, allM2] = [0, 0];
  for (const area of plan.areas) {
    if (floor !== undefined && area.floor !== floor) continue;
    const m2 = polygonArea(area.polygon.coordinates);
    seenM2 += m2 * (coverageOf.get(area.id) ?? 0);
    allM2 += m2;
  }
  return allM2 > 0 ? rounded(seenM2 / allM2) : 0;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
