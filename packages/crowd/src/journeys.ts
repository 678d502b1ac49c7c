import type { FlowLeg, FlowRow } from './rows.js';
import { Field, type TrackTable } from './track-table.js';

/** Time in a new place after which the change of place is believed, so that jitter at a border makes no flow. */
const PLACE_CONFIRM_US = 1_000_000;

/**
 * Turns what tracks do into flow legs: from which place to which, when, and how long inside.
 * A person is in one place at a time; a count line is a place that is left as soon as it is reached.
 */
export class Journeys {
  private readonly site: string;
  private readonly places: readonly string[];
  private legs: FlowLeg[] = [];

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
    if (tUs - since < PLACE_CONFIRM_US) return;
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

  /** The track was not seen again. */
  end(tracks: TrackTable, slot: number): void {
    this.leave(tracks, slot);
    const from = tracks.get(slot, Field.fromPlace);
    if (from >= 0) this.add(tracks, slot, -1, tracks.get(slot, Field.leftUs));
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
      trackHi: tracks.get(slot, Field.hi),
      trackLo: tracks.get(slot, Field.lo),
      fromPlace: this.places[from] ?? '',
      toPlace: this.places[to] ?? '',
      leftUs: from < 0 ? reachedUs : tracks.get(slot, Field.leftUs),
      reachedUs,
      insideUs: from < 0 ? 0 : tracks.get(slot, Field.insideUs),
    });
  }
}

/** Legs counted by origin and destination. */
export function flowsOf(
  legs: readonly FlowLeg[],
  key: Omit<FlowRow, 'fromPlace' | 'toPlace' | 'legs' | 'insideUs'>,
): FlowRow[] {
  const rows = new Map<string, FlowRow>();
  for (const leg of legs) {
    const id = `${leg.fromPlace}\n${leg.toPlace}`;
    const row = rows.get(id) ?? {
      ...key,
      fromPlace: leg.fromPlace,
      toPlace: leg.toPlace,
      legs: 0,
      insideUs: 0,
    };
    row.legs += 1;
    row.insideUs += leg.insideUs;
    rows.set(id, row);
  }
  return [...rows.entries()].sort(([a], [b]) => compare(a, b)).map(([, row]) => row);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
