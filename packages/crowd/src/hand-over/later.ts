import type { BandVisit } from '../passage.js';
import { cellAt, type CellClass, type FloorRaster } from '../raster.js';
import { Field, Rule, type TrackTable } from '../track-table.js';
import {
  backAtEdge,
  isOutOfReach,
  laterWeight,
  NEWCOMERS_PER_M2,
  UNSEEN_MAX_S,
} from './likelihood.js';
import type { Lost } from './lost.js';
import { velocity, type Newborn } from './newborn.js';
import { matchOneToOne, type Edge, type Name } from './one-to-one.js';
import type { PlaceCovariance } from './place-error.js';
import { GAP_FILLED_MAX_US, type FoldParts, type Persons } from './persons.js';

/** A track unseen for so long may go on in another, µs. */
const UNSEEN_US = 400_000;
/** Two cameras may both have seen somebody for so long before one of them did not any more, s. */
const BOTH_SAW_S = 2;
/** Least odds of a join against being alone. */
const LATER_ODDS = 0.5;
/** A weight this much smaller than that of a newcomer changes nothing. */
const NEGLIGIBLE = 0.01 * NEWCOMERS_PER_M2;

const NO_ERROR: PlaceCovariance = [0, 0, 0];

/** Somebody unseen, in the table of live tracks or among the lost. */
interface Unseen extends Name {
  readonly table: TrackTable;
  readonly floor: number;
  readonly cell: CellClass;
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

/** Joins of tracks that begin after others have ended. */
export class Later {
  private readonly parts: FoldParts;
  private readonly persons: Persons;
  private readonly lost: Lost;
  private readonly onContinued: OnContinued;

  constructor(parts: FoldParts, persons: Persons, lost: Lost, onContinued: OnContinued) {
    this.parts = parts;
    this.persons = persons;
    this.lost = lost;
    this.onContinued = onContinued;
  }

  /** Decides whose continuation the ripe ones are; those that still wait are rivals for it. */
  join(ripe: readonly Newborn[], waiting: readonly Newborn[], atUs: number): void {
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
      const cell = this.cellAt(floor, one.xMm, one.yMm);
      for (const other of unseen) {
        const gapS = (one.bornUs - other.lastUs) / 1e6;
        if (gapS > UNSEEN_MAX_S || floor !== other.floor) continue;
        // Of one camera both were there at once, so they are two.
        if (gapS < (camera === other.camera ? -0.05 : -BOTH_SAW_S)) continue;
        const [dx, dy] = [one.xMm / 1000 - other.xM, one.yMm / 1000 - other.yM];
        if (isOutOfReach(dx, dy, gapS)) continue;
        const cov = this.covariance(one, camera, other);
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
    const decided = new Set(alone);
    for (const match of matchOneToOne(edges, NEWCOMERS_PER_M2, LATER_ODDS)) {
      if (decided.has(match.left)) this.continue(match.left, match.right, match.confidence, atUs);
    }
  }

  private cellAt(floor: number, xMm: number, yMm: number): CellClass {
    return cellAt(this.parts.floors[floor] as FloorRaster, xMm, yMm);
  }

  /** Of the distance from where somebody was lost to where somebody was found, by the errors of both places. */
  private covariance(one: Newborn, camera: number, other: Unseen): PlaceCovariance {
    const { errors } = this.parts;
    const found = errors[camera]?.at(one.xMm / 1000, one.yMm / 1000) ?? NO_ERROR;
    const lost = errors[other.camera]?.at(other.xM, other.yM) ?? NO_ERROR;
    return [found[0] + lost[0], found[1] + lost[1], found[2] + lost[2]];
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
      const floor = table.get(slot, Field.floor);
      const [xMm, yMm] = [table.get(slot, Field.xMm), table.get(slot, Field.yMm)];
      found.push({
        hi: table.get(slot, Field.hi),
        lo: table.get(slot, Field.lo),
        table,
        floor,
        cell: this.cellAt(floor, xMm, yMm),
        camera: table.get(slot, Field.camera),
        xM: xMm / 1000,
        yM: yMm / 1000,
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
