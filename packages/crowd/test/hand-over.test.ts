import type { Observation } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import { frameView, type TestFrame, type TestPerson } from '../../../test/support/frames.js';
import { label, lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import { LiveView, SiteGeometry, SiteStream, type ClosedWindow } from '../src/index.js';
import { framesOf, planHistory, runStream, T0 } from './support.js';

const area = (id: string, x0: number, x1: number) => ({
  id,
  floor: 'f1',
  name: label,
  kind: 'walkway',
  polygon: rectangle(x0, 0, x1, 10),
});

/** Two cameras that overlap from 8 to 12 m, then 6 m that nobody sees, then a third. */
const plan = testPlan({
  areas: [area('west', 0, 10), area('middle', 10, 20), area('east', 26, 40)],
  lines: [{ id: 'gate', floor: 'f1', name: label, line: lineFrom([15, 1], [15, 9]) }],
  cameras: [
    { id: 'a', floor: 'f1', coverage: rectangle(0, 0, 12, 10) },
    { id: 'b', floor: 'f1', coverage: rectangle(8, 0, 20, 10) },
    { id: 'c', floor: 'f1', coverage: rectangle(26, 0, 40, 10) },
  ],
});
const COVERAGE = { a: [0, 12], b: [8, 20], c: [26, 40] } as const;
type Camera = keyof typeof COVERAGE;

interface Walk {
  /** Where a person is, m, or undefined while it is not there. */
  at: (s: number) => { x: number; y: number; vx?: number } | undefined;
  /** The pseudonym of it that a camera gives at a time. */
  track: (camera: Camera, s: number) => number;
}

/** What the cameras see: 5 frames/s each, their places wrong by what `error` says. */
function frames(
  walks: readonly Walk[],
  [fromS, toS]: readonly [number, number],
  error: (camera: Camera, sequence: number) => number = () => 0,
): Observation[] {
  const all: TestFrame[] = [];
  for (let tick = fromS * 5; tick < toS * 5; tick++) {
    (Object.keys(COVERAGE) as Camera[]).forEach((camera, i) => {
      const atMs = tick * 200 + 50 * i;
      const [from, to] = COVERAGE[camera];
      const people = walks.flatMap(({ at, track }): TestPerson[] => {
        const place = at(atMs / 1000);
        if (place === undefined || place.x < from || place.x > to) return [];
        const x = place.x + error(camera, tick);
        return [{ ...place, x, track: track(camera, atMs / 1000) }];
      });
      all.push({ camera, sequence: tick, atMs: T0 + atMs, people });
    });
  }
  return framesOf(all);
}

const walkEast =
  (y = 5, fromS = 1, vx = 1.25): Walk['at'] =>
  (s) =>
    s < fromS || vx * (s - fromS) > 40 ? undefined : { x: vx * (s - fromS), y, vx };

const perCamera =
  (base = 0): Walk['track'] =>
  (camera) =>
    base + 'abc'.indexOf(camera) + 1;

const run = (observations: readonly Observation[]): ClosedWindow[] =>
  runStream(planHistory({ plan }), observations).windows;

const personS = (windows: readonly ClosedWindow[], id: string): number =>
  windows
    .flatMap(({ areas }) => areas.filter((row) => row.area === id))
    .reduce((sum, row) => sum + row.personUs / 1e6, 0);

const legsOf = (windows: readonly ClosedWindow[]) => windows.flatMap(({ legs }) => legs);

describe('a person whom two cameras see', () => {
  it('is counted once at the border of their parts, whichever way their places err', () => {
    // The border of ownership is at 10 m, where the person stands for 30 s.
    const stand: Walk = {
      at: (s) => ({ x: s < 5 ? 7 + 0.6 * s : 10, y: 5, vx: s < 5 ? 0.6 : 0 }),
      track: perCamera(),
    };
    const apart = (camera: Camera): number => (camera === 'a' ? -0.3 : 0.3);
    for (const sign of [1, -1, 0]) {
      const windows = run(frames([stand], [0, 40], (camera) => sign * apart(camera)));
      const total = personS(windows, 'west') + personS(windows, 'middle');
      expect(Math.abs(total - 40), `places err by ${String(sign * 0.3)} m`).toBeLessThan(1);
    }
  });

  it('is left to a third camera on the floor that this one owns, and not counted by three', () => {
    const coverage = rectangle(0, 0, 20, 10);
    const cameras = Object.entries({ a: 0, b: 20, c: 10 }).map(([id, x]) => ({
      ...{ id, floor: 'f1', coverage },
      position: { x, y: 5, heightM: 3 },
    }));
    // Below `c`, which puts the person farther off than places err.
    const placeM = { a: 10, b: 10.1, c: 11.8 };
    const observations = framesOf(
      Array.from({ length: 150 }, (_, tick) =>
        Object.entries(placeM).map(([camera, x], i): TestFrame => ({
          ...{ camera, sequence: tick, atMs: T0 + 200 * tick + 50 * i },
          people: [{ x, y: 5, track: i + 1 }],
        })),
      ).flat(),
    );
    const three = testPlan({ areas: [area('hall', 0, 20)], lines: [], cameras });
    const { windows } = runStream(planHistory({ plan: three }), observations);
    expect(Math.abs(personS(windows, 'hall') - 30)).toBeLessThan(1);
  });

  it('is counted while either of them sees it, and not missed where one fails for a frame', () => {
    const observations = frames([{ at: walkEast(), track: perCamera() }], [0, 17]);
    const gaps = observations.filter(
      ({ type }, i) => type === 'positions' && (i % 21) + (i % 2) !== 7,
    );
    const windows = run(gaps);
    expect(personS(windows, 'west') + personS(windows, 'middle')).toBeGreaterThan(15);
  });

  it('has one journey over both of them, under one pseudonym', () => {
    const windows = run(frames([{ at: walkEast(), track: perCamera() }], [0, 60]));
    const legs = legsOf(windows);
    // The line lies in the area: it is reached and left for the area at one instant.
    expect(legs.map(({ fromPlace, toPlace }) => `${fromPlace} → ${toPlace}`).sort()).toEqual([
      ' → west',
      'east → ',
      'gate → middle',
      'middle → east',
      'middle → gate',
      'west → middle',
    ]);
    expect(new Set(legs.map(({ trackLo }) => trackLo)).size).toBe(1);
    expect(windows.flatMap(({ journeys }) => journeys)).toMatchObject([
      { fromPlace: 'west', toPlace: 'east', journeys: 1, joined: 1 },
    ]);
  });
});

describe('a person who was out of sight', () => {
  const crossing = (legs: ReturnType<typeof legsOf>) =>
    legs.find(({ fromPlace, toPlace }) => fromPlace === 'middle' && toPlace === 'east');

  it('is joined where and when somebody comes who walks like that, and says how sure that is', () => {
    const leg = crossing(legsOf(run(frames([{ at: walkEast(), track: perCamera() }], [0, 60]))));
    expect(leg?.joins).toBe(1);
    expect(leg?.confidencePermille).toBeGreaterThan(500);
    expect(leg?.confidencePermille).toBeLessThan(1000);
  });

  it('is less surely the one who comes where another could be the one as well', () => {
    const two = [0, 0.5].map((later, i) => ({
      at: walkEast(5 + 0.4 * i, 1 + later),
      track: perCamera(10 * i),
    }));
    const alone = crossing(legsOf(run(frames([two[0] as Walk], [0, 60]))));
    const among = crossing(legsOf(run(frames(two, [0, 60]))));
    expect(among?.confidencePermille).toBeLessThan((alone?.confidencePermille ?? 0) - 100);
  });

  it('is not taken for somebody who comes much sooner than people walk', () => {
    const other: Walk = {
      at: (s) => (s < 17.5 || s > 30 ? undefined : { x: 38 - (s - 17.5), y: 2, vx: -1 }),
      track: perCamera(20),
    };
    const first: Walk = {
      at: (s) => (s < 17 ? walkEast()(s) : undefined),
      track: perCamera(),
    };
    expect(crossing(legsOf(run(frames([first, other], [0, 60]))))).toBeUndefined();
  });
});

describe('a door, at the edge of what a camera sees', () => {
  /** Goes out at `x` = 14 m in the wall at `y`, or, one second later, comes in at 15.2 m; both are on their way east. */
  const out = (wallY: number): Walk => ({
    at: (s) =>
      s < 1 || s > 11 ? undefined : { x: 4 + (s - 1), y: wallY + 0.3 + 0.2 * (11 - s), vx: 1 },
    track: perCamera(),
  });
  const into = (wallY: number): Walk => ({
    at: (s) =>
      s < 12 || s > 16 ? undefined : { x: 15.2 + (s - 12), y: wallY + 0.3 + 0.2 * (s - 12), vx: 1 },
    track: perCamera(50),
  });
  const journeys = (walks: readonly Walk[]): string[] =>
    run(frames(walks, [0, 50]))
      .flatMap((window) => window.journeys)
      .map(({ fromPlace, toPlace }) => `${fromPlace} to ${toPlace}`)
      .sort();

  it('lets two people through, one out and one in, who are not one', () => {
    expect(journeys([out(0), into(0)])).toEqual(['middle to middle', 'west to middle']);
  });

  it('is not in the middle of the floor, where somebody lost and found like that is one person', () => {
    expect(journeys([out(5), into(5)])).toEqual(['west to middle']);
  });
});

describe('a track that its own tracker cut', () => {
  const cutAt = (s: number, laterS = s): Walk => ({
    at: (t) => (t >= s && t < laterS ? undefined : walkEast()(t)),
    track: (camera, t) => 'abc'.indexOf(camera) + 1 + (t < s ? 0 : 50),
  });

  it('goes on with its journey', () => {
    const legs = legsOf(run(frames([cutAt(5)], [0, 9])));
    expect(legs.map(({ fromPlace, toPlace, joins }) => [fromPlace, toPlace, joins])).toEqual([
      ['', 'west', 0],
      ['west', '', 1],
    ]);
  });

  it('is counted at a line as one, where it was cut in the band of that line', () => {
    // At 15 m, where the line is, after 13 s.
    const passages = (walk: Walk): number[] =>
      run(frames([walk], [0, 20]))
        .flatMap(({ lines }) => lines)
        .map(({ backward, forward }) => backward + forward);
    expect(passages(cutAt(13)).reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(passages(cutAt(12.7, 13.3)).reduce((sum, count) => sum + count, 0)).toBe(1);
  });
});

describe('the age of a pseudonym', () => {
  it('ends a journey too: nothing is joined over the end of a pseudonym that reached its age', () => {
    const renewedS = 13 * 60;
    const standing: Walk = {
      at: () => ({ x: 5, y: 5 }),
      track: (_, s) => (s < renewedS ? 1 : 2),
    };
    const { windows } = runStream(planHistory({ plan }), frames([standing], [0, renewedS + 20]), {
      lastTickMs: T0 + 2_000_000,
    });
    const legs = legsOf(windows);
    expect(legs.map(({ trackLo, toPlace, joins }) => [trackLo, toPlace, joins])).toEqual([
      [1, 'west', 0],
      [2, 'west', 0],
      [1, '', 0],
      [2, '', 0],
    ]);
  });
});

describe('a camera that was moved', () => {
  /** One after the other from west to east, every 5 s. */
  const stream = (count: number): Walk[] =>
    Array.from({ length: count }, (_, i) => ({
      at: walkEast(2 + ((i * 7) % 6), 5 * i),
      track: perCamera(10 * i),
    }));
  const noise = (sequence: number): number => 0.2 * Math.sin(1.7 * sequence);
  const observations = frames(stream(60), [0, 300], (camera, sequence) =>
    camera === 'b' && sequence > 500 ? 0.6 + noise(sequence) : noise(sequence),
  );

  it('is noticed from where it and its neighbours put the same people, and its numbers are marked', () => {
    const { windows, stream: site } = runStream(planHistory({ plan }), observations, {
      lastTickMs: T0 + 300_000,
    });
    const at = (s: number): ClosedWindow =>
      windows.find(({ startUs }) => startUs / 1000 - T0 === 1000 * s) as ClosedWindow;
    const moved = (s: number): boolean[] => at(s).cameras.map((row) => row.movedSinceUs > 0);
    expect(moved(90)).toEqual([false, false, false]);
    // Of two that disagree nothing says which of them was moved: neither is to be trusted.
    expect(moved(280)).toEqual([true, true, false]);
    const since = (at(280).cameras[1]?.movedSinceUs ?? 0) / 1000 - T0;
    expect(since).toBeGreaterThan(100_000);
    expect(since).toBeLessThan(250_000);
    const [west, , east] = at(280).areas;
    expect(west?.doubtfulDm2Us).toBe(west?.observedDm2Us);
    expect(east?.doubtfulDm2Us).toBe(0);
    expect(at(280).lines[0]?.doubtfulUs).toBe(10_000_000);
    const live = new LiveView(new SiteGeometry(plan), () => site.movedSinceUs);
    live.update(frameView({ camera: 'b', sequence: 1, atMs: T0 + 300_000 }));
    expect(live.snapshot()?.cameras[0]?.movedSinceUs).toBe(at(280).cameras[1]?.movedSinceUs);
    expect(live.snapshot()?.areas[1]).toMatchObject({ area: 'middle', doubtful: 1 });
  });

  it('is still known after a recovery', () => {
    const whole = run(observations);
    const first = new SiteStream({ site: 'test', plans: planHistory({ plan }) });
    const cutAt = Math.floor(observations.length * 0.9);
    const written = observations
      .slice(0, cutAt)
      .flatMap((observation, offset) => first.push(observation, offset).closed);
    const resume = first.resumeOffset();
    const rest = runStream(planHistory({ plan }), observations.slice(resume), {
      firstOffset: resume,
      closedUntilUs: first.closedUntilUs,
      movedSinceUs: first.movedSinceUs,
    }).windows;
    expect(first.movedSinceUs.size).toBe(2);
    expect([...written, ...rest]).toEqual(whole);
  });
});

describe('a track that comes back', () => {
  it('is somebody else where it goes in as the last one went out, though its tracker took them for one', () => {
    const out: Walk = {
      at: (s) => (s < 1 || s > 7 ? undefined : { x: 8 - 1.25 * (s - 1), y: 5, vx: -1.25 }),
      track: perCamera(),
    };
    const into: Walk = { at: walkEast(5, 8.4), track: perCamera() };
    expect(trips([out, into])).toEqual(['west to east', 'west to west']);
  });

  it('is the same where it goes on as it went', () => {
    const hidden: Walk = {
      at: (s) => (s > 3 && s < 4.4 ? undefined : walkEast()(s)),
      track: perCamera(),
    };
    expect(trips([hidden])).toEqual(['west to east']);
  });

  const trips = (walks: readonly Walk[]): string[] =>
    run(frames(walks, [0, 60]))
      .flatMap(({ journeys }) => journeys)
      .flatMap((row) => Array<string>(row.journeys).fill(`${row.fromPlace} to ${row.toPlace}`))
      .sort();
});
