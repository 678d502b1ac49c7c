import type { Journeys } from '../journeys.js';
import { Field, TrackTable } from '../track-table.js';
import { UNSEEN_MAX_S } from './likelihood.js';

const UNSEEN_MAX_US = UNSEEN_MAX_S * 1e6;

/** Journeys whose track has ended, for as long as another may go on with them. */
export class Lost {
  readonly table = new TrackTable();
  /** Tracks that ended while another spoke for their person: they have no journey, but may have been at a line. */
  readonly followers = new TrackTable();
  private readonly journeys: Journeys;

  constructor(journeys: Journeys) {
    this.journeys = journeys;
  }

  get size(): number {
    return this.table.size;
  }

  /** Takes the journey of a track that is about to be removed. */
  keep(tracks: TrackTable, slot: number): void {
    const again = this.table.find(tracks.get(slot, Field.hi), tracks.get(slot, Field.lo));
    if (again >= 0) this.end(again);
    this.table.addFrom(tracks, slot);
  }

  /** Takes a track without a journey that is about to be removed, with the name of another of its person (as its journey's). */
  keepFollower(tracks: TrackTable, slot: number, witness: number): void {
    const { followers } = this;
    const again = followers.find(tracks.get(slot, Field.hi), tracks.get(slot, Field.lo));
    if (again >= 0) followers.remove(again);
    followers.addFrom(tracks, slot);
    const at = followers.size - 1;
    followers.set(at, Field.journeyHi, tracks.get(witness, Field.hi));
    followers.set(at, Field.journeyLo, tracks.get(witness, Field.lo));
  }

  /** Ends the journeys that nobody went on with in time. */
  endBefore(atUs: number): void {
    // From the last, since a removal puts the last into the slot that it frees.
    for (let slot = this.table.size - 1; slot >= 0; slot--) {
      if (this.table.get(slot, Field.lastSeenUs) <= atUs - UNSEEN_MAX_US) this.end(slot);
    }
    const { followers } = this;
    for (let slot = followers.size - 1; slot >= 0; slot--) {
      if (followers.get(slot, Field.lastSeenUs) <= atUs - UNSEEN_MAX_US) followers.remove(slot);
    }
  }

  endAll(): void {
    this.endBefore(Infinity);
  }

  private end(slot: number): void {
    this.journeys.end(this.table, slot);
    this.table.remove(slot);
  }
}
