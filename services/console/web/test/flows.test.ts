import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paper } from '../src/charts/palette.js';
import {
  odMatrix,
  SANKEY_LINKS_MAX,
  sankeyOption,
  shade,
  trustOf,
  type FlowPair,
} from '../src/flows/matrix.js';

const pair = (
  from: string,
  to: string,
  journeys: number,
  more: Partial<FlowPair> = {},
): FlowPair => ({
  from,
  to,
  journeys,
  meanTravelS: null,
  joinedShare: null,
  meanConfidence: null,
  ...more,
});
const place = fc.constantFrom('hall', 'gate', 'stairs', 'gone');
const pairs = fc.uniqueArray(
  fc
    .record({ from: place, to: place, journeys: fc.nat({ max: 500 }) })
    .map((p) => pair(p.from, p.to, p.journeys)),
  { selector: (p) => `${p.from} ${p.to}`, maxLength: 12 },
);
const WORDS = { from: 'from', to: 'to', journeys: String };

interface Drawn {
  series: {
    data: { name: string }[];
    links: { source: string; target: string; value: number }[];
  }[];
}

describe('the OD matrix', () => {
  it('has rows and columns that sum to the same total', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const matrix = odMatrix(given, ['hall', 'gate', 'stairs']);
        const sum = (of: Map<string, number>): number =>
          [...of.values()].reduce((a, b) => a + b, 0);
        expect(sum(matrix.rowSums)).toBe(matrix.total);
        expect(sum(matrix.columnSums)).toBe(matrix.total);
      }),
      { numRuns: 60 },
    );
  });

  it('is in the plan’s order, with places that are not in the plan any more last', () => {
    const { origins } = odMatrix(
      [pair('gone', 'gate', 1), pair('stairs', 'gate', 1), pair('hall', 'gate', 1)],
      ['hall', 'gate', 'stairs'],
    );
    expect(origins).toEqual(['hall', 'stairs', 'gone']);
  });

  it('tells apart one who went and nobody seen to go', () => {
    const { at } = odMatrix([pair('hall', 'gate', 0)], []);
    expect(at('hall', 'gate')?.journeys).toBe(0);
    expect(at('gate', 'hall')).toBeUndefined();
    expect(shade(0, 0)).toBe(0);
  });
});

describe('how far flows can be trusted', () => {
  it('weighs the guessed share by the movements it is of', () => {
    const trust = trustOf([
      pair('hall', 'gate', 300, { joinedShare: 0, meanConfidence: null }),
      pair('gate', 'hall', 100, { joinedShare: 0.4, meanConfidence: 0.7 }),
    ]);
    expect(trust.joinedShare).toBeCloseTo(0.1);
    expect(trust.confidence).toBeCloseTo(0.7);
  });

  it('is not known where no pair says', () => {
    expect(trustOf([pair('hall', 'gate', 3)])).toEqual({ joinedShare: null, confidence: null });
  });
});

describe('the Sankey', () => {
  it('has no circle, whoever goes there and back: origins and destinations are nodes of their own', () => {
    fc.assert(
      fc.property(pairs, (given) => {
        const [series] = (sankeyOption(given, String, [], paper(12), WORDS) as unknown as Drawn)
          .series;
        const names = new Set(series?.data.map(({ name }) => name));
        expect(names.size).toBe(series?.data.length);
        for (const { source, target } of series?.links ?? []) {
          expect(source.startsWith('from ')).toBe(true);
          expect(target.startsWith('to ')).toBe(true);
          expect(names.has(source) && names.has(target)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('shows the largest flows only', () => {
    const many = Array.from({ length: 80 }, (_, i) => pair(`a${i}`, 'b', i + 1));
    const [series] = (sankeyOption(many, String, [], paper(12), WORDS) as unknown as Drawn).series;
    expect(series?.links).toHaveLength(SANKEY_LINKS_MAX);
    expect(Math.min(...(series?.links.map(({ value }) => value) ?? []))).toBe(21);
  });
});
