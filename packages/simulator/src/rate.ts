import type { RateOverTime } from './scenario.js';

/** The rate at a time, people/min. */
export function rateAt(rate: RateOverTime, timeS: number): number {
  let before = rate[0];
  for (const point of rate) {
    if (point[0] > timeS) {
      if (before === undefined || before === point) return point[1];
      const share = (timeS - before[0]) / (point[0] - before[0]);
      return before[1] + share * (point[1] - before[1]);
    }
    before = point;
  }
  return before?.[1] ?? 0;
}
