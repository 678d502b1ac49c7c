/** What the aggregator is measured against: kafkajs, the bare loop, and nothing behind it. */
import { SiteGeometry } from '@hitonami/crowd';
import kafkajs from 'kafkajs';
import type { Span, WatchOrder } from './aggregator-watch.js';
import { BareLoop } from './bare-loop.js';
import { PEOPLE_PER_FRAME, PEOPLE_PER_S, trafficPlan } from './traffic.js';

const order = JSON.parse(process.argv[2] ?? '') as WatchOrder;
const { HITONAMI_KAFKA_BROKERS = '', HITONAMI_TOPIC_PREFIX = '' } = order.environment;
const kafka = new kafkajs.Kafka({
  brokers: HITONAMI_KAFKA_BROKERS.split(','),
  logLevel: kafkajs.logLevel.ERROR,
});
const consumer = kafka.consumer({
  groupId: `${HITONAMI_TOPIC_PREFIX}bare`,
  maxBytesPerPartition: 4 * 1024 * 1024,
});
const loop = new BareLoop(new SiteGeometry(trafficPlan()));
const framesPerS = PEOPLE_PER_S / PEOPLE_PER_FRAME;
const fromFrames = ((order.fromUs - order.startUs) / 1e6) * framesPerS;
const toFrames = ((order.toUs - order.startUs) / 1e6) * framesPerS;

interface Instant {
  frames: number;
  ms: number;
  cpu: NodeJS.CpuUsage;
  loop: ReturnType<typeof performance.eventLoopUtilization>;
}
let frames = 0;
let from: Instant | undefined;
const now = (): Instant => ({
  frames,
  ms: performance.now(),
  cpu: process.cpuUsage(),
  loop: performance.eventLoopUtilization(),
});

await consumer.connect();
await consumer.subscribe({ topic: `${HITONAMI_TOPIC_PREFIX}observations`, fromBeginning: true });
const span = await new Promise<Span>((resolve, reject) => {
  consumer
    .run({
      autoCommit: false,
      eachBatch: ({ batch }) => {
        for (const { value } of batch.messages) if (value !== null) loop.message(value);
        frames += batch.messages.length;
        if (frames >= fromFrames) from ??= now();
        if (frames >= toFrames && from !== undefined) {
          const to = now();
          resolve({
            eventS: (to.frames - from.frames) / framesPerS,
            wallS: (to.ms - from.ms) / 1000,
            cpuS: (to.cpu.user - from.cpu.user + to.cpu.system - from.cpu.system) / 1e6,
            loopBusyS: (to.loop.active - from.loop.active) / 1000,
          });
        }
        return Promise.resolve();
      },
    })
    .catch(reject);
});
if (loop.people === 0) throw new Error('nobody was counted');
process.send?.(span);
await consumer.disconnect();
process.disconnect();
