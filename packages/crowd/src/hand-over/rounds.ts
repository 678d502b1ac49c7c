import { FrameState, isPeople, type PositionFrameView } from '@hitonami/model';
import type { HeldFrame } from '../held-frame.js';
import type { BandVisit } from '../passage.js';
import { Field, Rule, type TrackTable } from '../track-table.js';
import type { Disagreements } from './disagreements.js';
import {
  ALONE_PER_M2,
  laterWeight,
  NEWCOMERS_PER_M2,
  TOGETHER_GATE_M,
  togetherWeight,
  UNSEEN_MAX_S,
} from './likelihood.js';
import type { Lost } from './lost.js';
import { compareNames, matchOneToOne, type Edge, type Name } from './one-to-one.js';
import { GAP_FILLED_MAX_US, type FoldParts, type Persons } from './persons.js';

/** Time between two rounds, µs of event time. */
const ROUND_US = 500_000;
/** Age at which it is decided whose continuation a track is, µs: by then false tracks are over, and speeds are known. */
const DECIDE_US = 1_000_000;
/** A track is believed to be somebody once it was seen for so long, µs. */
const BELIEVED_US = 400_000;
/** A track not yet decided that is unseen for so long was nobody's, µs. */
const GIVEN_UP_US = 2_000_000;
/** A track unseen for so long may go on in another, µs. */
const UNSEEN_US = 400_000;
/** Where several cameras see, a track is compared with its neighbours again after this, µs. */
const COMPARE_US = 3_000_000;
/** Positions older than this are not compared, µs. */
const FRESH_US = 1_000_000;
/** Two tracks of one person that are further apart than this are two persons, m. */
const SPLIT_M = 2.5;
/** Two cameras may both have seen somebody for so long before one of them did not any more, s. */
const BOTH_SAW_S = 2;
/** Least odds of a join against being alone. */
const TOGETHER_ODDS = 0.25;
const LATER_ODDS = 0.5;
/** Around a pair that shows how two cameras disagree there is nobody else within this, mm. */
const CLEAR_MM = 1_800;
const TOGETHER_GATE_MM = 1000 * TOGETHER_GATE_M;
/** A weight this much smaller than that of a newcomer changes nothing. */
const NEGLIGIBLE = 0.01 * NEWCOMERS_PER_M2;

interface Newborn extends Name {
  readonly xMm: number;
  readonly yMm: number;
  bornUs: number;
}

/** A track in the table, for the length of a round. */
interface Seen extends Name {
  readonly slot: number;
}

/** Somebody unseen, in the table of live tracks or among the lost. */
interface Unseen extends Name {
  readonly table: TrackTable;
  readonly floor: number;
  readonly camera: number;
  readonly xM: number;
  readonly yM: number;
  readonly velocity: readonly [number, number];
  readonly lastUs: number;
}

/** A join in time, for the lines that the person may have passed meanwhile. */
export type OnContinued = (
  slot: number,
  from: { xMm: number; yMm: number; floor: number; camera: number; bands: BandVisit[] | undefined },
  born: { xMm: number; yMm: number },
  atUs: number,
) => void;

/** Twice a second of event time: which tracks are one person, by place and time alone. */
export class Rounds {
  private readonly parts: FoldParts;
  private readonly persons: Persons;
  private readonly lost: Lost;
  private readonly disagreements: Disagreements;
  private readonly onContinued: OnContinued;
  private newborns: Newborn[] = [];
  private due: Name[] = [];
  /** The next round is before the first frame from here on, µs. */
  nextUs = -Infinity;

  constructor(
    parts: FoldParts,
    persons: Persons,
    lost: Lost,
    disagreements: Disagreements,
    onContinued: OnContinued,
  ) {
    this.parts = parts;
    this.persons = persons;
    this.lost = lost;
    this.disagreements = disagreements;
    this.onContinued = onContinued;
  }

  /** A track was seen for the first time, and its pseudonym is not one that was lost. */
  born(slot: number): void {
    this.newborns.push(newborn(this.parts.tracks, slot));
  }

  /** A track was sighted where others see too, and it is time to compare. */
  compare(slot: number, hi: number, lo: number, atUs: number): void {
    this.due.push({ hi, lo });
    this.parts.tracks.set(slot, Field.dueUs, atUs + COMPARE_US);
  }

