/** A browser's frames come a little early or late; so much before its time one is taken, ms. */
const EARLY_MS = 4;

/** Lets so many frames a second through of those that the browser offers, at an even pace. */
export class Pace {
  readonly #everyMs: number;
  #nextMs = -Infinity;

  constructor(perS: number) {
    this.#everyMs = 1000 / perS;
  }

  isTime(nowMs: number): boolean {
    if (nowMs < this.#nextMs - EARLY_MS) return false;
    // The beat goes on where a frame is late; where frames were missed it begins anew, and catches nothing up.
    const isBehind = nowMs - this.#nextMs > this.#everyMs;
    this.#nextMs = (isBehind ? nowMs : this.#nextMs) + this.#everyMs;
    return true;
  }
}
