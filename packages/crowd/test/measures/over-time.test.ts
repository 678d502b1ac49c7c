/** The measures that follow people through time, on paths whose answer is known. */
import type { Point } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classicDensitySeries,
  crossedUntil,
  crossings,
  effectiveWidth,
  firstCrossings,
  flowIntervals,
  framesByLevel,
  individualVelocities,
  legsBetween,
  levelOfServiceOfFlow,
  MeasuredArea,
  meanSpeedSeries,
  originDestination,
  placesVisited,
  stays,
  stopAndGo,
  Trajectories,
} from '../../src/index.js';
import { anyMotion, moved, movedPolygon, rectangle, turned, type Motion } from './crowds.js';
import { record, walk, type Path } from './trajectories.js';

const LINE: readonly [Point, Point] = [
  [0, 0],
  [4, 0],
];

describe('trajectories', () => {
  it('take rows in any order', () => {
    const columns = { person: [2, 1, 1], frame: [5, 6, 5], x: [0.2, 0.16, 0.15], y: [0, 0, 0] };
    const trajectories = new Trajectories(columns, 10);
    expect([...trajectories.at(5).x]).toEqual([0.15, 0.2]);
    expect([...trajectories.at(6).x]).toEqual([0.16]);
    expect(trajectories.at(7).count).toBe(0);
    expect(trajectories.frames).toBe(2);
  });

  it('may be empty', () => {
    const none = new Trajectories({ person: [], frame: [], x: [], y: [] }, 10);
    expect(none.frames).toBe(0);
    expect(crossings(none, LINE)).toEqual([]);
    expect(flowIntervals(none, LINE, 10)).toEqual([]);
    expect(stays(none, new MeasuredArea(rectangle(0, 0, 1, 1)))).toEqual([]);
  });

  it.each([
    ['ragged columns', { person: [1], frame: [1, 2], x: [0], y: [0] }, /1, 2, 1 and 1 rows/],
    ['half a frame', { person: [1], frame: [0.5], x: [0], y: [0] }, /row 0: .* whole numbers/],
    ['a place that is none', { person: [1], frame: [1], x: [NaN], y: [0] }, /row 0: .* finite/],
    [
      'one person twice in a frame',
      { person: [1, 1], frame: [3, 3], x: [0, 1], y: [0, 0] },
      /person 1 is twice in frame 3/,
    ],
    [
      'frames without end',
      { person: [1, 1], frame: [0, 2e9], x: [0, 1], y: [0, 0] },
      /over 10000000 frames/,
    ],
  ])('are refused with %s', (_, columns, words) => {
    expect(() => new Trajectories(columns, 10)).toThrow(words);
  });

  it('are refused without a frame rate', () => {
    expect(() => new Trajectories({ person: [], frame: [], x: [], y: [] }, 0)).toThrow(
      /0 frames\/s/,
    );
  });
});

describe('individual velocity', () => {
  it('is the true one of who walks straight, in every frame, also at both ends', () => {
    const { vx, vy, speed } = individualVelocities(record([walk([0, 0, 0], [4, 4, 2])], 5));
    expect(Math.max(...vx.map((v) => Math.abs(v - 1)))).toBeLessThan(1e-9);
    expect(Math.max(...vy.map((v) => Math.abs(v - 0.5)))).toBeLessThan(1e-9);
    expect(speed[0]).toBeCloseTo(Math.hypot(1, 0.5), 9);
  });

  it('goes over the time between frames that are missing', () => {
    const rows = { person: [1, 1], frame: [0, 8], x: [0, 4], y: [0, 0] };
    expect([...individualVelocities(new Trajectories(rows, 4), 1).speed]).toEqual([2, 2]);
  });

  it('is not known of who was seen once', () => {
    const once = new Trajectories({ person: [1], frame: [0], x: [0], y: [0] }, 10);
    expect(individualVelocities(once).speed[0]).toBeNaN();
  });

  it('makes no speed of an area where nobody is', () => {
    const trajectories = record([walk([0, 0, 0], [4, 4, 0])], 5);
    const area = new MeasuredArea(rectangle(1, -1, 2, 1));
    const { values } = meanSpeedSeries(trajectories, individualVelocities(trajectories), area);
    expect(values[0]).toBeNaN();
    expect(values[15]).toBeCloseTo(1, 9);
  });
});

