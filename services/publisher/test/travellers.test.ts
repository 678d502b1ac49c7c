/**
 * What travellers are told: in words and steps, with icons that nobody can be followed by, and nothing where few people are.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Kind, type MeasuredCell, type SitePlan } from '@hitonami/model';
import { openPublicFolder, openPublishedFolder } from '@hitonami/releases';
import { contracts, createMetrics, TOPIC_NAMES, type LiveSnapshot } from '@hitonami/service';
import type { UsualPoint } from '@hitonami/warehouse';
import { stationPlan } from '../../../test/support/measured-days.js';
import { eventually, openTestLog } from '../../../test/support/event-log.js';
import { label } from '../../../test/support/plans.js';
import { publisherMetrics } from '../src/index.js';
import { Documents } from '../src/documents.js';
import { LiveNow } from '../src/travellers/live.js';
import { GRID_M, ICON_STEP, picture } from '../src/travellers/picture.js';
import { boundsOf, tell } from '../src/travellers/tell.js';
import { observationsOf, ToldTravellers } from '../src/travellers/told.js';
import { Travellers, type TravellerParts } from '../src/travellers/travellers.js';
import { silent } from './desk.js';

const K = 10;
const usual = { usualPeak: 100, usual: 50, los: 'C' as const };

describe('what is told of a place', () => {
  it('is a share of the usual peak in steps, beside the usual of the hour', () => {
    expect(tell({ ...usual, people: 62 }, K)).toEqual({
      isAvailable: true,
      percentageOfBaseline: 0.6,
      usualPercentageOfBaseline: 0.5,
      level: 'busy',
    });
    const levels = [30, 39, 45, 74, 76, 500].map((people) => tell({ ...usual, people }, K));
    expect(levels.map(({ level }) => level)).toEqual([
      ...['quiet', 'busy', 'busy', 'busy', 'very-busy', 'very-busy'],
    ]);
    expect(levels.at(-1)?.percentageOfBaseline).toBe(2);
  });

  it('is quiet without a number where fewer than k are, be it none', () => {
    const few = [0, 1, 9].map((people) => JSON.stringify(tell({ ...usual, people }, K)));
    expect(new Set(few).size).toBe(1);
    expect(tell({ ...usual, people: 0 }, K)).toMatchObject({
      level: 'quiet',
      percentageOfBaseline: null,
    });
    expect(tell({ ...usual, people: 10 }, K).percentageOfBaseline).toBe(0.1);
  });

  it('is nothing where too little is seen, and the level of service before there is a usual day', () => {
    expect(tell({ ...usual, people: undefined }, K)).toMatchObject({
      isAvailable: false,
      level: null,
    });
    const fresh = { usualPeak: undefined, usual: undefined, people: 50 };
    expect(tell({ ...fresh, los: 'E' }, K)).toMatchObject({
      level: 'very-busy',
      percentageOfBaseline: null,
      usualPercentageOfBaseline: null,
    });
    // A share of a peak of eight would count them.
    expect(tell({ usualPeak: 8, usual: 5, people: 12, los: 'A' }, K)).toMatchObject({
      percentageOfBaseline: null,
      usualPercentageOfBaseline: null,
    });
  });

  it('bounds how many there were, and the bounds hold', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 400 }),
        fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
        (people, usualPeak) => {
          const told = tell({ people, usualPeak, usual: undefined, los: 'C' }, K);
          const icons = people < K ? 0 : Math.floor(people / ICON_STEP) * ICON_STEP;
          const bounds = boundsOf(told, { usualPeak }, icons, ICON_STEP, K);
          expect(bounds!.low - 1e-9).toBeLessThanOrEqual(people);
          expect(bounds!.high + 1e-9).toBeGreaterThanOrEqual(people);
          // Whoever knows them cannot tell none from nine.
          if (people < K) expect(bounds).toEqual({ low: 0, high: K - 1 });
        },
      ),
      { numRuns: 300 },
    );
  });
});

const hall = stationPlan().areas[0]!;
const counter = () => {
  let next = 0;
  return (below: number): number => (next++ * 7_919) % below;
};

describe('a picture', () => {
  const crowd = Array.from({ length: 23 }, (_, i) => ({
    ...{ xM: (i * 3.7) % 10, yM: (i * 7.3) % 20, isMoving: i % 2 === 0 },
  }));
  const circles = (svg: string) =>
    [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);

  it('has as many icons as a multiple of five, moving or standing, and no id, heading or order of people', () => {
    const svg = picture(hall, crowd, undefined, counter());
    const places = circles(svg);
    expect(places).toHaveLength(20);
    expect([...svg.matchAll(/ id=| data-|rotate|track/g)]).toEqual([]);
    // By place from above to below, whoever they are.
    expect(places.map(([, y]) => y)).toEqual(places.map(([, y]) => y).toSorted((a, b) => a! - b!));
    expect(svg).toContain('#1f6fb2');
    expect(svg).toContain('#b4510f');
  });

  it('tells of nobody where in a cell of the grid they are', () => {
    const moved = crowd.map(({ xM, yM, isMoving }) => ({
      xM: Math.floor(xM / GRID_M) * GRID_M + 0.01,
      yM: Math.floor(yM / GRID_M) * GRID_M + 1.99,
      isMoving,
    }));
    expect(picture(hall, moved, undefined, counter())).toBe(
      picture(hall, crowd, undefined, counter()),
    );
  });

  it('is another the next time, though nobody has moved', () => {
    const random = counter();
    const pictures = [0, 1, 2].map(() => picture(hall, crowd, undefined, random));
    expect(new Set(pictures).size).toBe(3);
  });

  it('lies over the still of a camera, in its size, with those it can show', () => {
    const camera = {
      ...stationPlan().cameras[0]!,
      calibration: {
        ...{ imageWidth: 640, imageHeight: 480 },
        // From above, 20 pixels a metre, north up.
        homography: [0.05, 0, 0, 0, -0.05, 24, 0, 0, 1] as const,
      },
    };
    const svg = picture(hall, crowd, camera, counter());
    expect(svg).toContain('viewBox="0 0 640 480"');
    for (const [x, y] of circles(svg)) expect(x! <= 200 && y! >= 60).toBe(true);
    expect(svg).not.toContain('evenodd');
  });
});

/** People who stand in a grid in the first area. */
function snapshotOf(plan: SitePlan, people: number, coverage = 1): LiveSnapshot {
  const place = (of: (i: number) => number) => Array.from({ length: people }, (_, i) => of(i));
  return {
    ...{ site: plan.site, capturedUs: 0, cameras: [], lines: [] },
    areas: [
      { area: 'a00', people, coverage, doubtful: 0, peakDensity: 0, saturation: 0 },
      { area: 'a01', people: 0, coverage, doubtful: 0, peakDensity: 0, saturation: 0 },
    ],
    floors: ['f1'],
    xMm: place((i) => 500 + (i % 9) * 1_000),
    yMm: place((i) => 500 + Math.floor(i / 9) * 1_000),
    ...{ vxMmS: place((i) => (i % 2) * 900), vyMmS: place(() => 0) },
    ...{ floor: Buffer.alloc(people, 0), kind: Buffer.alloc(people, Kind.person) },
  };
}

