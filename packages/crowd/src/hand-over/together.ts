import { FrameState, isPeople, type PositionFrameView } from '@hitonami/model';
import type { HeldFrame } from '../held-frame.js';
import { Field, type TrackTable } from '../track-table.js';
import type { Disagreements } from './disagreements.js';
import { Evidences, type Evidence } from './evidence.js';
import { aloneDensity, meanShare, TOGETHER_GATE_M, togetherWeight } from './likelihood.js';
import { Looks } from './looks.js';
import { BELIEVED_US } from './newborn.js';
import { compareNames, type Name } from './one-to-one.js';
import type { FoldParts, Persons } from './persons.js';
import type { PlaceCovariance } from './place-error.js';

/** Positions older than this are not compared, µs. */
const FRESH_US = 1_000_000;
/** One in so many rounds shows how two cameras disagree about a track: from round to round its error is nearly the same. */
const NOTE_ROUNDS = 2;
const GATE_MM = 1000 * TOGETHER_GATE_M;
/** Weight of the rounds after which two tracks are joined though others may be the one, and before which only if it is sure. */
const ENOUGH = 2.5;
const SURE = 0.9;
/** Least odds of a join against being alone, and the odds under which two are not one any more. */
const JOIN_ODDS = 1;
const SPLIT_ODDS = 0.02;
/** How much likelier another must be than the one that a track is joined with, to take its place. */
const CHANGE_ODDS = 20;

/** Two tracks that may be one person. */
interface Pair {
  readonly evidence: Evidence;
  /** Slots. */
  readonly a: number;
  readonly b: number;
  readonly weight: number;
  /** Weight of `a` being seen by its own camera alone. */
  none: number;
  /** What it is taken before others by. */
  readonly rank: number;
}

/**
 * Joins of tracks that different cameras see at the same time, and their end. Every round adds to what is known of how
 * far two tracks are apart, and decides anew: who was joined too soon is parted again.
 */
export class Together {
  private readonly parts: FoldParts;
  private readonly persons: Persons;
  private readonly disagreements: Disagreements;
  private readonly looks: Looks;
  private readonly evidences = new Evidences();
  private rounds = 0;

  constructor(parts: FoldParts, persons: Persons, disagreements: Disagreements) {
    this.parts = parts;
    this.persons = persons;
    this.disagreements = disagreements;
    this.looks = new Looks(parts);
  }

  forget(): void {
    this.evidences.forget();
    this.rounds = 0;
  }

  /** @param names tracks sighted since the last round where several cameras see. No entry of the table moves meanwhile. */
  run(names: readonly Name[], atUs: number): void {
    const { tracks, cameras } = this.parts;
    this.rounds++;
    const pairs: Pair[] = [];
    for (const { hi, lo } of names) {
      const slot = tracks.find(hi, lo);
      if (slot < 0 || !this.isBelieved(slot)) continue;
      const own = cameras[tracks.get(slot, Field.camera)];
      if (own === undefined) continue;
      const { neighbours, neighbourBoxesMm: boxes } = own.geometry;
      const x = tracks.get(slot, Field.xMm);
      const y = tracks.get(slot, Field.yMm);
      for (let i = 0; i < neighbours.length; i++) {
        const at = neighbours[i] as number;
        // Each pair of cameras once.
        if (at < own.geometry.index) continue;
        if (x < (boxes[4 * i] as number) || x > (boxes[4 * i + 1] as number)) continue;
        if (y < (boxes[4 * i + 2] as number) || y > (boxes[4 * i + 3] as number)) continue;
        const frame = cameras[at]?.frame;
        if (frame !== undefined && isFresh(frame, atUs))
          this.gather(slot, own, frame, at, atUs, pairs);
      }
    }
    this.evidences.sweep(atUs);
    this.decide(pairs, atUs);
  }

