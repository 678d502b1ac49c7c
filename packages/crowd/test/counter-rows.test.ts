import type { CountFrame, Observation } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frameObservation, frameView } from '../../../test/support/frames.js';
import { testPlan } from '../../../test/support/plans.js';
import {
  AlertEngine,
  LiveView,
  SiteGeometry,
  SiteStream,
  type ClosedWindow,
  type LineRow,
} from '../src/index.js';
import { planHistory, runStream, T0 } from './support.js';

const plan = testPlan({ counters: [{ id: 'beam', line: 'middle' }] });
/** Long enough after the last report for a window that was not counted to its end. */
const END_MS = T0 + 4 * 3_600_000;

/** Crossings in a time from `T0`. */
interface Report {
  fromMs: number;
  toMs: number;
  forward: number;
  backward?: number;
  session?: number;
}

function frameOf({ fromMs, toMs, forward, backward = 0, session = 1 }: Report): CountFrame {
  const from = { site: 'test', counter: 'beam', sessionHi: 0, sessionLo: session };
  const interval = { fromUs: (T0 + fromMs) * 1000, toUs: (T0 + toMs) * 1000 };
  return { ...from, sequence: toMs, ...interval, forward, backward };
}

const counts = (report: Report): Observation => ({ type: 'counts', counts: frameOf(report) });

/** A camera that sees nobody, a frame a second, and each report a moment after its end. */
function besideCamera(reports: readonly Report[], untilMs: number, delayMs = 800): Observation[] {
  const log = reports.map((report) => ({
    atMs: report.toMs + delayMs,
    observation: counts(report),
  }));
  for (let atMs = 0; atMs < untilMs; atMs += 1_000) {
    const frame = { sequence: atMs, atMs: T0 + atMs, people: [] };
    log.push({ atMs: atMs + 100, observation: frameObservation(frame) });
  }
  return log.sort((a, b) => a.atMs - b.atMs).map(({ observation }) => observation);
}

function rowsOf(windows: readonly ClosedWindow[]): LineRow[] {
  return windows.flatMap(({ lines }) => lines).sort((a, b) => a.startUs - b.startUs);
}

const total = (rows: readonly LineRow[], of: 'forward' | 'backward' | 'observedUs'): number =>
  rows.reduce((sum, row) => sum + row[of], 0);

describe('reports longer than a window', () => {
  const minutes = [0, 1, 2, 3].map((i) => ({
    fromMs: 60_000 * i,
    toMs: 60_000 * (i + 1),
    forward: 60,
  }));

  it('give each window its share: the rate of every window is that of the report, all of it observed', () => {
    const { windows } = runStream(planHistory({ plan }), minutes.map(counts), {
      lastTickMs: END_MS,
    });
    const rows = rowsOf(windows);
    expect(rows.map(({ startUs }) => startUs / 1000 - T0)).toEqual(
      Array.from({ length: 24 }, (_, i) => 10_000 * i),
    );
    expect(new Set(rows.map(({ forward }) => forward))).toEqual(new Set([10]));
    expect(new Set(rows.map(({ observedUs }) => observedUs))).toEqual(new Set([10_000_000]));
  });

  it('do so although the cameras of the site have closed those windows long before', () => {
    const { windows, fates } = runStream(planHistory({ plan }), besideCamera(minutes, 270_000), {
      lastTickMs: END_MS,
    });
    expect(new Set(fates)).toEqual(new Set(['folded', 'tick']));
    const rows = rowsOf(windows);
    expect(rows).toHaveLength(24);
    expect([total(rows, 'forward'), total(rows, 'observedUs')]).toEqual([240, 240_000_000]);
  });

  it('of an hour make no alert of what is far below the threshold, and are not nobody afterwards', () => {
    const geometry = new SiteGeometry(plan);
    const [view, engine] = [new LiveView(geometry), new AlertEngine(geometry)];
    const changes = [];
    for (let s = 1; s <= 200; s++) {
      const atMs = T0 + 1000 * s;
      view.update(frameView({ sequence: s, atMs, people: [] }));
      if (s === 3) view.count(frameOf({ fromMs: -3_597_000, toMs: 3_000, forward: 3_600 }));
      const snapshot = view.snapshot(1000 * atMs);
      changes.push(...engine.evaluate(1000 * atMs, snapshot));
      if (s >= 3) expect(snapshot?.lines[0]).toMatchObject({ forward: 60, seen: true });
    }
    expect(changes.filter(({ rule }) => rule === 'flow')).toEqual([]);
  });
});

