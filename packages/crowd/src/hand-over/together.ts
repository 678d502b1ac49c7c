import { FrameState, isPeople, type PositionFrameView } from '@hitonami/model';
import type { HeldFrame } from '../held-frame.js';
import { Field, Rule, type TrackTable } from '../track-table.js';
import type { Disagreements } from './disagreements.js';
import { ALONE_PER_M2, TOGETHER_GATE_M, togetherWeight } from './likelihood.js';
import { BELIEVED_US, velocity } from './newborn.js';
import { compareNames, matchOneToOne, type Edge, type Name } from './one-to-one.js';
import type { FoldParts, Persons } from './persons.js';

/** Positions older than this are not compared, µs. */
const FRESH_US = 1_000_000;
/** Two tracks of one person that are further apart than this are two persons, m. */
const SPLIT_M = 2.5;
/** Least odds of a join against being alone. */
const TOGETHER_ODDS = 0.25;
/** Around a pair that shows how two cameras disagree there is nobody else within this, mm. */
const CLEAR_MM = 1_800;
const TOGETHER_GATE_MM = 1000 * TOGETHER_GATE_M;

/** A track in the table, for the length of a round. */
interface Seen extends Name {
  readonly slot: number;
}

/** Joins of tracks that different cameras see at the same time, and their end. */
export class Together {
  private readonly parts: FoldParts;
  private readonly persons: Persons;
  private readonly disagreements: Disagreements;

  constructor(parts: FoldParts, persons: Persons, disagreements: Disagreements) {
    this.parts = parts;
    this.persons = persons;
    this.disagreements = disagreements;
  }

  /** Two tracks of one person that have gone apart are two persons again. */
  splitThoseApart(names: readonly Name[], atUs: number): void {
    const { tracks } = this.parts;
    for (const { hi, lo } of names) {
      const slot = tracks.find(hi, lo);
      if (tracks.get(slot, Field.rule) === Rule.owner) continue;
      for (const other of this.persons.others(slot)) {
        if (atUs - tracks.get(other, Field.lastSeenUs) > FRESH_US) continue;
        const [dx, dy] = apart(tracks, slot, other);
        if (dx * dx + dy * dy <= SPLIT_M * SPLIT_M) continue;
        this.persons.split(slot, atUs);
        break;
      }
    }
  }

  /** Tracks of different cameras at the same time. No entry of the table moves meanwhile. */
  join(names: readonly Name[], atUs: number): void {
    const { tracks, cameras } = this.parts;
    const edges: Edge<Seen, Seen>[] = [];
    const seen = new Map<number, Seen>();
    const known = new Set<number>();
    const visit = (slot: number, other: number, weight: number): void => {
      // Two tracks that are both compared find each other twice: once is enough.
      const [a, b] = slot < other ? [slot, other] : [other, slot];
      const key = a * tracks.size + b;
      if (known.has(key)) return;
      known.add(key);
      const [one, two] = [seenAs(seen, tracks, a), seenAs(seen, tracks, b)];
      const [left, right] = compareNames(one, two) < 0 ? [one, two] : [two, one];
      edges.push({ left, right, weight });
    };
    for (const { hi, lo } of names) {
      const slot = tracks.find(hi, lo);
      const own = cameras[tracks.get(slot, Field.camera)];
      if (own === undefined) continue;
      const { neighbours, neighbourBoxesMm: boxes } = own.geometry;
      const x = tracks.get(slot, Field.xMm);
      const y = tracks.get(slot, Field.yMm);
      for (let i = 0; i < neighbours.length; i++) {
        if (x < (boxes[4 * i] as number) || x > (boxes[4 * i + 1] as number)) continue;
        if (y < (boxes[4 * i + 2] as number) || y > (boxes[4 * i + 3] as number)) continue;
        const at = neighbours[i] as number;
        const frame = cameras[at]?.frame;
        if (frame !== undefined && isFresh(frame, atUs))
          this.eachPartner(slot, own, frame, at, visit);
      }
    }
    for (const match of matchOneToOne(edges, ALONE_PER_M2, TOGETHER_ODDS)) {
      const [a, b] = [match.left.slot, match.right.slot];
      const since = atUs - FRESH_US;
      // An earlier match of this round may have given either of them a track of the other's camera.
      if (
        this.persons.isSeenBy(a, tracks.get(b, Field.camera), since) ||
        this.persons.isSeenBy(b, tracks.get(a, Field.camera), since)
      )
        continue;
      this.persons.join(a, b, match.confidence, atUs);
      tracks.set(b, Field.isDecided, 1);
      tracks.set(a, Field.isDecided, 1);
    }
  }

