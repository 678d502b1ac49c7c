import type { AreaRow, ClosedWindow } from '@hitonami/crowd';
import { describe, expect, it } from 'vitest';
import { tilesOf, type Warehouse } from '../src/index.js';
import { AREA_KINDS, emptyWindow, fullWindow, HOUR_US, NO_PEAKS } from './windows.js';

const KEEP = { retention: 'keep', areaKinds: AREA_KINDS } as const;
const DAY_US = 86_400e6;
let sites = 0;

/** A window of any length with the hall at a density, persons/m², and a share of it seen. */
function hallWindow(
  site: string,
  startUs: number,
  lengthS: number,
  density: number | undefined,
  coverage = 1,
): ClosedWindow {
  const observedDm2Us = density === undefined ? 0 : 5_000 * coverage * lengthS * 1e6;
  const area: AreaRow = {
    ...{ site, startUs, lengthUs: lengthS * 1e6, generation: 0, area: 'hall', areaDm2: 5_000 },
    personUs: Math.round(((density ?? 0) * observedDm2Us) / 100),
    observedDm2Us,
    ...{ peopleMax: Math.round((density ?? 0) * 50), speedMmUs: 0 },
    ...{ saturationDm2Us: 0, doubtfulDm2Us: 0, ...NO_PEAKS },
  };
  return { ...emptyWindow(site, startUs, { areas: [area] }), lengthUs: lengthS * 1e6 };
}

