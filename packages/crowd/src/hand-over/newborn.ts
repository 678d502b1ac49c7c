import { Field, type TrackTable } from '../track-table.js';
import type { Name } from './one-to-one.js';

/** A track is believed to be somebody once it was seen for so long, µs. */
export const BELIEVED_US = 400_000;

/** A track of which it is not decided yet whose continuation it is, as it was when it was first seen. */
export interface Newborn extends Name {
  readonly xMm: number;
  readonly yMm: number;
  bornUs: number;
}

export function newborn(tracks: TrackTable, slot: number): Newborn {
  return {
    hi: tracks.get(slot, Field.hi),
    lo: tracks.get(slot, Field.lo),
    xMm: tracks.get(slot, Field.xMm),
    yMm: tracks.get(slot, Field.yMm),
    bornUs: tracks.get(slot, Field.bornUs),
  };
}

/** m/s. */
export function velocity(table: TrackTable, slot: number): [number, number] {
  return [table.get(slot, Field.vxMmS) / 1000, table.get(slot, Field.vyMmS) / 1000];
}