  /** Forgets everything: from here on only what is seen from here on counts. */
  begin(atUs: number): void {
    const { tracks } = this.parts;
    this.due = [];
    this.newborns = [];
    for (let slot = 0; slot < tracks.size; slot++) {
      tracks.set(slot, Field.isDecided, 0);
      tracks.set(slot, Field.bornUs, atUs);
      tracks.set(slot, Field.dueUs, 0);
      this.newborns.push(newborn(tracks, slot));
    }
    this.nextUs = atUs + ROUND_US;
  }

  run(atUs: number): void {
    this.nextUs = (Math.floor(atUs / ROUND_US) + 1) * ROUND_US;
    const { tracks } = this.parts;
    const ripe: Newborn[] = [];
    const waiting: Newborn[] = [];
    const early: Newborn[] = [];
    for (const one of this.newborns) {
      const slot = tracks.find(one.hi, one.lo);
      if (slot < 0) continue;
      const lastUs = tracks.get(slot, Field.lastSeenUs);
      if (atUs - one.bornUs >= DECIDE_US && lastUs - one.bornUs >= BELIEVED_US) ripe.push(one);
      else if (atUs - lastUs < GIVEN_UP_US) {
        waiting.push(one);
        // The other camera may lose sight of the person soon.
        if (lastUs - one.bornUs >= BELIEVED_US) early.push(one);
      } else tracks.set(slot, Field.isDecided, 1);
    }
    this.newborns = waiting;
    const compared = [
      ...ripe,
      ...early,
      ...this.due.filter(({ hi, lo }) => this.isDecided(hi, lo)),
    ];
    this.due = [];
    compared.sort(compareNames);
    this.splitThoseApart(compared, atUs);
    this.joinTogether(compared, atUs);
    this.joinLater(ripe, waiting, atUs);
    for (const { hi, lo } of ripe) {
      const slot = tracks.find(hi, lo);
      if (slot >= 0) tracks.set(slot, Field.isDecided, 1);
    }
  }

  private isDecided(hi: number, lo: number): boolean {
    const slot = this.parts.tracks.find(hi, lo);
    return slot >= 0 && this.parts.tracks.get(slot, Field.isDecided) === 1;
  }

