import type { EventLog } from '@hitonami/event-log';
import { contracts, TOPIC_NAMES, type Logger } from '@hitonami/service';
import type { Partition } from './partition.js';

/** Up to five snapshots a second. */
const LIVE_PERIOD_MS = 200;

/** Publishes the live snapshots of every site in which something has changed. One that the log is slow to take replaces none: the next is newer. */
export function startLivePublisher(
  log: EventLog,
  partitions: () => Iterable<Partition>,
  logger: Logger,
) {
  const { liveSnapshot } = contracts();
  let pending: Promise<void> | undefined;
  const publish = async (): Promise<void> => {
    const records = [];
    for (const partition of partitions()) {
      for (const view of partition.takeFreshViews()) {
        const snapshot = view.snapshot();
        if (!snapshot) continue;
        const value = liveSnapshot.encode({
          ...snapshot,
          floors: [...snapshot.floors],
          floor: Buffer.from(snapshot.floor),
          kind: Buffer.from(snapshot.kind),
        });
        records.push({ key: snapshot.site, value });
      }
    }
    if (records.length > 0) await log.append(TOPIC_NAMES.live, records);
  };
  const timer = setInterval(() => {
    pending ??= publish()
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'a live snapshot was not taken by the event log');
      })
      .finally(() => (pending = undefined));
  }, LIVE_PERIOD_MS);
  return {
    stop: async (): Promise<void> => {
      clearInterval(timer);
      await pending;
    },
  };
}
