import type { CountFrame } from '@hitonami/model';
import type { CountBatch } from '@hitonami/service';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { observationsOf } from '../../../test/support/event-log.js';
import { collectEnds, openCounts, START_US, startIngestor, type Ingestor } from './support.js';

// The door for sensors that only count: crossings of a line, in both directions, in one interval after the other.

const ends = collectEnds();
let ingestor: Ingestor;
/** Every test has its own stretch of sequences and times, so that they can share one ingestor. */
let n = 0;
beforeAll(async () => {
  ingestor = await startIngestor({}, ends.add);
});
afterAll(ends.run);
beforeEach(() => {
  n += 10;
});

const SECOND_US = 1_000_000;

function report(at: number, changes: Partial<CountBatch> = {}): CountBatch {
  const fromUs = START_US - 3_600 * SECOND_US + at * SECOND_US;
  const interval = { fromUs, toUs: fromUs + SECOND_US };
  return {
    site: 'test',
    counter: 'gate',
    sequence: at,
    ...interval,
    forward: 2,
    backward: 1,
    ...changes,
  };
}

async function logged(): Promise<CountFrame[]> {
  const found = await observationsOf(ingestor.log, 'test');
  return found.flatMap((one) => (one.type === 'counts' ? [one.counts] : []));
}

describe('a report of crossings', () => {
  it('is answered `stored` once it is on the log, with its crossings per direction', async () => {
    const door = openCounts(ingestor);
    const sent = report(n);
    expect(await door.ask(sent)).toMatchObject({
      site: 'test',
      counter: 'gate',
      sequence: n,
      outcome: 'stored',
    });
    expect((await logged()).at(-1)).toMatchObject(sent);
    await door.end();
  });

  it('and the next are of one session; a counter that starts again begins another', async () => {
    const before = (await logged()).length;
    const first = openCounts(ingestor);
    await first.ask(report(n));
    await first.ask(report(n + 1));
    await first.end();
    const second = openCounts(ingestor);
    expect((await second.ask(report(n + 2, { sequence: 0 }))).outcome).toBe('stored');
    await second.end();
    const [a, b, c] = (await logged()).slice(before).map(({ sessionLo }) => sessionLo);
    expect(a).toBe(b);
    expect(c).not.toBe(a);
    // So that the tests after this one go on from there.
    n += 3;
  });

  it('sent again, on this stream or another, is answered the same and on the log once', async () => {
    const before = (await logged()).length;
    const first = openCounts(ingestor);
    for (const at of [n, n + 1, n + 1])
      expect((await first.ask(report(at))).outcome).toBe('stored');
    first.cut();
    const second = openCounts(ingestor);
    for (const at of [n, n + 1, n + 2])
      expect((await second.ask(report(at))).outcome).toBe('stored');
    expect((await logged()).slice(before).map(({ sequence }) => sequence)).toEqual([
      n,
      n + 1,
      n + 2,
    ]);
    await second.end();
  });
});

describe('a report that cannot be used is rejected with a reason, and the next good one is stored', () => {
  const cases: [string, (at: number) => Partial<CountBatch>, string, RegExp][] = [
    [
      'an interval that ends before it begins',
      (at) => ({ toUs: report(at).fromUs - 1 }),
      'MALFORMED',
      /to_us must be after from_us/,
    ],
    [
      'an empty interval',
      (at) => ({ toUs: report(at).fromUs }),
      'MALFORMED',
      /to_us must be after from_us/,
    ],
    [
      'an interval of more than an hour',
      (at) => ({ toUs: report(at).fromUs + 3_600_000_001 }),
      'MALFORMED',
      /at most 3600000000/,
    ],
    ['an interval that begins at zero', () => ({ fromUs: 0 }), 'MALFORMED', /from_us must be/],
    ['times beyond whole numbers', () => ({ toUs: 2 ** 60 }), 'MALFORMED', /whole numbers/],
    [
      'more crossings than can be',
      () => ({ forward: 1_000_001 }),
      'MALFORMED',
      /over 1000000 crossings/,
    ],
    [
      'an interval in the future',
      () => ({ fromUs: Date.now() * 1000, toUs: (Date.now() + 60_000) * 1000 }),
      'FUTURE',
      /\d+\.\d s ahead.*set the sensor's clock/,
    ],
    [
      'an interval that overlaps the one before',
      (at) => ({ fromUs: report(at - 1).toUs - 1 }),
      'OUT_OF_ORDER',
      /begins at \d+, before the end of the last/,
    ],
    [
      'a sequence that goes back',
      (at) => ({ sequence: at - 5 }),
      'OUT_OF_ORDER',
      /sequence \d+ is not after/,
    ],
    [
      'an unknown counter',
      () => ({ counter: 'ghost' }),
      'UNKNOWN_CAMERA',
      /counter 'ghost' is not in version 1/,
    ],
    ['an unknown site', () => ({ site: 'nowhere' }), 'UNKNOWN_SITE', /'nowhere'.*publish/],
  ];
  it.each(cases)('%s', async (_name, fault, reason, detail) => {
    const before = (await logged()).length;
    const door = openCounts(ingestor);
    expect((await door.ask(report(n))).outcome).toBe('stored');
    const refused = await door.ask(report(n + 1, fault(n + 1)));
    expect(refused.rejected?.reason).toBe(`REJECT_REASON_${reason}`);
    expect(refused.rejected?.detail).toMatch(detail);
    expect((await door.ask(report(n + 2))).outcome).toBe('stored');
    expect((await logged()).slice(before).map(({ sequence }) => sequence)).toEqual([n, n + 2]);
    await door.end();
  });
});
