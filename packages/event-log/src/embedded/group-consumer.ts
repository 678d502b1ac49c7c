import { Backoff } from '../backoff.js';
import { checkCommit, handlerFailed, notHeld } from '../faults.js';
import type { FaultHook } from '../faults.js';
import type { GroupConsumer, GroupHandler, PartitionLag, Resume } from '../port.js';
import { GroupLease } from './lease.js';
import { PartitionReader } from './reader.js';
import type { Store } from './store.js';
import type { Topic } from './topics.js';

/** How often an idle loop looks for records of other processes, ms. Records of its own process wake it at once. */
export const POLL_MS = 10;
/** How often a member that stands by looks whether the holder is gone, ms. */
export const STANDBY_MS = 50;

export interface GroupConsumerSetup {
  readonly store: Store;
  /** As the caller named it, for messages. */
  readonly group: string;
  /** As the store knows it. */
  readonly groupKey: string;
  readonly topics: readonly Topic[];
  readonly handler: GroupHandler;
  readonly leaseMs: number;
  readonly onFault: FaultHook;
  readonly onStopped: (consumer: EmbeddedGroupConsumer) => void;
}

interface Held {
  readonly reader: PartitionReader;
  /** Set once the handler was told. */
  told: boolean;
  position: number;
}

/** A member of a group: one loop that takes the lease, tells the handler what is its, and delivers batches in turn. */
export class EmbeddedGroupConsumer implements GroupConsumer {
  readonly #setup: GroupConsumerSetup;
  readonly #lease: GroupLease;
  readonly #stop = new AbortController();
  readonly #backoff = new Backoff();
  readonly #done: Promise<void>;
  readonly #renewal: NodeJS.Timeout;
  #held: Held[] = [];
  #turn = 0;
  #progressMs = Date.now();

  constructor(setup: GroupConsumerSetup) {
    this.#setup = setup;
    this.#lease = new GroupLease(setup.store, setup.groupKey, setup.leaseMs);
    this.#renewal = setInterval(() => {
      if (this.#held.length > 0) this.#lease.renew().catch(this.#report('renewing the lease'));
    }, setup.leaseMs / 3);
    this.#done = this.#run();
  }

  lastProgressMs(): number {
    return this.#progressMs;
  }

  async commit(
    topic: string,
    partition: number,
    position: number,
    metadata: string,
  ): Promise<void> {
    checkCommit(topic, position, metadata);
    const { store, group } = this.#setup;
    const held = this.#held.find(
      ({ reader, told }) => told && reader.topic.name === topic && reader.partition === partition,
    );
    if (held === undefined) throw notHeld(group, topic, partition);
    const stored: Resume = { position, metadata };
    await store.write(() => {
      if (!this.#lease.isHeld()) throw notHeld(group, topic, partition);
      void store.groups.put(this.#offsetKey(held.reader), stored);
    });
  }

  lag(): Promise<PartitionLag[]> {
    this.#setup.store.refresh();
    const lags = this.#held.map(({ reader, position }) => {
      const end = reader.end();
      return {
        topic: reader.topic.name,
        partition: reader.partition,
        committed: this.#resume(reader).position,
        position,
        end,
        lag: end - position,
      };
    });
    return Promise.resolve(lags);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.#progressMs = Date.now();
      try {
        const waitMs = await this.#step();
        this.#backoff.worked();
        if (waitMs > 0) await this.#setup.store.wakeups.wait(waitMs, signal);
      } catch (error) {
        this.#report(`group "${this.#setup.group}"`)(error);
        await this.#backoff.pause(signal);
      }
    }
    clearInterval(this.#renewal);
    await this.#loseAll();
    await this.#lease.release().catch(this.#report('leaving the group'));
    this.#setup.onStopped(this);
  }

  /** One turn of the loop. Returns how long to wait before the next, ms. */
  async #step(): Promise<number> {
    if (this.#held.length === 0) {
      if (!(await this.#lease.tryTake())) return STANDBY_MS;
      this.#take();
    }
    this.#setup.store.refresh();
    if (!this.#lease.isHeld()) {
      await this.#loseAll();
      return 0;
    }
    for (const held of this.#held) await this.#tell(held);
    return (await this.#deliver()) ? 0 : POLL_MS;
  }

  #take(): void {
    const { store, topics } = this.#setup;
    this.#held = topics.flatMap((topic) =>
      Array.from({ length: topic.partitions }, (_, partition) => ({
        reader: new PartitionReader(store, topic, partition),
        told: false,
        position: 0,
      })),
    );
  }

  async #tell(held: Held): Promise<void> {
    if (held.told || this.#stop.signal.aborted) return;
    const { topic, partition } = held.reader;
    const resume = this.#resume(held.reader);
    held.position = resume.position;
    // A commit is allowed from inside `assigned`.
    held.told = true;
    try {
      await this.#setup.handler.assigned(topic.name, partition, resume);
    } catch (error) {
      held.told = false;
      throw handlerFailed(`taking ${topic.name}/${partition}`, error);
    }
  }

  /** Delivers one batch from the first partition, in turn, that has any. */
  async #deliver(): Promise<boolean> {
    for (let tried = 0; tried < this.#held.length; tried++) {
      if (this.#stop.signal.aborted) return true;
      const held = this.#held[this.#turn % this.#held.length];
      this.#turn += 1;
      if (held === undefined) break;
      const end = held.reader.end();
      if (held.position >= end) continue;
      const { records, next } = held.reader.batch(held.position);
      if (records.length > 0) await this.#handle(held, records, end);
      // Where retention took all that was left, go on from the end.
      held.position = records.length > 0 ? next : end;
      return true;
    }
    return false;
  }

  async #handle(
    held: Held,
    records: Parameters<GroupHandler['batch']>[0]['records'],
    end: number,
  ): Promise<void> {
    const { topic, partition } = held.reader;
    try {
      await this.#setup.handler.batch({ topic: topic.name, partition, records, end });
    } catch (error) {
      // The turn stays with this partition: the batch comes again.
      this.#turn -= 1;
      throw handlerFailed(`handling ${topic.name}/${partition} from ${held.position}`, error);
    }
  }

  async #loseAll(): Promise<void> {
    const held = this.#held;
    this.#held = [];
    for (const { reader, told } of held) {
      if (!told) continue;
      try {
        await this.#setup.handler.lost(reader.topic.name, reader.partition);
      } catch (error) {
        const where = `${reader.topic.name}/${reader.partition}`;
        this.#setup.onFault(handlerFailed(`giving up ${where}`, error));
      }
    }
  }

  #resume(reader: PartitionReader): Resume {
    const stored = this.#setup.store.groups.get(this.#offsetKey(reader)) as Resume | undefined;
    const start = reader.start();
    if (stored === undefined) return { position: start, metadata: '' };
    return { position: Math.max(stored.position, start), metadata: stored.metadata };
  }

  #offsetKey(reader: PartitionReader): string {
    return `offset ${this.#setup.groupKey} ${reader.topic.id}/${reader.partition}`;
  }

  #report(where: string): (error: unknown) => void {
    return (error) => {
      this.#setup.onFault(handlerFailed(where, error));
    };
  }
}