describe('N–t', () => {
  const at = (...ys: number[]): Trajectories =>
    new Trajectories(
      {
        person: ys.map(() => 1),
        frame: ys.map((_, i) => i),
        x: ys.map(() => 1),
        y: ys,
      },
      1,
    );

  it.each([
    ['over the line', [-1, 1], [1]],
    ['towards the line and away', [-1, -0.1, -1], []],
    ['up to the line exactly: not yet', [-1, 0], []],
    ['on from the line: now', [-1, 0, 1], [2]],
    ['up to the line, a wait on it, and on', [-1, 0, 0, 0, 1], [4]],
    ['over it and back: twice', [-1, 1, -1], [1, 2]],
  ])('a way %s', (_, ys, frames) => {
    expect(crossings(at(...ys), LINE).map(({ frame }) => frame)).toEqual(frames);
  });

  it('counts each person once, at the first crossing', () => {
    const trajectories = at(-1, 1, -1, 1);
    const first = firstCrossings(crossings(trajectories, LINE));
    expect([...crossedUntil(trajectories, first).values]).toEqual([0, 1, 1, 1]);
  });

  it('knows the direction as count lines do: forward is towards the left of the line', () => {
    expect(crossings(at(-1, 1, -1), LINE).map(({ direction }) => direction)).toEqual([
      'forward',
      'backward',
    ]);
  });

  it('passes by who goes round the end of the line', () => {
    expect(crossings(record([walk([0, 4.5, -1], [2, 4.5, 1])], 3), LINE)).toEqual([]);
  });
});

it('flow over a line is people per time, and per metre of line', () => {
  // One person a second for 20 s, each 1 m/s.
  const paths = Array.from({ length: 20 }, (_, i) => walk([i, 2, -2.05], [i + 4, 2, 1.95]));
  const trajectories = record(paths, 30);
  const rows = flowIntervals(trajectories, LINE, 50, individualVelocities(trajectories));
  expect(rows.reduce((sum, { persons }) => sum + persons, 0)).toBe(20);
  for (const { flowPerS, specificFlowPerMS, meanSpeed } of rows.slice(1)) {
    expect(flowPerS).toBeCloseTo(1, 9);
    expect(specificFlowPerMS).toBeCloseTo(1 / 4, 9);
    expect(meanSpeed).toBeCloseTo(1, 9);
  }
});

describe('dwell', () => {
  const area = new MeasuredArea(rectangle(0, 0, 4, 4));

  it('is the time inside, one stay for each', () => {
    // In at 1.05 s, out at 5.05 s; in again from 7.65 s to 8.35 s.
    const path = walk([0, -1.05, 2], [7, 5.95, 2], [8, 2.95, 2], [9, 5.95, 2], [10, 5.95, 2]);
    const found = stays(record([path], 11), area);
    expect(found.map(({ dwellS }) => dwellS)).toEqual([4, 0.7]);
    expect(found.every(({ cutShort }) => !cutShort)).toBe(true);
  });

  it('says which stays were longer than was seen', () => {
    const found = stays(record([walk([0, 1, 1], [3, 1, 1])], 5), area);
    expect(found).toEqual([
      { person: 0, enteredFrame: 0, leftFrame: 31, dwellS: 3.1, cutShort: true },
    ]);
  });

  it('of everybody together is the integral of the people inside', () => {
    fc.assert(
      fc.property(fc.array(walkers(), { maxLength: 12 }), (paths) => {
        const trajectories = record(paths, 20, 5);
        const occupancy = classicDensitySeries(trajectories, area).values.reduce(
          (sum, density) => sum + (density * area.areaM2) / 5,
          0,
        );
        const dwell = stays(trajectories, area).reduce((sum, { dwellS }) => sum + dwellS, 0);
        expect(dwell).toBeCloseTo(occupancy, 6);
      }),
      { numRuns: 50 },
    );
  });
});

