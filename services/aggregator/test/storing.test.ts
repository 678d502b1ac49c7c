import type { ClosedWindow, FlowLeg } from '@hitonami/crowd';
import type { SitePlan } from '@hitonami/model';
import { PseudonymBook } from '@hitonami/privacy';
import { topicSpecs } from '@hitonami/service';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  label,
  lineFrom,
  rectangle,
  testGovernance,
  testPlan,
} from '../../../test/support/plans.js';
import { storable } from '../src/storing.js';

// What of a closed window reaches the warehouse.

const START_US = 1_775_001_600_000_000;

function windowOf(places: readonly [x: number, y: number, floor: number][], legs: FlowLeg[] = []) {
  const zeros = new Int32Array(places.length);
  const window: ClosedWindow = {
    ...{ site: 'test', startUs: START_US, lengthUs: 10e6, planVersion: 1 },
    ...{ areas: [], lines: [], flows: [], journeys: [], cameras: [], legs },
    positions: {
      count: places.length,
      floors: ['f1', 'f2'],
      capturedUs: new Float64Array(places.length).fill(START_US),
      floor: Uint8Array.from(places, ([, , floor]) => floor),
      xMm: Int32Array.from(places, ([x]) => Math.round(x * 1000)),
      yMm: Int32Array.from(places, ([, y]) => Math.round(y * 1000)),
      ...{ vxMmS: zeros, vyMmS: zeros, kind: new Uint8Array(places.length).fill(1) },
    },
  };
  return window;
}

const leg = (changes: Partial<FlowLeg> = {}): FlowLeg => ({
  ...{ site: 'test', trackHi: 1, trackLo: 2, fromPlace: 'hall', toPlace: 'middle' },
  ...{ leftUs: START_US + 119e6, reachedUs: START_US + 121e6, insideUs: 61e6 },
  ...{ joins: 0, confidencePermille: 1000, nth: 3, ...changes },
});

/** A plan whose purposes are these: each with its items, and the day of its notice. */
function planWith(
  purposes: { items: string[]; places?: string[]; on?: string }[],
  changes: Record<string, unknown> = {},
): SitePlan {
  const governance = testGovernance();
  const [like] = governance.purposes;
  const retention = {
    ...{ positions: { positionsHours: 24 }, 'flow-legs': { flowLegsDays: 30 } },
    ...{ measures: { measuresDays: 7, rollupDays: 36_500 }, live: {} },
  };
  return testPlan({
    floors: [
      { id: 'f1', name: label },
      { id: 'f2', name: label },
    ],
    governance: {
      ...governance,
      purposes: purposes.map(({ items, places, on }, i) => ({
        ...like,
        id: i === 0 ? 'safety' : `p${i}`,
        items,
        ...(places && { places }),
        retention: Object.assign(
          {},
          ...items.map((item) => retention[item as keyof typeof retention]),
        ),
        noticePublishedOn: on ?? '1970-01-02',
      })),
    },
    cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10), governance: undefined }],
    ...changes,
  });
}

const everything = planWith([{ items: ['live', 'measures', 'positions', 'flow-legs'] }]);

describe('positions', () => {
  const gates = [{ floor: 'f1', line: lineFrom([20, 0], [20, 6]) }];

  it('within 5 m of a ticket gate of their floor are never stored, all others are, and both are counted', () => {
    const plan = planWith([{ items: ['measures', 'positions', 'flow-legs'] }], {
      ticketGates: gates,
    });
    const place = fc.tuple(
      fc.integer({ min: 13_000, max: 27_000 }).map((mm) => mm / 1000),
      fc.integer({ min: -7_000, max: 13_000 }).map((mm) => mm / 1000),
      fc.nat({ max: 1 }),
    );
    fc.assert(
      fc.property(fc.array(place, { maxLength: 40 }), (places) => {
        const { window, withheld } = storable(windowOf(places), plan, false);
        const { positions } = window;
        const isNear = ([x, y, floor]: readonly [number, number, number]): boolean =>
          floor === 0 && Math.hypot(x - 20, Math.max(0, -y, y - 6)) < 5;
        const far = places.filter((one) => !isNear(one));
        expect(positions.count).toBe(far.length);
        expect([...positions.xMm]).toEqual(far.map(([x]) => Math.round(x * 1000)));
        expect([...positions.yMm]).toEqual(far.map(([, y]) => Math.round(y * 1000)));
        expect([...positions.floor]).toEqual(far.map(([, , floor]) => floor));
        expect(withheld).toEqual({ atGate: places.length - far.length, positions: 0, legs: 0 });
      }),
      { numRuns: 100 },
    );
  });

  it('are stored only where a purpose has them, and only once its notice has stood', () => {
    const places: [number, number, number][] = [
      [1, 1, 0],
      [50, 1, 0],
    ];
    const count = (plan: SitePlan, isRecording = false) =>
      storable(windowOf(places), plan, isRecording).window.positions.count;
    expect(count(everything)).toBe(2);
    const none = planWith([{ items: ['measures'] }], { retention: undefined });
    expect(count(none)).toBe(0);
    expect(storable(windowOf(places), none, false).withheld.positions).toBe(2);
    // The window is of 2026-04-01; the notice stands for 7 days.
    const coming = (on: string) =>
      planWith([{ items: ['measures'] }, { items: ['positions'], on }]);
    expect(count(coming('2026-03-20'))).toBe(2);
    expect(count(coming('2026-03-30'))).toBe(0);
    expect(count(coming('2026-03-30'), true)).toBe(2);
    const hall = planWith([{ items: ['measures'] }, { items: ['positions'], places: ['hall'] }]);
    expect(count(hall)).toBe(1);
  });
});

describe('flow legs', () => {
  it('are stored with times in steps of the plan’s length, and with their number', () => {
    const { window } = storable(windowOf([], [leg()]), everything, false);
    expect(window.legs).toEqual([
      leg({ leftUs: START_US + 60e6, reachedUs: START_US + 120e6, insideUs: 60e6 }),
    ]);
  });

  it('are stored only where a purpose has them, and both of their ends are in it', () => {
    const legs = [leg(), leg({ toPlace: '' }), leg({ fromPlace: 'middle', toPlace: '' })];
    const kept = (plan: SitePlan) => storable(windowOf([], legs), plan, false);
    expect(kept(planWith([{ items: ['measures'] }]))).toMatchObject({
      window: { legs: [] },
      withheld: { legs: 3 },
    });
    const hall = planWith([{ items: ['measures'] }, { items: ['flow-legs'], places: ['hall'] }]);
    expect(kept(hall).window.legs.map(({ toPlace }) => toPlace)).toEqual(['']);
    expect(kept(everything).window.legs).toHaveLength(3);
  });
});

describe('the log', () => {
  it('keeps positions for the longest life of a pseudonym and an hour: what a recovery needs, and no more', () => {
    const [observations] = topicSpecs();
    // The longest: chance at its highest.
    const book = new PseudonymBook((count) => new Uint32Array(count).fill(0xffff_ffff));
    book.name(1, 0);
    const longestUs = 18 * 60e6;
    expect(book.name(1, longestUs - 1e6).renewed).toBe(false);
    expect(book.name(1, longestUs).renewed).toBe(true);
    expect(observations?.retentionMs).toBe(longestUs / 1000 + 3_600_000);
  });
});
