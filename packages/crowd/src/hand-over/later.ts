import { Field, Rule, type TrackTable } from '../track-table.js';
import { NEWCOMERS_PER_M2 } from './likelihood.js';
import type { Lost } from './lost.js';
import type { Newborn } from './newborn.js';
import { matchOneToOne } from './one-to-one.js';
import { leftAt, PassingOn, type OnContinued } from './passing-on.js';
import { GAP_FILLED_MAX_US, type FoldParts, type Persons } from './persons.js';
import { edgesBetween, UNSEEN_US, unseenOf, type Unseen } from './unseen.js';

/** Least odds of a join against being alone. */
const LATER_ODDS = 0.5;

/** Joins of tracks that begin after others have ended. */
export class Later {
  private readonly parts: FoldParts;
  private readonly persons: Persons;
  private readonly lost: Lost;
  private readonly onContinued: OnContinued;
  private readonly passingOn: PassingOn;

  constructor(parts: FoldParts, persons: Persons, lost: Lost, onContinued: OnContinued) {
    this.parts = parts;
    this.persons = persons;
    this.lost = lost;
    this.onContinued = onContinued;
    this.passingOn = new PassingOn(parts, persons, lost, onContinued);
  }

  /** Decides whose continuation the ripe ones are; those that still wait are rivals for it. */
  join(ripe: readonly Newborn[], waiting: readonly Newborn[], atUs: number): void {
    const { tracks } = this.parts;
    const isAlone = ({ hi, lo }: Newborn): boolean => this.mayContinue(tracks.find(hi, lo));
    const alone = new Set(ripe.filter(isAlone));
    const atLines = new Set<Newborn>();
    if (alone.size > 0) {
      const both = [...alone, ...waiting.filter(isAlone)];
      const edges = edgesBetween(this.parts, both, this.unseen(atUs));
      for (const { left, right, confidence } of matchOneToOne(
        edges,
        NEWCOMERS_PER_M2,
        LATER_ODDS,
      )) {
        if (alone.has(left) && this.continue(left, right, confidence, atUs)) atLines.add(left);
      }
    }
    const others = ripe.filter((one) => !atLines.has(one));
    this.passingOn.run(others, atUs);
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
      found.push(unseenOf(this.parts, table, slot));
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

  /** A track goes on with the journey of one that has ended. @returns whether also at the lines: it is of the same camera */
  private continue(
    one: Newborn,
    { hi, lo, table }: Unseen,
    confidence: number,
    atUs: number,
  ): boolean {
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
    const before = leftAt(table, from);
    const isPassedOn = table.get(from, Field.isPassedOn) === 1;
    if (table === tracks) {
      tracks.startJourney(from, fromUs);
      this.persons.gone(from);
    }
    table.remove(from);
    slot = tracks.find(one.hi, one.lo);
    if (fromCamera !== tracks.get(slot, Field.camera)) return false;
    const heldUntilUs = this.parts.cameras[fromCamera]?.heldUntilUs(fromUs) ?? one.bornUs;
    if (one.bornUs - fromUs <= GAP_FILLED_MAX_US)
      counting.fill(fromCamera, slot, heldUntilUs, one.bornUs, one);
    if (!isPassedOn) this.onContinued(slot, before, one, atUs);
    return true;
  }
}
