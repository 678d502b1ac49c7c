import type { Logger } from '@hitonami/service';
import type { ConsoleMetrics } from '../metrics.js';
import { ProblemError } from '../http/problem.js';
import { GREETING, HEARTBEAT } from './events.js';
import { Viewer, type Sink } from './viewer.js';

/** Streams open at once, of all sites together. */
export const VIEWERS_MAX = 1_000;
/** A viewer that takes nothing for so long is let go, ms. Its browser comes back when it can. */
const STUCK_MS_MAX = 30_000;
/** A stream on which nothing happens says that it is still there, ms. */
const HEARTBEAT_MS = 15_000;
/** How soon the end of a session ends its streams, ms. */
const SESSION_CHECK_MS = 5_000;
const TICK_MS = 1_000;

interface Seat {
  viewer: Viewer;
  channel: string;
  sessionId: string;
  isAllowed: () => boolean;
}

export interface AudienceOptions {
  metrics: ConsoleMetrics;
  logger: Logger;
  /** Which of these sessions have not ended. */
  openSessions: (ids: readonly string[]) => Promise<ReadonlySet<string>>;
  now?: () => number;
  viewersMax?: number;
  sessionCheckMs?: number;
}

/** Everybody who watches a stream, by what they watch. One shared chunk goes to all of a channel. */
export class Audience {
  readonly #options: AudienceOptions;
  readonly #now: () => number;
  readonly #channels = new Map<string, Set<Seat>>();
  readonly #timer: NodeJS.Timeout;
  #count = 0;
  #checkedMs: number;
  #checking: Promise<void> | undefined;

  constructor(options: AudienceOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#checkedMs = this.#now();
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
    this.#timer.unref();
  }

  /**
   * @param sessionId the stream ends when it does
   * @param isAllowed asked again now and then: the stream ends where it is so no more
   * @returns the viewer, and how to leave
   * @throws ProblemError 503 where too many watch already
   */
  join(
    channel: string,
    sink: Sink,
    sessionId: string,
    isAllowed: () => boolean = () => true,
  ): { viewer: Viewer; leave: () => void } {
    this.requireRoom();
    const viewer = new Viewer(sink, this.#options.metrics, this.#now);
    const seat = { viewer, channel, sessionId, isAllowed };
    const seats = this.#channels.get(channel) ?? new Set<Seat>();
    this.#channels.set(channel, seats.add(seat));
    this.#count += 1;
    this.#options.metrics.viewers(this.#count);
    viewer.offer('greeting', GREETING);
    return {
      viewer,
      leave: () => {
        this.#leave(seat);
      },
    };
  }

  requireRoom(): void {
    if (this.#count < (this.#options.viewersMax ?? VIEWERS_MAX)) return;
    throw new ProblemError(503, 'too-many', 'Too many watch at once; close a window, or wait.');
  }

  offer(channel: string, kind: string, chunk: Uint8Array): void {
    for (const { viewer } of this.#channels.get(channel) ?? []) viewer.offer(kind, chunk);
  }

  isWatched(channel: string): boolean {
    return this.#channels.has(channel);
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const seats of this.#channels.values()) {
      for (const seat of seats) {
        this.#leave(seat);
        seat.viewer.end();
      }
    }
  }

  #leave(seat: Seat): void {
    const seats = this.#channels.get(seat.channel);
    if (seats?.delete(seat) !== true) return;
    if (seats.size === 0) this.#channels.delete(seat.channel);
    this.#count -= 1;
    this.#options.metrics.viewers(this.#count);
  }

  *#seats(): Generator<Seat> {
    for (const seats of this.#channels.values()) yield* seats;
  }

  #tick(): void {
    for (const seat of this.#seats()) {
      if (seat.viewer.stuckMs() > STUCK_MS_MAX) {
        this.#options.metrics.dropped();
        this.#leave(seat);
        seat.viewer.end('at once');
      } else if (seat.viewer.idleMs() > HEARTBEAT_MS) {
        seat.viewer.offer('heartbeat', HEARTBEAT);
      }
    }
    const now = this.#now();
    if (now - this.#checkedMs < (this.#options.sessionCheckMs ?? SESSION_CHECK_MS)) return;
    this.#checkedMs = now;
    for (const seat of [...this.#seats()]) {
      if (seat.isAllowed()) continue;
      this.#leave(seat);
      seat.viewer.end();
    }
    this.#checking ??= this.#checkSessions().finally(() => (this.#checking = undefined));
  }

  /** Where the records are away nobody is thrown out: who was let in stays until it is known that they may not. */
  async #checkSessions(): Promise<void> {
    const ids = [...new Set([...this.#seats()].map(({ sessionId }) => sessionId))];
    if (ids.length === 0) return;
    try {
      const open = await this.#options.openSessions(ids);
      const asked = new Set(ids);
      for (const seat of [...this.#seats()]) {
        if (!asked.has(seat.sessionId) || open.has(seat.sessionId)) continue;
        this.#leave(seat);
        seat.viewer.end();
      }
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'the sessions of viewers could not be checked');
    }
  }
}
