import type { ConnectionOptions } from 'node:tls';
import kafkajs from 'kafkajs';
import type { Admin, Kafka as KafkaClient, KafkaConfig, Producer } from 'kafkajs';
import { partitionOf } from '../partition.js';
import { mapped } from './errors.js';

// CommonJS: Node finds only some of its names by itself.
const { Kafka, logLevel } = kafkajs;

export interface KafkaClientOptions {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  /** How the brokers' logs name this process. Default `hitonami`. */
  readonly clientId?: string;
  /** true, or Node's TLS options. Default: no TLS. */
  readonly ssl?: boolean | ConnectionOptions;
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
}

/** Pauses 0.1, 0.2 … 2 s: about 15 s in all, enough for a broker to come back; after that the caller is told. */
export const RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 2_000,
  multiplier: 2,
  factor: 0.2,
  retries: 10,
} as const;
const CONNECT_LIMIT_MS = 3_000;
const REQUEST_LIMIT_MS = 15_000;

export interface Clients {
  readonly kafka: KafkaClient;
  readonly admin: Admin;
  readonly producer: Producer;
}

/** @throws HitonamiError `UNAVAILABLE` where no broker answers */
export async function connect(options: KafkaClientOptions): Promise<Clients> {
  const { brokers, clientId = 'hitonami', ssl, sasl } = options;
  const config: KafkaConfig = {
    brokers: [...brokers],
    clientId,
    connectionTimeout: CONNECT_LIMIT_MS,
    requestTimeout: REQUEST_LIMIT_MS,
    retry: RETRY,
    // What goes wrong comes back as rejections and events; its own log repeats that for every attempt.
    logLevel: logLevel.NOTHING,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as NonNullable<KafkaConfig['sasl']> }),
  };
  const kafka = new Kafka(config);
  const admin = kafka.admin();
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    createPartitioner:
      () =>
      ({ message, partitionMetadata }) =>
        partitionOf(String(message.key ?? ''), partitionMetadata.length),
  });
  try {
    await admin.connect();
    await producer.connect();
  } catch (error) {
    await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
    throw mapped(error, `cannot reach Kafka at ${brokers.join(', ')}`);
  }
  return { kafka, admin, producer };
}