/** What the console is shown of the measures. */
export function readsContract(warehouse: () => Warehouse): void {
  const newSite = (): string => `reads ${String((sites += 1))}`;

  describe('its reads for people', () => {
    it('give the windows of one area or line, in order, from `from` to before `to`', async () => {
      const site = newSite();
      const windows = [0, 1, 2, 3].map((i) => fullWindow(site, HOUR_US + i * 10e6));
      await warehouse().insertWindows(windows, KEEP);
      const range = { lengthS: 10, fromUs: HOUR_US + 10e6, toUs: HOUR_US + 30e6 };
      const areas = await warehouse().areaSeries(site, { ...range, subject: 'hall' });
      expect(areas.map(({ startUs }) => startUs)).toEqual([HOUR_US + 10e6, HOUR_US + 20e6]);
      expect(areas[0]).toEqual({
        ...{ area: 'hall', startUs: HOUR_US + 10e6, density: 0.75, los: 'D', occupancy: 37.5 },
        ...{ occupancyMax: 40, meanSpeedMS: 1.2, coverage: 0.8, saturation: 0.1, doubtful: 0.25 },
        ...{ peakDensity: 3.25, pressure: 0.015, pressureMax: 0.021 },
      });
      const all = await warehouse().areaSeries(site, range);
      expect(all.map(({ area }) => area)).toEqual(['gate', 'gate', 'hall', 'hall']);
      // Nobody saw the gate: what is not known is not nothing.
      expect(all[0]).toMatchObject({ peakDensity: null, pressure: null, pressureMax: null });
      const [line] = await warehouse().lineSeries(site, { ...range, subject: '改札' });
      expect(line).toMatchObject({ forward: 12, backward: 3, forwardPerMin: 72, doubtful: 0.5 });
    });

    it('refuse more rows than were agreed on', async () => {
      const site = newSite();
      await warehouse().insertWindows([fullWindow(site, HOUR_US)], KEEP);
      const range = { lengthS: 10, fromUs: 0, toUs: HOUR_US + 10e6, rowsMax: 1 };
      await expect(warehouse().areaSeries(site, range)).rejects.toMatchObject({ code: 'INPUT' });
    });

    it('sum journeys and dwell over hours and minutes, counting nothing twice', async () => {
      const site = newSite();
      // A minute before an hour, some of the hour itself, and a minute after it.
      const offsets = [-60, -50, -40, -30, -20, -10, 0, 10, 70, 3_590, 3_600, 3_650];
      const windows = offsets.map((s) => fullWindow(site, HOUR_US + s * 1e6));
      await warehouse().insertWindows(windows, KEEP);
      for (const [s, lengthS] of [
        [-60, 60],
        [0, 60],
        [0, 3_600],
        [3_600, 60],
      ] as const) {
        const bucketStartUs = HOUR_US + s * 1e6;
        await warehouse().rollup({
          site,
          bucketStartUs,
          lengthS,
          retention: 'keep',
          smallestGroup: 10,
        });
      }
      const tiles = tilesOf(HOUR_US - 60e6, HOUR_US + 3_660e6, HOUR_US + DAY_US);
      expect(tiles.map(({ lengthS }) => lengthS)).toEqual([60, 3_600, 60]);
      expect(await warehouse().journeySums(site, tiles)).toEqual([
        {
          ...{ fromPlace: 'gate', toPlace: '改札', journeys: 24, meanTravelS: 20 },
          ...{ joinedShare: 1, meanConfidence: 0.75 },
        },
      ]);
      expect(await warehouse().dwellSum(site, 'hall', tiles)).toEqual({
        legs: 48,
        meanInsideS: 7.75,
      });
      expect(await warehouse().dwellSum(site, 'nowhere', tiles)).toEqual({
        legs: 0,
        meanInsideS: null,
      });
    });

    it('do not count upon the rollup of an hour that has only just ended', () => {
      const now = HOUR_US + 3_600e6 + 10e6;
      expect(tilesOf(HOUR_US, HOUR_US + 3_600e6, now)).toEqual([
        { lengthS: 60, fromUs: HOUR_US, toUs: HOUR_US + 3_600e6 },
      ]);
    });

    it('tell what is usual by the time of day, over the days named, without what was hardly seen', async () => {
      const site = newSite();
      const days = [0, 1, 2, 3, 4].map((i) => HOUR_US + i * DAY_US);
      const windows = days.flatMap((day, i) => [
        hallWindow(site, day, 900, 1 + i),
        hallWindow(site, day + 900e6, 900, i === 0 ? 2 : 9, i === 0 ? 1 : 0.3),
      ]);
      // A day that is not named, and must not count.
      windows.push(hallWindow(site, HOUR_US + 5 * DAY_US, 900, 100));
      await warehouse().insertWindows(windows, KEEP);
      expect(await warehouse().usualDensity(site, 'hall', 900, days)).toEqual([
        { sinceS: 0, density: 3, densityLow: 1.4, densityHigh: 4.6, days: 5 },
        { sinceS: 900, density: 2, densityLow: 2, densityHigh: 2, days: 1 },
      ]);
      expect(await warehouse().usualDensity(site, 'hall', 900, [])).toEqual([]);
    });

    it('sum up areas and lines for a report: means over what was seen, and the time at each level', async () => {
      const site = newSite();
      const windows = [
        hallWindow(site, HOUR_US, 60, 0.2),
        hallWindow(site, HOUR_US + 60e6, 60, 0.6),
        hallWindow(site, HOUR_US + 120e6, 60, undefined),
        { ...fullWindow(site, HOUR_US), lengthUs: 10e6 },
      ];
      await warehouse().insertWindows(windows, KEEP);
      const tile = { lengthS: 60, fromUs: HOUR_US, toUs: HOUR_US + 180e6 };
      expect(await warehouse().areaSummaries(site, tile)).toEqual([
        {
          ...{ area: 'hall', meanOccupancy: 20, occupancyMax: 30 },
          ...{ occupancyMaxAtUs: HOUR_US + 60e6, atLevel: [1, 0, 1, 0, 0, 0], windows: 3 },
          coverage: expect.closeTo(2 / 3) as number,
        },
      ]);
      const lines = await warehouse().lineSummaries(site, { ...tile, lengthS: 10 });
      expect(lines).toEqual([{ line: '改札', forward: 12, backward: 3, coverage: 1, windows: 1 }]);
    });
  });
}
