/**
 * Looks for what is left of a secret in bytes: a run of 24 bytes of any of its forms, at any offset, in any alignment.
 *
 * A run of 24 bytes covers, wherever it begins, 16 bytes that begin at a multiple of 8. So at every eighth byte of what is
 * searched the 16 bytes are asked for in a bitmap of all 16 bytes that the forms hold anywhere; what passes is looked up
 * and compared in full. Nothing is sampled: no run of 24 bytes is missed, but for one in which a single byte is repeated
 * 16 times, which tells nothing of a picture and is everywhere.
 */

export const RUN_BYTES = 24;
/** What is looked up at once, and how far the places lie apart. */
const KEY_BYTES = 16;
const STEP_BYTES = 8;
/** Bits of the bitmap: of some eight million keys of a picture's forms one foreign key in sixteen passes it. */
const BITMAP_BITS = 27;
const CHAINS_BITS = 23;

/** One form of the secret, such as a picture as JPEG, as pixels, as the network's input. */
export interface Form {
  readonly name: string;
  readonly bytes: Buffer;
  /** It is sought only where it begins at a multiple of so many bytes, as floats do in memory. Default 1. */
  readonly alignment?: 1 | 4;
}

export interface Trace {
  readonly form: string;
  /** Where in the form the run begins, and how long it is. */
  readonly at: number;
  readonly length: number;
  /** Where it was found, bytes from the beginning of what was searched. */
  readonly foundAt: number;
}

/** Its upper bits stay the same where fewer are asked for. */
function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a ^ Math.imul(b, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ c, 0xc2b2ae35);
  return Math.imul(mixed ^ (mixed >>> 13) ^ d, 0x27d4eb2f);
}

function isOneByte(a: number, b: number, c: number, d: number): boolean {
  return a === b && b === c && c === d && (a & 0xffff) === a >>> 16 && (a & 0xff) === a >>> 24;
}

export class TraceFinder {
  readonly #names: readonly string[];
  /** Where each form begins in `#all`, and where the last one ends. */
  readonly #starts: readonly number[];
  readonly #all: Buffer;
  readonly #bitmap = new Uint32Array(2 ** (BITMAP_BITS - 5));
  /** Places in `#all` by the hash of the key there: the newest, and behind each the one before it; −1 is none. */
  readonly #newest = new Int32Array(2 ** CHAINS_BITS).fill(-1);
  readonly #before: Int32Array;

  /** @throws RangeError where a form is shorter than a run */
  constructor(forms: readonly Form[]) {
    const starts = [0];
    for (const { name, bytes } of forms) {
      if (bytes.length < RUN_BYTES)
        throw new RangeError(`the form '${name}' is under ${RUN_BYTES} bytes`);
      starts.push((starts.at(-1) ?? 0) + bytes.length);
    }
    this.#names = forms.map(({ name }) => name);
    this.#starts = starts;
    this.#all = Buffer.concat(forms.map(({ bytes }) => bytes));
    this.#before = new Int32Array(this.#all.length);
    // The word at every offset, so that no key is put together twice.
    const words = new Uint32Array(Math.max(0, this.#all.length - 3));
    for (let at = 0, word = 0; at < this.#all.length; at++) {
      word = (word >>> 8) | ((this.#all[at] as number) << 24);
      if (at >= 3) words[at - 3] = word;
    }
    forms.forEach(({ alignment = 1 }, form) => {
      const last = (starts[form + 1] ?? 0) - KEY_BYTES;
      for (let at = starts[form] ?? 0; at <= last; at += alignment) this.#enter(words, at);
    });
  }

  #enter(words: Uint32Array, at: number): void {
    const a = words[at] as number;
    const b = words[at + 4] as number;
    const c = words[at + 8] as number;
    const d = words[at + 12] as number;
    if (isOneByte(a, b, c, d)) return;
    const mixed = hash(a, b, c, d);
    const bit = mixed >>> (32 - BITMAP_BITS);
    this.#bitmap[bit >>> 5] = (this.#bitmap[bit >>> 5] as number) | (1 << (bit & 31));
    const chain = mixed >>> (32 - CHAINS_BITS);
    this.#before[at] = this.#newest[chain] as number;
    this.#newest[chain] = at;
  }

  /** The runs in these bytes, each once; at most `most`, since one is already too many. */
  find(bytes: Buffer, most = 1000): Trace[] {
    const found: Trace[] = [];
    const bitmap = this.#bitmap;
    // Words can be read at once only from where memory is aligned for them.
    const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.copyBytesFrom(bytes);
    const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
    const last = words.length - KEY_BYTES / 4;
    for (let at = 0; at <= last && found.length < most; at += STEP_BYTES / 4) {
      const a = words[at] as number;
      const b = words[at + 1] as number;
      const c = words[at + 2] as number;
      const d = words[at + 3] as number;
      if (a === b && isOneByte(a, b, c, d)) continue;
      const mixed = hash(a, b, c, d);
      const bit = mixed >>> (32 - BITMAP_BITS);
      if (((bitmap[bit >>> 5] as number) & (1 << (bit & 31))) === 0) continue;
      const trace = this.#runAt(bytes, at * 4, mixed >>> (32 - CHAINS_BITS));
      if (trace === undefined) continue;
      found.push(trace);
      // On behind the run.
      const steps = Math.floor((trace.foundAt + trace.length) / STEP_BYTES) - 1;
      at = Math.max(at, (steps * STEP_BYTES) / 4);
    }
    return found;
  }

  #runAt(bytes: Buffer, place: number, chain: number): Trace | undefined {
    const all = this.#all;
    for (let at = this.#newest[chain] ?? -1; at >= 0; at = this.#before[at] ?? -1) {
      const form = this.#starts.findIndex((start) => start > at) - 1;
      const start = this.#starts[form] ?? 0;
      const end = this.#starts[form + 1] ?? 0;
      let before = 0;
      while (
        at - before > start &&
        before < place &&
        all[at - before - 1] === bytes[place - before - 1]
      )
        before++;
      let after = 0;
      while (
        at + after < end &&
        place + after < bytes.length &&
        all[at + after] === bytes[place + after]
      )
        after++;
      if (before + after >= RUN_BYTES) {
        const form_ = this.#names[form] ?? '';
        const length = before + after;
        return { form: form_, at: at - before - start, length, foundAt: place - before };
      }
    }
    return undefined;
  }
}
