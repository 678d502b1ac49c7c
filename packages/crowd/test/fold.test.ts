import type { Observation } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import type { TestFrame, TestPerson } from '../../../test/support/frames.js';
import { label, lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import { SiteGeometry, type AreaRow, type ClosedWindow } from '../src/index.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

const plans = () => planHistory({ plan: testPlan() });

/** One frame each 200 ms from `fromMs` (after T0) on, with whoever is there at that time. */
function camera(
  fromMs: number,
  toMs: number,
  people: (ms: number) => TestPerson[],
  rest: Partial<TestFrame> = {},
): TestFrame[] {
  const frames: TestFrame[] = [];
  for (let ms = fromMs; ms < toMs; ms += 200) {
    frames.push({ sequence: ms / 200, atMs: T0 + ms, people: people(ms), ...rest });
  }
  return frames;
}

function inOrder(...lists: TestFrame[][]): Observation[] {
  return framesOf(lists.flat().sort((a, b) => a.atMs - b.atMs));
}

function area(windows: readonly ClosedWindow[], index: number, id = 'hall'): AreaRow {
  const row = windows
    .filter((window) => window.areas.length > 0)
    [index]?.areas.find((item) => item.area === id);
  if (!row) throw new Error(`no window ${index} of ${id}`);
  return row;
}

const density = (row: AreaRow): number => row.personUs / (row.observedDm2Us / 100);
const coverage = (row: AreaRow): number => row.observedDm2Us / (row.areaDm2 * row.lengthUs);

describe('a window of an area', () => {
  it('has the time-weighted mean and the maximum of its people, and the coverage', () => {
    const two = (ms: number): TestPerson[] =>
      ms < 5_000
        ? [{ track: 1, x: 2, y: 2 }]
        : [
            { track: 1, x: 2, y: 2 },
            { track: 2, x: 3, y: 3 },
            { track: 3, x: 4, y: 4 },
          ];
    const { windows } = runStream(plans(), inOrder(camera(0, 10_000, two)));
    const row = area(windows, 0);
    expect(row.personUs).toBe(5e6 * 1 + 5e6 * 3);
    expect(row.peopleMax).toBe(3);
    expect(coverage(row)).toBe(1);
    expect(density(row)).toBeCloseTo(2 / 100, 12);
  });

  it('holds a frame until the next, two periods at most: then nothing is known', () => {
    const frames: TestFrame[] = [
      { sequence: 1, atMs: T0, people: [{ track: 1, x: 2, y: 2 }] },
      { sequence: 2, atMs: T0 + 5_000, people: [] },
    ];
    const row = area(runStream(plans(), framesOf(frames)).windows, 0);
    expect(row.personUs).toBe(400_000);
    expect(coverage(row)).toBeCloseTo(0.08, 12);
    expect(density(row)).toBeCloseTo(0.5 / 100, 12);
  });

  it('takes over what a frame of the window before still holds', () => {
    const frames: TestFrame[] = [
      { sequence: 1, atMs: T0 + 9_900, people: [{ track: 1, x: 2, y: 2 }] },
    ];
    const { windows } = runStream(plans(), framesOf(frames));
    expect([area(windows, 0).personUs, area(windows, 1).personUs]).toEqual([100_000, 300_000]);
    expect(area(windows, 1).peopleMax).toBe(1);
  });

  it('knows nothing from a blind frame, which is not the same as an empty one', () => {
    const blind = runStream(plans(), inOrder(camera(0, 10_000, () => [], { blind: true }))).windows;
    expect(area(blind, 0).observedDm2Us).toBe(0);
    expect(blind[0]?.cameras[0]).toMatchObject({ blindUs: 10_000_000, observedUs: 0 });
    const empty = runStream(plans(), inOrder(camera(0, 10_000, () => []))).windows;
    expect([area(empty, 0).personUs, coverage(area(empty, 0))]).toEqual([0, 1]);
  });

  it('is not written at all where no camera of the site sent anything', () => {
    const frames = [...camera(0, 1_000, () => []), ...camera(60_000, 61_000, () => [])];
    const { windows } = runStream(plans(), inOrder(frames));
    expect(
      windows
        .filter((window) => window.areas.length > 0)
        .map((window) => window.startUs / 1000 - T0),
    ).toEqual([0, 60_000]);
  });

  it('has the mean speed of its people, and leaves out vehicles', () => {
    const people = [
      { track: 1, x: 2, y: 2, vx: 0.6, vy: 0.8 },
      { track: 2, x: 3, y: 3 },
      { track: 3, x: 4, y: 4, vx: 9, kind: 2 },
    ];
    const row = area(runStream(plans(), inOrder(camera(0, 10_000, () => people))).windows, 0);
    expect(row.personUs).toBe(20_000_000);
    expect(row.speedMmUs / row.personUs).toBe(500);
  });
});

describe('a line at the edge of what is seen', () => {
  it('counts those who walk out over it as those who come in', () => {
    const plan = testPlan({
      lines: [{ id: 'edge', floor: 'f1', name: label, line: lineFrom([1, 0.5], [9, 0.5]) }],
    });
    const walk = (ms: number): TestPerson[] => {
      const y = ms < 10_000 ? 3 - (4.5 * ms) / 10_000 : -1.5 + (4.5 * (ms - 10_000)) / 10_000;
      return [{ track: 1, x: 5, y }];
    };
    const { windows } = runStream(planHistory({ plan }), inOrder(camera(0, 20_000, walk)));
    const rows = windows.flatMap((window) => window.lines);
    expect(rows.map((row) => [row.backward, row.forward]).slice(0, 2)).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });
});

describe('cameras that overlap', () => {
  const two = testPlan({
    cameras: [
      { id: 'west', floor: 'f1', coverage: rectangle(0, 0, 6, 10) },
      { id: 'east', floor: 'f1', coverage: rectangle(4, 0, 10, 10) },
    ],
    lines: [],
  });

  it('count each person once, by the owner of the cell, and cover the area together', () => {
    const person = { track: 1, x: 4.6, y: 5 };
    const { windows } = runStream(
      planHistory({ plan: two }),
      inOrder(
        camera(0, 10_000, () => [person], { camera: 'west' }),
        camera(0, 10_000, () => [{ ...person, track: 2 }], { camera: 'east' }),
      ),
    );
    const row = area(windows, 0);
    expect([row.personUs, row.peopleMax]).toEqual([10_000_000, 1]);
    expect(coverage(row)).toBeCloseTo(1, 3);
  });

  it('share out an area so that all parts together are the area, however small they are', () => {
    const site = new SiteGeometry(
      testPlan({
        areas: [
          {
            id: 'hall',
            floor: 'f1',
            name: label,
            kind: 'walkway',
            polygon: rectangle(4.75, 4.75, 5.25, 5.25),
          },
        ],
        cameras: two.cameras,
        lines: [],
      }),
    );
    const shares = site.cameras.flatMap((owner) => [...owner.sharesDm2]);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(25);
  });

  it('leave the share of a silent one unseen, and the density that of the rest', () => {
    const { windows } = runStream(
      planHistory({ plan: two }),
      inOrder(camera(0, 10_000, () => [{ track: 1, x: 2, y: 5 }], { camera: 'west' })),
    );
    const row = area(windows, 0);
    expect(coverage(row)).toBeCloseTo(0.5, 2);
    expect(density(row)).toBeCloseTo(1 / 50, 3);
  });
});

describe('flows', () => {
  const rooms = testPlan({
    areas: [
      { id: 'west', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 4, 10) },
      { id: 'east', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(6, 0, 10, 10) },
    ],
  });
  /** 3 s in the west, then over the line at 1 m/s into the east, where it stays until it is gone. */
  const walker = (ms: number): TestPerson[] => [
    { track: 1, x: ms < 3_000 ? 3 : Math.min(8, 3 + (ms - 3_000) / 1_000), y: 5 },
  ];

  it('say from where to where, when, and how long inside; a line is a place on the way', () => {
    const { windows } = runStream(
      planHistory({ plan: rooms }),
      inOrder(
        camera(0, 15_000, walker),
        camera(15_000, 40_000, () => []),
      ),
    );
    const legs = windows.flatMap((window) => window.legs);
    const shown = legs.map((leg) => [
      leg.fromPlace,
      leg.toPlace,
      (leg.leftUs / 1000 - T0) / 1000,
      (leg.reachedUs / 1000 - T0) / 1000,
      leg.insideUs / 1e6,
    ]);
    expect(shown).toEqual([
      ['', 'west', 0, 0, 0],
      ['west', 'middle', 3.8, 5.6, 3.8],
      ['middle', 'east', 5.6, 6, 0],
      ['east', '', 14.8, 14.8, 8.8],
    ]);
    expect(
      windows.flatMap((window) => window.lines).reduce((sum, row) => sum + row.backward, 0),
    ).toBe(1);
    expect(
      windows
        .flatMap((window) => window.flows)
        .map(({ fromPlace, toPlace, legs: count }) => [fromPlace, toPlace, count]),
    ).toEqual([
      ['', 'west', 1],
      ['middle', 'east', 1],
      ['west', 'middle', 1],
      ['east', '', 1],
    ]);
  });

  it('go on with a track that comes back within 20 s, and end with one that comes later', () => {
    const back =
      (afterMs: number) =>
      (ms: number): TestPerson[] =>
        ms < 4_000 || ms >= afterMs ? [{ track: 1, x: 2, y: 5 }] : [];
    const plan = testPlan({ areas: rooms.areas, lines: [], windowS: 60 });
    const legsAfter = (ms: number): unknown[] =>
      runStream(planHistory({ plan }), inOrder(camera(0, ms + 5_000, back(ms))))
        .windows.flatMap((window) => window.legs)
        .map((leg) => [leg.fromPlace, leg.toPlace, leg.insideUs / 1e6, leg.joins]);
    expect(legsAfter(10_000)).toEqual([
      ['', 'west', 0, 0],
      ['west', '', 14.8, 0],
    ]);
    // Two minutes: what is not found again within 20 s of the end of a window is over.
    expect(legsAfter(120_000)).toEqual([
      ['', 'west', 0, 0],
      ['west', '', 3.8, 0],
      ['', 'west', 0, 0],
      ['west', '', 4.8, 0],
    ]);
  });

  it('are not made by somebody who steps out of a place for less than a second', () => {
    const stepping = (ms: number): TestPerson[] => [
      { track: 1, x: ms >= 4_000 && ms < 4_800 ? 6.2 : 3.9, y: 5 },
    ];
    const plan = testPlan({ areas: rooms.areas, lines: [] });
    const { windows } = runStream(planHistory({ plan }), inOrder(camera(0, 9_000, stepping)));
    expect(
      windows.flatMap((window) => window.legs).map((leg) => [leg.fromPlace, leg.toPlace]),
    ).toEqual([
      ['', 'west'],
      ['west', ''],
    ]);
  });

  it('are not made by somebody who sways at a border', () => {
    const swaying = (ms: number): TestPerson[] => [
      { track: 1, x: (ms / 200) % 2 === 0 ? 3.95 : 4.05, y: 5 },
    ];
    const { windows } = runStream(planHistory({ plan: rooms }), inOrder(camera(0, 9_000, swaying)));
    expect(windows.flatMap((window) => window.legs)).toEqual([]);
  });
});