  /** Everybody in a neighbour's frame who may be this person. */
  private gather(
    slot: number,
    own: HeldFrame,
    frame: PositionFrameView,
    neighbour: number,
    atUs: number,
    pairs: Pair[],
  ): void {
    const { tracks } = this.parts;
    const { view, count, xAt, yAt, floorAt, kindAt, trackAt, vxAt, vyAt, capturedUs } = frame;
    const dtS = (capturedUs - tracks.get(slot, Field.lastSeenUs)) / 1e6;
    const vx = tracks.get(slot, Field.vxMmS);
    const vy = tracks.get(slot, Field.vyMmS);
    const x = tracks.get(slot, Field.xMm) + vx * dtS;
    const y = tracks.get(slot, Field.yMm) + vy * dtS;
    const floorId = this.parts.floorIds[tracks.get(slot, Field.floor)];
    const here = this.parts.errors[own.geometry.index]?.at(x / 1000, y / 1000);
    if (here === undefined) return;
    const first = pairs.length;
    let around = 0;
    for (let i = 0; i < count; i++) {
      const dx = view.getInt32(xAt + 4 * i, true) - x;
      if (dx > GATE_MM || dx < -GATE_MM) continue;
      const dy = view.getInt32(yAt + 4 * i, true) - y;
      if (dx * dx + dy * dy > GATE_MM * GATE_MM) continue;
      if (frame.floors[view.getUint8(floorAt + i)] !== floorId) continue;
      if (!isPeople(view.getUint8(kindAt + i))) continue;
      around++;
      const other = tracks.find(
        view.getInt32(trackAt + 8 * i + 4, true),
        view.getInt32(trackAt + 8 * i, true),
      );
      if (other < 0 || !this.isBelieved(other)) continue;
      const dvx = (view.getInt32(vxAt + 4 * i, true) - vx) / 1000;
      const dvy = (view.getInt32(vyAt + 4 * i, true) - vy) / 1000;
      const pair = this.pairOf(slot, other, here, dx / 1000, dy / 1000, dvx, dvy, atUs);
      if (pair) pairs.push(pair);
    }
    const none = aloneDensity(around);
    for (let i = first; i < pairs.length; i++) (pairs[i] as Pair).none = none;
    if ((this.rounds + tracks.get(slot, Field.lo)) % NOTE_ROUNDS !== 0) return;
    const look = this.looks.at(slot, x, y, own, neighbour);
    if (look) this.disagreements.note(own.geometry.index, neighbour, look);
  }

  /** Adds what this round shows of two tracks, m and m/s, where the first errs by `here`. @returns them where they may be one, or were believed to be */
  private pairOf(
    a: number,
    b: number,
    here: PlaceCovariance,
    dx: number,
    dy: number,
    dvx: number,
    dvy: number,
    atUs: number,
  ): Pair | undefined {
    const { tracks, errors } = this.parts;
    const x = tracks.get(a, Field.xMm) / 1000;
    const y = tracks.get(a, Field.yMm) / 1000;
    const there = errors[tracks.get(b, Field.camera)]?.at(x + dx, y + dy);
    if (there === undefined) return undefined;
    const xx = here[0] + there[0];
    const xy = here[1] + there[1];
    const yy = here[2] + there[2];
    let known = this.evidences.find(tracks, a, b);
    if (known === undefined) {
      if (togetherWeight(dx, dy, 0, 0, [xx, xy, yy]) === 0) return undefined;
      known = this.evidences.start(tracks, a, b);
    }
    this.evidences.add(known, dx, dy, dvx, dvy, atUs);
    const { n } = known;
    const share = meanShare(n);
    const weight = togetherWeight(
      ...([known.dx / n, known.dy / n, known.dvx / n, known.dvy / n] as const),
      [share * xx, share * xy, share * yy],
    );
    const isOne = this.areOne(a, b);
    if (weight === 0 && !isOne) return undefined;
    return { evidence: known, a, b, weight, none: 0, rank: weight * (isOne ? CHANGE_ODDS : 1) };
  }

