import { Field, Rule, type TrackTable } from '../track-table.js';
import { Disagreements } from './disagreements.js';
import { Lost } from './lost.js';
import type { OnContinued } from './passing-on.js';
import { Persons, type FoldParts } from './persons.js';
import { Rounds } from './rounds.js';

/**
 * At every whole multiple of this, hand-over forgets whom it has joined and begins anew, µs: so that what it decides
 * depends on no more of the log than this, and a recovery has a place to begin. Journeys go on; who is unseen at that
 * moment is not found again. A multiple of every length of a window.
 */
export const MEMORY_US = 600_000_000;

/** The start of the stretch of memory that holds an instant, µs. */
export function memoryStartUs(atUs: number): number {
  return Math.floor(atUs / MEMORY_US) * MEMORY_US;
}

/** Joins tracks of different cameras, or of one whose tracker lost somebody, to persons: by place and time alone. */
export class HandOver {
  readonly persons: Persons;
  readonly disagreements: Disagreements;
  private readonly tracks: TrackTable;
  private readonly lost: Lost;
  private readonly rounds: Rounds;

  constructor(parts: FoldParts, onContinued: OnContinued) {
    this.tracks = parts.tracks;
    this.persons = new Persons(parts);
    this.lost = new Lost(parts.journeys);
    this.disagreements = new Disagreements(parts.cameras.length);
    this.rounds = new Rounds(parts, this.persons, this.lost, this.disagreements, onContinued);
  }

  /** Nobody is waited for. */
  get isIdle(): boolean {
    return this.lost.size === 0;
  }

  /** The earliest instant that a journey needs which is not ended, µs; `Infinity` for none. */
  earliestUs(): number {
    let earliest = Infinity;
    for (const table of [this.tracks, this.lost.table]) {
      for (let slot = 0; slot < table.size; slot++)
        earliest = Math.min(earliest, table.get(slot, Field.startUs));
    }
    return earliest;
  }

  /** Before the first frame at or after `nextRoundUs`. */
  get nextRoundUs(): number {
    return this.rounds.nextUs;
  }

  round(atUs: number): void {
    this.rounds.run(atUs);
  }

  /** A pseudonym was sighted that is not in the table of tracks but for its first entry. */
  born(slot: number): void {
    this.rounds.born(slot);
  }

  compare(slot: number, atUs: number): void {
    this.rounds.compare(slot, atUs);
  }

  /** A track is about to be removed from the table: its journey waits for another to go on with it. */
  gone(slot: number): void {
    const witness = this.persons.others(slot)[0];
    if (this.persons.gone(slot)) this.lost.keep(this.tracks, slot);
    else this.lost.keepFollower(this.tracks, slot, witness ?? slot);
  }

  /** A window ends. */
  settle(endUs: number): void {
    this.lost.endBefore(endUs);
    this.persons.cutOld(endUs);
  }

  /** The last window under this plan has ended, and all tracks with it. */
  end(): void {
    this.lost.endAll();
  }

  /** Forgets everything but the journeys of the tracks that are there. */
  begin(atUs: number): void {
    const { tracks } = this;
    this.lost.endAll();
    this.persons.clear();
    for (let slot = 0; slot < tracks.size; slot++) {
      tracks.set(slot, Field.person, 0);
      tracks.set(slot, Field.rule, Rule.owner);
    }
    this.rounds.begin(atUs);
    this.disagreements.forget();
  }
}