  /** Everybody in a neighbour's frame who may be this person, with the weight of that. */
  private eachPartner(
    slot: number,
    own: HeldFrame,
    frame: PositionFrameView,
    neighbour: number,
    visit: (slot: number, other: number, weight: number) => void,
  ): void {
    const { tracks } = this.parts;
    const { view, count, xAt, yAt, floorAt, kindAt, trackAt, vxAt, vyAt, capturedUs } = frame;
    const dtS = (capturedUs - tracks.get(slot, Field.lastSeenUs)) / 1e6;
    const vx = tracks.get(slot, Field.vxMmS);
    const vy = tracks.get(slot, Field.vyMmS);
    const x = tracks.get(slot, Field.xMm) + vx * dtS;
    const y = tracks.get(slot, Field.yMm) + vy * dtS;
    const floorId = this.parts.floorIds[tracks.get(slot, Field.floor)];
    const sinceUs = tracks.get(slot, Field.lastSeenUs) - FRESH_US;
    let hasPartner: boolean | undefined;
    let near = 0;
    let nearDx = 0;
    let nearDy = 0;
    for (let i = 0; i < count; i++) {
      const dx = view.getInt32(xAt + 4 * i, true) - x;
      if (dx > CLEAR_MM || dx < -CLEAR_MM) continue;
      const dy = view.getInt32(yAt + 4 * i, true) - y;
      const square = dx * dx + dy * dy;
      if (square > CLEAR_MM * CLEAR_MM) continue;
      if (frame.floors[view.getUint8(floorAt + i)] !== floorId) continue;
      if (!isPeople(view.getUint8(kindAt + i))) continue;
      near++;
      nearDx = dx;
      nearDy = dy;
      if (square > TOGETHER_GATE_MM * TOGETHER_GATE_MM) continue;
      hasPartner ??= this.persons.isSeenBy(slot, neighbour, sinceUs);
      if (hasPartner) continue;
      const other = tracks.find(
        view.getInt32(trackAt + 8 * i + 4, true),
        view.getInt32(trackAt + 8 * i, true),
      );
      if (other < 0 || !this.isBelieved(other)) continue;
      if (this.persons.isSeenBy(other, own.geometry.index, sinceUs)) continue;
      const dvx = view.getInt32(vxAt + 4 * i, true) - vx;
      const dvy = view.getInt32(vyAt + 4 * i, true) - vy;
      visit(slot, other, togetherWeight(dx / 1000, dy / 1000, dvx / 1000, dvy / 1000));
    }
    if (near === 1 && isAloneIn(own.frame, x + nearDx, y + nearDy, tracks.get(slot, Field.lo))) {
      this.disagreements.note(own.geometry.index, neighbour, nearDx, nearDy);
    }
  }

  private isBelieved(slot: number): boolean {
    const { tracks } = this.parts;
    return tracks.get(slot, Field.lastSeenUs) - tracks.get(slot, Field.bornUs) >= BELIEVED_US;
  }
}

/** How far two tracks are apart at the later one's sighting, m. */
function apart(tracks: TrackTable, a: number, b: number): [number, number] {
  const dtS = (tracks.get(a, Field.lastSeenUs) - tracks.get(b, Field.lastSeenUs)) / 1e6;
  const [vx, vy] = velocity(tracks, b);
  return [
    (tracks.get(a, Field.xMm) - tracks.get(b, Field.xMm)) / 1000 - vx * dtS,
    (tracks.get(a, Field.yMm) - tracks.get(b, Field.yMm)) / 1000 - vy * dtS,
  ];
}

function isFresh(frame: PositionFrameView, atUs: number): boolean {
  return frame.state !== FrameState.blind && atUs - frame.capturedUs <= FRESH_US;
}

function seenAs(seen: Map<number, Seen>, tracks: TrackTable, slot: number): Seen {
  let known = seen.get(slot);
  if (known === undefined) {
    known = { hi: tracks.get(slot, Field.hi), lo: tracks.get(slot, Field.lo), slot };
    seen.set(slot, known);
  }
  return known;
}

/** Whether a camera sees nobody but the track of this name around a place where its neighbour sees one person. */
function isAloneIn(
  frame: PositionFrameView | undefined,
  xMm: number,
  yMm: number,
  lo: number,
): boolean {
  if (frame === undefined) return false;
  const { view } = frame;
  for (let i = 0; i < frame.count; i++) {
    const dx = view.getInt32(frame.xAt + 4 * i, true) - xMm;
    const dy = view.getInt32(frame.yAt + 4 * i, true) - yMm;
    if (dx * dx + dy * dy > CLEAR_MM * CLEAR_MM) continue;
    if (view.getUint32(frame.trackAt + 8 * i, true) !== lo) return false;
  }
  return true;
}
