import type { Permits } from './permits.js';

/** One frame's way through a lane: either `infer` and then `finish`, or `shed`. None of them throws. */
export interface LaneJob<T> {
  /** Needs a permit; jobs of one lane may overlap in it. */
  infer: () => Promise<T>;
  /** Called in the order of the frames, once `infer` has settled. */
  finish: (result: PromiseSettledResult<T>) => void;
  /** Called instead of both where a newer frame takes its place. */
  shed: (reason: 'newer' | 'stopping') => void;
}

/**
 * The frames of one camera: a bounded queue in which the newest wins, inference side by side, the rest in order.
 * Lanes share the permits, which are given in turn; a lane asks for no more than it has frames, so that one that is
 * flooded starves no other.
 */
export class FrameLane<T> {
  private readonly permits: Permits;
  private readonly capacity: number;
  private readonly queue: LaneJob<T>[] = [];
  /** Permits asked for and not yet given. */
  private asked = 0;
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
    if (this.asked < this.queue.length) void this.run();
  }

  /** Sheds what waits and waits for what is being inferred. */
  async close(): Promise<void> {
    this.closed = true;
    for (const job of this.queue.splice(0)) job.shed('stopping');
    await this.tail;
  }

  private async run(): Promise<void> {
    this.asked++;
    await this.permits.take();
    this.asked--;
    const job = this.queue.shift();
    if (job === undefined) {
      this.permits.give();
      return;
    }
    this.tail = this.finish(job, this.tail);
    await this.tail;
  }

  private async finish(job: LaneJob<T>, before: Promise<void>): Promise<void> {
    const [inferred] = await Promise.allSettled([job.infer()]);
    this.permits.give();
    await before;
    job.finish(inferred);
  }
}
