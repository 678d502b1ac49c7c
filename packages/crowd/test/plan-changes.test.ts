import type { Observation } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameObservation } from '../../../test/support/frames.js';
import { rectangle, testPlan } from '../../../test/support/plans.js';
import { SiteStream, type ClosedWindow, type PlanHistory } from '../src/index.js';
import { planHistory, runStream, T0 } from './support.js';

// What holds of windows over changes of the plan: where they begin, and which plan folds whose frames.

const people = [{ x: 2, y: 2, track: 1 }];

/** Frames of a camera, five a second, from and to in s after T0. */
function frames(fromS: number, toS: number, camera = 'c1'): Observation[] {
  return Array.from({ length: (toS - fromS) * 5 }, (_, k) => {
    const sequence = fromS * 5 + k;
    return frameObservation({ camera, sequence, atMs: T0 + sequence * 200, people });
  });
}

function tick(atS: number): Observation {
  return { type: 'tick', tick: { site: 'test', nowUs: (T0 + atS * 1000) * 1000 } };
}

/** From and to in s after T0, and the version of the plan. */
function spans(windows: readonly ClosedWindow[]): [number, number, number][] {
  return windows.map(({ startUs, lengthUs, planVersion }) => {
    const fromS = (startUs / 1000 - T0) / 1000;
    return [fromS, fromS + lengthUs / 1e6, planVersion];
  });
}

const WINDOWS_S = [5, 10, 15, 20, 30, 60] as const;

interface Change {
  windowS: (typeof WINDOWS_S)[number];
  atMs: number;
}

/** Somebody is seen for so long, then nobody: told by ticks, or in silence. */
interface Stretch {
  seenS: number;
  quietS: number;
  isTold: boolean;
}

