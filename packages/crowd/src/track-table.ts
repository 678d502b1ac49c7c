import type { BandVisit } from './passage.js';

/** Entries at first, and places of the index for each entry: it is at most half full. */
const INITIAL_ENTRIES = 512;
const PLACES_PER_ENTRY = 2;

/** Who decides whether a track is counted where it is seen. */
export const Rule = {
  /** The owner of the cell: one camera alone follows this person, as far as is known. */
  owner: 0,
  /** It speaks for a person whom several cameras see: it counts wherever it is. */
  leads: 1,
  /** Another track speaks for its person. */
  follows: 2,
} as const;

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
  /** When it is to be compared again with what the neighbours see. */
  dueUs: 7,
  /** A value of `Rule`. */
  rule: 8,
  /** Capture in which it was last counted. */
  countedUs: 9,
  vxMmS: 10,
  vyMmS: 11,
  /** Index of the camera that sees it. */
  camera: 12,
  /** Number of the person where several tracks are one, else 0. */
  person: 13,
  /** When it was first seen, or when the hand-over last forgot everything. */
  bornUs: 14,
  /** 0 until it has been looked at whose continuation it is. */
  isDecided: 15,
  /** Halves of the pseudonym. */
  lo: 16,
  hi: 17,
  candidateSinceUs: 18,
  enteredUs: 19,
  /** Place of the last visit ended, −1 for none; when it was left, and how long it had lasted. */
  fromPlace: 20,
  leftUs: 21,
  insideUs: 22,
  /** First place of the journey, −1 for none yet, and when it was reached. */
  originPlace: 23,
  originUs: 24,
  /** What the journey is known by: the pseudonym of its first track, and when that was first seen. */
  journeyLo: 25,
  journeyHi: 26,
  startUs: 27,
  /** How sure the joins are since the last leg, and since the start: 0 to 1; 1 where there is none. */
  legConfidence: 28,
  journeyConfidence: 29,
  legJoins: 30,
  journeyJoins: 31,
  /** Legs of the journey so far. */
  journeyLegs: 32,
  /** 1 where another track of its camera goes on at the lines with what it did there. */
  isPassedOn: 33,
} as const;

export type FieldIndex = (typeof Field)[keyof typeof Field];

/** Doubles of one entry: five cache lines, of which a sighting mostly touches two. */
const ENTRY = 40;

/** What belongs to the journey and not to the track: it goes from track to track with the person. */
const JOURNEY_FIELDS: readonly FieldIndex[] = [
  Field.place,
  Field.lastInUs,
  Field.candidate,
  Field.candidateSinceUs,
  Field.enteredUs,
  Field.fromPlace,
  Field.leftUs,
  Field.insideUs,
  Field.originPlace,
  Field.originUs,
  Field.journeyLo,
  Field.journeyHi,
  Field.startUs,
  Field.legConfidence,
  Field.journeyConfidence,
  Field.legJoins,
  Field.journeyJoins,
  Field.journeyLegs,
];

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
  /** By slot: both halves of the pseudonym once more, low and high, so that a look for one stays within a few kilobytes. */
  private names = new Int32Array(INITIAL_ENTRIES * 2);
  /** By slot: visits to the bands of count lines; undefined for nearly everybody. */
  readonly bands: (BandVisit[] | undefined)[] = [];

  get(slot: number, field: FieldIndex): number {
    return this.entries[slot * ENTRY + field] as number;
  }

  set(slot: number, field: FieldIndex, value: number): void {
    this.entries[slot * ENTRY + field] = value;
  }

  /** Slot of a pseudonym, whose halves may be signed, or −1. A slot is valid until the next `remove`. */
  find(hi: number, lo: number): number {
    const { index, names } = this;
    const mask = index.length - 1;
    const [high, low] = [hi | 0, lo | 0];
    for (let at = home(high, low) & mask; ; at = (at + 1) & mask) {
      const slot = (index[at] as number) - 1;
      if (slot < 0) return -1;
      if (names[2 * slot] === low && names[2 * slot + 1] === high) return slot;
    }
  }

  /** A fresh entry for a pseudonym that is not there yet; its halves may be signed. */
  add(hi: number, lo: number, atUs: number): number {
    const slot = this.append();
    this.set(slot, Field.hi, hi >>> 0);
    this.set(slot, Field.lo, lo >>> 0);
    this.set(slot, Field.bornUs, atUs);
    this.startJourney(slot, atUs);
    this.link(slot);
    return slot;
  }

  /** The journey of this entry begins at `atUs`, under its own pseudonym. */
  startJourney(slot: number, atUs: number): void {
    for (const field of JOURNEY_FIELDS) this.set(slot, field, 0);
    this.set(slot, Field.place, -1);
    this.set(slot, Field.candidate, -2);
    this.set(slot, Field.fromPlace, -1);
    this.set(slot, Field.originPlace, -1);
    this.set(slot, Field.journeyLo, this.get(slot, Field.lo));
    this.set(slot, Field.journeyHi, this.get(slot, Field.hi));
    this.set(slot, Field.startUs, atUs);
    this.set(slot, Field.legConfidence, 1);
    this.set(slot, Field.journeyConfidence, 1);
  }

  /** The journey of an entry of `from` goes on in this entry. */
  takeJourney(slot: number, from: TrackTable, fromSlot: number): void {
    for (const field of JOURNEY_FIELDS) this.set(slot, field, from.get(fromSlot, field));
  }

  /** A copy of an entry of another table, under the same pseudonym. */
  addFrom(from: TrackTable, fromSlot: number): void {
    const slot = this.append();
    const start = fromSlot * ENTRY;
    this.entries.set(from.entries.subarray(start, start + ENTRY), slot * ENTRY);
    this.bands[slot] = from.bands[fromSlot];
    this.link(slot);
  }

  /** Removes an entry; the last one takes its slot. */
  remove(slot: number): void {
    this.unlink(this.placeOf(slot));
    const last = this.size - 1;
    if (slot !== last) {
      this.index[this.placeOf(last)] = slot + 1;
      this.entries.copyWithin(slot * ENTRY, last * ENTRY, (last + 1) * ENTRY);
      this.names.copyWithin(2 * slot, 2 * last, 2 * last + 2);
      this.bands[slot] = this.bands[last];
    }
    this.bands.pop();
    this.size = last;
  }

  private append(): number {
    if ((this.size + 1) * PLACES_PER_ENTRY > this.index.length) this.grow();
    const slot = this.size++;
    this.entries.fill(0, slot * ENTRY, (slot + 1) * ENTRY);
    this.bands.push(undefined);
    return slot;
  }

  private home(slot: number): number {
    const { names, index } = this;
    return home(names[2 * slot + 1] as number, names[2 * slot] as number) & (index.length - 1);
  }

  private placeOf(slot: number): number {
    const mask = this.index.length - 1;
    let at = this.home(slot);
    while (this.index[at] !== slot + 1) at = (at + 1) & mask;
    return at;
  }

  private link(slot: number): void {
    const mask = this.index.length - 1;
    this.names[2 * slot] = this.get(slot, Field.lo);
    this.names[2 * slot + 1] = this.get(slot, Field.hi);
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
    this.names = new Int32Array(this.names.length * 2);
    for (let slot = 0; slot < this.size; slot++) this.link(slot);
  }
}

/** Pseudonyms are random, so folding the halves is hash enough. */
function home(hi: number, lo: number): number {
  return (lo ^ Math.imul(hi, 0x9e3779b1)) >>> 0;
}
