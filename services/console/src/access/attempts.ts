import { isIPv6 } from 'node:net';
import { ProblemError } from '../http/problem.js';
import type { AccessLimits } from './types.js';

const WINDOW_MS = 15 * 60_000;
/** Keys remembered of each kind; the oldest is forgotten first. */
const KEYS_MAX = 10_000;

/** Failed attempts by key, within a window that begins with the first. */
class Failures {
  readonly #most: number;
  readonly #counts = new Map<string, { count: number; untilMs: number }>();

  constructor(most: number) {
    this.#most = most;
  }

  /** @returns how long to wait, s; 0: go on */
  waitS(key: string, nowMs: number): number {
    const entry = this.#counts.get(key);
    if (entry === undefined || entry.untilMs <= nowMs || entry.count < this.#most) return 0;
    return Math.ceil((entry.untilMs - nowMs) / 1000);
  }

  add(key: string, nowMs: number): void {
    const known = this.#counts.get(key);
    const isOpen = known !== undefined && known.untilMs > nowMs;
    const entry = isOpen ? known : { count: 0, untilMs: nowMs + WINDOW_MS };
    entry.count += 1;
    this.#counts.delete(key);
    this.#counts.set(key, entry);
    for (const oldest of this.#counts.keys()) {
      if (this.#counts.size <= KEYS_MAX) break;
      this.#counts.delete(oldest);
    }
  }

  takeBack(key: string): void {
    const entry = this.#counts.get(key);
    if (entry !== undefined) entry.count -= 1;
  }
}

/**
 * Limits guessing by name and address. Strict for both together, so that nobody locks somebody else out from elsewhere;
 * wider for one address with many names, and for one name from many addresses.
 */
export class Attempts {
  readonly #kinds: readonly [pair: Failures, address: Failures, name: Failures];
  readonly #nowMs: () => number;

  constructor(limits: AccessLimits, nowMs: () => number = () => performance.now()) {
    this.#kinds = [
      new Failures(limits.failuresOfPairMax),
      new Failures(limits.failuresOfAddressMax),
      new Failures(limits.failuresOfNameMax),
    ];
    this.#nowMs = nowMs;
  }

  /**
   * Makes an attempt. It has failed where it gives nothing; where it could not be made at all, it does not count.
   *
   * @throws ProblemError 429
   */
  async make<T>(
    name: string,
    address: string,
    attempt: () => Promise<T | undefined>,
  ): Promise<T | undefined> {
    const takeBack = this.begin(name, address);
    try {
      const result = await attempt();
      if (result !== undefined) takeBack();
      return result;
    } catch (error) {
      takeBack();
      throw error;
    }
  }

  /**
   * Counts an attempt as failed before it is made, so that many at once do not slip through.
   *
   * @returns to be called where it has not failed
   * @throws ProblemError 429
   */
  begin(name: string, address: string): () => void {
    const nowMs = this.#nowMs();
    const keys = keysOf(name, address);
    const waitS = Math.max(...this.#kinds.map((kind, i) => kind.waitS(keys[i] ?? '', nowMs)));
    if (waitS > 0)
      throw new ProblemError(
        429,
        'too-many',
        `Too many attempts: wait ${Math.ceil(waitS / 60)} minutes.`,
      );
    for (const [i, kind] of this.#kinds.entries()) kind.add(keys[i] ?? '', nowMs);
    return () => {
      for (const [i, kind] of this.#kinds.entries()) kind.takeBack(keys[i] ?? '');
    };
  }
}

function keysOf(name: string, address: string): [string, string, string] {
  const who = name.normalize('NFKC').trim().toLowerCase();
  const where = networkOf(address);
  return [`${where} ${who}`, where, who];
}

/** Of IPv6 the first 64 bits: whoever has one address there has them all. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - after.length;
  const all = [...groups, ...Array<string>(Math.max(0, zeros)).fill('0'), ...after];
  return `${all.slice(0, 4).join(':')}::/64`;
}
