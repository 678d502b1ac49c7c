import type { Progress } from './partition.js';
import type { SiteWork } from './writer.js';

/** Windows that wait while others are written; over it the log waits. */
const WAITING_WINDOWS_MAX = 32;
/** The same for frames that came late. */
const WAITING_LATE_MAX = 10_000;

/**
 * What one partition has to write and commit. One write at a time, so that commits stay in order; what closes meanwhile
 * goes together in the next, since many windows cost little more than one: that is how an aggregator catches up.
 */
export class Backlog {
  private readonly write: (progress: Progress) => Promise<void>;
  private waiting: Progress | undefined;
  private current: Promise<void> | undefined;

  /** @param write writes and commits; must not reject */
  constructor(write: (progress: Progress) => Promise<void>) {
    this.write = write;
  }

  /** Takes more; resolves when there is room for the next. */
  async add(progress: Progress): Promise<void> {
    this.waiting = this.waiting ? join(this.waiting, progress) : progress;
    if (this.current === undefined) this.next();
    while (this.isFull()) await this.current;
  }

  /** Resolves when nothing waits and nothing is being written. */
  async settled(): Promise<void> {
    while (this.current) await this.current;
  }

  private isFull(): boolean {
    const work = this.waiting?.work ?? [];
    const count = (pick: (one: SiteWork) => unknown[]): number =>
      work.reduce((sum, one) => sum + pick(one).length, 0);
    return (
      count(({ windows }) => windows) > WAITING_WINDOWS_MAX ||
      count(({ late }) => late) > WAITING_LATE_MAX
    );
  }

  private next(): void {
    const progress = this.waiting;
    this.waiting = undefined;
    this.current = progress && this.write(progress).then(() => this.next());
  }
}

/** What two batches ask for, the earlier first, as one: whoever wrote it may commit the position of the later. */
export function join(earlier: Progress, later: Progress): Progress {
  const byPlan = new Map<SiteWork['plan'], SiteWork>();
  for (const { plan, windows, buckets, late } of [...earlier.work, ...later.work]) {
    const known = byPlan.get(plan);
    if (known === undefined) {
      byPlan.set(plan, { plan, windows: [...windows], buckets: [...buckets], late: [...late] });
      continue;
    }
    known.windows.push(...windows);
    known.buckets.push(...buckets);
    known.late.push(...late);
  }
  return { ...later, work: [...byPlan.values()] };
}
