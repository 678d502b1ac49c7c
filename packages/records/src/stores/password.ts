import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { RecordsAway } from '../sql/faults.js';

/**
 * Cost of a guess. The default is one of those that OWASP's Password Storage Cheat Sheet gives as equal in strength:
 * N = 2^15, r = 8, p = 3, which takes 32 MiB.
 */
export interface PasswordCost {
  /** log2 of N. */
  readonly log2N: number;
  readonly r: number;
  readonly p: number;
}
export const PASSWORD_COST_DEFAULT: PasswordCost = { log2N: 15, r: 8, p: 3 };

const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** Computed at once, and waiting: each takes a thread, its memory and a good part of a second. */
const AT_ONCE_MAX = 2;
const WAITING_MAX = 64;

export interface Passwords {
  /** The salted hash, with its parameters: `scrypt$log2N$r$p$salt$hash`. */
  hash(password: string): Promise<string>;
  /** `stored` undefined: there is no such user; takes as long and is false. */
  matches(password: string, stored: string | undefined): Promise<boolean>;
  /** Whether a hash was made with other parameters than are asked for now. */
  isOutdated(stored: string): boolean;
}

export function passwords(cost: PasswordCost): Passwords {
  const gate = new Gate();
  const derive = (
    password: string,
    salt: Buffer,
    { log2N, r, p }: PasswordCost,
  ): Promise<Buffer> => {
    const N = 2 ** log2N;
    const options = { N, r, p, maxmem: 256 * N * r };
    return gate.pass(() => scryptHash(password.normalize('NFKC'), salt, options));
  };
  const dummy = { cost, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) };
  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES);
      const hash = await derive(password, salt, cost);
      const parts = [cost.log2N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')];
      return `scrypt$${parts.join('$')}`;
    },
    async matches(password, stored) {
      const { cost: used, salt, hash } = stored === undefined ? dummy : parse(stored);
      const derived = await derive(password, salt, used);
      return timingSafeEqual(derived, hash) && stored !== undefined;
    },
    isOutdated(stored) {
      const { cost: used } = parse(stored);
      return used.log2N !== cost.log2N || used.r !== cost.r || used.p !== cost.p;
    },
  };
}

function parse(stored: string): { cost: PasswordCost; salt: Buffer; hash: Buffer } {
  const [kind, log2N, r, p, salt, hash] = stored.split('$');
  if (kind !== 'scrypt' || salt === undefined || hash === undefined)
    throw new RecordsAway('a stored password has no form that this program knows');
  return {
    cost: { log2N: Number(log2N), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function scryptHash(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, HASH_BYTES, options, (error, hash) => {
      if (error) reject(error);
      else resolve(hash);
    });
  });
}

/** Lets a few through at once, and a few wait. */
class Gate {
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inside >= AT_ONCE_MAX) {
      if (this.#waiting.length >= WAITING_MAX)
        throw new RecordsAway('too many sign in at once; try again', {
          canRetry: true,
        });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#inside++;
    try {
      return await work();
    } finally {
      // The place is handed over: nobody slips in between.
      const next = this.#waiting.shift();
      if (next === undefined) this.#inside--;
      else next();
    }
  }
}
