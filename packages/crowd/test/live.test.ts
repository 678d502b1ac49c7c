import { describe, expect, it } from 'vitest';
import { frameView, type TestFrame, type TestPerson } from '../../../test/support/frames.js';
import { label, lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import { LiveView, SiteGeometry, type LiveSnapshot } from '../src/index.js';
import { runStream, planHistory, framesOf, T0 } from './support.js';

// The picture of now: the newest of every camera, how dense it is, how far to believe it, who passed in the last minute.

const plan = testPlan({
  areas: [
    { id: 'west', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 5, 10) },
    { id: 'east', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(5, 0, 10, 10) },
    { id: 'whole', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 10, 10) },
  ],
  lines: [
    { id: 'middle', floor: 'f1', name: label, line: lineFrom([2, 1], [2, 9]) },
    { id: 'door', floor: 'f1', name: label, line: lineFrom([8, 1], [8, 9]) },
  ],
  cameras: [
    { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 5, 10) },
    { id: 'c2', floor: 'f1', coverage: rectangle(5, 0, 10, 10) },
  ],
  counters: [{ id: 'turnstile', line: 'door' }],
});
const site = new SiteGeometry(plan);

function at(view: LiveView, nowMs: number): LiveSnapshot {
  const snapshot = view.snapshot(nowMs * 1000);
  if (snapshot === undefined) throw new Error('there is no snapshot');
  return snapshot;
}

const area = (snapshot: LiveSnapshot, id: string) => snapshot.areas.find((one) => one.area === id);

function viewOf(...frames: TestFrame[]): LiveView {
  const view = new LiveView(site);
  for (const frame of frames) view.update(frameView(frame));
  return view;
}

describe('a live snapshot', () => {
  const spot: TestPerson[] = Array.from({ length: 25 }, (_, i) => ({
    ...{ track: i, x: 6 + 0.45 * (i % 5) },
    y: 4 + 0.45 * Math.floor(i / 5),
  }));

  it('has the highest local density of every area that somebody is in', () => {
    const snapshot = at(
      viewOf(
        { camera: 'c1', sequence: 1, atMs: T0, people: [{ track: 99, x: 2.5, y: 5 }] },
        { camera: 'c2', sequence: 1, atMs: T0, people: spot },
      ),
      T0,
    );
    expect(area(snapshot, 'west')?.peakDensity).toBeCloseTo(0.283, 2);
    expect(area(snapshot, 'east')?.peakDensity).toBeGreaterThan(4);
    expect(area(snapshot, 'whole')?.peakDensity).toBe(area(snapshot, 'east')?.peakDensity);
    expect(area(snapshot, 'whole')?.people).toBe(26);
  });

  it('has the highest saturation of the detectors that see any of the area', () => {
    const snapshot = at(
      viewOf(
        { camera: 'c1', sequence: 1, atMs: T0, saturation: 0.25 },
        { camera: 'c2', sequence: 1, atMs: T0, saturation: 0.95 },
      ),
      T0,
    );
    const saturations = snapshot.areas.map(({ saturation }) => saturation);
    expect(saturations).toEqual([0.25, 0.95, 0.95]);
  });

  it('knows that all cameras are silent where time goes on without them, and not merely slow', () => {
    const view = viewOf(
      { camera: 'c1', sequence: 1, atMs: T0 },
      { camera: 'c2', sequence: 1, atMs: T0 },
    );
    const seen = (nowMs: number) => area(at(view, nowMs), 'whole')?.coverage;
    expect([seen(T0), seen(T0 + 6_900), seen(T0 + 7_100)]).toEqual([1, 1, 0]);
  });

  it('knows sooner that one camera is silent where the others are not', () => {
    const view = viewOf({ camera: 'c1', sequence: 1, atMs: T0 });
    view.update(frameView({ camera: 'c2', sequence: 1, atMs: T0 + 2_100, people: spot }));
    expect(area(at(view, T0 + 2_100), 'whole')?.coverage).toBe(0.5);
    expect(area(at(view, T0 + 2_100), 'west')).toMatchObject({ coverage: 0, peakDensity: 0 });
  });
});

describe('the passages of the last minute', () => {
  /** Somebody who walks from x = 1 m to x = 3 m, five frames a second at 1 m/s, from some second on. */
  const walk = (startS: number, track: number): TestFrame[] =>
    Array.from({ length: 11 }, (_, i) => ({
      camera: 'c1',
      sequence: 5 * startS + i,
      atMs: T0 + 1000 * startS + 200 * i,
      people: [{ track, x: 1 + 0.2 * i, y: 5, vx: 1, vy: 0 }],
    }));

  it('are known as soon as somebody has left the band, and for a minute', () => {
    const view = viewOf(...walk(0, 1));
    const middle = (nowMs: number) => at(view, nowMs).lines[0];
    // Towards the right of a line that points north.
    expect(middle(T0 + 2_000)).toEqual({ line: 'middle', forward: 0, backward: 1, seen: true });
    expect(middle(T0 + 59_000)?.backward).toBe(1);
    expect(middle(T0 + 62_000)).toMatchObject({ backward: 0, seen: false });
  });

  it('are those that the measures count, where no track is cut', () => {
    const frames = Array.from({ length: 12 }, (_, i) => walk(4 * i, i + 1)).flat();
    const { windows } = runStream(planHistory({ plan }), framesOf(frames));
    const counted = windows
      .flatMap(({ lines }) => lines)
      .filter(({ line }) => line === 'middle')
      .reduce((sum, { backward }) => sum + backward, 0);
    expect(counted).toBe(12);
    expect(at(viewOf(...frames), T0 + 50_000).lines[0]?.backward).toBe(12);
  });

  it('do not grow by somebody who loiters in the band, or turns back in it', () => {
    const places = [1, 1.3, 1.6, 1.9, 2.2, 2.4, 2.1, 1.8, 2.3, 1.7, 1.4, 1];
    const view = viewOf(
      ...places.map((x, i) => ({
        ...{ camera: 'c1', sequence: i, atMs: T0 + 200 * i },
        people: [{ track: 1, x, y: 5 }],
      })),
    );
    expect(at(view, T0 + 3_000).lines[0]).toMatchObject({ forward: 0, backward: 0 });
  });

  it('of a line with a counter are what it counted, and are seen while its batches come', () => {
    const view = viewOf({ camera: 'c2', sequence: 1, atMs: T0 });
    expect(at(view, T0).lines[1]).toMatchObject({ forward: 0, seen: false });
    view.count({
      ...{ site: 'test', counter: 'turnstile', sessionHi: 0, sessionLo: 1, sequence: 1 },
      ...{ fromUs: T0 * 1000, toUs: (T0 + 5_000) * 1000, forward: 7, backward: 2 },
    });
    const door = (nowMs: number) => at(view, nowMs).lines[1];
    expect(door(T0 + 5_000)).toEqual({ line: 'door', forward: 7, backward: 2, seen: true });
    expect(door(T0 + 25_000)).toEqual({ line: 'door', forward: 7, backward: 2, seen: false });
    expect(door(T0 + 66_000)).toMatchObject({ forward: 0, backward: 0 });
  });
});
