/** What the aggregator is measured against: kafkajs, the bare loop, and nothing behind it. */
import { SiteGeometry } from '@hitonami/crowd';
import kafkajs from 'kafkajs';
import { instant, spanSince, type Span, type WatchOrder } from './aggregator-watch.js';
import { BareLoop } from './bare-loop.js';
import { answerParent } from './child.js';
import { trafficPlan } from './traffic.js';

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
let frames = 0;
let start: { at: ReturnType<typeof instant>; frames: number } | undefined;

answerParent(
  async () => {
    await consumer.connect();
    await consumer.subscribe({
      topic: `${HITONAMI_TOPIC_PREFIX}observations`,
      fromBeginning: true,
    });
    return await new Promise<Span>((resolve, reject) => {
      const eachBatch = ({ batch }: { batch: kafkajs.Batch }): Promise<void> => {
        for (const { value } of batch.messages) if (value !== null) loop.message(value);
        frames += batch.messages.length;
        if (frames >= order.warmFrames) start ??= { at: instant(), frames };
        if (frames >= order.frames && start) resolve(spanSince(start.at, frames - start.frames));
        return Promise.resolve();
      };
      consumer.run({ autoCommit: false, eachBatch }).catch(reject);
    });
  },
  () => consumer.disconnect(),
);
