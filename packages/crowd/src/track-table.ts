import type { BandVisit } from './passage.js';

const INITIAL_SLOTS = 1_024;

/**
 * Live tracks of a site by pseudonym: an open-addressing hash table (linear probing, backward-shift deletion) over typed
 * arrays. A map of objects takes several times as long per person, and this is asked once for every person in every frame.
 */
export class TrackTable {
  /** Entries in use. */
  size = 0;
  private capacity = INITIAL_SLOTS;
  hi = new Uint32Array(INITIAL_SLOTS);
  lo = new Uint32Array(INITIAL_SLOTS);
  used = new Uint8Array(INITIAL_SLOTS);
  lastSeenUs = new Float64Array(INITIAL_SLOTS);
  xMm = new Int32Array(INITIAL_SLOTS);
  yMm = new Int32Array(INITIAL_SLOTS);
  floor = new Uint8Array(INITIAL_SLOTS);
  /** Place the person is in, −1 for none. */
  place = new Int32Array(INITIAL_SLOTS);
  enteredUs = new Float64Array(INITIAL_SLOTS);
  lastInUs = new Float64Array(INITIAL_SLOTS);
  /** Another place, seen but not yet confirmed; −2 where there is none. */
  candidate = new Int32Array(INITIAL_SLOTS);
  candidateSinceUs = new Float64Array(INITIAL_SLOTS);
  /** Place of the last visit ended, −1 for none; when it was left, and how long it had lasted. */
  fromPlace = new Int32Array(INITIAL_SLOTS);
  leftUs = new Float64Array(INITIAL_SLOTS);
  insideUs = new Float64Array(INITIAL_SLOTS);
  /** Offset of the first record in which the track was seen: what a recovery needs. */
  firstOffset = new Float64Array(INITIAL_SLOTS);
  /** Visits to the bands of count lines; undefined for nearly everybody. */
  bands: (BandVisit[] | undefined)[] = new Array<BandVisit[] | undefined>(INITIAL_SLOTS).fill(
    undefined,
  );

  /** Slot of a pseudonym, or −1. A slot is valid until the next `add` or `remove`. */
  find(hi: number, lo: number): number {
    const mask = this.capacity - 1;
    let slot = home(hi, lo) & mask;
    while (this.used[slot] === 1) {
      if (this.lo[slot] === lo && this.hi[slot] === hi) return slot;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  /** A fresh entry for a pseudonym that is not there yet. */
  add(hi: number, lo: number): number {
    if ((this.size + 1) * 2 > this.capacity) this.grow();
    const slot = this.freeSlot(hi, lo);
    this.used[slot] = 1;
    this.hi[slot] = hi;
    this.lo[slot] = lo;
    this.place[slot] = -1;
    this.candidate[slot] = -2;
    this.fromPlace[slot] = -1;
    this.insideUs[slot] = 0;
    this.bands[slot] = undefined;
    this.size++;
    return slot;
  }

  /** Removes an entry; later entries of its chain move up, so other slots change. */
  remove(slot: number): void {
    const mask = this.capacity - 1;
    let hole = slot;
    let next = (hole + 1) & mask;
    while (this.used[next] === 1) {
      const wanted = home(this.hi[next] as number, this.lo[next] as number) & mask;
      if (((next - wanted) & mask) >= ((next - hole) & mask)) {
        this.move(this, next, hole);
        hole = next;
      }
      next = (next + 1) & mask;
    }
    this.used[hole] = 0;
    this.bands[hole] = undefined;
    this.size--;
  }

  /** Every slot in use, collected first so that entries may be removed by pseudonym while walking. */
  slots(): number[] {
    const slots: number[] = [];
    for (let slot = 0; slot < this.capacity; slot++) if (this.used[slot] === 1) slots.push(slot);
    return slots;
  }

  private freeSlot(hi: number, lo: number): number {
    const mask = this.capacity - 1;
    let slot = home(hi, lo) & mask;
    while (this.used[slot] === 1) slot = (slot + 1) & mask;
    return slot;
  }

  private move(source: TrackTable, from: number, to: number): void {
    this.used[to] = 1;
    this.hi[to] = source.hi[from] as number;
    this.lo[to] = source.lo[from] as number;
    this.lastSeenUs[to] = source.lastSeenUs[from] as number;
    this.xMm[to] = source.xMm[from] as number;
    this.yMm[to] = source.yMm[from] as number;
    this.floor[to] = source.floor[from] as number;
    this.place[to] = source.place[from] as number;
    this.enteredUs[to] = source.enteredUs[from] as number;
    this.lastInUs[to] = source.lastInUs[from] as number;
    this.candidate[to] = source.candidate[from] as number;
    this.candidateSinceUs[to] = source.candidateSinceUs[from] as number;
    this.fromPlace[to] = source.fromPlace[from] as number;
    this.leftUs[to] = source.leftUs[from] as number;
    this.insideUs[to] = source.insideUs[from] as number;
    this.firstOffset[to] = source.firstOffset[from] as number;
    this.bands[to] = source.bands[from];
  }

  private grow(): void {
    const old = Object.assign(Object.create(TrackTable.prototype) as TrackTable, this);
    const capacity = this.capacity * 2;
    this.capacity = capacity;
    this.hi = new Uint32Array(capacity);
    this.lo = new Uint32Array(capacity);
    this.used = new Uint8Array(capacity);
    this.lastSeenUs = new Float64Array(capacity);
    this.xMm = new Int32Array(capacity);
    this.yMm = new Int32Array(capacity);
    this.floor = new Uint8Array(capacity);
    this.place = new Int32Array(capacity);
    this.enteredUs = new Float64Array(capacity);
    this.lastInUs = new Float64Array(capacity);
    this.candidate = new Int32Array(capacity);
    this.candidateSinceUs = new Float64Array(capacity);
    this.fromPlace = new Int32Array(capacity);
    this.leftUs = new Float64Array(capacity);
    this.insideUs = new Float64Array(capacity);
    this.firstOffset = new Float64Array(capacity);
    this.bands = new Array<BandVisit[] | undefined>(capacity).fill(undefined);
    for (const slot of old.slots()) {
      this.move(old, slot, this.freeSlot(old.hi[slot] as number, old.lo[slot] as number));
    }
  }
}

/** Pseudonyms are random, so folding the halves is hash enough. */
function home(hi: number, lo: number): number {
  return (lo ^ Math.imul(hi, 0x9e3779b1)) >>> 0;
}