describe('what is seen now', () => {
  it('is the newest of the live topic; what cannot be read, or is of before, is nothing', async () => {
    const data = mkdtempSync(join(tmpdir(), 'hitonami-live-'));
    const log = await openTestLog(data);
    const live = new LiveNow(silent);
    const stop = await live.follow(log);
    try {
      expect(live.of('test')).toBeUndefined();
      const send = (value: Uint8Array) => log.append(TOPIC_NAMES.live, [{ key: 'test', value }]);
      const plan = stationPlan();
      for (const people of [3, 12])
        await send(contracts().liveSnapshot.encode(snapshotOf(plan, people)));
      const seen = await eventually('the newest', () => {
        const found = live.of('test');
        return found?.xMm.length === 12 && found;
      });
      expect(seen.areas[0]).toMatchObject({ area: 'a00', people: 12 });
      expect(seen.floor).toHaveLength(12);
      await send(Buffer.from([255, 255]));
      await eventually('nothing', () => live.of('test') === undefined);
    } finally {
      await stop();
      await log.close();
      rmSync(data, { recursive: true, force: true });
    }
  });

  it('keeps telling the site’s documents while the records are away, with the heads of before', async () => {
    const written: { auditHeads: readonly unknown[] }[] = [];
    const heads = [{ day: '2026-03-31', id: 1, hash: 'ab', publishedAt: new Date(0) }];
    let isAway = false;
    const documents = new Documents({
      plans: { sites: () => ['test'], versions: () => [] },
      sources: { look: () => Promise.resolve([]) },
      records: {
        audit: {
          heads: () => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(heads)),
        },
      } as unknown as ConstructorParameters<typeof Documents>[0]['records'],
      folder: {
        writeSite: (_, told) => {
          written.push(told);
          return Promise.resolve();
        },
      },
      logger: silent,
    });
    await documents.write();
    isAway = true;
    expect(await documents.write()).toEqual(['test']);
    expect(written.map(({ auditHeads }) => auditHeads)).toEqual([heads, heads]);
  });
});

