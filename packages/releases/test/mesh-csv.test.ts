import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReleasedCell, SitePlan } from '@hitonami/model';
import { afterAll, describe, expect, it } from 'vitest';
import { rectangle } from '../../../test/support/plans.js';
import { openPublicFolder, type ReleaseDraft } from '../src/index.js';
import { draftOf, FROM_MS, HOUR_MS, stationPlan } from './releases.js';

const root = mkdtempSync(join(tmpdir(), 'hitonami-mesh-'));
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const name = { ja: '場所', en: 'Place' };
const STEPS = 31 * 24;

/** Two areas whose middles are `apartM` from each other; the anchor is the south-west corner of the mesh cell 53393526. */
function planOf(apartM: number): SitePlan {
  const area = (id: string, x: number) => ({
    id,
    floor: 'f1',
    name,
    kind: 'walkway',
    polygon: rectangle(x, 0, x + 10, 10),
  });
  return stationPlan({
    areas: [area('one', 0), area('two', apartM)],
    lines: [],
    cameras: [],
    anchor: { longitude: 139.7, latitude: 35.6, bearingDeg: 0 },
  });
}

type Told = (hour: number) => Record<string, number | undefined>;

/** The mesh file of October 2026, or undefined where there is none. */
async function meshOf(
  draft: ReleaseDraft,
  told: Told,
): Promise<{ file: string; text: string } | undefined> {
  const folder = mkdtempSync(join(root, 'f-'));
  const writer = await openPublicFolder(folder).begin(draft);
  for (let hour = 0; hour < STEPS; hour++)
    await writer.write(
      Object.entries(told(hour)).map(([area, occupancy]): ReleasedCell => {
        const key = {
          places: area === 'all' ? [] : [area],
          startMs: FROM_MS + hour * HOUR_MS,
          lengthMs: HOUR_MS,
        };
        const quality = { coverage: 1, doubtful: null, saturation: null };
        return occupancy === undefined
          ? { key, absent: 'protected', measures: {}, quality }
          : { key, measures: { occupancy }, quality };
      }),
    );
  const manifest = await writer.finish({ isCountOfProtectedTold: true });
  const file = manifest.files.find(({ format }) => format === 'mesh-csv');
  if (file === undefined) return undefined;
  const place = join(folder, 'open/test/crowding', manifest.period, 'v1');
  expect(readdirSync(place)).toContain('mesh-table-schema.json');
  const schema = JSON.parse(readFileSync(join(place, 'mesh-table-schema.json'), 'utf8')) as {
    fields: { name: string }[];
  };
  const text = readFileSync(join(place, file.name), 'utf8');
  expect(text.trimEnd().split('\r\n')).toHaveLength(file.rows + 1);
  expect(schema.fields.map((field) => field.name).join(',')).toBe(text.split('\r\n')[0]);
  return { file: file.name, text };
}

const october = (plan: SitePlan): ReleaseDraft => draftOf({ period: 'month' }, { plan });
const lines = (text: string | undefined): string[] => text?.trimEnd().split('\r\n').slice(1) ?? [];

describe('the ministry’s mesh file', () => {
  it('has the mean of the days off, the working days and all, by day, night and all hours', async () => {
    // 20 people; 30 more from 11 to 14 o'clock; 100 more on Saturdays, Sundays and 12 October, a holiday.
    const off = new Set([3, 4, 10, 11, 12, 17, 18, 24, 25, 31]);
    const mesh = await meshOf(october(planOf(20)), (hour) => {
      const [day, of] = [Math.floor(hour / 24) + 1, hour % 24];
      const all = 20 + (of >= 11 && of <= 14 ? 30 : 0) + (off.has(day) ? 100 : 0);
      return { one: all / 2, two: all / 2, all };
    });
    expect(mesh?.file).toBe('test_crowding_2026-10_v1.mesh-partial.csv');
    expect(mesh?.text.split('\r\n')[0]).toBe(
      'mesh1kmid,prefcode,citycode,year,month,dayflag,timezone,population,observed_share,told_share',
    );
    const share = '0.000191';
    const meanOff = 100 * (10 / 31);
    expect(lines(mesh?.text)).toEqual([
      `53393526,,,2026,10,0,0,150,${share},1`,
      `53393526,,,2026,10,0,1,120,${share},1`,
      `53393526,,,2026,10,0,2,125,${share},1`,
      `53393526,,,2026,10,1,0,50,${share},1`,
      `53393526,,,2026,10,1,1,20,${share},1`,
      `53393526,,,2026,10,1,2,25,${share},1`,
      `53393526,,,2026,10,2,0,${Math.round(50 + meanOff)},${share},1`,
      `53393526,,,2026,10,2,1,${Math.round(20 + meanOff)},${share},1`,
      `53393526,,,2026,10,2,2,${Math.round(25 + meanOff)},${share},1`,
    ]);
  });

  it('leaves out a mean of fewer than ten, and says which share of the steps was told', async () => {
    const mesh = await meshOf(october(planOf(20)), (hour) => {
      const isNight = hour % 24 >= 1 && hour % 24 <= 4;
      return {
        one: undefined,
        two: undefined,
        all: isNight ? 9.4 : hour % 2 === 0 ? 40 : undefined,
      };
    });
    const rows = lines(mesh?.text).map((line) => line.split(','));
    expect(rows.filter(([, , , , , , timezone]) => timezone === '1').map((row) => row[7])).toEqual([
      '',
      '',
      '',
    ]);
    expect(rows[0]?.slice(5)).toEqual(['0', '0', '40', '0.000191', '0.5']);
  });

  it('sums areas where the site lies in several cells, and only where all of a cell are told', async () => {
    const mesh = await meshOf(october(planOf(1_500)), (hour) => ({
      one: 30,
      two: hour % 4 === 0 ? undefined : 70,
      all: 100,
    }));
    const rows = lines(mesh?.text).map((line) => line.split(','));
    const allDay = rows.filter((row) => row[5] === '2' && row[6] === '2');
    expect(allDay.map((row) => [row[0], row[7], row[9]])).toEqual([
      ['53393526', '30', '1'],
      ['53393527', '70', '0.75'],
    ]);
  });

  it('has the ministry’s own columns and no more where its cells are wholly observed', async () => {
    // The anchor is a corner of the cell; a plan would need more than a hundred areas for what is one here.
    const plan = planOf(20);
    const areas = plan.areas
      .slice(0, 1)
      .map((area) => ({ ...area, polygon: rectangle(0, 0, 1_131.6, 924.7) }));
    const mesh = await meshOf(october({ ...plan, areas }), () => ({ one: 50, all: 50 }));
    expect(mesh?.file).toBe('test_crowding_2026-10_v1.mesh.csv');
    expect(mesh?.text.split('\r\n')[0]).toBe(
      'mesh1kmid,prefcode,citycode,year,month,dayflag,timezone,population',
    );
    expect(lines(mesh?.text)[0]).toMatch(/,,,2026,10,0,0,50$/);
  });

  it('is not made of days, nor outside Japan', async () => {
    const day = {
      ...october(planOf(20)),
      dataset: { ...october(planOf(20)).dataset, period: 'day' as const },
    };
    expect(await meshOf(day, () => ({ all: 50 }))).toBeUndefined();
    const paris = { ...planOf(20), anchor: { longitude: 2.35, latitude: 48.86, bearingDeg: 0 } };
    expect(await meshOf(october(paris), () => ({ all: 50 }))).toBeUndefined();
  });
});