/** Somebody who walks between random places, and may come late. */
function walkers(): fc.Arbitrary<Path> {
  const place = fc.integer({ min: -2000, max: 6000 }).map((mm) => (mm + 0.37) / 1000);
  return fc
    .tuple(fc.nat(5), fc.array(fc.tuple(place, place), { minLength: 2, maxLength: 6 }))
    .map(([startS, places]) =>
      walk(...places.map(([x, y], i): [number, number, number] => [startS + 3 * i, x, y])),
    );
}

describe('origin and destination', () => {
  const areas = [
    new MeasuredArea(rectangle(0, 0, 2, 2)),
    new MeasuredArea(rectangle(4, 0, 6, 2)),
    new MeasuredArea(rectangle(8, 0, 10, 2)),
    // Around everything: who is in one of the others is there, the smallest.
    new MeasuredArea(rectangle(-5, -5, 15, 5)),
  ];
  const places = (paths: readonly Path[]): number[][] =>
    placesVisited(record(paths, 40), areas.slice(0, 3)).map(({ visits }) =>
      visits.map(({ place }) => place),
    );

  it('are the first and the last area of each journey, and the legs are what lies between', () => {
    const through = walk([0, 1, 1], [10, 9.5, 1]);
    const back = walk([0, 9, 1], [8, 1, 1], [9, 1, 1], [17, 9, 1]);
    const stay = walk([0, 1, 1], [5, 1, 1.5]);
    const all = placesVisited(record([through, back, stay], 20), areas.slice(0, 3));
    expect([...originDestination(all, 3)]).toEqual([1, 0, 1, 0, 0, 0, 0, 0, 1]);
    expect([...legsBetween(all, 3)]).toEqual([0, 2, 0, 1, 0, 2, 0, 1, 0]);
  });

  it('passes over whom an area sees for less than a second', () => {
    expect(
      places([walk([0, 1, 1], [2, 1, 1], [2.2, 5, 1], [2.4, 5, 1], [2.6, 9, 1], [6, 9, 1])]),
    ).toEqual([[0, 2]]);
  });

  it('of areas that overlap takes the smallest', () => {
    const [journey] = placesVisited(record([walk([0, 1, 1], [10, 1, 4])], 11), areas);
    expect(journey?.visits.map(({ place }) => place)).toEqual([0, 3]);
  });

  it('ends a journey where somebody is unseen for 5 s', () => {
    const gone: Path = (atS) => (atS < 3 || atS > 9 ? [atS < 3 ? 1 : 9, 1] : undefined);
    const blinked: Path = (atS) => (atS < 3 || atS > 7 ? [atS < 3 ? 1 : 9, 1] : undefined);
    expect(places([gone])).toEqual([[0], [2]]);
    expect(places([blinked])).toEqual([[0, 2]]);
  });
});

describe('stop-and-go', () => {
  const area = new MeasuredArea(rectangle(0, -1, 100, 1));
  const measure = (...paths: Path[]): ReturnType<typeof stopAndGo> => {
    const trajectories = record(paths, 60);
    return stopAndGo(trajectories, individualVelocities(trajectories).speed, area);
  };
  /** Goes 2 m in 2 s, stands for 2 s, and so on. */
  const wave: Path = (atS) => [1 + 2 * Math.floor(atS / 4) + Math.min(2, atS % 4), 0];

  it('is none for free walking, standing, and waiting before leaving', () => {
    const walking = measure(walk([0, 0, 0], [60, 80, 0]));
    expect(walking).toMatchObject({ restarts: 0, standingS: 0 });
    const waiting = measure(walk([0, 5, 0], [30, 5, 0], [50, 30, 0]));
    expect(waiting.restarts).toBe(0);
    expect(waiting.standingShare).toBeGreaterThan(0.5);
  });

  it('is counted once for each stop that ends in going', () => {
    const found = measure(wave);
    expect(found.restarts).toBe(14);
    expect(found.restartsPerPersonMin).toBeCloseTo(14, 0);
    expect(found.standingShare).toBeGreaterThan(0.15);
  });

  it('does not count slowing down, nor jitter while standing', () => {
    const slowing = measure((atS) => [atS * 0.6 + Math.sin(atS) * 0.3, 0]);
    expect(slowing.restarts).toBe(0);
    const jitter = measure((atS) => [5 + 0.03 * Math.sin(atS * 7), 0.03 * Math.cos(atS * 5)]);
    expect(jitter.restarts).toBe(0);
  });

  it('says that nobody was there', () => {
    const found = measure(walk([0, -50, 0], [5, -40, 0]));
    expect(found.restartsPerPersonMin).toBeNaN();
    expect(found.standingShare).toBeNaN();
  });
});

