import {
  HitonamiError,
  type AbsentBecause,
  type CellMeasures,
  type CellQuality,
  type MeasuredCell,
  type ReleasedCell,
} from '@hitonami/model';
import { COVERAGE_MIN, type AreaFacts, type DisclosureRules } from './types.js';

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
  return undefined;
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
 * @param isAlone false where the cell is a sum of which a part is withheld: means, peaks and saturation go then, since they
 * tell of the parts what no sum bounds
 */
export function toldCell(
  cell: MeasuredCell,
  rules: DisclosureRules,
  isAlone: boolean,
): ReleasedCell {
  const area = cell.key.places.length === 1 ? rules.areas.get(cell.key.places[0] ?? '') : undefined;
  const quality = roundedQuality(cell.quality);
  return {
    key: cell.key,
    measures: toldMeasures(cell.measures, rules.roundedTo, area, isAlone),
    quality: isAlone ? quality : { ...quality, saturation: null },
  };
}

function toldMeasures(
  measures: CellMeasures,
  step: number,
  area: AreaFacts | undefined,
  isAlone: boolean,
): CellMeasures {
  const told: { -readonly [name in keyof CellMeasures]: CellMeasures[name] } = {};
  const { occupancy, occupancyMax, count, meanSpeedMS, meanTravelS } = measures;
  if (occupancy !== undefined) told.occupancy = roundedTo(occupancy, step);
  if (occupancyMax !== undefined)
    told.occupancyMax = isAlone ? roundedTo(occupancyMax, step) : null;
  if (measures.density !== undefined || measures.los !== undefined) {
    const density =
      area === undefined || told.occupancy == null
        ? null
        : digits(told.occupancy / area.areaM2, DENSITY_DIGITS);
    if (measures.density !== undefined) told.density = density;
    if (measures.los !== undefined)
      told.los = density === null || area === undefined ? null : area.los(density);
  }
  if (meanSpeedMS !== undefined)
    told.meanSpeedMS = isAlone ? digits(meanSpeedMS, SPEED_DIGITS) : null;
  if (count !== undefined) told.count = roundedTo(count, step);
  if (meanTravelS !== undefined)
    told.meanTravelS = isAlone ? digits(meanTravelS, TRAVEL_DIGITS) : null;
  return told;
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

/** Whether a value lies between the bounds that its rounded form leaves. */
export function boundsOf(
  told: number,
  step: number,
  isWhole: boolean,
): { min: number; max: number } {
  const [low, high] = [Math.max(0, told - step / 2), told + step / 2];
  return isWhole ? { min: Math.ceil(low), max: Math.ceil(high) - 1 } : { min: low, max: high };
}

function digits(value: number | null, count: number): number | null {
  return value === null ? null : Number(value.toFixed(count));
}
