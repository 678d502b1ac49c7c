import type { AreaPoint } from '../../../src/contract/index.js';
import { MS_PER_HOUR } from '../charts/zoned-time.js';

/** One row of the table beneath the charts: what was seen of an hour. */
export interface HourRow {
  startMs: number;
  windows: number;
  /** Windows that should have been there. */
  expected: number;
  density: number | null;
  densityMax: number | null;
  /** Of the densest spot. */
  peakDensity: number | null;
  occupancy: number | null;
  occupancyMax: number | null;
  speedMS: number | null;
  pressureMax: number | null;
  coverage: number | null;
}

/**
 * Hours of a period, those without a row too. Means are of the windows that are known: means weighted with what was seen are
 * the server's (`step=3600`); this is a reading aid, and says how many windows it rests on.
 */
export function byHour(
  points: readonly AreaPoint[],
  stepS: number,
  fromMs: number,
  toMs: number,
): HourRow[] {
  const byStart = new Map<number, AreaPoint[]>();
  for (const point of points) {
    const start = Math.floor(Date.parse(point.start) / MS_PER_HOUR) * MS_PER_HOUR;
    const list = byStart.get(start);
    if (list) list.push(point);
    else byStart.set(start, [point]);
  }
  const rows: HourRow[] = [];
  const first = Math.floor(fromMs / MS_PER_HOUR) * MS_PER_HOUR;
  for (let startMs = first; startMs < toMs; startMs += MS_PER_HOUR) {
    const list = byStart.get(startMs) ?? [];
    const seenMs = Math.min(toMs, startMs + MS_PER_HOUR) - Math.max(fromMs, startMs);
    rows.push({
      startMs,
      windows: list.filter((point) => point.density !== null).length,
      expected: Math.max(1, Math.round(seenMs / (stepS * 1_000))),
      density: mean(list.map((point) => point.density)),
      densityMax: most(list.map((point) => point.density)),
      peakDensity: most(list.map((point) => point.peakDensity)),
      occupancy: mean(list.map((point) => point.occupancy)),
      occupancyMax: most(list.map((point) => point.occupancyMax)),
      speedMS: mean(list.map((point) => point.speedMS)),
      pressureMax: most(list.map((point) => point.pressureMax)),
      coverage: mean(list.map((point) => point.coverage)),
    });
  }
  return rows;
}

const known = (values: readonly (number | null)[]): number[] =>
  values.filter((value): value is number => value !== null);

function mean(values: readonly (number | null)[]): number | null {
  const seen = known(values);
  return seen.length === 0 ? null : seen.reduce((sum, value) => sum + value, 0) / seen.length;
}

function most(values: readonly (number | null)[]): number | null {
  const seen = known(values);
  return seen.length === 0 ? null : Math.max(...seen);
}
