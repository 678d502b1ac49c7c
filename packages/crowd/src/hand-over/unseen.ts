import { cellAt, type CellClass, type FloorRaster } from '../raster.js';
import { Field, type TrackTable } from '../track-table.js';
import {
  backAtEdge,
  isOutOfReach,
  laterWeight,
  NEWCOMERS_PER_M2,
  UNSEEN_MAX_S,
} from './likelihood.js';
import { velocity, type Newborn } from './newborn.js';
import type { Edge, Name } from './one-to-one.js';
import type { FoldParts } from './persons.js';
import type { PlaceCovariance } from './place-error.js';

/** A track unseen for so long may go on in another, µs. */
export const UNSEEN_US = 400_000;
/** Two cameras may both have seen somebody for so long before one of them did not any more, s. */
const BOTH_SAW_S = 2;
/** A weight this much smaller than that of a newcomer changes nothing. */
const NEGLIGIBLE = 0.01 * NEWCOMERS_PER_M2;

const NO_ERROR: PlaceCovariance = [0, 0, 0];

/** Somebody unseen, in the table of live tracks or among the lost. */
export interface Unseen extends Name {
  readonly table: TrackTable;
  readonly floor: number;
  readonly cell: CellClass;
  readonly camera: number;
  readonly xM: number;
  readonly yM: number;
  readonly velocity: readonly [number, number];
  readonly lastUs: number;
}

export function unseenOf({ floors }: FoldParts, table: TrackTable, slot: number): Unseen {
  const floor = table.get(slot, Field.floor);
  const [xMm, yMm] = [table.get(slot, Field.xMm), table.get(slot, Field.yMm)];
  return {
    hi: table.get(slot, Field.hi),
    lo: table.get(slot, Field.lo),
    table,
    floor,
    cell: cellAt(floors[floor] as FloorRaster, xMm, yMm),
    camera: table.get(slot, Field.camera),
    xM: xMm / 1000,
    yM: yMm / 1000,
    velocity: velocity(table, slot),
    lastUs: table.get(slot, Field.lastSeenUs),
  };
}

/** Which new tracks may go on with which unseen ones, and how likely it is, by place and time. */
export function edgesBetween(
  parts: FoldParts,
  newborns: readonly Newborn[],
  unseen: readonly Unseen[],
  may: (slot: number, other: Unseen) => boolean = () => true,
): Edge<Newborn, Unseen>[] {
  const { tracks, floors } = parts;
  const edges: Edge<Newborn, Unseen>[] = [];
  for (const one of newborns) {
    const slot = tracks.find(one.hi, one.lo);
    const floor = tracks.get(slot, Field.floor);
    const camera = tracks.get(slot, Field.camera);
    const now = velocity(tracks, slot);
    const cell = cellAt(floors[floor] as FloorRaster, one.xMm, one.yMm);
    for (const other of unseen) {
      const gapS = (one.bornUs - other.lastUs) / 1e6;
      if (gapS > UNSEEN_MAX_S || floor !== other.floor) continue;
      // Of one camera both were there at once, so they are two.
      if (gapS < (camera === other.camera ? -0.05 : -BOTH_SAW_S)) continue;
      const [dx, dy] = [one.xMm / 1000 - other.xM, one.yMm / 1000 - other.yM];
      if (isOutOfReach(dx, dy, gapS) || !may(slot, other)) continue;
      const cov = covariance(parts, one, camera, other);
      // Not on both sides of a gap, which is between the edges of two cameras.
      const isBack =
        cell.edge &&
        other.cell.edge &&
        (camera === other.camera || cell.owner === other.camera || other.cell.owner === camera);
      const weight =
        laterWeight(dx, dy, other.velocity, now, gapS, cov) *
        (isBack ? backAtEdge(other.velocity, now) : 1);
      if (weight > NEGLIGIBLE) edges.push({ left: one, right: other, weight });
    }
  }
  return edges;
}

/** Of the distance from where somebody was lost to where somebody was found, by the errors of both places. */
function covariance(
  { errors }: FoldParts,
  one: Newborn,
  camera: number,
  other: Unseen,
): PlaceCovariance {
  const found = errors[camera]?.at(one.xMm / 1000, one.yMm / 1000) ?? NO_ERROR;
  const lost = errors[other.camera]?.at(other.xM, other.yM) ?? NO_ERROR;
  return [found[0] + lost[0], found[1] + lost[1], found[2] + lost[2]];
}
