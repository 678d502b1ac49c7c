import {
  HitonamiError,
  type AbsentBecause,
  type CellKey,
  type CellMeasures,
  type CellQuality,
  type MeasuredCell,
  type ReleasedCell,
} from '@hitonami/model';
import type { Bounds } from './model.js';
import { COVERAGE_MIN, SHORTER_STEPS_MS, type AreaFacts, type DisclosureRules } from './types.js';

/** What is left of the digits of measures that are no sums of people. */
const DENSITY_DIGITS = 3;
const SPEED_DIGITS = 1;
const TRAVEL_DIGITS = 0;
const SHARE_DIGITS = 4;

/**
 * Whether a cell is told by itself, before anything that others tell. `not-seen` and `not-measured` depend on coverage and on
 * there being measures at all, never on people: none and few share `protected`.
 */
export function absenceOf(cell: MeasuredCell, rules: DisclosureRules): AbsentBecause | undefined {
  if (Object.keys(cell.measures).length === 0) return 'not-measured';
  if (!(cell.quality.coverage >= (rules.coverageMin ?? COVERAGE_MIN))) return 'not-seen';
  if (cell.peopleMin === null || !(cell.peopleMin >= rules.k)) return 'protected';
  return leavesRoom(cell, rules) ? undefined : 'protected';
}

/** Whether what is told of a longer step lets each shorter one within it have had k − 1 people. */
function leavesRoom({ key, measures }: MeasuredCell, rules: DisclosureRules): boolean {
  const steps = shorterSteps(key, rules);
  if (steps <= 1 || measures.occupancy == null) return true;
  const { max } = boundsOf(roundedTo(measures.occupancy, rules.roundedTo), rules.roundedTo, false);
  return max * steps >= rules.k - 1;
}

/**
 * What of a cell may be told besides its sums, before anything else is looked at. Most people at one instant, only where any of
 * the shorter steps within a longer one could still have been empty, with as many as that in all others.
 */
export function besideOf({ key, measures }: MeasuredCell, rules: DisclosureRules): Beside {
  const steps = shorterSteps(key, rules);
  const { occupancy, occupancyMax } = measures;
  if (steps <= 1 || occupancy == null || occupancyMax == null)
    return { hasPeak: true, hasMeans: true };
  const { min } = boundsOf(roundedTo(occupancy, rules.roundedTo), rules.roundedTo, false);
  const most = boundsOf(roundedTo(occupancyMax, rules.roundedTo), rules.roundedTo, true).max;
  return { hasPeak: min * steps <= most * (steps - 1), hasMeans: true };
}

/** How many of the longest shorter steps that another dataset may have are within a step; fewer, and they have more each. */
function shorterSteps({ lengthMs }: CellKey, { subject }: DisclosureRules): number {
  const shorterMs = Math.max(0, ...SHORTER_STEPS_MS.filter((ms) => ms < lengthMs));
  return subject === 'areas' && shorterMs > 0 ? lengthMs / shorterMs : 1;
}

/** Without values. How far detectors were at their limit goes too: it is zero where nobody is. */
export function absentCell(cell: MeasuredCell, absent: AbsentBecause): ReleasedCell {
  return {
    key: cell.key,
    absent,
    measures: {},
    quality: { ...roundedQuality(cell.quality), saturation: null },
  };
}

/**
 * A cell with its values, rounded once for all formats. Density and level come from the rounded occupancy and the area of the
 * plan, so that they are the same information in other units.
 *
 * @param has what of it may be told besides its sums
 */
export function toldCell(cell: MeasuredCell, rules: DisclosureRules, has: Beside): ReleasedCell {
  const [place] = cell.key.places;
  const area =
    place === undefined || cell.key.places.length > 1 ? undefined : rules.areas.get(place);
  const quality = roundedQuality(cell.quality);
  return {
    key: cell.key,
    measures: toldMeasures(cell.measures, rules.roundedTo, area, has),
    quality: has.hasMeans ? quality : { ...quality, saturation: null },
  };
}

/** What no sum bounds, and a cell is therefore not always told with. */
export interface Beside {
  /** Most people at one instant. */
  readonly hasPeak: boolean;
  /** Mean speed, mean time, saturation. */
  readonly hasMeans: boolean;
}

function toldMeasures(
  measures: CellMeasures,
  step: number,
  area: AreaFacts | undefined,
  { hasPeak, hasMeans }: Beside,
): CellMeasures {
  const { occupancy, occupancyMax, count, meanSpeedMS, meanTravelS } = measures;
  const people = occupancy === undefined ? undefined : roundedTo(occupancy, step);
  const density =
    area === undefined || people == null ? null : digits(people / area.areaM2, DENSITY_DIGITS);
  return {
    ...(people === undefined ? {} : { occupancy: people }),
    ...(occupancyMax === undefined
      ? {}
      : { occupancyMax: hasPeak ? roundedTo(occupancyMax, step) : null }),
    ...(measures.density === undefined ? {} : { density }),
    ...(measures.los === undefined
      ? {}
      : { los: density === null || area === undefined ? null : area.los(density) }),
    ...(meanSpeedMS === undefined
      ? {}
      : { meanSpeedMS: hasMeans ? digits(meanSpeedMS, SPEED_DIGITS) : null }),
    ...(count === undefined ? {} : { count: roundedTo(count, step) }),
    ...(meanTravelS === undefined
      ? {}
      : { meanTravelS: hasMeans ? digits(meanTravelS, TRAVEL_DIGITS) : null }),
  };
}

function roundedQuality({ coverage, doubtful, saturation }: CellQuality): CellQuality {
  return {
    coverage: digits(coverage, SHARE_DIGITS) ?? 0,
    doubtful: digits(doubtful, SHARE_DIGITS),
    saturation: digits(saturation, SHARE_DIGITS),
  };
}

/** The nearest multiple of a step; half a step goes up. */
export function roundedTo(value: number, step: number): number;
export function roundedTo(value: number | null, step: number): number | null;
export function roundedTo(value: number | null, step: number): number | null {
  if (value === null) return null;
  if (!Number.isFinite(value) || value < 0)
    throw new HitonamiError('INPUT', `a cell holds ${String(value)} people; measure it again`);
  return Math.floor(value / step + 0.5) * step;
}

/** What a value can have been before it was rounded. */
export function boundsOf(told: number, step: number, isWhole: boolean): Bounds {
  const [low, high] = [Math.max(0, told - step / 2), told + step / 2];
  return isWhole ? { min: Math.ceil(low), max: Math.ceil(high) - 1 } : { min: low, max: high };
}

function digits(value: number | null, count: number): number | null {
  return value === null ? null : Number(value.toFixed(count));
}
