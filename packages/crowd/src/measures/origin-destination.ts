import type { MeasuredArea } from './area.js';
import type { Trajectories } from './trajectories.js';

/** A place is believed after this long in it, s, so that jitter at a border is no movement; the same as in the stream. */
export const PLACE_CONFIRM_S = 1;
/** Someone unseen for this long is another when seen again, s; the same as in the stream. */
export const TRACK_GONE_S = 5;

/** One time in one place. */
export interface PlaceVisit {
  /** Index of the area. */
  place: number;
  enteredFrame: number;
  /** The last frame in it, or in which it was still believed. */
  lastFrame: number;
}

/** The places that one person was in, in order, while they were followed without a gap. */
export interface PlacesVisited {
  person: number;
  visits: PlaceVisit[];
}

/**
 * Which areas people were in, one after the other. A person is in one place at a time: of areas that overlap, the smallest.
 * People who were in none have no journey.
 */
export function placesVisited(
  trajectories: Trajectories,
  areas: readonly MeasuredArea[],
  confirmS = PLACE_CONFIRM_S,
): PlacesVisited[] {
  const { x, y, frame, person, framesPerS, length } = trajectories;
  const bySize = areas
    .map((_, i) => i)
    .sort((a, b) => areaOf(areas, a) - areaOf(areas, b) || a - b);
  const found: PlacesVisited[] = [];
  let journey: PlacesVisited | undefined;
  let visit: PlaceVisit | undefined;
  let candidate = { place: -1, since: 0 };
  for (let row = 0; row < length; row++) {
    const at = frame[row] as number;
    const who = person[row] as number;
    const isNew = row === 0 || who !== person[row - 1];
    if (isNew || (at - (frame[row - 1] as number)) / framesPerS >= TRACK_GONE_S) {
      journey = { person: who, visits: [] };
      found.push(journey);
      visit = undefined;
      candidate = { place: -1, since: at };
    }
    const place = bySize.find((i) => areas[i]?.contains(x[row] as number, y[row] as number)) ?? -1;
    const known = visit?.place ?? -1;
    if (place !== candidate.place) candidate = { place, since: at };
    if (place === known) {
      if (visit !== undefined) visit.lastFrame = at;
    } else if ((at - candidate.since) / framesPerS >= confirmS) {
      visit = place === -1 ? undefined : { place, enteredFrame: candidate.since, lastFrame: at };
      if (visit !== undefined) journey?.visits.push(visit);
    }
  }
  return found.filter(({ visits }) => visits.length > 0);
}

/**
 * Origin–destination matrix: how many people were first in area `o` and last in area `d`, at `[o * areas + d]`. Who was in
 * one area only, or came back to it, counts on the diagonal, so that the sum is the number of journeys.
 */
export function originDestination(all: readonly PlacesVisited[], areas: number): Int32Array {
  const matrix = new Int32Array(areas * areas);
  for (const { visits } of all) {
    const [from, to] = [visits[0], visits.at(-1)];
    if (from === undefined || to === undefined) continue;
    const at = from.place * areas + to.place;
    matrix[at] = (matrix[at] as number) + 1;
  }
  return matrix;
}

/** Movements from one area to the next, at `[from * areas + to]`: the legs of all journeys. */
export function legsBetween(all: readonly PlacesVisited[], areas: number): Int32Array {
  const matrix = new Int32Array(areas * areas);
  for (const { visits } of all) {
    for (let i = 1; i < visits.length; i++) {
      const at = (visits[i - 1] as PlaceVisit).place * areas + (visits[i] as PlaceVisit).place;
      matrix[at] = (matrix[at] as number) + 1;
    }
  }
  return matrix;
}

function areaOf(areas: readonly MeasuredArea[], i: number): number {
  return (areas[i] as MeasuredArea).areaM2;
}
