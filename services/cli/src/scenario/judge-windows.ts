import { LEVELS, levelOfService, type AreaKind } from '@hitonami/crowd';
import { polygonArea, type SitePlan } from '@hitonami/model';
import type { Truth } from '@hitonami/simulator';
import type { Measures } from '@hitonami/warehouse';

/** In a crowd of this level and above, people hide each other. */
const CROWDED_FROM = LEVELS.indexOf('E');

/** How far measured windows are from true ones. Undefined is what there was nothing to measure by. */
export interface WindowJudgement {
  /** Areas × windows that were seen at all. */
  windows: number;
  /** Mean true density of an area in a window, and the highest, persons/m². */
  meanDensity: number | undefined;
  highestDensity: number;
  /** Mean |measured − true| density, persons/m², and as a share of the mean true density. */
  densityError: number | undefined;
  densityErrorShare: number | undefined;
  /** (Σ measured − Σ true) ÷ Σ true: below 0, people are missed. */
  densityBias: number | undefined;
  /** Share of windows whose level of service has the right letter, and within one. */
  losExact: number | undefined;
  losWithinOne: number | undefined;
  /** Windows of which the true level is E or F, and (Σ measured − Σ true) ÷ Σ true people of theirs. */
  crowdedWindows: number;
  crowdedCountError: number | undefined;
  /** True passages of all lines, and Σ over lines and directions of |measured − true| ÷ Σ true. */
  crossings: number;
  crossingError: number | undefined;
  /** True movements from place to place, and Σ over pairs of |measured − true| ÷ Σ true. */
  movements: number;
  movementError: number | undefined;
  /** True journeys from the first place to the last, measured ones ÷ true ones, and Σ over pairs of |measured − true| ÷ Σ true. */
  journeys: number;
  journeyRatio: number | undefined;
  odError: number | undefined;
}

/** @param startUs event time of the run's start: that of a window */
export function judgeWindows(
  plan: SitePlan,
  measured: Measures,
  truth: Truth,
  startUs: number,
): WindowJudgement {
  const lines = differences(
    sums(truth.lines().flatMap(bothWays)),
    sums(measured.lines.flatMap(bothWays)),
  );
  const movements = differences(
    sums(truth.flows().flatMap(movement)),
    sums(measured.flows.flatMap(movement)),
  );
  const journeys = differences(
    sums(
      truth
        .od({ isPresentToo: true })
        .map((trip): Count => [`${trip.origin} ${trip.destination}`, trip.people]),
    ),
    sums(measured.journeys.map((row): Count => [`${row.fromPlace} ${row.toPlace}`, row.journeys])),
  );
  return {
    ...judgeAreas(plan, measured, truth, startUs),
    crossings: lines.true,
    crossingError: lines.error,
    movements: movements.true,
    movementError: movements.error,
    journeys: journeys.true,
    journeyRatio: journeys.ratio,
    odError: journeys.error,
  };
}

function judgeAreas(plan: SitePlan, measured: Measures, truth: Truth, startUs: number) {
  const kinds = new Map<string, AreaKind>(plan.areas.map(({ id, kind }) => [id, kind]));
  const found = new Map(measured.areas.map((row) => [`${row.area} ${row.startUs}`, row.density]));
  const whole = truth.areas().filter(({ lengthS }) => lengthS > plan.windowS - 1e-6);
  const sizes = new Map(
    plan.areas.map(({ id, polygon }) => [id, polygonArea(polygon.coordinates)]),
  );
  let [windows, sum, measuredSum, error, exact, withinOne, highest] = [0, 0, 0, 0, 0, 0, 0];
  let [crowdedWindows, crowd, crowdMeasured] = [0, 0, 0];
  for (const row of whole) {
    const density = found.get(`${row.area} ${startUs + Math.round(row.startS * 1e6)}`);
    // Nothing of it was seen.
    if (density == null) continue;
    const kind = kinds.get(row.area) ?? 'walkway';
    const level = (value: number): number => LEVELS.indexOf(levelOfService(kind, value));
    const apart = Math.abs(level(density) - level(row.density));
    windows++;
    sum += row.density;
    measuredSum += density;
    error += Math.abs(density - row.density);
    if (apart === 0) exact++;
    if (apart <= 1) withinOne++;
    highest = Math.max(highest, row.density);
    if (level(row.density) < CROWDED_FROM) continue;
    const sizeM2 = sizes.get(row.area) ?? 0;
    crowdedWindows++;
    crowd += row.density * sizeM2;
    crowdMeasured += density * sizeM2;
  }
  return {
    windows,
    meanDensity: ratio(sum, windows),
    highestDensity: highest,
    densityError: ratio(error, windows),
    densityErrorShare: ratio(error, sum),
    densityBias: ratio(measuredSum - sum, sum),
    losExact: ratio(exact, windows),
    losWithinOne: ratio(withinOne, windows),
    crowdedWindows,
    crowdedCountError: ratio(crowdMeasured - crowd, crowd),
  };
}

type Count = readonly [key: string, count: number];

function bothWays(row: { line: string; forward: number; backward: number }): Count[] {
  return [
    [`${row.line} forward`, row.forward],
    [`${row.line} backward`, row.backward],
  ];
}

/** Movements between two places: of who appears or is lost, the other end is not known. */
function movement(row: { fromPlace: string; toPlace: string; legs: number }): Count[] {
  if (row.fromPlace === '' || row.toPlace === '') return [];
  return [[`${row.fromPlace} ${row.toPlace}`, row.legs]];
}

function sums(counts: readonly Count[]): Map<string, number> {
  const total = new Map<string, number>();
  for (const [key, count] of counts) total.set(key, (total.get(key) ?? 0) + count);
  return total;
}

function differences(truth: Map<string, number>, measured: Map<string, number>) {
  let [error, found, total] = [0, 0, 0];
  for (const key of new Set([...truth.keys(), ...measured.keys()])) {
    error += Math.abs((measured.get(key) ?? 0) - (truth.get(key) ?? 0));
    found += measured.get(key) ?? 0;
    total += truth.get(key) ?? 0;
  }
  return { true: total, ratio: ratio(found, total), error: ratio(error, total) };
}

function ratio(value: number, by: number): number | undefined {
  return by > 0 ? value / by : undefined;
}
