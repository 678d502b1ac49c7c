import { US_PER_S, windowStartUs } from '@hitonami/model';

/** Lengths of the rolled-up windows, s. */
export const ROLLUP_LENGTHS_S = [60, 900, 3_600] as const;

export interface Bucket {
  bucketStartUs: number;
  lengthS: number;
  /** Length of the rows that it is the sum of, s. */
  baseLengthS: number;
}

/**
 * Which longer windows of a site have received rows and are not rolled up yet. The shortest rollup is the sum of the
 * plan's windows, which change their length only at a full minute; the others are sums of the shortest.
 */
export class RollupLedger {
  private readonly open = new Map<string, Bucket>();

  /** Rows of a window of `windowS` that starts at (or holds) `atUs` were written. */
  wrote(atUs: number, windowS: number): void {
    const [shortestS] = ROLLUP_LENGTHS_S;
    for (const lengthS of ROLLUP_LENGTHS_S) {
      const baseLengthS = lengthS === shortestS ? windowS : shortestS;
      if (baseLengthS >= lengthS) continue;
      const bucketStartUs = windowStartUs(atUs, lengthS * US_PER_S);
      const key = `${lengthS} ${bucketStartUs} ${baseLengthS}`;
      this.open.set(key, { bucketStartUs, lengthS, baseLengthS });
    }
  }

  /** The buckets that are whole once every window up to `closedUntilUs` is written, the shorter ones first; each once. */
  takeWhole(closedUntilUs: number): Bucket[] {
    const whole: Bucket[] = [];
    for (const [key, bucket] of this.open) {
      if (bucket.bucketStartUs + bucket.lengthS * US_PER_S > closedUntilUs) continue;
      this.open.delete(key);
      whole.push(bucket);
    }
    return whole.sort((a, b) => a.lengthS - b.lengthS || a.bucketStartUs - b.bucketStartUs);
  }
}