describe('sensors that count', () => {
  it('give their line its crossings, each report once, and a window not counted to its end what it has', () => {
    const plan = testPlan({ counters: [{ id: 'beam', line: 'middle' }] });
    const counts = (fromMs: number, toMs: number, sequence: number): Observation => ({
      type: 'counts',
      counts: {
        site: 'test',
        counter: 'beam',
        sessionHi: 0,
        sessionLo: 1,
        sequence,
        fromUs: (T0 + fromMs) * 1000,
        toUs: (T0 + toMs) * 1000,
        forward: 2,
        backward: 1,
      },
    });
    const records = [
      counts(0, 5_000, 1),
      counts(5_000, 10_000, 2),
      counts(5_000, 10_000, 2),
      counts(10_000, 15_000, 3),
    ];
    const { windows, fates } = runStream(planHistory({ plan }), records, {
      lastTickMs: T0 + 7_200_000,
    });
    const lines = windows.flatMap((window) => window.lines);
    expect(
      lines.map(({ forward, backward, observedUs }) => [forward, backward, observedUs]),
    ).toEqual([
      [4, 2, 10_000_000],
      [2, 1, 5_000_000],
    ]);
    expect(fates).toContain('duplicate');
  });
});

describe('positions to be stored', () => {
  it('are none unless the plan keeps some, and then one frame a second, each person once, without pseudonym', () => {
    const people = [{ track: 1, x: 2, y: 2, vx: 1 }];
    const none = runStream(plans(), inOrder(camera(0, 10_000, () => people))).windows;
    expect(none[0]?.positions.count).toBe(0);
    const plan = testPlan({ retention: { positionsHours: 1 } });
    const kept = runStream(planHistory({ plan }), inOrder(camera(0, 10_000, () => people)))
      .windows[0]?.positions;
    expect(kept?.count).toBe(10);
    expect(Object.keys(kept ?? {})).not.toContain('track');
    expect([
      kept?.xMm[0],
      kept?.vxMmS[0],
      (kept?.capturedUs[1] ?? 0) - (kept?.capturedUs[0] ?? 0),
    ]).toEqual([2_000, 1_000, 1_000_000]);
  });
});

describe('a new version of the plan', () => {
  const before = testPlan({ lines: [] });
  const after = testPlan({
    version: 2,
    lines: [{ id: 'other', floor: 'f1', name: label, line: lineFrom([5, 1], [5, 9]) }],
  });

  it('is in force from the first window that starts at or after its time, and ends every track', () => {
    const history = planHistory({ plan: before }, { plan: after, fromMs: T0 + 14_000 });
    const { windows } = runStream(
      history,
      inOrder(camera(0, 40_000, () => [{ track: 1, x: 2, y: 2 }])),
    );
    expect(windows.slice(0, 4).map((window) => [window.planVersion, window.lines.length])).toEqual([
      [1, 0],
      [1, 0],
      [2, 1],
      [2, 1],
    ]);
    expect(
      windows.flatMap((window) => window.legs).map((leg) => [leg.fromPlace, leg.toPlace]),
    ).toEqual([
      ['', 'hall'],
      ['hall', ''],
      ['', 'hall'],
      ['hall', ''],
    ]);
  });
});
