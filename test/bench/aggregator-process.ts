/**
 * The aggregator as a process of its own, watched from inside: it tells the bench how long each piece of event time
 * took from the log to rows committed in the warehouse, on the clock and in CPU time.
 */
import { aggregatorSchema, aggregatorService } from '@hitonami/aggregator';
import {
  createLogger,
  createMetrics,
  Health,
  readConfig,
  startService,
  type RunningService,
} from '@hitonami/service';
import { instant, spanSince, type WatchOrder } from './aggregator-watch.js';
import { answerParent } from './child.js';

const WATCH_MS = 5;

const order = JSON.parse(process.argv[2] ?? '') as WatchOrder;
const metrics = createMetrics('aggregator');
const shared = {
  logger: createLogger({ service: 'aggregator', level: 'warn' }),
  metrics,
  health: new Health(),
};

async function valueOf(name: string): Promise<number> {
  const metric = metrics.registry.getSingleMetric(name);
  return ((await metric?.get())?.values ?? []).reduce((sum, { value }) => sum + value, 0);
}

/** Resolves once a metric has reached a value. */
async function reached(name: string, least: number): Promise<number> {
  for (;;) {
    const value = await valueOf(name);
    if (value >= least) return value;
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

let service: RunningService | undefined;
answerParent(
  async () => {
    const config = readConfig(aggregatorSchema, order.environment);
    service = await startService(aggregatorService, config, shared);
    void service.lifecycle.finished.then(({ state }) => {
      if (state === 'failed') process.exit(1);
    });
    // From the end of a batch that is folded, though perhaps not written, to the end of the last write: nothing is
    // counted that was not both folded and written between the two.
    const foldedBefore = await reached('hitonami_observations_total', order.warmFrames);
    const start = instant();
    await reached('hitonami_written_until_timestamp_seconds', order.writtenUntilUs / 1e6);
    return spanSince(start, order.frames - foldedBefore);
  },
  async () => {
    await service?.stop();
  },
);
