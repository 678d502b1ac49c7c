import type { BandVisit } from './passage.js';

/** Entries at first, and places of the index for each entry: it is at most half full. */
const INITIAL_ENTRIES = 512;
const PLACES_PER_ENTRY = 2;

/** What is kept of a track; first what every sighting touches. */
export const Field = {
  lastSeenUs: 0,
  xMm: 1,
  yMm: 2,
  floor: 3,
  /** Place the person is in, −1 for none. */
  place: 4,
  lastInUs: 5,
  /** Another place, seen but not yet confirmed; −2 where there is none. */
  candidate: 6,
  /** Offset of the first record in which the track was seen: what a recovery needs. */
  firstOffset: 7,
  candidateSinceUs: 8,
  enteredUs: 9,
  /** Place of the last visit ended, −1 for none; when it was left, and how long it had lasted. */
  fromPlace: 10,
  leftUs: 11,
  insideUs: 12,
  /** Halves of the pseudonym. */
  hi: 13,
  lo: 14,
} as const;

type FieldIndex = (typeof Field)[keyof typeof Field];

/** Doubles of one entry: two cache lines, of which a sighting mostly touches one. */
const ENTRY = 16;

/**
 * Live tracks of a site by pseudonym: entries one behind the other, and an index of their places by hash (open addressing
 * with linear probing and backward-shift deletion). It is asked once for every person in every frame, and most of what that
 * costs is memory that is not in the cache: so the index is small, and all that is kept of a track lies together.
 */
export class TrackTable {
  /** Entries in use; slots are the numbers below it. */
  size = 0;
  /** 1 + the slot of an entry, 0 where there is none; as many places as a power of two. */
  private index = new Int32Array(INITIAL_ENTRIES * PLACES_PER_ENTRY);
  private entries = new Float64Array(INITIAL_ENTRIES * ENTRY);
  /** By slot: visits to the bands of count lines; undefined for nearly everybody. */
  readonly bands: (BandVisit[] | undefined)[] = [];

  get(slot: number, field: FieldIndex): number {
    return this.entries[slot * ENTRY + field] as number;
  }

  set(slot: number, field: FieldIndex, value: number): void {
    this.entries[slot * ENTRY + field] = value;
  }

  /** Slot of a pseudonym, or −1. A slot is valid until the next `remove`. */
  find(hi: number, lo: number): number {
    const { index, entries } = this;
    const mask = index.length - 1;
    for (let at = home(hi, lo) & mask; ; at = (at + 1) & mask) {
      const slot = (index[at] as number) - 1;
      if (slot < 0) return -1;
      const entry = slot * ENTRY;
      if (entries[entry + Field.lo] === lo && entries[entry + Field.hi] === hi) return slot;
    }
  }

  /** A fresh entry for a pseudonym that is not there yet. */
  add(hi: number, lo: number): number {
    if ((this.size + 1) * PLACES_PER_ENTRY > this.index.length) this.grow();
    const slot = this.size++;
    this.entries.fill(0, slot * ENTRY, (slot + 1) * ENTRY);
    this.set(slot, Field.hi, hi);
    this.set(slot, Field.lo, lo);
    this.set(slot, Field.place, -1);
    this.set(slot, Field.candidate, -2);
    this.set(slot, Field.fromPlace, -1);
    this.bands.push(undefined);
    this.link(slot);
    return slot;
  }

  /** Removes an entry; the last one takes its slot. */
  remove(slot: number): void {
    this.unlink(this.placeOf(slot));
    const last = this.size - 1;
    if (slot !== last) {
      this.index[this.placeOf(last)] = slot + 1;
      this.entries.copyWithin(slot * ENTRY, last * ENTRY, (last + 1) * ENTRY);
      this.bands[slot] = this.bands[last];
    }
    this.bands.pop();
    this.size = last;
  }

  private home(slot: number): number {
    return home(this.get(slot, Field.hi), this.get(slot, Field.lo)) & (this.index.length - 1);
  }

  private placeOf(slot: number): number {
    const mask = this.index.length - 1;
    let at = this.home(slot);
    while (this.index[at] !== slot + 1) at = (at + 1) & mask;
    return at;
  }

  private link(slot: number): void {
    const mask = this.index.length - 1;
    let at = this.home(slot);
    while (this.index[at] !== 0) at = (at + 1) & mask;
    this.index[at] = slot + 1;
  }

  /** Frees a place of the index; later entries of its chain move up. */
  private unlink(place: number): void {
    const { index } = this;
    const mask = index.length - 1;
    let hole = place;
    for (let at = (hole + 1) & mask; index[at] !== 0; at = (at + 1) & mask) {
      const wanted = this.home((index[at] as number) - 1);
      if (((at - wanted) & mask) < ((at - hole) & mask)) continue;
      index[hole] = index[at] as number;
      hole = at;
    }
    index[hole] = 0;
  }

  private grow(): void {
    const { entries } = this;
    this.entries = new Float64Array(entries.length * 2);
    this.entries.set(entries);
    this.index = new Int32Array(this.index.length * 2);
    for (let slot = 0; slot < this.size; slot++) this.link(slot);
  }
}

/** Pseudonyms are random, so folding the halves is hash enough. */
function home(hi: number, lo: number): number {
  return (lo ^ Math.imul(hi, 0x9e3779b1)) >>> 0;
}
