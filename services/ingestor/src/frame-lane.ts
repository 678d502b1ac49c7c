import type { Permits } from './permits.js';

/** One frame's way through a lane. */
export interface LaneJob<T> {
  /** Needs a permit; jobs of one lane may overlap in it. */
  infer: () => Promise<T>;
  /** Called in the order of the frames, once `infer` has settled. */
  finish: (result: PromiseSettledResult<T>) => Promise<void>;
  /** Called instead of both where a newer frame takes its place. */
  shed: (reason: 'newer' | 'stopping') => void;
}

/**
 * The frames of one camera: a bounded queue in which the newest wins, inference side by side, the rest in order.
 * Lanes share the permits, which are given in turn, so that no camera starves another.
 */
export class FrameLane<T> {
  private readonly permits: Permits;
  private readonly capacity: number;
  private readonly queue: LaneJob<T>[] = [];
  private running = 0;
  private tail: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(permits: Permits, capacity: number) {
    this.permits = permits;
    this.capacity = capacity;
  }

  /** Takes a frame; where the queue is full the oldest waiting one is shed. */
  push(job: LaneJob<T>): void {
    if (this.closed) {
      job.shed('stopping');
      return;
    }
    if (this.queue.length >= this.capacity) this.queue.shift()?.shed('newer');
    this.queue.push(job);
    void this.start();
  }

  /** Sheds what waits; what is being inferred is finished. */
  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.splice(0)) job.shed('stopping');
    while (this.running > 0) await this.tail;
  }

  private async start(): Promise<void> {
    this.running++;
    await this.permits.take();
    const job = this.queue.shift();
    if (job === undefined) {
      this.permits.give();
      this.running--;
      return;
    }
    const inferred = settle(job.infer()).finally(() => {
      this.permits.give();
    });
    this.tail = this.tail.then(async () => {
      try {
        await job.finish(await inferred);
      } finally {
        this.running--;
      }
    });
    await this.tail;
  }
}

async function settle<T>(work: Promise<T>): Promise<PromiseSettledResult<T>> {
  try {
    return { status: 'fulfilled', value: await work };
  } catch (reason) {
    return { status: 'rejected', reason };
  }
}
