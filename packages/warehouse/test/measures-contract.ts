import { levelOfService } from '@hitonami/crowd';
import type { AreaRow, ClosedWindow, LineRow } from '@hitonami/crowd';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Warehouse } from '../src/index.js';
import { AREA_KINDS, emptyWindow, fullWindow, HOUR_US, NO_PEAKS } from './windows.js';

const KEEP = { retention: 'keep', areaKinds: AREA_KINDS } as const;
const TABLES = [
  'area_measures',
  'line_measures',
  'flow_measures',
  'journey_measures',
  'camera_measures',
  'flow_legs',
  'positions',
  'late_frames',
];
let sites = 0;

/** What the tables and the read views promise. */
export function measuresContract(warehouse: () => Warehouse): void {
  const newSite = (): string => `駅 ${String((sites += 1))}`;
  const count = async (table: string, site: string): Promise<number> => {
    const rows = await warehouse().rows<{ n: number }>(
      `SELECT count() AS n FROM ${table} FINAL WHERE site = {site: String}`,
      { site },
    );
    return rows[0]?.n ?? -1;
  };

  describe('its measures', () => {
    it('come back as they were written, with what follows from them', async () => {
      const site = newSite();
      await warehouse().insertWindows([fullWindow(site, HOUR_US)], KEEP);
      const { areas, lines, flows, journeys, cameras } = await warehouse().exportMeasures(site, 10);
      const key = { site, startUs: HOUR_US, lengthS: 10, generation: 0 };
      expect(areas).toMatchObject([
        // Nothing was observed: nothing is known, and no zero stands for it.
        {
          ...key,
          area: 'gate',
          kind: 'queue',
          density: null,
          occupancy: null,
          occupancyMax: null,
          los: null,
          meanSpeedMS: null,
          saturation: null,
          doubtful: null,
          coverage: 0,
          peakDensity: null,
          pressure: null,
          pressureMax: null,
        },
        // 300 person·s over 4000 m²·s (80 % of 50 m² × 10 s).
        {
          ...key,
          area: 'hall',
          areaM2: 50,
          personUs: 300e6,
          density: 0.75,
          occupancy: 37.5,
          occupancyMax: 40,
          los: 'D',
          meanSpeedMS: 1.2,
          coverage: 0.8,
          saturation: 0.1,
          doubtful: 0.25,
          peakDensity: 3.25,
          pressure: 0.015,
          pressureMax: 0.021,
        },
      ]);
      expect(lines).toEqual([
        {
          ...key,
          line: '改札',
          forward: 12,
          backward: 3,
          observedUs: 10e6,
          forwardPerMin: 72,
          backwardPerMin: 18,
          coverage: 1,
          doubtfulUs: 5e6,
          doubtful: 0.5,
        },
      ]);
      expect(flows).toEqual([
        {
          ...{ ...key, fromPlace: 'hall', toPlace: '改札', legs: 4, insideUs: 31e6 },
          ...{ joined: 1, confidencePermille: 3_600 },
          ...{ meanInsideS: 7.75, joinedShare: 0.25, meanConfidence: 0.9 },
        },
      ]);
      expect(journeys).toEqual([
        {
          ...{ ...key, fromPlace: 'gate', toPlace: '改札', journeys: 2, travelUs: 40e6 },
          ...{ joined: 2, confidencePermille: 1_500 },
          ...{ meanTravelS: 20, joinedShare: 1, meanConfidence: 0.75 },
        },
      ]);
      expect(cameras).toMatchObject([
        {
          ...{ ...key, camera: 'c1', frames: 50, renewed: 1, coverage: 0.9 },
          movedSince: '2026-03-31 23:59:00.000000',
        },
      ]);
    });

    it('have the level of service that crowd gives, on both sides of every bound', async () => {
      const site = newSite();
      const personUs = [
        0, 0.308, 0.309, 0.538, 0.539, 0.718, 1.076, 1.538, 2.153, 2.691, 3.588, 5.382, 6,
      ]
        .flatMap((density) => [density, density + 1e-6])
        .map((density) => Math.round(density * 1e9));
      const windows = personUs.map((persons, i) =>
        emptyWindow(site, HOUR_US + i * 10e6, {
          areas: [...AREA_KINDS.keys()].map((area) => ({
            ...{ site, startUs: HOUR_US + i * 10e6, lengthUs: 10e6, generation: 0, area },
            ...{ areaDm2: 10_000, personUs: persons, observedDm2Us: 100_000e6 },
            ...{ peopleMax: 0, speedMmUs: 0, saturationDm2Us: 0, doubtfulDm2Us: 0 },
            ...NO_PEAKS,
          })),
        }),
      );
      await warehouse().insertWindows(windows, KEEP);
      const { areas } = await warehouse().exportMeasures(site, 10);
      expect(areas).toHaveLength(windows.length * AREA_KINDS.size);
      for (const { kind, density, los } of areas) {
        expect(los, `${kind} at ${String(density)}`).toBe(
          levelOfService(kind, density ?? Number.NaN),
        );
      }
    });

    it('do not know the peaks of windows that were written before there were any', async () => {
      const site = newSite();
      await warehouse().query(
        `INSERT INTO area_measures (site, area, kind, length_s, start, generation, area_dm2, person_us,
           observed_dm2_us, people_max, speed_mm_us, saturation_dm2_us, expires_at)
         SELECT {site: String}, 'hall', 'walkway', 10, fromUnixTimestamp64Micro({us: Int64}, 'UTC'),
           0, 5000, 300000000, 40000000000, 40, 0, 0, toDateTime('2100-01-01 00:00:00', 'UTC')`,
        { site, us: HOUR_US },
      );
      const { areas } = await warehouse().exportMeasures(site, 10);
      expect(areas).toMatchObject([
        { density: 0.75, peakDensity: null, pressure: null, pressureMax: null },
      ]);
    });

    it('are the same after the same windows are written again', async () => {
      const site = newSite();
      const windows = [fullWindow(site, HOUR_US), fullWindow(site, HOUR_US + 10e6)];
      await warehouse().insertWindows(windows, KEEP);
      const late = {
        ...{ site, camera: 'c1', sessionHi: 1, sessionLo: 2, sequence: 3 },
        ...{ capturedUs: HOUR_US, lateUs: 5e6 },
      };
      await warehouse().insertLateFrames([late], 'keep');
      const once = await warehouse().exportMeasures(site, 10);
      for (const window of windows) await warehouse().insertWindows([window], KEEP);
      await warehouse().insertLateFrames([late], 'keep');
      expect(await warehouse().exportMeasures(site, 10)).toEqual(once);
      expect(await Promise.all(TABLES.map((table) => count(table, site)))).toEqual([
        4, 2, 2, 2, 2, 2, 4, 1,
      ]);
    });

    it('are those of the highest generation, whichever was written last', async () => {
      const site = newSite();
      const recomputed = fullWindow(site, HOUR_US, 2);
      recomputed.areas.forEach((row) => (row.personUs = 100e6));
      await warehouse().insertWindows([recomputed], KEEP);
      await warehouse().insertWindows([fullWindow(site, HOUR_US)], KEEP);
      const { areas, lines } = await warehouse().exportMeasures(site, 10);
      expect(areas.map(({ area, generation, personUs }) => [area, generation, personUs])).toEqual([
        ['gate', 2, 100e6],
        ['hall', 2, 100e6],
      ]);
      expect(lines).toHaveLength(1);
      await warehouse().insertWindows([fullWindow(site, HOUR_US)], { ...KEEP, generation: 7 });
      const { areas: again } = await warehouse().exportMeasures(site, 10);
      expect(again.map(({ generation }) => generation)).toEqual([7, 7]);
    });

    it('hold positions and flow legs bit for bit', async () => {
      const site = newSite();
      await warehouse().insertWindows([fullWindow(site, HOUR_US)], KEEP);
      expect(
        await warehouse().rows(
          `SELECT toUnixTimestamp64Micro(captured) AS at, floor, x_mm, y_mm, kind
           FROM positions WHERE site = {site: String} ORDER BY at`,
          { site },
        ),
      ).toEqual([
        {
          at: HOUR_US + 1,
          floor: 'B1',
          x_mm: -1,
          y_mm: 2147483647,
          kind: 1,
        },
        {
          ...{ at: HOUR_US + 200_001, floor: '2階', x_mm: 12345, y_mm: -2147483648 },
          kind: 255,
        },
      ]);
      expect(
        await warehouse().rows(
          `SELECT hex(track) AS track, from_place, to_place, inside_us, toUnixTimestamp64Micro(left) AS at
           FROM flow_legs WHERE site = {site: String}`,
          { site },
        ),
      ).toEqual([
        {
          ...{ track: 'FEDCBA9876543210', from_place: 'hall', to_place: '' },
          ...{ inside_us: 8e6, at: HOUR_US + 1e6 },
        },
      ]);
    });

    it('hold whatever numbers and names there are', async () => {
      const half = fc.integer({ min: 0, max: 0xffffffff });
      const us = fc.integer({ min: 0, max: 4_000_000_000_000_000 });
      const frame = fc.record({
        ...{ sessionHi: half, sessionLo: half, sequence: fc.maxSafeNat(), capturedUs: us },
        ...{ lateUs: fc.maxSafeInteger(), camera: fc.string({ unit: 'grapheme', maxLength: 300 }) },
      });
      await fc.assert(
        fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 20 }), async (drawn) => {
          const site = newSite();
          const frames = drawn.map((each, i) => ({
            ...each,
            site,
            camera: `${String(i)} ${each.camera}`,
          }));
          await warehouse().insertLateFrames(frames, 'keep');
          const rows = await warehouse().rows<Record<string, unknown>>(
            `SELECT site, camera, toUInt32(bitShiftRight(session, 32)) AS sessionHi,
               toUInt32(bitAnd(session, 4294967295)) AS sessionLo, sequence,
               toUnixTimestamp64Micro(captured) AS capturedUs, late_us AS lateUs
             FROM late_frames WHERE site = {site: String}`,
            { site },
          );
          const byCamera = (a: { camera?: unknown }, b: { camera?: unknown }): number =>
            String(a.camera) < String(b.camera) ? -1 : 1;
          expect(rows.sort(byCamera)).toEqual(frames.sort(byCamera));
        }),
        { numRuns: 5 },
      );
    });

    it('expire by the retention of the site plan, and not while they are kept', async () => {
      const [short, kept] = [newSite(), newSite()];
      const nowUs = Math.floor(Date.now() / 10_000) * 10e6;
      const retention = { positionsHours: 1, flowLegsDays: 1, measuresDays: 2, rollupDays: 400 };
      // A day and a half ago: measures live on, positions and legs are past their time as they come.
      const startUs = nowUs - 36 * 3600e6;
      await warehouse().insertWindows([fullWindow(short, startUs)], { ...KEEP, retention });
      await warehouse().insertWindows([fullWindow(kept, startUs)], KEEP);
      for (const table of ['positions', 'flow_legs', 'area_measures']) {
        for await (const piece of await warehouse().query(`OPTIMIZE TABLE ${table} FINAL`))
          expect(piece).toBe('');
      }
      expect([await count('positions', short), await count('positions', kept)]).toEqual([0, 2]);
      expect([await count('flow_legs', short), await count('flow_legs', kept)]).toEqual([0, 1]);
      expect([await count('area_measures', short), await count('area_measures', kept)]).toEqual([
        2, 2,
      ]);
      await warehouse().rollup({
        ...{
          site: short,
          bucketStartUs: Math.floor(startUs / 60e6) * 60e6,
          lengthS: 60,
          retention,
          smallestGroup: 3,
        },
      });
      const ends = await warehouse().rows<{ length_s: number; days: number }>(
        `SELECT DISTINCT length_s, round(dateDiff('second', start, expires_at) / 86400) AS days
         FROM area_measures WHERE site = {site: String} ORDER BY length_s`,
        { site: short },
      );
      expect(ends).toEqual([
        { length_s: 10, days: 2 },
        { length_s: 60, days: 400 },
      ]);
      // Four went from the hall to the gates, two all the way: a group of two does not outlive the short windows.
      const small = await warehouse().rows(
        `SELECT * FROM (SELECT 'legs' AS what, round(dateDiff('second', start, expires_at) / 86400) AS days
         FROM flow_measures WHERE site = {site: String} AND length_s = 60
         UNION ALL
         SELECT 'journeys', round(dateDiff('second', start, expires_at) / 86400)
         FROM journey_measures WHERE site = {site: String} AND length_s = 60
         ) ORDER BY what`,
        { site: short },
      );
      expect(small).toEqual([
        { what: 'journeys', days: 2 },
        { what: 'legs', days: 400 },
      ]);
      // And beside them how many tracks were cut by the age of their pseudonym.
      expect(
        await warehouse().rows(
          'SELECT length_s, cut_tracks FROM cut_tracks_read WHERE site = {site: String} ORDER BY length_s',
          { site: short },
        ),
      ).toEqual([
        { length_s: 10, cut_tracks: 1 },
        { length_s: 60, cut_tracks: 1 },
      ]);
    });

    it('keep two legs apart that agree in all but their number', async () => {
      const site = newSite();
      const window = fullWindow(site, HOUR_US);
      const legs = window.legs.flatMap((leg) => [leg, { ...leg, nth: leg.nth + 2 }]);
      await warehouse().insertWindows([{ ...window, legs }], KEEP);
      await warehouse().insertWindows([{ ...window, legs }], KEEP);
      for await (const piece of await warehouse().query('OPTIMIZE TABLE flow_legs FINAL'))
        expect(piece).toBe('');
      expect(await count('flow_legs', site)).toBe(2);
    });

    it('refuse an area without a kind', async () => {
      await expect(
        warehouse().insertWindows([fullWindow('x', HOUR_US)], { ...KEEP, areaKinds: new Map() }),
      ).rejects.toMatchObject({ code: 'PLAN' });
    });

    it('roll up to what a hand would sum, however often, whatever is missing', async () => {
      const small = fc.nat({ max: 5_000_000_000 });
      const row = fc.record({
        present: fc.boolean(),
        ...{ personUs: small, observedDm2Us: small, peopleMax: fc.nat({ max: 500 }) },
        ...{ speedMmUs: small, saturationDm2Us: small, forward: fc.nat({ max: 99 }) },
        ...{ observedUs: fc.nat({ max: 10_000_000 }), generation: fc.nat({ max: 2 }) },
        ...{ peakSamples: fc.nat({ max: 10 }), peakPer1000M2: fc.nat({ max: 9_000 }) },
        ...{ pressureSamples: fc.nat({ max: 10 }), pressureMicroSum: small },
        pressureMicroMax: fc.nat({ max: 1_000_000 }),
      });
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 6, maxLength: 6 }), async (drawn) => {
          const site = newSite();
          const areas: AreaRow[] = [];
          const lines: LineRow[] = [];
          const windows: ClosedWindow[] = [];
          drawn.forEach(({ present, ...values }, i) => {
            if (!present) return;
            const startUs = HOUR_US + i * 10e6;
            const key = { site, startUs, lengthUs: 10e6, generation: values.generation };
            const area = { ...key, area: 'hall', areaDm2: 500, ...pickArea(values) };
            const line = {
              ...key,
              line: 'l',
              forward: values.forward,
              backward: 1,
              observedUs: values.observedUs,
              doubtfulUs: 0,
            };
            areas.push(area);
            lines.push(line);
            windows.push(emptyWindow(site, startUs, { areas: [area], lines: [line] }));
          });
          // The window after the bucket, which must not count.
          windows.push(fullWindow(site, HOUR_US + 60e6));
          await warehouse().insertWindows(windows, KEEP);
          await warehouse().insertWindows(windows, KEEP);
          const rollup = {
            site,
            bucketStartUs: HOUR_US,
            lengthS: 60,
            retention: 'keep',
            smallestGroup: 10,
          } as const;
          await warehouse().rollup(rollup);
          await warehouse().rollup(rollup);
          const result = await warehouse().exportMeasures(site, 60);
          const sum = <T>(rows: readonly T[], of: (row: T) => number): number =>
            rows.reduce((total, each) => total + of(each), 0);
          if (areas.length === 0) {
            const nothing = { areas: [], lines: [], flows: [], journeys: [], cameras: [] };
            expect(result).toEqual(nothing);
            return;
          }
          const most = <T>(rows: readonly T[], of: (row: T) => number): number =>
            Math.max(...rows.map(of));
          const observed = sum(areas, (each) => each.observedDm2Us);
          const peaks = sum(areas, (each) => each.peakSamples);
          const pressures = sum(areas, (each) => each.pressureSamples);
          const pressure = sum(areas, (each) => each.pressureMicroSum) / pressures / 1e6;
          expect(result.areas).toMatchObject([
            {
              ...{ site, startUs: HOUR_US, lengthS: 60, areaDm2: 500 },
              generation: Math.max(...areas.map(({ generation }) => generation)),
              personUs: sum(areas, (each) => each.personUs),
              observedDm2Us: observed,
              peopleMax: most(areas, (each) => each.peopleMax),
              speedMmUs: sum(areas, (each) => each.speedMmUs),
              saturationDm2Us: sum(areas, (each) => each.saturationDm2Us),
              peakDensity: peaks > 0 ? most(areas, (each) => each.peakPer1000M2) / 1e3 : null,
              pressure: pressures > 0 ? (expect.closeTo(pressure, 6) as number) : null,
              pressureMax:
                pressures > 0 ? most(areas, (each) => each.pressureMicroMax) / 1e6 : null,
              // Over the whole minute, also where rows are missing.
              coverage: observed / (500 * 60e6),
            },
          ]);
          expect(result.lines).toMatchObject([
            {
              forward: sum(lines, (each) => each.forward),
              backward: lines.length,
              observedUs: sum(lines, (each) => each.observedUs),
            },
          ]);
        }),
        { numRuns: 6 },
      );
    });

    it('roll up again to the newer sum after a bucket has changed', async () => {
      const site = newSite();
      const rollup = {
        site,
        bucketStartUs: HOUR_US,
        lengthS: 3600,
        retention: 'keep',
        smallestGroup: 10,
      } as const;
      await warehouse().insertWindows([fullWindow(site, HOUR_US)], KEEP);
      await warehouse().rollup(rollup);
      await warehouse().insertWindows([fullWindow(site, HOUR_US + 1800e6)], KEEP);
      await warehouse().rollup(rollup);
      const { lines, flows, journeys, cameras } = await warehouse().exportMeasures(site, 3600);
      expect(lines.map(({ forward }) => forward)).toEqual([24]);
      expect(flows.map(({ legs }) => legs)).toEqual([8]);
      expect(flows.map(({ meanConfidence }) => meanConfidence)).toEqual([0.9]);
      expect(journeys.map((row) => row.journeys)).toEqual([4]);
      expect(cameras.map(({ movedSinceUs }) => movedSinceUs)).toEqual([HOUR_US + 1740e6]);
      expect(cameras.map(({ frames }) => frames)).toEqual([100]);
      await expect(
        warehouse().rollup({ ...rollup, bucketStartUs: HOUR_US + 1 }),
      ).rejects.toMatchObject({
        code: 'INPUT',
      });
      await expect(warehouse().rollup({ ...rollup, lengthS: 65 })).rejects.toMatchObject({
        code: 'INPUT',
      });
    });
  });
}

function pickArea(values: {
  personUs: number;
  observedDm2Us: number;
  peopleMax: number;
  speedMmUs: number;
  saturationDm2Us: number;
  peakSamples: number;
  peakPer1000M2: number;
  pressureSamples: number;
  pressureMicroSum: number;
  pressureMicroMax: number;
}): Omit<AreaRow, 'site' | 'startUs' | 'lengthUs' | 'generation' | 'area' | 'areaDm2'> {
  const { personUs, observedDm2Us, peopleMax, speedMmUs, saturationDm2Us } = values;
  const { peakSamples, peakPer1000M2 } = values;
  const { pressureSamples, pressureMicroSum, pressureMicroMax } = values;
  return {
    ...{ personUs, observedDm2Us, peopleMax, speedMmUs, saturationDm2Us, doubtfulDm2Us: 0 },
    ...{ peakSamples, peakPer1000M2, pressureSamples, pressureMicroSum, pressureMicroMax },
  };
}
