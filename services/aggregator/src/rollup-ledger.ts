import { US_PER_S, windowStartUs } from '@hitonami/model';

/** Lengths of the rolled-up windows, s. */
export const ROLLUP_LENGTHS_S = [60, 900, 3_600] as const;

export interface Bucket {
  bucketStartUs: number;
  lengthS: number;
}

/** Which longer windows of a site have received rows and are not rolled up yet. */
export class RollupLedger {
  private readonly open = new Map<string, Bucket>();

  /** Rows of a window of `windowS` that starts at (or holds) `startUs` were written. */
  wrote(startUs: number, windowS: number): void {
    for (const lengthS of ROLLUP_LENGTHS_S) {
      if (lengthS <= windowS) continue;
      const bucketStartUs = windowStartUs(startUs, lengthS * US_PER_S);
      this.open.set(`${lengthS} ${bucketStartUs}`, { bucketStartUs, lengthS });
    }
  }

  /** The buckets that are whole once every window up to `closedUntilUs` is written; they are not named again. */
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
