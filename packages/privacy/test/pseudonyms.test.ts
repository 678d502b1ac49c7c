import { webcrypto } from 'node:crypto';
import { HitonamiError } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PseudonymBook, type Pseudonym } from '../src/index.js';

const secure = (count: number): Uint32Array => webcrypto.getRandomValues(new Uint32Array(count));
const text = ({ hi, lo }: Pseudonym): string => `${hi}:${lo}`;
const MINUTE_US = 60e6;

describe('PseudonymBook', () => {
  it('calls a track the same within the age, and different tracks differently', () => {
    const book = new PseudonymBook(secure);
    const first = book.name(1, 0);
    expect(book.name(1, 11 * MINUTE_US)).toEqual({ pseudonym: first.pseudonym, renewed: false });
    expect(text(book.name(2, 0).pseudonym)).not.toBe(text(first.pseudonym));
    expect(first.renewed).toBe(false);
  });

  it('gives a fresh number between 12 and 18 minutes of event time, and reports it once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (chance) => {
        let draws = 0;
        const book = new PseudonymBook(() => [draws++, 0, chance]);
        book.name(1, 1000);
        expect(book.name(1, 1000 + 12 * MINUTE_US - 1).renewed).toBe(false);
        const after = book.name(1, 1000 + 18 * MINUTE_US);
        expect(after).toEqual({ pseudonym: { hi: 1, lo: 0 }, renewed: true });
        expect(book.name(1, 1001 + 18 * MINUTE_US).renewed).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  it('spreads the age evenly over its range', () => {
    const ageOf = (chance: number): number => {
      const book = new PseudonymBook(() => [0, 0, chance], { lifetimeUs: 1000, jitter: 0.2 });
      book.name(1, 0);
      let age = 0;
      while (!book.name(1, age).renewed) age++;
      return age;
    };
    expect([0, 2 ** 31, 2 ** 32 - 1].map(ageOf)).toEqual([800, 1000, 1200]);
  });

  it('forgets: a track of the same number is somebody else, and was not renewed', () => {
    const book = new PseudonymBook(secure);
    const before = text(book.name(1, 0).pseudonym);
    book.forget(1);
    book.forget(77);
    const after = book.name(1, 1);
    expect(text(after.pseudonym)).not.toBe(before);
    expect(after.renewed).toBe(false);
    book.clear();
    expect(book.size).toBe(0);
  });

  it('takes its numbers from the source alone: nothing about the track or the time is in them', () => {
    const names = (track: number, at: number): Pseudonym =>
      new PseudonymBook(() => [7, 9, 0]).name(track, at).pseudonym;
    expect(names(1, 0)).toEqual({ hi: 7, lo: 9 });
    expect(names(12345, 99 * MINUTE_US)).toEqual({ hi: 7, lo: 9 });
  });

  it('is bounded, and still names those it knows when it is full', () => {
    const book = new PseudonymBook(secure, { maxTracks: 2 });
    const known = text(book.name(1, 0).pseudonym);
    book.name(2, 0);
    expect(() => book.name(3, 0)).toThrow('more than 2 tracks at once');
    expect(text(book.name(1, 1).pseudonym)).toBe(known);
    expect(book.name(1, 60 * MINUTE_US).renewed).toBe(true);
  });

  it.each([[[1, 2]], [[1, 2, 2 ** 32]], [[-1, 2, 3]], [[0.5, 2, 3]]])(
    'refuses a source that gives %j',
    (numbers) => {
      expect(() => new PseudonymBook(() => numbers).name(1, 0)).toThrow(HitonamiError);
    },
  );

  it.each([{ lifetimeUs: 0 }, { lifetimeUs: Infinity }, { jitter: 1 }, { maxTracks: 0 }])(
    'refuses %j',
    (options) => {
      expect(() => new PseudonymBook(secure, options)).toThrow(Object.keys(options)[0]);
    },
  );
});