/** Reports one after another, now and then with a gap, of a millisecond to an hour, on no grid. */
const anyReports = fc
  .array(
    fc.record({
      gapMs: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { arbitrary: fc.nat(30_000), weight: 1 },
      ),
      lengthMs: fc.oneof(
        fc.integer({ min: 1, max: 15_000 }),
        fc.constantFrom(10_000, 60_000),
        fc.integer({ min: 1, max: 3_600_000 }),
      ),
      forward: fc.oneof(fc.nat(20), fc.nat(1_000_000)),
      backward: fc.nat(300),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((items) => {
    let toMs = 3_000;
    return items.map(({ gapMs, lengthMs, forward, backward }): Report => {
      const fromMs = toMs + gapMs;
      toMs = fromMs + lengthMs;
      return { fromMs, toMs, forward, backward };
    });
  });

/** What of a report is in a stretch of time, if people came evenly. */
function share({ fromMs, toMs, forward }: Report, fromUs: number, untilUs: number): number {
  const [startMs, endMs] = [fromUs / 1000 - T0, untilUs / 1000 - T0];
  const bothMs = Math.max(0, Math.min(toMs, endMs) - Math.max(fromMs, startMs));
  return (forward * bothMs) / (toMs - fromMs);
}

const ticksEvery = (everyMs: number, untilMs: number): Observation[] =>
  Array.from({ length: Math.ceil(untilMs / everyMs) }, (_, i) => ({
    type: 'tick',
    tick: { site: 'test', nowUs: (T0 + everyMs * i) * 1000 },
  }));

function inOrder(reports: readonly Report[], ticks: readonly Observation[]): Observation[] {
  const timeUs = (one: Observation): number =>
    one.type === 'counts' ? one.counts.toUs : one.type === 'tick' ? one.tick.nowUs : 0;
  return [...reports.map(counts), ...ticks].sort((a, b) => timeUs(a) - timeUs(b));
}

describe('any reports', () => {
  it('are in all windows together exactly, in each to less than a crossing, and no second is observed twice', () => {
    fc.assert(
      fc.property(anyReports, (reports) => {
        const lastMs = reports.at(-1)?.toMs ?? 0;
        const log = inOrder(reports, ticksEvery(5_000, lastMs));
        const { windows } = runStream(planHistory({ plan }), log, {
          lastTickMs: T0 + lastMs + 4 * 3_600_000,
        });
        const rows = rowsOf(windows);
        const sum = (of: (report: Report) => number): number =>
          reports.reduce((all, report) => all + of(report), 0);
        expect(total(rows, 'forward')).toBe(sum(({ forward }) => forward));
        expect(total(rows, 'backward')).toBe(sum(({ backward = 0 }) => backward));
        expect(total(rows, 'observedUs')).toBe(sum(({ fromMs, toMs }) => 1000 * (toMs - fromMs)));
        expect(new Set(rows.map(({ startUs }) => startUs)).size).toBe(rows.length);
        for (const row of rows) {
          expect(row.observedUs).toBeLessThanOrEqual(row.lengthUs);
          const touching = reports.map((one) =>
            share(one, row.startUs, row.startUs + row.lengthUs),
          );
          const parts = touching.filter((part) => part > 0);
          const due = parts.reduce((all, part) => all + part, 0);
          expect(Math.abs(row.forward - due)).toBeLessThan(Math.max(1, parts.length) + 1e-6);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('give the same rows wherever the log is cut and resumed', () => {
    fc.assert(
      fc.property(anyReports, fc.nat(1_000), (reports, permille) => {
        const lastMs = reports.at(-1)?.toMs ?? 0;
        const log = inOrder(reports, [
          ...ticksEvery(20_000, lastMs),
          ...ticksEvery(600_000, lastMs + 3 * 3_600_000),
        ]);
        const whole = runStream(planHistory({ plan }), log, { lastTickMs: END_MS + lastMs });
        const first = new SiteStream({ site: 'test', plans: planHistory({ plan }) });
        const before: ClosedWindow[] = [];
        const until = Math.floor((permille * log.length) / 1_000);
        for (let i = 0; i < until; i++) before.push(...first.push(log[i] as Observation, i).closed);
        const from = first.resumeOffset();
        const rest = runStream(planHistory({ plan }), log.slice(from), {
          firstOffset: from,
          closedUntilUs: first.closedUntilUs,
          lastTickMs: END_MS + lastMs,
        });
        expect([...before, ...rest.windows].flatMap(({ lines }) => lines)).toEqual(
          whole.windows.flatMap(({ lines }) => lines),
        );
      }),
      { numRuns: 60 },
    );
  });
});

it('a window in which one hourly report ends and the next begins is whole after a restart between the two', () => {
  const hourly = [0, 1].map((i) => ({
    fromMs: 3_000 + 3_600_000 * i,
    toMs: 3_603_000 + 3_600_000 * i,
    forward: 3_600,
  }));
  const log = inOrder(hourly, ticksEvery(1_000, 7_300_000));
  const stream = new SiteStream({ site: 'test', plans: planHistory({ plan }) });
  const until = 6_000;
  for (let i = 0; i < until; i++) stream.push(log[i] as Observation, i);
  const from = stream.resumeOffset();
  const { closedUntilUs } = stream;
  const { windows } = runStream(planHistory({ plan }), log.slice(from), {
    ...{ firstOffset: from, closedUntilUs, lastTickMs: END_MS },
  });
  expect(rowsOf(windows)[0]).toMatchObject({
    ...{ startUs: (T0 + 3_600_000) * 1000, forward: 10, observedUs: 10_000_000 },
  });
});

describe('a report', () => {
  const one = { fromMs: 0, toMs: 30_000, forward: 9 };
  const next = { fromMs: 30_000, toMs: 60_000, forward: 9 };

  it('that comes again, also under another session, is a duplicate, and counts once', () => {
    const again = { ...one, session: 2 };
    const { windows, fates } = runStream(
      planHistory({ plan }),
      [one, again, next, again, one].map(counts),
      { lastTickMs: END_MS },
    );
    expect(fates.slice(0, 3)).toEqual(['folded', 'duplicate', 'folded']);
    expect(fates.slice(3, 5)).not.toContain('folded');
    expect(total(rowsOf(windows), 'forward')).toBe(18);
  });

  it('that comes later than the lateness after its end is late, and is told', () => {
    const reports = [one, next].map(counts);
    const log = [...ticksEvery(1_000, 75_000), ...reports];
    const stream = new SiteStream({ site: 'test', plans: planHistory({ plan }) });
    const pushed = log.map((observation, i) => stream.push(observation, i));
    expect(pushed.slice(-2).map(({ fate }) => fate)).toEqual(['late', 'folded']);
    expect(pushed.at(-2)?.late).toMatchObject({ camera: 'beam', capturedUs: (T0 + 30_000) * 1000 });
  });

  it('that began before its plan has no place in the windows of that plan', () => {
    const { fates } = runStream(
      planHistory({ plan, fromMs: T0 + 20_000 }),
      [one, next].map(counts),
    );
    expect(fates.slice(0, 2)).toEqual(['no-plan', 'folded']);
  });

  it('over a change of the window length gives windows of both lengths', () => {
    const longer = { ...plan, version: 2, windowS: 60 as const };
    const plans = planHistory({ plan }, { plan: longer, fromMs: T0 + 60_000 });
    const log = inOrder([{ fromMs: 0, toMs: 180_000, forward: 180 }], ticksEvery(1_000, 240_000));
    const rows = rowsOf(runStream(plans, log).windows);
    expect(rows.map(({ lengthUs, forward }) => [lengthUs / 1e6, forward])).toEqual([
      ...Array.from({ length: 6 }, () => [10, 10]),
      [60, 60],
      [60, 60],
    ]);
  });
});