describe('the places of a plan', () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'hitonami-travellers-'));
  });
  afterEach(() => {
    rmSync(data, { recursive: true, force: true });
  });

  const NOW_MS = Date.now();
  const travellers = [
    { area: 'a00', title: label },
    { area: 'a01', title: label },
  ];

  function start(plan: SitePlan, points: UsualPoint[] = []) {
    const state = { plan, snapshot: undefined as LiveSnapshot | undefined };
    const told = new ToldTravellers(data);
    const parts: TravellerParts = {
      plans: {
        sites: () => [plan.site],
        at: () => state.plan,
        versions: () => [{ plan: state.plan, inForceFromUs: 0 }],
      },
      live: { of: () => state.snapshot },
      warehouse: { usualDensity: () => Promise.resolve(points) },
      records: {
        calendar: { list: () => Promise.resolve([]) },
        stills: { list: () => Promise.resolve([]), read: () => Promise.resolve(undefined) },
      } as unknown as TravellerParts['records'],
      folder: openPublicFolder(join(data, 'public')),
      ...{ told, logger: silent, everyMs: 60_000 },
      metrics: publisherMetrics(createMetrics('test')),
    };
    const places = () => openPublishedFolder(join(data, 'public')).travellers(plan.site);
    return { state, told, turns: new Travellers(parts), places };
  }
  const pictures = () =>
    readdirSync(join(data, 'public'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.includes('picture'))
      .map((path) => readFileSync(join(data, 'public', path), 'utf8'));

  it('are told of anew each turn, with one picture each, and the older one is gone', async () => {
    const peaks = [0, 1, 2].map((i) => ({
      ...{ sinceS: i * 900, density: 0.4, densityLow: 0, densityHigh: 1, days: 8 },
    }));
    const { state, turns, places } = start(stationPlan({ travellers }), peaks);
    state.snapshot = snapshotOf(state.plan, 62);
    await turns.turn(NOW_MS);
    const [hallNow, other] = (await places()).toSorted((a, b) => (a.area < b.area ? -1 : 1));
    // 62 of a usual peak of 0.4 × 200 m².
    expect(hallNow).toMatchObject({ percentageOfBaseline: 0.8, level: 'very-busy' });
    expect(other).toMatchObject({ percentageOfBaseline: null, level: 'quiet' });
    const before = pictures();
    expect(before).toHaveLength(2);
    expect(before.filter((svg) => svg.includes('<circle'))).toHaveLength(1);
    expect(before.join('')).toContain('Too few people to be shown');
    await turns.turn(NOW_MS + 60_000);
    const after = pictures();
    expect(after).toHaveLength(2);
    expect(after.filter((svg) => before.includes(svg) && svg.includes('<circle'))).toEqual([]);
    await turns.stop();
    expect(pictures()).toEqual([]);
    expect(await places()).toEqual([]);
  });

  it('are not known where nothing comes from the cameras, and shown nobody from before', async () => {
    const { state, turns, places } = start(stationPlan({ travellers }));
    state.snapshot = snapshotOf(state.plan, 40);
    await turns.turn(NOW_MS);
    state.snapshot = undefined;
    await turns.turn(NOW_MS + 60_000);
    expect((await places()).map(({ isAvailable }) => isAvailable)).toEqual([false, false]);
    expect(pictures().join('')).not.toContain('<circle');
    state.snapshot = snapshotOf(state.plan, 40, 0.3);
    await turns.turn(NOW_MS + 120_000);
    expect((await places()).map(({ isAvailable }) => isAvailable)).toEqual([false, false]);
  });

  it('are told of only for a purpose that shows the public where people are', async () => {
    const plan = stationPlan({ travellers });
    const purposes = plan.governance.purposes.map((one) =>
      one.id === 'open' ? { ...one, items: ['measures' as const] } : one,
    );
    const { state, turns, places } = start(plan);
    state.snapshot = snapshotOf(plan, 40);
    await turns.turn(NOW_MS);
    expect(await places()).toHaveLength(2);
    // A plan without it: what was shown goes at the next turn.
    state.plan = { ...plan, governance: { ...plan.governance, purposes } };
    await turns.turn(NOW_MS + 60_000);
    expect(await places()).toEqual([]);
    expect(pictures()).toEqual([]);
  });

  it('stay known, as bounds, to the releases of the same time', async () => {
    const { state, turns, told } = start(stationPlan({ travellers: travellers.slice(0, 1) }));
    state.snapshot = snapshotOf(state.plan, 62);
    const fromMs = Math.floor(NOW_MS / 900_000) * 900_000;
    for (let i = 0; i < 15; i += 1) await turns.turn(fromMs + i * 60_000);
    const days = await Promise.all(
      [0, 1].map((i) =>
        told.of('test', {
          ...{ fromMs, toMs: fromMs + 900_000 },
          name: new Date(fromMs + 9 * 3_600_000 + i * 86_400_000).toISOString().slice(0, 10),
        }),
      ),
    );
    const all = days.flat();
    expect(all).toHaveLength(15);
    const cell = (occupancy: number, lengthMs = 900_000): MeasuredCell => ({
      key: { places: ['a00'], startMs: fromMs, lengthMs },
      measures: { occupancy },
      ...{ peopleMin: 70, quality: { coverage: 1, doubtful: 0, saturation: 0 } },
    });
    const [known] = observationsOf(all, [cell(61)], 60_000);
    expect(known).toMatchObject({ subject: 'areas', min: 60, max: 64 });
    // A mean of minutes is not quite that of the cell: what is true is never excluded.
    expect(observationsOf(all, [cell(57.5)], 60_000)[0]).toMatchObject({ min: 57.5, max: 64 });
    // Of an hour of which a quarter was told, nothing is known.
    expect(observationsOf(all, [cell(61, 3_600_000)], 60_000)).toEqual([]);
  });

  it('lie in the plan: an area that is none there is told of no more', async () => {
    const plan = stationPlan({ travellers });
    const { state, turns, places } = start(plan);
    state.snapshot = snapshotOf(plan, 40);
    await turns.turn(NOW_MS);
    state.plan = { ...plan, travellers: plan.travellers.slice(0, 1) };
    await turns.turn(NOW_MS + 60_000);
    expect((await places()).map(({ area }) => area)).toEqual(['a00']);
  });
});
