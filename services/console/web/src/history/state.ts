import type { History } from '../../../src/contract/index.js';
import { isDoubtful, isLowCoverage, isSaturated } from '../charts/gaps.js';

export interface AreaState {
  level: string | null;
  density: number | null;
  occupancy: number | null;
  speedMS: number | null;
  coverage: number | null;
  isDoubtful: boolean;
  /** Written into the area: its letter and density, or nothing. */
  text: string;
}

export interface LineState {
  forwardPerMin: number | null;
  backwardPerMin: number | null;
  coverage: number | null;
}

/** Every area at one window; an area without a row is missing: it was not seen. */
export function areasAt(
  history: History,
  index: number,
  coverageMin: number,
  write: (level: string | null, density: number) => string,
): Map<string, AreaState> {
  const out = new Map<string, AreaState>();
  for (const [id, points] of Object.entries(history.areas)) {
    const point = points[index];
    if (point == null || point.density === null) continue;
    out.set(id, {
      level: point.los,
      density: point.density,
      occupancy: point.occupancy,
      speedMS: point.speedMS,
      coverage: point.coverage,
      isDoubtful: isDoubtful(point) || isSaturated(point) || isLowCoverage(point, coverageMin),
      text: write(point.los, point.density),
    });
  }
  return out;
}

/** Every line at one window; a line without a row is missing. */
export function linesAt(history: History, index: number): Map<string, LineState> {
  const out = new Map<string, LineState>();
  for (const [id, points] of Object.entries(history.lines)) {
    const point = points[index];
    if (point == null) continue;
    const { forwardPerMin, backwardPerMin, coverage } = point;
    out.set(id, { forwardPerMin, backwardPerMin, coverage });
  }
  return out;
}
