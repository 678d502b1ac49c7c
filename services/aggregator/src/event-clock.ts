import type { Observation } from '@hitonami/model';

/** A site whose records are this far behind the clock is read from the past, ms. */
const BEHIND_MAX_MS = 10_000;
/**
 * Event time of one site: the newest instant that its records tell of; where all of them have been read, it goes on with
 * the clock, so that silence is noticed also where not even ticks come.
 */
export class EventClock {
  private newestUs = -Infinity;
  private heardMs = 0;

  note(observation: Observation): void {
    const us = instantOf(observation);
    if (us <= this.newestUs) return;
    this.newestUs = us;
    this.heardMs = Date.now();
  }

  /** µs; undefined before the first record, and while the past is read that others have judged already. */
  nowUs(clockMs: number, isCaughtUp: boolean): number | undefined {
    if (this.newestUs === -Infinity) return undefined;
    if (isCaughtUp) return this.newestUs + 1000 * Math.max(0, clockMs - this.heardMs);
    return clockMs - this.newestUs / 1000 <= BEHIND_MAX_MS ? this.newestUs : undefined;
  }
}

function instantOf(observation: Observation): number {
  if (observation.type === 'positions') return observation.frame.capturedUs;
  return observation.type === 'counts' ? observation.counts.toUs : observation.tick.nowUs;
}