const anyLog = fc.record({
  changes: fc.array(
    fc.record<Change>({
      windowS: fc.constantFrom(...WINDOWS_S),
      // On any boundary, and within any window.
      atMs: fc.oneof(
        fc.noBias(fc.integer({ min: -60_000, max: 400_000 })),
        fc.noBias(fc.integer({ min: 0, max: 80 })).map((fives) => fives * 5_000),
      ),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  stretches: fc.array(
    fc.record<Stretch>({
      seenS: fc.noBias(fc.integer({ min: 1, max: 60 })),
      quietS: fc.noBias(fc.integer({ min: 0, max: 150 })),
      isTold: fc.boolean(),
    }),
    { minLength: 2, maxLength: 5 },
  ),
  cutsPermille: fc.array(fc.noBias(fc.integer({ min: 0, max: 1_000 })), { maxLength: 3 }),
});

describe('windows over changes of the plan', () => {
  it('begin at multiples of their length also where the change falls into a silence', () => {
    const history = () =>
      planHistory(
        { plan: testPlan({ windowS: 10 }) },
        { plan: testPlan({ version: 2, windowS: 60 }), fromMs: T0 + 60_000 },
      );
    const silent = [...frames(0, 20), ...frames(95, 150)];
    const expected = [
      [0, 10, 1],
      [10, 20, 1],
      [20, 30, 1],
      [30, 40, 1],
      [60, 120, 2],
      [120, 180, 2],
    ];
    expect(spans(runStream(history(), silent).windows).slice(0, 6)).toEqual(expected);
    const ticks = Array.from({ length: 75 }, (_, i) => tick(20 + i));
    const told = [...frames(0, 20), ...ticks, ...frames(95, 150)];
    expect(spans(runStream(history(), told).windows).slice(0, 6)).toEqual(expected);
  });

  it('begin at multiples of their length also where the new version is heard of too late', () => {
    const plans = planHistory({ plan: testPlan({ windowS: 10 }) });
    const stream = new SiteStream({ site: 'test', plans });
    const log = frames(0, 240);
    const windows = log.flatMap((observation, i) => {
      if (i === 375) plans.add(testPlan({ version: 2, windowS: 60 }), (T0 + 60_000) * 1000);
      return stream.push(observation, i).closed;
    });
    expect(spans(windows).slice(5)).toEqual([
      ...[50, 60, 70, 80, 90, 100, 110].map((s) => [s, s + 10, 1]),
      [120, 180, 2],
    ]);
  });

  it('are the same however the log is silent, cut and resumed: none off the grid, none over another', () => {
    fc.assert(
      fc.property(anyLog, ({ changes, stretches, cutsPermille }) => {
        const history = () => historyOf(changes);
        const whole = withRestarts(logOf(stretches), [], history);
        const told = logOf(stretches.map((stretch) => ({ ...stretch, isTold: true })));
        for (const log of [logOf(stretches), told]) {
          const cuts = cutsPermille.map((share) => Math.floor((share * log.length) / 1_000));
          cuts.sort((x, y) => x - y);
          expect(withRestarts(log, cuts, history)).toEqual(whole);
        }
        let endUs = -Infinity;
        for (const { startUs, lengthUs } of whole) {
          expect(startUs % lengthUs).toBe(0);
          expect(startUs).toBeGreaterThanOrEqual(endUs);
          endUs = startUs + lengthUs;
        }
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

describe('a plan that is published to come in force within a window', () => {
  const before = testPlan();
  const after = testPlan({
    version: 2,
    cameras: [{ id: 'c2', floor: 'f1', coverage: rectangle(0, 0, 10, 10) }],
  });

  it('is in force from the end of that window for who comes as for who goes: nothing is folded and not counted', () => {
    const history = planHistory({ plan: before }, { plan: after, fromMs: T0 + 13_000 });
    const both = frames(0, 40).flatMap((frame, k) => [
      frame,
      ...frames(0, 40, 'c2').slice(k, k + 1),
    ]);
    const { windows, fates } = runStream(history, both);
    const seen = windows.slice(0, 4).map(({ areas, cameras }) => ({
      coverage: (areas[0]?.observedDm2Us ?? 0) / ((areas[0]?.areaDm2 ?? 0) * 1e7),
      frames: cameras.map(({ camera, frames: n }) => [camera, n]),
    }));
    expect(seen).toEqual([
      { coverage: 1, frames: [['c1', 50]] },
      { coverage: 1, frames: [['c1', 50]] },
      { coverage: 1, frames: [['c2', 50]] },
      { coverage: 1, frames: [['c2', 50]] },
    ]);
    const of = (camera: 0 | 1) => fates.slice(0, -1).filter((_, i) => i % 2 === camera);
    expect(of(0)).toEqual([...times('folded', 100), ...times('unknown-camera', 100)]);
    expect(of(1)).toEqual([...times('unknown-camera', 100), ...times('folded', 100)]);
  });

  it('as the first of its site takes nothing before its first window', () => {
    const { fates } = runStream(planHistory({ plan: before, fromMs: T0 + 13_000 }), frames(13, 30));
    expect(fates.slice(0, -1)).toEqual([...times('no-plan', 35), ...times('folded', 50)]);
  });
});

function times(fate: string, count: number): string[] {
  return Array.from({ length: count }, () => fate);
}

/** The versions as they may lie on a log: each from no earlier than the one before. */
function historyOf(changes: readonly Change[]): PlanHistory {
  const from = changes.map(({ atMs }) => T0 + atMs).sort((a, b) => a - b);
  return planHistory(
    { plan: testPlan({ windowS: 10 }) },
    ...changes.map(({ windowS }, i) => ({
      plan: testPlan({ version: i + 2, windowS }),
      fromMs: from[i] ?? T0,
    })),
  );
}

/** Frames or ticks once a second, or nothing at all. */
function logOf(stretches: readonly Stretch[]): Observation[] {
  const log: Observation[] = [];
  let atS = 3;
  for (const { seenS, quietS, isTold } of stretches) {
    for (const endS = atS + seenS; atS < endS; atS++) {
      const frame = { sequence: atS, atMs: T0 + atS * 1000, periodMs: 1000, people };
      log.push(frameObservation(frame));
    }
    for (const endS = atS + quietS; atS < endS; atS++) if (isTold) log.push(tick(atS));
  }
  return [...log, tick(atS + 100)];
}

/** Folds the log, and begins again from what is committed wherever it is cut, as the aggregator does. */
function withRestarts(
  log: readonly Observation[],
  cuts: readonly number[],
  plans: () => PlanHistory,
): ClosedWindow[] {
  const windows: ClosedWindow[] = [];
  let stream = new SiteStream({ site: 'test', plans: plans() });
  let at = 0;
  for (const cut of [...cuts, log.length]) {
    for (; at < cut; at++) windows.push(...stream.push(log[at] as Observation, at).closed);
    const { closedUntilUs, movedSinceUs } = stream;
    at = Math.min(stream.resumeOffset(), cut);
    if (cut === log.length) break;
    stream = new SiteStream({
      site: 'test',
      plans: plans(),
      movedSinceUs,
      ...(Number.isFinite(closedUntilUs) && { closedUntilUs }),
    });
  }
  return windows;
}
