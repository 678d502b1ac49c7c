import { describe, expect, it } from 'vitest';
import { areasNow, bandOf, byDanger } from '../src/live/danger.js';
import type { LiveSnapshot } from '../../src/contract/index.js';
import { examplePlan } from './example-plan.js';

const plan = examplePlan(['calm', 'full', 'dense', 'dark', 'blurred']);

function live(area: string, changes: Partial<LiveSnapshot['areas'][number]> = {}) {
  return {
    area,
    people: 10,
    density: 0.2,
    los: 'A',
    peakDensity: 0.4,
    coverage: 1,
    doubtful: 0,
    saturation: 0,
    ...changes,
  };
}

function sorted(areas: LiveSnapshot['areas']): string[] {
  const snapshot: LiveSnapshot = {
    at: '2026-11-22T06:00:00Z',
    floors: ['ground'],
    origin: [0, 0],
    areas,
    cameras: [],
    lines: [],
    people: '',
  };
  return areasNow(plan, snapshot)
    .toSorted(byDanger)
    .map(({ plan: { id } }) => id);
}

describe('areas in the order of danger', () => {
  it('are judged by the densest spot, not by the mean', () => {
    const areas = [
      live('calm'),
      live('full', { density: 1.5, los: 'E', peakDensity: 2 }),
      live('dense', { density: 0.6, los: 'C', peakDensity: 4.1 }),
      live('dark', { density: 0.1, peakDensity: 0.1 }),
      live('blurred', { density: 0.1, peakDensity: 0.05 }),
    ];
    expect(sorted(areas)).toEqual(['dense', 'full', 'calm', 'dark', 'blurred']);
  });

  it('what is not seen stands above what is known to be calm, and below what is known to be dangerous', () => {
    const areas = [
      live('calm'),
      live('full', { peakDensity: 3 }),
      live('dense', { peakDensity: 5.5 }),
      live('dark', { density: null, los: null, coverage: 0.1, people: 0, peakDensity: 0 }),
      live('blurred', { peakDensity: 1.2 }),
    ];
    expect(sorted(areas)).toEqual(['dense', 'full', 'dark', 'blurred', 'calm']);
  });

  it('a saturated detector counts one band worse: its number is a lower bound', () => {
    const areas = [
      live('calm', { peakDensity: 3 }),
      live('full', { peakDensity: 2.6, saturation: 0.95 }),
      live('dense'),
      live('dark', { peakDensity: 0.3 }),
      live('blurred', { peakDensity: 0.2 }),
    ];
    expect(sorted(areas).slice(0, 2)).toEqual(['full', 'calm']);
  });

  it('an area that no picture has told of is not seen, and not empty', () => {
    const [first] = areasNow(plan, undefined);
    expect(first).toMatchObject({ isSeen: false, band: undefined, live: undefined });
  });
});

describe('danger bands', () => {
  it('a bound belongs to the worse band', () => {
    const bands = { stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 };
    expect([0.99, 1, 2.5, 3.5, 5].map((peak) => bandOf(peak, bands))).toEqual([
      'free',
      'stable',
      'capacity',
      'unstable',
      'congested',
    ]);
  });
});
