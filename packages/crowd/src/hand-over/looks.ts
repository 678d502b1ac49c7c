import { isPeople, type PositionFrameView } from '@hitonami/model';
import type { HeldFrame } from '../held-frame.js';
import { Field } from '../track-table.js';
import { BELIEVED_US } from './newborn.js';
import type { FoldParts } from './persons.js';
import type { Look } from './witnesses.js';

/** Whom two cameras put less far apart is taken for one where neither sees anybody else within this of either place, mm; */
const NEAR_MM = 1_800;
/** and whom they put further apart where neither does within this: a camera that is off by 5 m shows, places erring a little. */
const FAR_MM = 5_500;
/** The same person has nearly the same velocity in both; of a camera turned by 30°, 0.7 m/s apart. mm/s */
const FAR_SPEED_MM_S = 1_000;

/** Whom a frame shows around a place. */
interface Around {
  /** Everybody, and one of them: position in the frame, −1 for none. */
  count: number;
  last: number;
}

/** Looks at somebody in the overlap of two cameras, for whether they agree. Crowds show nothing. */
export class Looks {
  private readonly parts: FoldParts;

  constructor(parts: FoldParts) {
    this.parts = parts;
  }

  /** @param x where the track is when the neighbour's frame was seen, mm @returns nothing where somebody else is about */
  at(slot: number, x: number, y: number, own: HeldFrame, neighbour: number): Look | undefined {
    const { tracks, cameras, errors } = this.parts;
    const other = cameras[neighbour];
    const [mine, theirs] = [own.frame, other?.frame];
    if (other === undefined || mine === undefined || theirs === undefined) return undefined;
    const who = tracks.get(slot, Field.lo);
    const near = around(theirs, x, y, NEAR_MM);
    if (near.count > 1) return undefined;
    const isNear = near.count === 1;
    const clearMm = isNear ? NEAR_MM : FAR_MM;
    if (!isAlone(mine, x, y, clearMm, who)) return undefined;
    const found = isNear ? near : around(theirs, x, y, FAR_MM);
    // Further off, only what both cover says something: elsewhere one of them sees nobody anyhow.
    if (!isNear && (found.count > 1 || !other.geometry.covers(x, y))) return undefined;
    const none: Look = { who, dx: 0, dy: 0, cov: [0, 0, 0], seen: 'none' };
    if (found.count === 0) return none;
    const at = found.last;
    const { view } = theirs;
    const toX = view.getInt32(theirs.xAt + 4 * at, true);
    const toY = view.getInt32(theirs.yAt + 4 * at, true);
    const otherWho = view.getUint32(theirs.trackAt + 8 * at, true);
    if (!isNear && !own.geometry.covers(toX, toY)) return undefined;
    if (!isAlone(mine, toX, toY, clearMm, who)) return undefined;
    if (!isAlone(theirs, toX, toY, clearMm, otherWho)) return undefined;
    if (!this.isSomebody(slot, theirs, at)) return undefined;
    if (!isNear && this.isOtherWay(slot, theirs, at)) return none;
    const here = errors[own.geometry.index]?.at(x / 1000, y / 1000);
    const there = errors[neighbour]?.at(toX / 1000, toY / 1000);
    if (here === undefined || there === undefined) return undefined;
    const cov = [here[0] + there[0], here[1] + there[1], here[2] + there[2]] as const;
    return { who, otherWho, dx: toX - x, dy: toY - y, cov, seen: isNear ? 'near' : 'far' };
  }

  /** Whether it is somebody on the same floor who was seen for long enough to be believed. */
  private isSomebody(slot: number, frame: PositionFrameView, at: number): boolean {
    const { tracks, floorIds } = this.parts;
    if (!isPeople(frame.view.getUint8(frame.kindAt + at))) return false;
    const floor = frame.floors[frame.view.getUint8(frame.floorAt + at)];
    if (floor !== floorIds[tracks.get(slot, Field.floor)]) return false;
    const known = tracks.find(
      frame.view.getInt32(frame.trackAt + 8 * at + 4, true),
      frame.view.getInt32(frame.trackAt + 8 * at, true),
    );
    if (known < 0) return false;
    return tracks.get(known, Field.lastSeenUs) - tracks.get(known, Field.bornUs) >= BELIEVED_US;
  }

  private isOtherWay(slot: number, { view, vxAt, vyAt }: PositionFrameView, at: number): boolean {
    const { tracks } = this.parts;
    const dvx = view.getInt32(vxAt + 4 * at, true) - tracks.get(slot, Field.vxMmS);
    const dvy = view.getInt32(vyAt + 4 * at, true) - tracks.get(slot, Field.vyMmS);
    return dvx * dvx + dvy * dvy > FAR_SPEED_MM_S * FAR_SPEED_MM_S;
  }
}

/** Everybody and everything that a frame shows around a place; counting ends at two. */
function around({ view, xAt, yAt, count }: PositionFrameView, x: number, y: number, mm: number) {
  const found: Around = { count: 0, last: -1 };
  for (let i = 0; i < count && found.count < 2; i++) {
    const dx = view.getInt32(xAt + 4 * i, true) - x;
    if (dx > mm || dx < -mm) continue;
    const dy = view.getInt32(yAt + 4 * i, true) - y;
    if (dx * dx + dy * dy > mm * mm) continue;
    found.count++;
    found.last = i;
  }
  return found;
}

/** Whether a frame shows nobody around a place but the track of this name. */
function isAlone(frame: PositionFrameView, x: number, y: number, mm: number, lo: number): boolean {
  const { view } = frame;
  for (let i = 0; i < frame.count; i++) {
    const dx = view.getInt32(frame.xAt + 4 * i, true) - x;
    if (dx > mm || dx < -mm) continue;
    const dy = view.getInt32(frame.yAt + 4 * i, true) - y;
    if (dx * dx + dy * dy > mm * mm) continue;
    if (view.getUint32(frame.trackAt + 8 * i, true) !== lo) return false;
  }
  return true;
}
