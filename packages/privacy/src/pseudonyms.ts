import { HitonamiError } from '@hitonami/model';

/** A pseudonym: 64 random bits, as two unsigned 32-bit halves. */
export interface Pseudonym {
  readonly hi: number;
  readonly lo: number;
}

/** What a track is called in a frame. */
export interface Naming {
  readonly pseudonym: Pseudonym;
  /** True where the track's earlier pseudonym had reached its age and this one replaced it just now. */
  readonly renewed: boolean;
}

/**
 * Gives `count` fresh random unsigned 32-bit integers. Where people are concerned it must be
 * cryptographically secure: whoever can foretell the numbers can link them.
 */
export type RandomSource = (count: number) => ArrayLike<number>;

export interface PseudonymOptions {
  /** Mean age that a pseudonym reaches, event time, microseconds. Default 15 minutes. */
  lifetimeUs: number;
  /** The age is spread evenly by this share of it to either side, 0 to below 1. Default 0.2. */
  jitter: number;
  /** Most tracks named at once. Default 4096. */
  maxTracks: number;
}

export const PSEUDONYM_DEFAULTS: PseudonymOptions = {
  lifetimeUs: 15 * 60 * 1e6,
  jitter: 0.2,
  maxTracks: 4096,
};

const UINT32_RANGE = 2 ** 32;
/** Halves of a pseudonym, and one number for its age. */
const NUMBERS_PER_PSEUDONYM = 3;

interface Entry {
  pseudonym: Pseudonym;
  endsUs: number;
}

/**
 * Which fresh random number stands for which track of one camera's tracker.
 *
 * Nothing is derived from anything: there is no key, and two pseudonyms of one track have nothing in common.
 * The age is jittered, so that the change cannot be foretold and joined by its regularity.
 */
export class PseudonymBook {
  readonly #random: RandomSource;
  readonly #options: PseudonymOptions;
  readonly #entries = new Map<number, Entry>();

  constructor(random: RandomSource, options: Partial<PseudonymOptions> = {}) {
    this.#random = random;
    this.#options = { ...PSEUDONYM_DEFAULTS, ...options };
    const { lifetimeUs, jitter, maxTracks } = this.#options;
    if (!(lifetimeUs > 0 && Number.isFinite(lifetimeUs))) fail('lifetimeUs must be above 0');
    if (!(jitter >= 0 && jitter < 1)) fail('jitter must be at least 0 and below 1');
    if (!(Number.isInteger(maxTracks) && maxTracks > 0))
      fail('maxTracks must be an integer above 0');
  }

  /** Tracks named now. */
  get size(): number {
    return this.#entries.size;
  }

  /**
   * The pseudonym of a track in a frame captured at `capturedUs` (event time, microseconds).
   *
   * @throws HitonamiError `INPUT` where a further track would be more than `maxTracks`: tracks that ended
   *   were then not forgotten
   */
  name(track: number, capturedUs: number): Naming {
    const entry = this.#entries.get(track);
    if (entry !== undefined && capturedUs < entry.endsUs) {
      return { pseudonym: entry.pseudonym, renewed: false };
    }
    if (entry === undefined && this.#entries.size >= this.#options.maxTracks) {
      throw new HitonamiError(
        'INPUT',
        `more than ${this.#options.maxTracks} tracks at once have a pseudonym; forget those that ended`,
      );
    }
    const fresh = this.#draw(capturedUs);
    this.#entries.set(track, fresh);
    return { pseudonym: fresh.pseudonym, renewed: entry !== undefined };
  }

  /** Forgets a track that has ended; a track that was not named is passed over. */
  forget(track: number): void {
    this.#entries.delete(track);
  }

  /** Forgets all, as when the tracker starts anew. */
  clear(): void {
    this.#entries.clear();
  }

  #draw(capturedUs: number): Entry {
    const numbers = this.#random(NUMBERS_PER_PSEUDONYM);
    const [hi, lo, chance] = [numbers[0], numbers[1], numbers[2]];
    if (!isUint32(hi) || !isUint32(lo) || !isUint32(chance)) {
      throw new HitonamiError('CONFIG', 'the random source must give unsigned 32-bit integers');
    }
    const { lifetimeUs, jitter } = this.#options;
    const spread = (2 * (chance / UINT32_RANGE) - 1) * jitter;
    return { pseudonym: { hi, lo }, endsUs: capturedUs + lifetimeUs * (1 + spread) };
  }
}

function isUint32(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value >= 0 && value < UINT32_RANGE;
}

function fail(what: string): never {
  throw new HitonamiError('CONFIG', `pseudonyms: ${what}`);
}
