import { US_PER_S } from '@hitonami/model';

/** The trend is that of the last minute, s. */
const SPAN_S = 60;
/** Over less than this a trend is chance, s. */
const SPAN_MIN_S = 30;

/**
 * How a value changes: the slope of the straight line through one sample a second of the last minute (least squares).
 * Seconds of which nothing is known have no sample.
 */
export class Trend {
  private readonly values = new Float64Array(SPAN_S).fill(NaN);
  private newestS = -Infinity;

  /** @returns whether the sample was taken: the first of each second is */
  add(nowUs: number, value: number | undefined): boolean {
    const second = Math.floor(nowUs / US_PER_S);
    if (second <= this.newestS) return false;
    for (let s = Math.max(this.newestS + 1, second - SPAN_S + 1); s <= second; s++)
      this.values[s % SPAN_S] = NaN;
    this.values[second % SPAN_S] = value ?? NaN;
    this.newestS = second;
    return true;
  }

  /** Change in a minute; undefined where what is known spans less than 30 s, or half of that is not known. */
  perMinute(): number | undefined {
    let [n, sumT, sumV, sumTT, sumTV] = [0, 0, 0, 0, 0];
    let [first, last] = [Infinity, -Infinity];
    for (let age = 0; age < SPAN_S; age++) {
      const value = this.values[(this.newestS - age + SPAN_S) % SPAN_S] as number;
      if (Number.isNaN(value)) continue;
      n++;
      sumT -= age;
      sumV += value;
      sumTT += age * age;
      sumTV -= age * value;
      first = Math.min(first, age);
      last = Math.max(last, age);
    }
    const span = last - first;
    if (span < SPAN_MIN_S || n < span / 2) return undefined;
    return ((n * sumTV - sumT * sumV) / (n * sumTT - sumT * sumT)) * 60;
  }
}
