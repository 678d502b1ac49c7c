import type { Message, Producer, TopicMessages } from 'kafkajs';
import type { QueuedAppend } from '../append-queue.js';
import { mapped } from './errors.js';

/** One request carries at most this, bytes, or one larger record: below the brokers' default limit of 1 MB a batch. */
const MAX_SEND_BYTES = 900_000;
const OVERHEAD_BYTES = 100;
/** How long a broker may wait for its replicas, ms. */
const REPLICA_LIMIT_MS = 10_000;
const ACKS_ALL = -1;

/** Sends a group of appends, one request at a time, so that a retry cannot overtake what was sent after it. */
export class Writer {
  readonly #producer: Producer;
  readonly #full: (topic: string) => string;

  constructor(producer: Producer, full: (topic: string) => string) {
    this.#producer = producer;
    this.#full = full;
  }

  async write(group: readonly QueuedAppend[]): Promise<void> {
    for (const topicMessages of this.#requests(group)) {
      try {
        await this.#producer.sendBatch({
          acks: ACKS_ALL,
          timeout: REPLICA_LIMIT_MS,
          topicMessages,
        });
      } catch (error) {
        throw mapped(error, 'Kafka did not take the records');
      }
    }
  }

  *#requests(group: readonly QueuedAppend[]): Generator<TopicMessages[]> {
    let request = new Map<string, Message[]>();
    let bytes = 0;
    for (const { topic, records } of group)
      for (const { key, value } of records) {
        const size = value.byteLength + OVERHEAD_BYTES;
        if (bytes > 0 && bytes + size > MAX_SEND_BYTES) {
          yield asTopicMessages(request);
          request = new Map();
          bytes = 0;
        }
        const name = this.#full(topic);
        let messages = request.get(name);
        if (messages === undefined) request.set(name, (messages = []));
        messages.push({ key, value: asBuffer(value) });
        bytes += size;
      }
    yield asTopicMessages(request);
  }
}

function asTopicMessages(request: ReadonlyMap<string, Message[]>): TopicMessages[] {
  return Array.from(request, ([topic, messages]) => ({ topic, messages }));
}

function asBuffer(value: Uint8Array): Buffer {
  if (Buffer.isBuffer(value)) return value;
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