describe('level of service', () => {
  it('of flow takes a bound as the better level', () => {
    expect(levelOfServiceOfFlow('walkway', 23)).toBe('A');
    expect(levelOfServiceOfFlow('walkway', 23.1)).toBe('B');
    expect(levelOfServiceOfFlow('stairs', 55.9)).toBe('F');
    expect(effectiveWidth(3, 2)).toBeCloseTo(2.086, 9);
  });

  it('over time says how many frames were at each level, and leaves out what is not known', () => {
    const density = { firstFrame: 0, values: Float64Array.from([0, 0.3, 0.5, 9, NaN]) };
    expect(framesByLevel('walkway', density)).toEqual({ A: 2, B: 0, C: 1, D: 0, E: 0, F: 1 });
  });
});

it('a line without length, and steps that would never end, are refused', () => {
  const trajectories = record([walk([0, 0, -1], [2, 0, 1])], 3);
  expect(() => crossings(trajectories, [LINE[0], LINE[0]])).toThrow(/line to cross: .* no length/);
  expect(() => flowIntervals(trajectories, LINE, 0)).toThrow(/flow interval: 0 frames/);
  expect(() => individualVelocities(trajectories, 0.5)).toThrow(/0.5 frames/);
});

it('nothing that is measured over time changes when everything is moved and turned, or people are renumbered', () => {
  const area = rectangle(0.5, -1, 3.5, 2);
  const other = rectangle(-2, 2.5, 6, 6);
  const measures = (rows: readonly Row[], motion: Motion, order: 1 | -1): unknown[] => {
    const people = moved(rows, motion);
    const trajectories = new Trajectories(
      {
        person: people.map(({ person }) => order * person),
        frame: people.map(({ frame }) => frame),
        x: people.map(({ x }) => x),
        y: people.map(({ y }) => y),
      },
      5,
    );
    const areas = [area, other].map((polygon) => new MeasuredArea(movedPolygon(polygon, motion)));
    const line = [turned(0, 0.8, motion), turned(4, 0.8, motion)] as const;
    const velocities = individualVelocities(trajectories);
    const crossed = firstCrossings(crossings(trajectories, line));
    const round = (value: number): number => Math.round(value * 1e5) / 1e5;
    return [
      stays(trajectories, areas[0] as MeasuredArea)
        .map(({ dwellS }) => dwellS)
        .sort(),
      [...originDestination(placesVisited(trajectories, areas), 2)],
      [...crossedUntil(trajectories, crossed).values],
      flowIntervals(trajectories, line, 20, velocities).map((row) => [
        round(row.flowPerS),
        round(row.meanSpeed),
      ]),
      [...velocities.speed].map(round).sort(),
      stopAndGo(trajectories, velocities.speed, areas[0] as MeasuredArea).restarts,
    ];
  };
  fc.assert(
    fc.property(fc.array(walkers(), { maxLength: 8 }), anyMotion, (paths, motion) => {
      const { person, frame, x, y } = record(paths, 20, 5);
      const rows = [...x].map((value, i) => ({
        person: person[i] as number,
        frame: frame[i] as number,
        x: value,
        y: y[i] as number,
      }));
      const still: Motion = { angle: 0, dx: 0, dy: 0 };
      const before = measures(rows, still, 1);
      expect(measures(rows.toReversed(), still, -1)).toEqual(before);
      expect(measures(rows, motion, 1)).toEqual(before);
    }),
    // Always the same paths: one that runs exactly on a threshold would fall to either side of it when turned.
    { numRuns: 60, seed: 3 },
  );
});

interface Row {
  person: number;
  frame: number;
  x: number;
  y: number;
}
