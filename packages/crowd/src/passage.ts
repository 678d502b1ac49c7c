import { LINE_BAND_M } from '@hitonami/model';
import type { LineGeometry } from './geometry.js';

const HALF_BAND_MM = LINE_BAND_M * 1000;

/** Where a track stands with regard to one line while it is inside the line's band. */
export interface BandVisit {
  line: number;
  /** The side through which it came in: +1 left of the line's direction, −1 right, 0 unknown (it appeared there, or came round an end). */
  from: -1 | 0 | 1;
}

export type Passage = 'none' | 'forward' | 'backward';

/**
 * One step of one track at one count line: a passage is counted when the track leaves the band of ±0.5 m on the other
 * side than it came in by. So in − out equals the change of occupancy, and nobody who loiters in the band, turns back
 * in it, or is given a new identity there, inflates the count.
 *
 * `forward` is a passage towards the left of the line's direction. Positions are millimetres.
 *
 * @param visits the track's band visits; changed in place
 */
export function stepAcrossLine(
  line: LineGeometry,
  visits: BandVisit[],
  x0: number,
  y0: number,
  x1: number,
  y1: number,
): Passage {
  const before = across(line, x0, y0);
  const after = across(line, x1, y1);
  const wasIn = inBand(line, x0, y0, before);
  const isIn = inBand(line, x1, y1, after);
  if (!wasIn && !isIn) return leap(line, x0, y0, x1, y1, before, after);
  const at = visits.findIndex((visit) => visit.line === line.index);
  if (isIn) {
    if (at === -1) visits.push({ line: line.index, from: wasIn ? 0 : sideOf(before) });
    return 'none';
  }
  const visit = visits[at];
  if (at !== -1) visits.splice(at, 1);
  return visit === undefined ? 'none' : leaveBand(line, visit, x1, y1);
}

/** What a visit to the band comes to where the track is outside it now, at x and y. */
export function leaveBand(line: LineGeometry, visit: BandVisit, x: number, y: number): Passage {
  return passageTo(sideOf(across(line, x, y)), visit);
}

/** What a visit comes to that ended on a side: +1 left of the line's direction, −1 right, 0 round an end. */
export function passageTo(side: -1 | 0 | 1, { from }: BandVisit): Passage {
  if (from === 0 || side === 0 || side === from) return 'none';
  return side === 1 ? 'forward' : 'backward';
}

/** A track's first position: inside a band its side is unknown. */
export function startAtLine(line: LineGeometry, visits: BandVisit[], x: number, y: number): void {
  if (inBand(line, x, y, across(line, x, y))) visits.push({ line: line.index, from: 0 });
}

/** A step long enough to jump over the whole band. */
function leap(
  line: LineGeometry,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  before: number,
  after: number,
): Passage {
  if (Math.abs(before) <= HALF_BAND_MM || Math.abs(after) <= HALF_BAND_MM) return 'none';
  if (before > 0 === after > 0) return 'none';
  const t = before / (before - after);
  const along = alongLine(line, x0 + t * (x1 - x0), y0 + t * (y1 - y0));
  if (along < 0 || along > line.lengthMm) return 'none';
  return after > 0 ? 'forward' : 'backward';
}

/** Signed distance from the line, positive to the left of its direction. */
function across(line: LineGeometry, x: number, y: number): number {
  return (y - line.yMm) * line.ux - (x - line.xMm) * line.uy;
}

function alongLine(line: LineGeometry, x: number, y: number): number {
  return (x - line.xMm) * line.ux + (y - line.yMm) * line.uy;
}

function inBand(line: LineGeometry, x: number, y: number, distance: number): boolean {
  if (Math.abs(distance) > HALF_BAND_MM) return false;
  const along = alongLine(line, x, y);
  return along >= 0 && along <= line.lengthMm;
}

function sideOf(distance: number): -1 | 0 | 1 {
  if (distance > HALF_BAND_MM) return 1;
  return distance < -HALF_BAND_MM ? -1 : 0;
}
