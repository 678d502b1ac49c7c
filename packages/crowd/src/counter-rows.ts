import { COUNT_INTERVAL_MAX_US, US_PER_S, windowStartUs, type CountFrame } from '@hitonami/model';
import type { PlanHistory } from './plans.js';
import type { LineRow } from './rows.js';

export interface LoggedCount {
  count: CountFrame;
  offset: number;
}

/** What is kept of one counter between its reports. */
interface Counter {
  /** End of what it has counted, µs. */
  countedUs: number;
  /** The row of the window in which its last report ended, to which the next may add. */
  open: LineRow | undefined;
  /** Offset of the earliest record that all of this is made from. */
  offset: number;
}

/**
 * The rows of lines that are counted by a sensor of their own, whose reports may be shorter or longer than a window.
 *
 * A report is spread evenly over its interval, and each window that it touches has its share: crossings in whole numbers
 * (rounded down as they add up, so that windows one after another are never a whole crossing over their share, and all of
 * them together are exactly what was reported), and the time observed. A row is given out once, when the counter has
 * reported past the window's end, or could no more: with the window that is closed then.
 *
 * All that it knows follows from the event times of reports, so that the same log gives the same rows wherever it is cut.
 */
export class CounterRows {
  private readonly plans: PlanHistory;
  /** For how long after its end a report is waited for, µs. */
  private readonly waitUs: number;
  private readonly counters = new Map<string, Counter>();

  constructor(plans: PlanHistory, waitUs: number) {
    this.plans = plans;
    this.waitUs = waitUs;
  }

  /** The last instant at which a report may still come; it is folded with the window that holds it, µs. */
  foldedAtUs({ toUs }: CountFrame): number {
    return toUs - 1 + this.waitUs;
  }

  /** Whether some of a report's interval was counted by an earlier report. */
  hasCounted({ counter, fromUs }: CountFrame): boolean {
    return fromUs < (this.counters.get(counter)?.countedUs ?? -Infinity);
  }

  /** Offset of the earliest record that later rows depend on, `Infinity` for none. */
  earliestOffset(): number {
    let earliest = Infinity;
    for (const { offset } of this.counters.values()) earliest = Math.min(earliest, offset);
    return earliest;
  }

  /** When the next counter is waited for no more, µs, `Infinity` for none. */
  nextDueUs(): number {
    let next = Infinity;
    for (const counter of this.counters.values()) next = Math.min(next, this.dueUs(counter));
    return next;
  }

  /**
   * @param endUs end of the window that closes
   * @param reports those that are folded with it, in order of their ends
   * @returns the rows that are whole by now, of this window and of earlier ones
   */
  take(endUs: number, reports: readonly LoggedCount[]): LineRow[] {
    const rows: LineRow[] = [];
    for (const report of reports) this.spread(report, rows);
    for (const [id, counter] of this.counters) {
      if (this.dueUs(counter) >= endUs) continue;
      if (counter.open) rows.push(counter.open);
      this.counters.delete(id);
    }
    return rows;
  }

  /** No report that comes later could begin before the end of the last. */
  private dueUs({ countedUs }: Counter): number {
    return countedUs + COUNT_INTERVAL_MAX_US + this.waitUs;
  }

  private spread({ count, offset }: LoggedCount, rows: LineRow[]): void {
    const { counter, fromUs, toUs } = count;
    const before = this.counters.get(counter);
    let open = before?.open;
    let firstOffset = before?.offset ?? offset;
    for (let atUs = fromUs; atUs < toUs;) {
      const window = this.windowAt(atUs);
      const untilUs = Math.min(toUs, window.startUs + window.lengthUs);
      if (open?.startUs !== window.startUs) {
        if (open) rows.push(open);
        open = this.rowOf(counter, window);
        firstOffset = offset;
      }
      if (open) {
        open.forward += sharedBetween(atUs, untilUs, count, count.forward);
        open.backward += sharedBetween(atUs, untilUs, count, count.backward);
        open.observedUs += untilUs - atUs;
      }
      atUs = untilUs;
    }
    if (open && open.startUs + open.lengthUs <= toUs) {
      rows.push(open);
      open = undefined;
    }
    this.counters.set(counter, { countedUs: toUs, open, offset: open ? firstOffset : offset });
  }

  private windowAt(atUs: number): { startUs: number; lengthUs: number } {
    const lengthUs = (this.plans.inForce(atUs)?.plan.windowS ?? 1) * US_PER_S;
    return { startUs: windowStartUs(atUs, lengthUs), lengthUs };
  }

  /** An empty row; undefined where the plan of that window has no such counter. */
  private rowOf(
    counter: string,
    { startUs, lengthUs }: { startUs: number; lengthUs: number },
  ): LineRow | undefined {
    const site = this.plans.inForce(startUs);
    const line = site?.lines[site.lineOfCounter.get(counter) ?? -1];
    if (site === undefined || line === undefined) return undefined;
    const key = { site: site.plan.site, startUs, lengthUs, generation: 0 };
    const nothing = { forward: 0, backward: 0, observedUs: 0, doubtfulUs: 0 };
    return { ...key, line: line.plan.id, ...nothing };
  }
}

/**
 * How many of a report's crossings fall into a part of its interval: what falls before its end less what falls before its
 * start, both rounded down, so that the parts of an interval are together all of it.
 */
export function sharedBetween(
  fromUs: number,
  untilUs: number,
  report: CountFrame,
  crossings: number,
): number {
  // The product of two numbers of a report may be more than a double holds exactly.
  const lengthUs = BigInt(report.toUs - report.fromUs);
  const before = (atUs: number): bigint =>
    (BigInt(crossings) * BigInt(atUs - report.fromUs)) / lengthUs;
  return Number(before(untilUs) - before(fromUs));
}
