import { describe, expect, it } from 'vitest';
import { sameTime } from '../src/history/comparison.js';

const DAY_MS = 86_400_000;
const fromMs = Date.parse('2026-11-22T00:00:00+09:00');
const starts = (begin: number, minutes: readonly number[]): string[] =>
  minutes.map((minute) => new Date(begin + minute * 60_000).toISOString());

describe('two plans side by side', () => {
  const first = { starts: starts(fromMs, [0, 1, 2, 3]), fromMs };

  it('show the windows that are as long after the begin of each period', () => {
    const second = { starts: starts(fromMs - DAY_MS, [0, 1, 2, 3]), fromMs: fromMs - DAY_MS };
    expect([0, 1, 2, 3].map((index) => sameTime(first, index, second))).toEqual([0, 1, 2, 3]);
  });

  it('and nothing where the other period has no such window, never the next one', () => {
    const second = { starts: starts(fromMs - DAY_MS, [0, 2]), fromMs: fromMs - DAY_MS };
    expect([0, 1, 2, 3].map((index) => sameTime(first, index, second))).toEqual([
      0,
      undefined,
      1,
      undefined,
    ]);
    expect(sameTime(first, 99, second)).toBeUndefined();
  });
});