  private splitThoseApart(names: readonly Name[], atUs: number): void {
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
  private joinTogether(names: readonly Name[], atUs: number): void {
    const { tracks, cameras } = this.parts;
    const edges: Edge<Seen, Seen>[] = [];
    const seen = new Map<number, Seen>();
    const known = new Set<number>();
    for (const { hi, lo } of names) {
      const slot = tracks.find(hi, lo);
      const own = cameras[tracks.get(slot, Field.camera)];
      if (own === undefined) continue;
      const [x, y] = [tracks.get(slot, Field.xMm), tracks.get(slot, Field.yMm)];
      for (const { index: at, box } of own.geometry.neighbours) {
        if (x < box.minX || x > box.maxX || y < box.minY || y > box.maxY) continue;
        const frame = cameras[at]?.frame;
        if (frame === undefined || !isFresh(frame, atUs)) continue;
        this.eachPartner(slot, own, frame, at, (other, weight) => {
          // Two tracks that are both compared find each other twice: once is enough.
          const [a, b] = slot < other ? [slot, other] : [other, slot];
          const key = a * tracks.size + b;
          if (known.has(key)) return;
          known.add(key);
          const [one, two] = [seenAs(seen, tracks, a), seenAs(seen, tracks, b)];
          const [left, right] = compareNames(one, two) < 0 ? [one, two] : [two, one];
          edges.push({ left, right, weight });
        });
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
    visit: (other: number, weight: number) => void,
  ): void {
    const { tracks } = this.parts;
    const { view, count, xAt, yAt, floorAt, kindAt, trackAt, vxAt, vyAt, capturedUs } = frame;
    const dtS = (capturedUs - tracks.get(slot, Field.lastSeenUs)) / 1e6;
    const [vx, vy] = [tracks.get(slot, Field.vxMmS), tracks.get(slot, Field.vyMmS)];
    const x = tracks.get(slot, Field.xMm) + vx * dtS;
    const y = tracks.get(slot, Field.yMm) + vy * dtS;
    const floorId = this.parts.floorIds[tracks.get(slot, Field.floor)];
    const sinceUs = tracks.get(slot, Field.lastSeenUs) - FRESH_US;
    let hasPartner: boolean | undefined;
    let near = 0;
    let [nearDx, nearDy] = [0, 0];
    for (let i = 0; i < count; i++) {
      const dx = view.getInt32(xAt + 4 * i, true) - x;
      if (dx > CLEAR_MM || dx < -CLEAR_MM) continue;
      const dy = view.getInt32(yAt + 4 * i, true) - y;
      const square = dx * dx + dy * dy;
      if (square > CLEAR_MM * CLEAR_MM) continue;
      if (frame.floors[view.getUint8(floorAt + i)] !== floorId) continue;
      if (!isPeople(view.getUint8(kindAt + i))) continue;
      near++;
      [nearDx, nearDy] = [dx, dy];
      if (square > TOGETHER_GATE_MM * TOGETHER_GATE_MM) continue;
      hasPartner ??= this.persons.isSeenBy(slot, neighbour, sinceUs);
      if (hasPartner) continue;
      const lo = view.getUint32(trackAt + 8 * i, true);
      const hi = view.getUint32(trackAt + 8 * i + 4, true);
      const other = tracks.find(hi, lo);
      if (other < 0 || !this.isBelieved(other)) continue;
      if (this.persons.isSeenBy(other, own.geometry.index, sinceUs)) continue;
      const dvx = view.getInt32(vxAt + 4 * i, true) - vx;
      const dvy = view.getInt32(vyAt + 4 * i, true) - vy;
      visit(other, togetherWeight(dx / 1000, dy / 1000, dvx / 1000, dvy / 1000));
    }
    if (near === 1 && isAloneIn(own.frame, x + nearDx, y + nearDy, tracks.get(slot, Field.lo))) {
      this.disagreements.note(own.geometry.index, neighbour, nearDx, nearDy);
    }
  }

  private isBelieved(slot: number): boolean {
    const { tracks } = this.parts;
    return tracks.get(slot, Field.lastSeenUs) - tracks.get(slot, Field.bornUs) >= BELIEVED_US;
  }

  /** Tracks that begin after others have ended. */
  private joinLater(ripe: readonly Newborn[], waiting: readonly Newborn[], atUs: number): void {
    const { tracks } = this.parts;
    const alone = ripe.filter(({ hi, lo }) => this.mayContinue(tracks.find(hi, lo)));
    if (alone.length === 0) return;
    const unseen = this.unseen(atUs);
    if (unseen.length === 0) return;
    const rivals = waiting.filter(({ hi, lo }) => this.mayContinue(tracks.find(hi, lo)));
    const edges: Edge<Newborn, Unseen>[] = [];
    for (const one of [...alone, ...rivals]) {
      const slot = tracks.find(one.hi, one.lo);
      const floor = tracks.get(slot, Field.floor);
      const camera = tracks.get(slot, Field.camera);
      const now = velocity(tracks, slot);
      for (const other of unseen) {
        const gapS = (one.bornUs - other.lastUs) / 1e6;
        if (gapS > UNSEEN_MAX_S || floor !== other.floor) continue;
        // Of one camera both were there at once, so they are two.
        if (gapS < (camera === other.camera ? -0.05 : -BOTH_SAW_S)) continue;
        const [dx, dy] = [one.xMm / 1000 - other.xM, one.yMm / 1000 - other.yM];
        const weight = laterWeight(dx, dy, other.velocity, now, gapS);
        if (weight > NEGLIGIBLE) edges.push({ left: one, right: other, weight });
      }
    }
    const decided = new Set(alone);
    for (const match of matchOneToOne(edges, NEWCOMERS_PER_M2, LATER_ODDS)) {
      if (decided.has(match.left)) this.continue(match.left, match.right, match.confidence, atUs);
    }
  }

  /** Whether a track that is still alone may be the continuation of an earlier one. */
  private mayContinue(slot: number): boolean {
    const { tracks } = this.parts;
    return (
      slot >= 0 &&
      tracks.get(slot, Field.rule) === Rule.owner &&
      // One that was there when the hand-over began anew has a past already.
      tracks.get(slot, Field.startUs) === tracks.get(slot, Field.bornUs) &&
      tracks.get(slot, Field.originPlace) < 0
    );
  }

  private unseen(atUs: number): Unseen[] {
    const { tracks } = this.parts;
    const found: Unseen[] = [];
    const add = (table: TrackTable, slot: number): void => {
      if (table.get(slot, Field.isDecided) === 0 || this.persons.isPastJoining(slot, atUs, table))
        return;
      found.push({
        ...{ hi: table.get(slot, Field.hi), lo: table.get(slot, Field.lo), table },
        ...{ xM: table.get(slot, Field.xMm) / 1000, yM: table.get(slot, Field.yMm) / 1000 },
        ...{ floor: table.get(slot, Field.floor), camera: table.get(slot, Field.camera) },
        velocity: velocity(table, slot),
        lastUs: table.get(slot, Field.lastSeenUs),
      });
    };
    for (let slot = 0; slot < tracks.size; slot++) {
      if (atUs - tracks.get(slot, Field.lastSeenUs) < UNSEEN_US) continue;
      if (tracks.get(slot, Field.rule) === Rule.owner) add(tracks, slot);
      else if (tracks.get(slot, Field.rule) === Rule.leads && !this.isSeenByOthers(slot, atUs))
        add(tracks, slot);
    }
    const { table } = this.lost;
    for (let slot = 0; slot < table.size; slot++) add(table, slot);
    return found;
  }

  private isSeenByOthers(slot: number, atUs: number): boolean {
    const { tracks } = this.parts;
    return this.persons
      .others(slot)
      .some((other) => atUs - tracks.get(other, Field.lastSeenUs) < UNSEEN_US);
  }

  /** A track goes on with the journey of one that has ended. */
  private continue(
    one: Newborn,
    { hi, lo, table }: Unseen,
    confidence: number,
    atUs: number,
  ): void {
    const { tracks, journeys, counting } = this.parts;
    let slot = tracks.find(one.hi, one.lo);
    const from = table.find(hi, lo);
    const [candidate, since] = [
      tracks.get(slot, Field.candidate),
      tracks.get(slot, Field.candidateSinceUs),
    ];
    const fromCamera = table.get(from, Field.camera);
    const fromUs = table.get(from, Field.lastSeenUs);
    tracks.takeJourney(slot, table, from);
    tracks.set(slot, Field.candidate, candidate);
    tracks.set(slot, Field.candidateSinceUs, since);
    // The same pseudonym leads over no join.
    if (hi !== one.hi || lo !== one.lo) journeys.joined(tracks, slot, confidence);
    const before = {
      ...{ xMm: table.get(from, Field.xMm), yMm: table.get(from, Field.yMm) },
      ...{ floor: table.get(from, Field.floor), camera: fromCamera, bands: table.bands[from] },
    };
    if (table === tracks) {
      tracks.startJourney(from, fromUs);
      this.persons.gone(from);
    }
    table.remove(from);
    slot = tracks.find(one.hi, one.lo);
    if (fromCamera === tracks.get(slot, Field.camera)) {
      const periodUs = this.parts.cameras[fromCamera]?.frame?.periodUs ?? 0;
      if (one.bornUs - fromUs <= GAP_FILLED_MAX_US)
        counting.fill(fromCamera, slot, fromUs + periodUs, one.bornUs);
      this.onContinued(slot, before, one, atUs);
    }
  }
}

function newborn(tracks: TrackTable, slot: number): Newborn {
  return {
    ...{ hi: tracks.get(slot, Field.hi), lo: tracks.get(slot, Field.lo) },
    ...{ xMm: tracks.get(slot, Field.xMm), yMm: tracks.get(slot, Field.yMm) },
    bornUs: tracks.get(slot, Field.bornUs),
  };
}

function velocity(table: TrackTable, slot: number): [number, number] {
  return [table.get(slot, Field.vxMmS) / 1000, table.get(slot, Field.vyMmS) / 1000];
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
