import type { Admin } from 'kafkajs';
import { checkCommit } from '../faults.js';
import type { GroupConsumer, GroupHandler, PartitionLag, Resume } from '../port.js';
import { KafkaLoop } from './loop.js';
import type { LoopSetup, TopicPartition } from './loop.js';
import type { Topics } from './topics.js';

/** A member of a group: the loop, with positions that are kept by the brokers. */
export class KafkaGroupConsumer implements GroupConsumer {
  readonly #admin: Admin;
  readonly #topics: Topics;
  readonly #groupId: string;
  readonly #loop: KafkaLoop;
  readonly #onStopped: () => void;

  constructor(
    admin: Admin,
    topics: Topics,
    setup: Omit<LoopSetup, 'handler'>,
    handler: GroupHandler,
    onStopped: () => void,
  ) {
    this.#admin = admin;
    this.#topics = topics;
    this.#groupId = setup.groupId;
    this.#onStopped = onStopped;
    this.#loop = new KafkaLoop({
      ...setup,
      handler: {
        resume: (partitions) => this.#resume(partitions),
        assigned: ({ topic, partition }, resume) => handler.assigned(topic, partition, resume),
        lost: ({ topic, partition }) => handler.lost(topic, partition),
        batch: (batch) => handler.batch(batch),
      },
    });
  }

  start(): Promise<void> {
    return this.#loop.start();
  }

  async commit(
    topic: string,
    partition: number,
    position: number,
    metadata: string,
  ): Promise<void> {
    checkCommit(topic, position, metadata);
    await this.#loop.commit({ topic, partition }, position, metadata);
  }

  async lag(): Promise<PartitionLag[]> {
    const held = this.#loop.held();
    const committed = await this.#resume(held);
    const lags: PartitionLag[] = [];
    for (const [index, { topic, partition, position }] of held.entries()) {
      const end = (await this.#topics.boundsOf(topic, partition)).high;
      const lag = Math.max(0, end - position);
      lags.push({
        topic,
        partition,
        committed: committed[index]?.position ?? 0,
        position,
        end,
        lag,
      });
    }
    return lags;
  }

  lastProgressMs(): number {
    return this.#loop.lastProgressMs();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    this.#onStopped();
  }

  /** What is committed, or the earliest offset kept where nothing is or retention has passed it. */
  async #resume(partitions: readonly TopicPartition[]): Promise<Resume[]> {
    const byTopic = new Map<string, Map<number, Resume>>();
    for (const topic of new Set(partitions.map((one) => one.topic))) {
      const full = this.#topics.full(topic);
      const [stored] = await this.#admin.fetchOffsets({ groupId: this.#groupId, topics: [full] });
      const bounds = await this.#topics.bounds(topic);
      const resumes = (stored?.partitions ?? []).map(
        ({ partition, offset, metadata }): [number, Resume] => {
          const position = Math.max(Number(offset), bounds.get(partition)?.low ?? 0);
          return [partition, { position, metadata: metadata ?? '' }];
        },
      );
      byTopic.set(topic, new Map(resumes));
    }
    return partitions.map(
      ({ topic, partition }) => byTopic.get(topic)?.get(partition) ?? { position: 0, metadata: '' },
    );
  }
}
