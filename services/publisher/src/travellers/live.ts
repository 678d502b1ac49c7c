import type { EventLog } from '@hitonami/event-log';
import { contracts, TOPIC_NAMES, type LiveSnapshot, type Logger } from '@hitonami/service';

/** What came longer ago is not now, ms. */
const FRESH_MS = 10_000;
const SITES_MAX = 1_000;

/** The newest of each site as it came; read when it is asked for, once a minute, and not five times a second. */
export class LiveNow {
  readonly #newest = new Map<string, { value: Buffer; receivedMs: number }>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @returns how to stop */
  async follow(log: EventLog): Promise<() => Promise<void>> {
    const tail = await log.tail(TOPIC_NAMES.live, ({ key, value }) => {
      if (!this.#newest.has(key) && this.#newest.size >= SITES_MAX) return;
      // A view into the log's own buffer: kept as a copy.
      this.#newest.set(key, { value: Buffer.from(value), receivedMs: performance.now() });
    });
    return () => tail.stop();
  }

  /** Undefined where nothing came of the site lately. */
  of(site: string): LiveSnapshot | undefined {
    const newest = this.#newest.get(site);
    if (newest === undefined || performance.now() - newest.receivedMs > FRESH_MS) return undefined;
    try {
      return contracts().liveSnapshot.decode(newest.value);
    } catch (error) {
      this.#logger.warn({ err: error, site }, 'a live record cannot be read');
      return undefined;
    }
  }
}
