import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNote, writeNote } from '../src/resume-note.js';
import { RollupLedger } from '../src/rollup-ledger.js';

const S = 1_000_000;
const HOUR = 3_600 * S;

describe('the note beside a committed position', () => {
  it('comes back as it was written, whatever the sites', () => {
    const notes = fc.dictionary(fc.string({ minLength: 1, maxLength: 63 }), fc.maxSafeInteger());
    fc.assert(
      fc.property(notes, (sites) => {
        const map = new Map(Object.entries(sites));
        const note = { closedUntilUs: map, movedSinceUs: new Map([['s', new Map([['c', 5]])]]) };
        expect(readNote(writeNote(note))).toEqual(note);
      }),
    );
  });

  it('is the same text for the same content, in whatever order it was gathered', () => {
    const entries: [string, number][] = [
      ['b', 2],
      ['a', 1],
    ];
    const note = (closedUntilUs: Map<string, number>) =>
      writeNote({ closedUntilUs, movedSinceUs: new Map() });
    expect(note(new Map(entries))).toBe(note(new Map(entries.reverse())));
  });

  it('is empty where nothing was committed yet', () => {
    expect(readNote('')).toEqual({ closedUntilUs: new Map(), movedSinceUs: new Map() });
  });

  it.each([
    ['text', 'no JSON'],
    ['null', 'null'],
    ['a number', '7'],
    ['another version', '{"v":2,"closedUntilUs":{}}'],
    ['no version', '{"closedUntilUs":{}}'],
    ['no content', '{"v":1}'],
    ['a list', '{"v":1,"closedUntilUs":[1]}'],
    ['a time that is no whole number', '{"v":1,"closedUntilUs":{"a":1.5}}'],
    ['a time as text', '{"v":1,"closedUntilUs":{"a":"1"}}'],
    ['one that is cut short', '{"v":1,"closedUntilUs":{"a":1'],
  ])('that is %s is refused: going on would write windows twice or not at all', (_name, note) => {
    expect(() => readNote(note)).toThrow(/the note beside the committed position cannot be read/);
  });
});

describe('the ledger of rollups', () => {
  it('names a bucket once every window in it is written, the shorter ones first, and once', () => {
    const ledger = new RollupLedger();
    for (let at = 0; at < HOUR; at += 10 * S) ledger.wrote(at, 10);
    expect(ledger.takeWhole(59 * S)).toEqual([]);
    expect(ledger.takeWhole(60 * S)).toEqual([{ bucketStartUs: 0, lengthS: 60, baseLengthS: 10 }]);
    const rest = ledger.takeWhole(HOUR);
    expect(rest.map(({ lengthS }) => lengthS)).toEqual([
      ...Array<number>(59).fill(60),
      ...Array<number>(4).fill(900),
      3600,
    ]);
    expect(
      rest.filter(({ lengthS }) => lengthS > 60).every(({ baseLengthS }) => baseLengthS === 60),
    ).toBe(true);
    expect(ledger.takeWhole(10 * HOUR)).toEqual([]);
  });

  it('has no rollup of a minute where the windows are a minute long', () => {
    const ledger = new RollupLedger();
    ledger.wrote(0, 60);
    expect(
      ledger.takeWhole(HOUR).map(({ lengthS, baseLengthS }) => [lengthS, baseLengthS]),
    ).toEqual([
      [900, 60],
      [3600, 60],
    ]);
  });

  it('names every bucket that holds a row, and no other, in whatever order rows and time come', () => {
    const starts = fc.array(fc.integer({ min: 0, max: 3 * 360 - 1 }), { maxLength: 50 });
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 4 }), (windows, steps) => {
        const ledger = new RollupLedger();
        for (const window of windows) ledger.wrote(window * 10 * S, 10);
        const named = Array.from({ length: steps }, (_, i) =>
          ledger.takeWhole(((i + 1) * 3 * HOUR) / steps),
        ).flat();
        const expected = new Set(
          windows.flatMap((window) =>
            [60, 900, 3600].map(
              (length) =>
                `${String(length)} ${String(Math.floor((window * 10) / length) * length * S)}`,
            ),
          ),
        );
        expect(
          named
            .map(({ lengthS, bucketStartUs }) => `${String(lengthS)} ${String(bucketStartUs)}`)
            .sort(),
        ).toEqual([...expected].sort());
      }),
      { numRuns: 50 },
    );
  });
});
