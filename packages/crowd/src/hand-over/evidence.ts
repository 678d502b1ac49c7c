import { Field, type TrackTable } from '../track-table.js';
import type { Name } from './one-to-one.js';

/** Share of the sums that is kept from round to round: of 0.5 s each, they reach about 3 s back. */
const KEPT = 0.85;
/** Two tracks that were not both near for so long begin anew, µs. */
const BREAK_US = 1_600_000;
/** What was not added to for so long is forgotten, µs; and looked for once in so many rounds. */
const FORGOTTEN_US = 3_000_000;
const SWEEP_ROUNDS = 20;

/** How far two tracks of two cameras were apart while both saw somebody: sums over rounds, the newer weigh more. */
export interface Evidence {
  readonly a: Name;
  readonly b: Name;
  /** Rounds, each by its weight. */
  n: number;
  /** m and m/s. */
  dx: number;
  dy: number;
  dvx: number;
  dvy: number;
  atUs: number;
}

/** The evidence about all pairs that were near of late. */
export class Evidences {
  /** By the low halves of both pseudonyms. */
  private readonly known = new Map<number, Map<number, Evidence>>();
  private rounds = 0;

  forget(): void {
    this.known.clear();
    this.rounds = 0;
  }

  find(tracks: TrackTable, a: number, b: number): Evidence | undefined {
    return this.known.get(tracks.get(a, Field.lo))?.get(tracks.get(b, Field.lo));
  }

  start(tracks: TrackTable, a: number, b: number): Evidence {
    const nameOf = (slot: number): Name => ({
      hi: tracks.get(slot, Field.hi),
      lo: tracks.get(slot, Field.lo),
    });
    const fresh = { a: nameOf(a), b: nameOf(b), n: 0, dx: 0, dy: 0, dvx: 0, dvy: 0, atUs: 0 };
    let of = this.known.get(fresh.a.lo);
    if (of === undefined) this.known.set(fresh.a.lo, (of = new Map<number, Evidence>()));
    of.set(fresh.b.lo, fresh);
    return fresh;
  }

  /** One round's differences, m and m/s. */
  add(e: Evidence, dx: number, dy: number, dvx: number, dvy: number, atUs: number): void {
    const kept = atUs - e.atUs > BREAK_US ? 0 : KEPT;
    e.n = kept * e.n + 1;
    e.dx = kept * e.dx + dx;
    e.dy = kept * e.dy + dy;
    e.dvx = kept * e.dvx + dvx;
    e.dvy = kept * e.dvy + dvy;
    e.atUs = atUs;
  }

  /** A round ends. */
  sweep(atUs: number): void {
    if (++this.rounds % SWEEP_ROUNDS !== 0) return;
    for (const [lo, of] of this.known) {
      for (const [other, { atUs: lastUs }] of of)
        if (atUs - lastUs > FORGOTTEN_US) of.delete(other);
      if (of.size === 0) this.known.delete(lo);
    }
  }
}
