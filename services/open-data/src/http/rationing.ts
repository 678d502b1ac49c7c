/** Who is remembered at once; the oldest is forgotten first. */
const KEYS_MAX = 10_000;

/** At most so many of a kind within a window that begins with the first. */
export interface Ration {
  readonly most: number;
  readonly windowMs: number;
}

/** Counts what each has had, in memory alone: whose address it is goes nowhere. */
export class Rationing {
  readonly #ration: Ration;
  readonly #nowMs: () => number;
  readonly #had = new Map<string, { count: number; untilMs: number }>();

  constructor(ration: Ration, nowMs: () => number = () => performance.now()) {
    this.#ration = ration;
    this.#nowMs = nowMs;
  }

  /** Takes one. @returns how long to wait, s; 0: it was given */
  take(key: string): number {
    const nowMs = this.#nowMs();
    const known = this.#had.get(key);
    const entry =
      known !== undefined && known.untilMs > nowMs
        ? known
        : { count: 0, untilMs: nowMs + this.#ration.windowMs };
    if (entry.count >= this.#ration.most) return Math.ceil((entry.untilMs - nowMs) / 1000);
    entry.count += 1;
    this.#had.delete(key);
    this.#had.set(key, entry);
    if (this.#had.size > KEYS_MAX) {
      const [oldest] = this.#had.keys();
      if (oldest !== undefined) this.#had.delete(oldest);
    }
    return 0;
  }
}
