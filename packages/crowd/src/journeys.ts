import type { FlowLeg } from './rows.js';
import { Field, type FieldIndex, type TrackTable } from './track-table.js';

/** Time in a new place after which the change of place is believed, so that jitter at a border makes no flow. */
const PLACE_CONFIRM_US = 1_000_000;

/** From the first place that a person was seen in to the last. */
export interface Journey {
  fromPlace: string;
  toPlace: string;
  travelUs: number;
  joins: number;
  confidencePermille: number;
}

/**
 * Turns what tracks do into flow legs: from which place to which, when, and how long inside.
 * A person is in one place at a time; a count line is a place that is left as soon as it is reached.
 */
export class Journeys {
  private readonly site: string;
  private readonly places: readonly string[];
  private legs: FlowLeg[] = [];
  private journeys: Journey[] = [];

  constructor(site: string, places: readonly string[]) {
    this.site = site;
    this.places = places;
  }

  /** The track was seen at `tUs` in a place (index, or −1 for none) other than the one it is known to be in. */
  elsewhere(tracks: TrackTable, slot: number, place: number, tUs: number): void {
    if (tracks.get(slot, Field.candidate) !== place) {
      tracks.set(slot, Field.candidate, place);
      tracks.set(slot, Field.candidateSinceUs, tUs);
      return;
    }
    const since = tracks.get(slot, Field.candidateSinceUs);
    // Not before it is decided whether the track continues another: then this is where that one went.
    if (tUs - since < PLACE_CONFIRM_US || tracks.get(slot, Field.isDecided) === 0) return;
    tracks.set(slot, Field.candidate, -2);
    this.leave(tracks, slot);
    if (place >= 0) this.enter(tracks, slot, place, since);
    tracks.set(slot, Field.lastInUs, tUs);
  }

  /** The track passed count line `place` at `tUs`. */
  pass(tracks: TrackTable, slot: number, place: number, tUs: number): void {
    if (tracks.get(slot, Field.place) >= 0) tracks.set(slot, Field.lastInUs, tUs);
    this.leave(tracks, slot);
    this.enter(tracks, slot, place, tUs);
    this.leave(tracks, slot);
    tracks.set(slot, Field.candidate, -2);
  }

  /** The person was not seen again, or is not to be followed any longer. */
  end(tracks: TrackTable, slot: number): void {
    this.leave(tracks, slot);
    const from = tracks.get(slot, Field.fromPlace);
    if (from < 0) return;
    const leftUs = tracks.get(slot, Field.leftUs);
    const origin = tracks.get(slot, Field.originPlace);
    this.journeys.push({
      fromPlace: this.places[origin] ?? '',
      toPlace: this.places[from] ?? '',
      travelUs: Math.max(0, leftUs - tracks.get(slot, Field.originUs)),
      joins: tracks.get(slot, Field.journeyJoins),
      confidencePermille: permille(tracks.get(slot, Field.journeyConfidence)),
    });
    this.add(tracks, slot, -1, leftUs);
  }

  /** The journey now goes on in another track, by a join that is `confidence` sure (0 to 1). */
  joined(tracks: TrackTable, slot: number, confidence: number): void {
    const times = (field: FieldIndex, by: number): void => {
      tracks.set(slot, field, tracks.get(slot, field) * by);
    };
    times(Field.legConfidence, confidence);
    times(Field.journeyConfidence, confidence);
    tracks.set(slot, Field.legJoins, tracks.get(slot, Field.legJoins) + 1);
    tracks.set(slot, Field.journeyJoins, tracks.get(slot, Field.journeyJoins) + 1);
  }

  /** The journeys that ended since the last call; no order. */
  takeEnded(): Journey[] {
    return this.journeys.splice(0);
  }

  /** The legs since the last call, in an order that depends on nothing but themselves. */
  take(): FlowLeg[] {
    const legs = this.legs.sort(
      (a, b) =>
        a.reachedUs - b.reachedUs ||
        a.trackHi - b.trackHi ||
        a.trackLo - b.trackLo ||
        a.leftUs - b.leftUs ||
        compare(a.fromPlace, b.fromPlace) ||
        compare(a.toPlace, b.toPlace),
    );
    this.legs = [];
    return legs;
  }

  private enter(tracks: TrackTable, slot: number, place: number, atUs: number): void {
    this.add(tracks, slot, place, atUs);
    if (tracks.get(slot, Field.originPlace) < 0) {
      tracks.set(slot, Field.originPlace, place);
      tracks.set(slot, Field.originUs, atUs);
    }
    tracks.set(slot, Field.place, place);
    tracks.set(slot, Field.enteredUs, atUs);
    tracks.set(slot, Field.lastInUs, atUs);
  }

  private leave(tracks: TrackTable, slot: number): void {
    const place = tracks.get(slot, Field.place);
    if (place < 0) return;
    tracks.set(slot, Field.fromPlace, place);
    tracks.set(slot, Field.leftUs, tracks.get(slot, Field.lastInUs));
    tracks.set(
      slot,
      Field.insideUs,
      tracks.get(slot, Field.lastInUs) - tracks.get(slot, Field.enteredUs),
    );
    tracks.set(slot, Field.place, -1);
  }

  private add(tracks: TrackTable, slot: number, to: number, reachedUs: number): void {
    const from = tracks.get(slot, Field.fromPlace);
    this.legs.push({
      site: this.site,
      trackHi: tracks.get(slot, Field.journeyHi),
      trackLo: tracks.get(slot, Field.journeyLo),
      fromPlace: this.places[from] ?? '',
      toPlace: this.places[to] ?? '',
      leftUs: from < 0 ? reachedUs : tracks.get(slot, Field.leftUs),
      reachedUs,
      insideUs: from < 0 ? 0 : tracks.get(slot, Field.insideUs),
      joins: tracks.get(slot, Field.legJoins),
      confidencePermille: permille(tracks.get(slot, Field.legConfidence)),
      nth: tracks.get(slot, Field.journeyLegs),
    });
    tracks.set(slot, Field.journeyLegs, tracks.get(slot, Field.journeyLegs) + 1);
    tracks.set(slot, Field.legConfidence, 1);
    tracks.set(slot, Field.legJoins, 0);
  }
}

function permille(share: number): number {
  return Math.round(share * 1000);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