  private decide(pairs: Pair[], atUs: number): void {
    const { tracks, cameras } = this.parts;
    // A track may be one with one track of each other camera.
    const seat = (slot: number, of: number): number =>
      slot * cameras.length + tracks.get(of, Field.camera);
    const sums = new Map<number, number>();
    for (const { a, b, weight } of pairs) {
      sums.set(seat(a, b), (sums.get(seat(a, b)) ?? 0) + weight);
      sums.set(seat(b, a), (sums.get(seat(b, a)) ?? 0) + weight);
    }
    pairs.sort(
      (p, q) =>
        q.rank - p.rank ||
        compareNames(p.evidence.a, q.evidence.a) ||
        compareNames(p.evidence.b, q.evidence.b),
    );
    const taken = new Set<number>();
    for (const { a, b, weight, none, evidence } of pairs) {
      const isFree = !taken.has(seat(a, b)) && !taken.has(seat(b, a));
      if (this.areOne(a, b)) {
        const isUnlikely = evidence.n >= 2 * ENOUGH && weight < SPLIT_ODDS * none;
        if (isUnlikely || (!isFree && evidence.n >= ENOUGH))
          this.persons.split(isYounger(tracks, a, b) ? a : b, atUs);
        else taken.add(seat(a, b)).add(seat(b, a));
        continue;
      }
      if (!isFree || weight < JOIN_ODDS * none) continue;
      const all = (sums.get(seat(a, b)) ?? 0) + (sums.get(seat(b, a)) ?? 0) - weight + none;
      taken.add(seat(a, b)).add(seat(b, a));
      if (evidence.n >= ENOUGH || weight / all >= SURE) this.join(a, b, weight / all, atUs);
    }
  }

  /** Joins two tracks; others that were joined with them, of the same cameras, are somebody else. */
  private join(a: number, b: number, confidence: number, atUs: number): void {
    const { tracks } = this.parts;
    const since = atUs - FRESH_US;
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const camera = tracks.get(other, Field.camera);
      const rival = this.seenWith(one, since).find(
        (slot) => slot !== one && tracks.get(slot, Field.camera) === camera,
      );
      if (rival !== undefined) this.persons.split(rival, atUs);
    }
    if (this.clash(a, b, since)) {
      const [less, more] =
        this.persons.others(b).length <= this.persons.others(a).length ? [b, a] : [a, b];
      this.persons.split(less, atUs);
      if (this.clash(less, more, since)) return;
    }
    this.persons.join(a, b, confidence, atUs);
    tracks.set(a, Field.isDecided, 1);
    tracks.set(b, Field.isDecided, 1);
  }

  /** Whether one camera sees both persons at once, each in a track of its own. */
  private clash(a: number, b: number, since: number): boolean {
    const { tracks } = this.parts;
    const seeing = new Set(this.seenWith(a, since).map((slot) => tracks.get(slot, Field.camera)));
    return this.seenWith(b, since).some((slot) => seeing.has(tracks.get(slot, Field.camera)));
  }

  /** The tracks of a track's person that were seen of late, itself among them. */
  private seenWith(slot: number, since: number): number[] {
    const { tracks } = this.parts;
    const all = [slot, ...this.persons.others(slot)];
    return all.filter((at) => tracks.get(at, Field.lastSeenUs) >= since);
  }

  private areOne(a: number, b: number): boolean {
    const { tracks } = this.parts;
    const person = tracks.get(a, Field.person);
    return person !== 0 && person === tracks.get(b, Field.person);
  }

  private isBelieved(slot: number): boolean {
    const { tracks } = this.parts;
    return tracks.get(slot, Field.lastSeenUs) - tracks.get(slot, Field.bornUs) >= BELIEVED_US;
  }
}

function isYounger(tracks: TrackTable, a: number, b: number): boolean {
  return tracks.get(a, Field.bornUs) > tracks.get(b, Field.bornUs);
}

function isFresh(frame: PositionFrameView, atUs: number): boolean {
  return frame.state !== FrameState.blind && atUs - frame.capturedUs <= FRESH_US;
}
