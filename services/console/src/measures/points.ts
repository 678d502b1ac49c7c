import type { AreaPoint as AreaRow, LinePoint as LineRow } from '@hitonami/warehouse';
import type { z } from 'zod';
import type { AreaPoint, linePoint as linePointSchema } from '../contract/index.js';
import type { Cell } from './csv.js';
import { iso } from '../live/site-picture.js';

export type LinePoint = z.output<typeof linePointSchema>;

export const AREA_COLUMNS = [
  'start',
  'density_persons_per_m2',
  'level_of_service',
  'occupancy_persons',
  'occupancy_max_persons',
  'speed_m_s',
  'coverage',
  'saturation',
  'doubtful',
  'peak_density_persons_per_m2',
  'pressure_per_s2',
  'pressure_max_per_s2',
];
export const LINE_COLUMNS = [
  'start',
  'forward_persons',
  'backward_persons',
  'forward_per_min',
  'backward_per_min',
  'coverage',
  'doubtful',
];

/** Four digits: the eye and the spreadsheet need no more, and the answer is half as long. */
export function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4;
}

export function areaPoint(row: AreaRow): AreaPoint {
  return {
    start: iso(row.startUs),
    density: rounded(row.density),
    los: row.los,
    occupancy: rounded(row.occupancy),
    occupancyMax: row.occupancyMax,
    speedMS: rounded(row.meanSpeedMS),
    coverage: rounded(row.coverage),
    saturation: rounded(row.saturation),
    doubtful: rounded(row.doubtful),
    peakDensity: rounded(row.peakDensity),
    pressure: rounded(row.pressure),
    pressureMax: rounded(row.pressureMax),
  };
}

export function linePoint(row: LineRow): LinePoint {
  return {
    start: iso(row.startUs),
    forward: row.forward,
    backward: row.backward,
    forwardPerMin: rounded(row.forwardPerMin),
    backwardPerMin: rounded(row.backwardPerMin),
    coverage: rounded(row.coverage),
    doubtful: rounded(row.doubtful),
  };
}

export function areaCells(point: AreaPoint): Cell[] {
  const { start, density, los, occupancy, occupancyMax, speedMS } = point;
  const belief = [point.coverage, point.saturation, point.doubtful];
  const peaks = [point.peakDensity, point.pressure, point.pressureMax];
  return [start, density, los, occupancy, occupancyMax, speedMS, ...belief, ...peaks];
}

export function lineCells(point: LinePoint): Cell[] {
  const { start, forward, backward, forwardPerMin, backwardPerMin, coverage, doubtful } = point;
  return [start, forward, backward, forwardPerMin, backwardPerMin, coverage, doubtful];
}
