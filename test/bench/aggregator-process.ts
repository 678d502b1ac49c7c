/**
 * The aggregator as a process of its own, watched from inside: it tells the bench how long each piece of event time
 * took from the log to rows committed in the warehouse, on the clock and in CPU time.
 */
import { aggregatorSchema, aggregatorService } from '@hitonami/aggregator';
import { createLogger, createMetrics, Health, readConfig, startService } from '@hitonami/service';
import type { Span, WatchOrder } from './aggregator-watch.js';

const WATCH_MS = 5;

const order = JSON.parse(process.argv[2] ?? '') as WatchOrder;
const metrics = createMetrics('aggregator');
const shared = {
  logger: createLogger({ service: 'aggregator', level: 'warn' }),
  metrics,
  health: new Health(),
};
const service = await startService(
  aggregatorService,
  readConfig(aggregatorSchema, order.environment),
  shared,
);

/** Event time up to which every row is committed, µs. */
async function writtenUntilUs(): Promise<number> {
  const metric = metrics.registry.getSingleMetric('hitonami_written_until_timestamp_seconds');
  const [first] = (await metric?.get())?.values ?? [];
  return (first?.value ?? 0) * 1e6;
}

interface Instant {
  us: number;
  ms: number;
  cpu: NodeJS.CpuUsage;
  loop: ReturnType<typeof performance.eventLoopUtilization>;
}

const instant = (us: number): Instant => ({
  us,
  ms: performance.now(),
  cpu: process.cpuUsage(),
  loop: performance.eventLoopUtilization(),
});

/** Resolves once rows are committed up to this event time or later. */
async function reached(us: number): Promise<Instant> {
  for (;;) {
    const nowUs = await writtenUntilUs();
    if (nowUs >= us) return instant(nowUs);
    await new Promise((resolve) => setTimeout(resolve, WATCH_MS));
  }
}

const from = await reached(order.fromUs);
const to = await reached(order.toUs);
const { user, system } = to.cpu;
const span: Span = {
  eventS: (to.us - from.us) / 1e6,
  wallS: (to.ms - from.ms) / 1000,
  cpuS: (user - from.cpu.user + system - from.cpu.system) / 1e6,
  loopBusyS: (to.loop.active - from.loop.active) / 1000,
};
process.send?.(span);
await service.stop();
process.disconnect();
