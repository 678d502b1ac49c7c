import { afterAll, describe } from 'vitest';
import { requireKafka, startKafka } from '../../../test/support/kafka-broker.js';
import type { KafkaBroker } from '../../../test/support/kafka-broker.js';
import { openKafkaLog } from '../src/index.js';
import { eventLogContract } from './contract.js';

describe.skipIf(!(await requireKafka()))('against a real Apache Kafka', () => {
  let kafka: KafkaBroker | undefined;
  afterAll(async () => {
    await kafka?.stop();
  });

  eventLogContract('kafka', async () => {
    const { brokers, prefix } = (kafka = await startKafka());
    return { open: () => openKafkaLog({ brokers, prefix, onFault: () => undefined }) };
  });
});
