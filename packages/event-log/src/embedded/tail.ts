import { Backoff } from '../backoff.js';
import { handlerFailed } from '../faults.js';
import type { FaultHook } from '../faults.js';
import type { Tail, TailedRecord } from '../port.js';
import { POLL_MS } from './group-consumer.js';
import type { PartitionReader } from './reader.js';
import type { Store } from './store.js';

interface Followed {
  readonly reader: PartitionReader;
  position: number;
}

/** Follows all partitions of a topic from where each stood. */
export class EmbeddedTail implements Tail {
  readonly #store: Store;
  readonly #followed: Followed[];
  readonly #onRecord: (record: TailedRecord) => void;
  readonly #onFault: FaultHook;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  constructor(
    store: Store,
    readers: readonly PartitionReader[],
    from: 'start' | 'end',
    onRecord: (record: TailedRecord) => void,
    onFault: FaultHook,
  ) {
    this.#store = store;
    this.#onRecord = onRecord;
    this.#onFault = onFault;
    store.refresh();
    this.#followed = readers.map((reader) => ({
      reader,
      position: from === 'start' ? reader.start() : reader.end(),
    }));
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const backoff = new Backoff();
    while (!signal.aborted) {
      try {
        this.#store.refresh();
        const found = this.#followed.filter((followed) => this.#follow(followed)).length > 0;
        backoff.worked();
        // Behind a batch the others of this process get their turn; behind the last one it waits.
        if (found) await new Promise((resolve) => setImmediate(resolve));
        else await this.#store.wakeups.wait(POLL_MS, signal);
      } catch (error) {
        this.#onFault(handlerFailed('following a topic', error));
        await backoff.pause(signal);
      }
    }
  }

  #follow(followed: Followed): boolean {
    const { reader } = followed;
    const end = reader.end();
    if (followed.position >= end) return false;
    const { records, next } = reader.batch(followed.position);
    followed.position = records.length > 0 ? next : end;
    for (const record of records) {
      if (this.#stop.signal.aborted) break;
      this.#onRecord({ ...record, partition: reader.partition });
    }
    return true;
  }
}
