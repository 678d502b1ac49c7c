import type { FlowLeg } from '@hitonami/crowd';
import { describe, expect, it } from 'vitest';
import { releaseReads, type ReadSteps, type Warehouse } from '../src/index.js';
import { AREA_KINDS, emptyWindow, fullWindow, HOUR_US } from './windows.js';

const KEEP = { retention: 'keep', areaKinds: AREA_KINDS } as const;
const HOUR = 3_600e6;
let sites = 0;

const leg = (site: string, track: number, nth: number, to: string, minute: number): FlowLeg => ({
  ...{ site, trackHi: 0, trackLo: track, fromPlace: '', toPlace: to, nth },
  ...{ leftUs: HOUR_US + (minute - 1) * 60e6, reachedUs: HOUR_US + minute * 60e6 },
  ...{ insideUs: 0, joins: 0, confidencePermille: 1_000 },
});

/** The legs of one pseudonym that is in these places, a minute after the other. */
function walk(site: string, track: number, minute: number, ...places: string[]): FlowLeg[] {
  return places.map((to, i) => ({
    ...leg(site, track, i, to, minute + i),
    fromPlace: places[i - 1] ?? '',
  }));
}

/** A full window as a rollup of this length. */
function longWindow(site: string, startUs: number, lengthUs: number) {
  const window = fullWindow(site, startUs);
  const areas = window.areas.map((row) => ({ ...row, lengthUs }));
  return { ...window, areas, lines: window.lines.map((row) => ({ ...row, lengthUs })) };
}

/** What releases are computed from. */
export function releaseReadsContract(warehouse: () => Warehouse): void {
  const newSite = (): string => `release reads ${String((sites += 1))}`;
  const quarters: ReadSteps = {
    startsUs: [0, 1, 2, 3].map((i) => HOUR_US + i * 900e6),
    endUs: HOUR_US + HOUR,
    baseS: 900,
  };

  describe('its reads for releases', () => {
    it('make steps of rollups: sums are summed, and what has no row was not seen', async () => {
      const site = newSite();
      const windows = [0, 1].map((i) => longWindow(site, HOUR_US + i * 900e6, 900e6));
      await warehouse().insertWindows(windows, KEEP);
      const reads = releaseReads(warehouse());
      const hour: ReadSteps = { startsUs: [HOUR_US], endUs: HOUR_US + HOUR, baseS: 900 };
      const [hall, ...others] = await reads.areaSteps(site, ['hall'], hour);
      expect(others).toEqual([]);
      expect(hall).toEqual({
        ...{ area: 'hall', step: 0, areaM2: 50, density: 0.75, occupancy: 37.5, occupancyMax: 40 },
        ...{ los: 'D', meanSpeedMS: 1.2, personS: 600, saturation: 0.1, doubtful: 0.25 },
        // Two rows of 40,000e6 over 5,000 × 3,600e6.
        coverage: 80_000 / 18_000_000,
      });
      const all = await reads.areaSteps(site, ['hall', 'gate'], quarters);
      expect(all.map(({ area, step }) => [step, area])).toEqual([
        ...[
          [0, 'gate'],
          [0, 'hall'],
          [1, 'gate'],
          [1, 'hall'],
        ],
      ]);
      expect(all[0]).toMatchObject({ density: null, occupancyMax: null, los: null, coverage: 0 });
      expect(await reads.lineSteps(site, ['改札'], hour)).toEqual([
        ...[{ line: '改札', step: 0, forward: 24, backward: 6, doubtful: 0.5 }].map((row) => ({
          ...row,
          coverage: 20 / 3_600,
        })),
      ]);
      expect(await reads.areaSteps(site, ["o'clock \\ none"], hour)).toEqual([]);
    });

    it('count movements with the pseudonyms behind them, each once though written twice', async () => {
      const site = newSite();
      const legs = [
        ...walk(site, 1, 1, 'hall', 'gate', 'hall', 'gate'),
        ...walk(site, 2, 2, 'hall', 'gate'),
        ...walk(site, 3, 16, 'hall', '改札', 'gate'),
      ];
      const window = emptyWindow(site, HOUR_US, { legs });
      for (let i = 0; i < 2; i += 1) await warehouse().insertWindows([window], KEEP);
      const reads = releaseReads(warehouse());
      expect(await reads.movementSteps(site, ['hall', 'gate'], quarters)).toEqual([
        { places: ['gate', 'hall'], step: 0, count: 1, tracks: 1, meanTravelS: 60 },
        { places: ['hall', 'gate'], step: 0, count: 3, tracks: 2, meanTravelS: 60 },
      ]);
      expect(await reads.lineTracks(site, ['改札'], quarters)).toEqual([
        { line: '改札', step: 1, tracks: 1 },
      ]);
    });

    it('follow each pseudonym over two and three areas, also where it came before the first step', async () => {
      const site = newSite();
      const legs = [
        ...walk(site, 1, -1, 'hall', 'stair', 'gate'),
        ...walk(site, 2, 20, 'hall', '改札', 'hall', 'stair', 'stair'),
      ];
      await warehouse().insertWindows([emptyWindow(site, HOUR_US, { legs })], KEEP);
      const found = await releaseReads(warehouse()).sequenceSteps(
        site,
        ['hall', 'stair', 'gate'],
        quarters,
      );
      expect(found).toEqual([
        { places: ['hall', 'stair'], step: 0, count: 1, tracks: 1, meanTravelS: 60 },
        { places: ['hall', 'stair', 'gate'], step: 0, count: 1, tracks: 1, meanTravelS: 120 },
        { places: ['stair', 'gate'], step: 0, count: 1, tracks: 1, meanTravelS: 60 },
        { places: ['hall', 'stair'], step: 1, count: 1, tracks: 1, meanTravelS: 180 },
      ]);
    });

    it('tell in which cells somebody counts, and not who', async () => {
      const site = newSite();
      const legs = [
        ...walk(site, 4_242_424, 1, 'hall', '改札', 'gate', '改札'),
        ...walk(site, 2, 20, '改札'),
      ];
      await warehouse().insertWindows([emptyWindow(site, HOUR_US, { legs })], KEEP);
      const lists: unknown[] = [];
      const reads = releaseReads(warehouse());
      for await (const list of reads.lineContributions(site, ['改札'], quarters)) lists.push(list);
      expect(lists).toHaveLength(2);
      expect(lists).toContainEqual([{ places: ['改札'], step: 0 }]);
      expect(lists).toContainEqual([{ places: ['改札'], step: 1 }]);
      expect(JSON.stringify(lists)).not.toContain('4242424');
    });

    it('name the local days that were measured, and how far is rolled up', async () => {
      const site = newSite();
      // 2026-04-01T00:00Z is nine o'clock in Tokyo, and still March in New York.
      for (const lengthUs of [60e6, HOUR])
        await warehouse().insertWindows([longWindow(site, HOUR_US, lengthUs)], KEEP);
      const reads = releaseReads(warehouse());
      expect(await reads.measuredDays(site, 'Asia/Tokyo', 0)).toEqual(['2026-04-01']);
      expect(await reads.measuredDays(site, 'America/New_York', 0)).toEqual(['2026-03-31']);
      expect(await reads.rolledUpUntilUs(site, HOUR_US)).toBe(HOUR_US + 60e6);
      expect(await reads.rolledUpUntilUs(site, HOUR_US + 60e6)).toBeUndefined();
    });
  });
}
