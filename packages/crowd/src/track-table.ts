import type { BandVisit } from './passage.js';

const INITIAL_SLOTS = 1_024;

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
} as const;

type FieldIndex = (typeof Field)[keyof typeof Field];

/** Doubles of one entry: two cache lines, of which a sighting mostly touches one. */
const ENTRY = 16;

/** Words of one key: low half, high half, 1 where the slot is in use, and one to spare. */
const KEY = 4;

/**
 * Live tracks of a site by pseudonym: an open-addressing hash table (linear probing, backward-shift deletion) over two
 * typed arrays. It is asked once for every person in every frame, and most of what that costs is memory that is not in the
 * cache: so all of a track lies together, rather than each field in an array of its own.
 */
export class TrackTable {
  /** Entries in use. */
  size = 0;
  private capacity = INITIAL_SLOTS;
  private keys = new Uint32Array(INITIAL_SLOTS * KEY);
  private entries = new Float64Array(INITIAL_SLOTS * ENTRY);
  /** Visits to the bands of count lines; undefined for nearly everybody. */
  bands: (BandVisit[] | undefined)[] = noBands(INITIAL_SLOTS);

  get(slot: number, field: FieldIndex): number {
    return this.entries[slot * ENTRY + field] as number;
  }

  set(slot: number, field: FieldIndex, value: number): void {
    this.entries[slot * ENTRY + field] = value;
  }

  lo(slot: number): number {
    return this.keys[slot * KEY] as number;
  }

  hi(slot: number): number {
    return this.keys[slot * KEY + 1] as number;
  }

  /** Slot of a pseudonym, or −1. A slot is valid until the next `add` or `remove`. */
  find(hi: number, lo: number): number {
    const { keys } = this;
    const mask = this.capacity - 1;
    let slot = home(hi, lo) & mask;
    while (keys[slot * KEY + 2] === 1) {
      if (keys[slot * KEY] === lo && keys[slot * KEY + 1] === hi) return slot;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** A fresh entry for a pseudonym that is not there yet. */
  add(hi: number, lo: number): number {
    if ((this.size + 1) * 2 > this.capacity) this.grow();
    const slot = this.freeSlot(hi, lo);
    this.keys.set([lo, hi, 1], slot * KEY);
    this.entries.fill(0, slot * ENTRY, (slot + 1) * ENTRY);
    this.set(slot, Field.place, -1);
    this.set(slot, Field.candidate, -2);
    this.set(slot, Field.fromPlace, -1);
    this.bands[slot] = undefined;
    this.size++;
    return slot;
  }

  /** Removes an entry; later entries of its chain move up, so other slots change. */
  remove(slot: number): void {
    const mask = this.capacity - 1;
    let hole = slot;
    let next = (hole + 1) & mask;
    while (this.isUsed(next)) {
      const wanted = home(this.hi(next), this.lo(next)) & mask;
      if (((next - wanted) & mask) >= ((next - hole) & mask)) {
        this.move(this, next, hole);
        hole = next;
      }
      next = (next + 1) & mask;
    }
    this.keys[hole * KEY + 2] = 0;
    this.bands[hole] = undefined;
    this.size--;
  }

  /** Every slot in use, collected first so that entries may be removed by pseudonym while walking. */
  slots(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.capacity; slot++) if (this.isUsed(slot)) slots.push(slot);
    return slots;
  }

  private isUsed(slot: number): boolean {
    return this.keys[slot * KEY + 2] === 1;
  }

  private freeSlot(hi: number, lo: number): number {
    const mask = this.capacity - 1;
    let slot = home(hi, lo) & mask;
    while (this.isUsed(slot)) slot = (slot + 1) & mask;
    return slot;
  }

  private move(source: TrackTable, from: number, to: number): void {
    this.keys.set(source.keys.subarray(from * KEY, (from + 1) * KEY), to * KEY);
    this.entries.set(source.entries.subarray(from * ENTRY, (from + 1) * ENTRY), to * ENTRY);
    this.bands[to] = source.bands[from];
  }

  private grow(): void {
    const old = Object.assign(Object.create(TrackTable.prototype) as TrackTable, this);
    const capacity = this.capacity * 2;
    this.capacity = capacity;
    this.keys = new Uint32Array(capacity * KEY);
    this.entries = new Float64Array(capacity * ENTRY);
    this.bands = noBands(capacity);
    for (let slot = 0; slot < old.capacity; slot++) {
      if (old.isUsed(slot)) this.move(old, slot, this.freeSlot(old.hi(slot), old.lo(slot)));
    }
  }
}

function noBands(slots: number): (BandVisit[] | undefined)[] {
  return new Array<BandVisit[] | undefined>(slots).fill(undefined);
}

/** Pseudonyms are random, so folding the halves is hash enough. */
function home(hi: number, lo: number): number {
  return (lo ^ Math.imul(hi, 0x9e3779b1)) >>> 0;
}
