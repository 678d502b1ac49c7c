import type { LiveSnapshot } from '../../../src/contract/index.js';
import { serverNow } from '../shared/server-clock.js';
import { decodePeople } from './people.js';
import type { People } from './people.js';

export type ConnectionStatus = 'connecting' | 'open' | 'lost';

export interface Picture {
  readonly snapshot: LiveSnapshot;
  readonly people: People;
  /** When it came, ms of `performance.now()`. */
  readonly receivedMs: number;
}

/** Words and tables follow at this pace; the plan itself takes every picture. Milliseconds. */
export const SHOW_EVERY_MS = 1_000;

type Listener = () => void;

/** The newest picture of a site, for those who draw (each one) and those who tell (one a second). */
export class LiveStore {
  #picture: Picture | undefined;
  #shown: Picture | undefined;
  #shownMs = -Infinity;
  #status: ConnectionStatus = 'connecting';
  /** Since when the connection is lost, ms of the server's time. */
  #lostSinceMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #readers = new Set<Listener>();
  readonly #painters = new Set<(picture: Picture) => void>();

  readonly picture = (): Picture | undefined => this.#picture;
  readonly shown = (): Picture | undefined => this.#shown;
  readonly status = (): ConnectionStatus => this.#status;
  readonly lostSinceMs = (): number | undefined => this.#lostSinceMs;

  readonly subscribe = (listener: Listener): Listener => {
    this.#readers.add(listener);
    return () => this.#readers.delete(listener);
  };

  /** Told of each picture, at once. */
  onPicture(painter: (picture: Picture) => void): Listener {
    this.#painters.add(painter);
    return () => this.#painters.delete(painter);
  }

  take(snapshot: LiveSnapshot): void {
    const receivedMs = performance.now();
    this.#picture = {
      snapshot,
      people: decodePeople(snapshot.people, snapshot.origin),
      receivedMs,
    };
    for (const painter of this.#painters) painter(this.#picture);
    const waitMs = this.#shownMs + SHOW_EVERY_MS - receivedMs;
    if (waitMs <= 0) this.#show();
    else this.#timer ??= setTimeout(() => this.#show(), waitMs);
  }

  setStatus(status: ConnectionStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#lostSinceMs = status === 'lost' ? serverNow() : undefined;
    this.#tell();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #show(): void {
    this.stop();
    this.#shownMs = performance.now();
    this.#shown = this.#picture;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#readers) listener();
  }
}
