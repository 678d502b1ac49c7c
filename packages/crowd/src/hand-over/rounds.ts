import { Field } from '../track-table.js';
import type { Disagreements } from './disagreements.js';
import { Later } from './later.js';
import type { Lost } from './lost.js';
import { BELIEVED_US, newborn, type Newborn } from './newborn.js';
import { compareNames, type Name } from './one-to-one.js';
import type { OnContinued } from './passing-on.js';
import type { FoldParts, Persons } from './persons.js';
import { Together } from './together.js';

/** Time between two rounds, µs of event time. */
const ROUND_US = 500_000;
/** Age at which it is decided whose continuation a track is, µs: by then false ones are over, and neighbours have been compared. */
const DECIDE_US = 2_000_000;
/** A track not yet decided that is unseen for so long was nobody's, µs. */
const GIVEN_UP_US = 2_500_000;

/** Twice a second of event time: which tracks are one person, by place and time alone. */
export class Rounds {
  private readonly parts: FoldParts;
  private readonly together: Together;
  private readonly later: Later;
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
    this.together = new Together(parts, persons, disagreements);
    this.later = new Later(parts, persons, lost, onContinued);
  }

  /** A track was seen for the first time, and its pseudonym is not one that was lost. */
  born(slot: number): void {
    this.newborns.push(newborn(this.parts.tracks, slot));
  }

  /** A track was sighted where others see too, and it is time to compare. */
  compare(slot: number, atUs: number): void {
    const { tracks } = this.parts;
    this.due.push({ hi: tracks.get(slot, Field.hi), lo: tracks.get(slot, Field.lo) });
    // Once a round.
    tracks.set(slot, Field.dueUs, Math.max(this.nextUs, atUs));
  }

  /** Forgets everything: from here on only what is seen from here on counts. */
  begin(atUs: number): void {
    const { tracks } = this.parts;
    this.due = [];
    this.together.forget();
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
    for (const one of this.newborns) {
      const slot = tracks.find(one.hi, one.lo);
      if (slot < 0) continue;
      const lastUs = tracks.get(slot, Field.lastSeenUs);
      if (atUs - one.bornUs >= DECIDE_US && lastUs - one.bornUs >= BELIEVED_US) ripe.push(one);
      else if (atUs - lastUs < GIVEN_UP_US) waiting.push(one);
      else tracks.set(slot, Field.isDecided, 1);
    }
    this.newborns = waiting;
    const compared = this.due.sort(compareNames);
    this.due = [];
    this.together.run(compared, atUs);
    this.later.join(ripe, waiting, atUs);
    for (const { hi, lo } of ripe) {
      const slot = tracks.find(hi, lo);
      if (slot >= 0) tracks.set(slot, Field.isDecided, 1);
    }
  }
}
