/** Queue length and waiting time on queues whose every wait is known. */
import type { Point } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  expectedWait,
  individualVelocities,
  MeasuredArea,
  measureQueue,
  type QueueReport,
  type Trajectories,
} from '../../src/index.js';
import { anyMotion, movedPolygon, rectangle, turned, type Motion } from './crowds.js';
import { record, walk, type Path } from './trajectories.js';

/** The gate. People queue from it to the east. */
const GATE: Point = [0, 0];
const HALL = rectangle(-3, -4, 20, 4);
const SPACING_M = 0.8;

function measure(
  trajectories: Trajectories,
  servers: readonly Point[] = [GATE],
  hall = HALL,
): QueueReport {
  const { speed } = individualVelocities(trajectories, 3);
  return measureQueue(trajectories, speed, new MeasuredArea(hall), servers);
}

interface Customer {
  path: Path;
  /** When they reach their place in the queue, and when they are served and go, s. */
  joinsS: number;
  servedS: number;
}

/** People who arrive at given times at a gate that serves one every `serviceS`, first come first served. */
function customers(arrivalsS: readonly number[], serviceS: number): Customer[] {
  const served: number[] = [];
  return arrivalsS.map((arrivalS) => {
    const servedS = Math.max(arrivalS, served.at(-1) ?? 0) + serviceS;
    const ahead = served.filter((at) => at > arrivalS);
    served.push(servedS);
    const place = (index: number): number => 0.5 + index * SPACING_M;
    const stops: [number, number, number][] = [
      [arrivalS - (19 - place(ahead.length)) / 1.3, 19, 0],
      [arrivalS, place(ahead.length), 0],
    ];
    ahead.forEach((at, i) => {
      // Everybody moves up at once when the first goes, 0.8 m in one second.
      stops.push([at, place(ahead.length - i), 0], [at + 1, place(ahead.length - i - 1), 0]);
    });
    stops.push([servedS, place(0), 0], [servedS + 1.5, -2, 0]);
    return { path: walk(...stops), joinsS: arrivalS, servedS };
  });
}

describe('a queue before a gate', () => {
  const line = customers([10, 12, 13, 15, 19, 40, 41], 4);
  const trajectories = record(
    line.map(({ path }) => path),
    80,
  );
  const report = measure(trajectories);

  it('has everybody as served, with their waiting time to a second', () => {
    expect(report.visits.map(({ person, end }) => [person, end])).toEqual(
      line.map((_, person) => [person, 'served']),
    );
    for (const { person, waitS } of report.visits) {
      const { joinsS, servedS } = line[person] as Customer;
      expect(Math.abs(waitS - (servedS - joinsS))).toBeLessThan(1);
    }
  });

  it('has its length in persons at every moment, but for who is just coming or going', () => {
    for (let frame = 0; frame < trajectories.frames; frame++) {
      const atS = frame / 10;
      const surely = line.filter(
        ({ joinsS, servedS }) => atS > joinsS + 0.6 && atS < servedS - 0.6,
      );
      const perhaps = line.filter(
        ({ joinsS, servedS }) => atS > joinsS - 0.6 && atS < servedS + 0.6,
      );
      const people = report.people.values[frame] as number;
      expect(people).toBeGreaterThanOrEqual(surely.length);
      expect(people).toBeLessThanOrEqual(perhaps.length);
    }
  });

  it('has its length in metres', () => {
    const longest = Math.max(...report.lengthM.values);
    const most = Math.max(...report.people.values);
    expect(longest).toBeCloseTo(0.5 + (most - 1) * SPACING_M, 1);
    expect(report.lengthM.values[0]).toBe(0);
  });

  it('is expected to take as long as it takes', () => {
    // Four wait, one is served every 4 s.
    expect(expectedWait(4, 1 / 4)).toBe(16);
    expect(expectedWait(0, 0)).toBe(0);
    expect(expectedWait(3, 0)).toBe(Infinity);
  });
});

describe('not in the queue', () => {
  const standing = (x: number, y: number): Path => walk([0, x, y], [30, x, y]);
  const peopleAt10s = (paths: readonly Path[], servers?: readonly Point[]): number =>
    measure(record(paths, 30), servers).people.values[100] as number;

  it('is who stands apart, unless a chain of people leads to the gate', () => {
    const [first, second, third] = [standing(1, 0), standing(2.1, 0), standing(3.2, 0)] as const;
    expect(peopleAt10s([first, third])).toBe(1);
    expect(peopleAt10s([first, second, third])).toBe(3);
    expect(peopleAt10s([standing(5, 0)])).toBe(0);
  });

  it('is who walks past, however near', () => {
    const passer = walk([0, -2, 1], [30, 18, 1]);
    expect(peopleAt10s([standing(1, 0), standing(1.8, 0), standing(2.6, 0), passer])).toBe(3);
  });

  it('is who stands outside of the area', () => {
    expect(peopleAt10s([standing(1, 0), standing(1, 4.1)])).toBe(1);
  });

  it('is who hesitates for less than a second', () => {
    const hesitant = walk([0, 5, 0], [5, 0.5, 0], [5.4, 0.5, 0], [8, -2.9, 0]);
    expect(measure(record([hesitant], 10)).visits).toEqual([]);
  });
});

describe('the end of a wait', () => {
  const queue = (third: Path): QueueReport =>
    measure(record([walk([0, 0.5, 0], [30, 0.5, 0]), walk([0, 1.3, 0], [30, 1.3, 0]), third], 30));
  const ends = (third: Path): string | undefined =>
    queue(third).visits.find(({ person }) => person === 2)?.end;

  it('is giving up where somebody walks away from behind', () => {
    expect(ends(walk([0, 2.1, 0], [10, 2.1, 0], [22, 19, 0]))).toBe('left');
  });

  it('is not known of who is lost to sight, or still there at the end', () => {
    expect(ends(walk([0, 2.1, 0], [10, 2.1, 0]))).toBe('unseen');
    expect(ends(walk([0, 2.1, 0], [30, 2.1, 0]))).toBe('unseen');
  });

  it('is not a step up, nor a gap that closes', () => {
    const moved = walk([0, 2.9, 0], [10, 2.9, 0], [11, 2.1, 0], [30, 2.1, 0]);
    // 2.9 is 1.6 m from the one in front, so that this queue of one link breaks until they step up.
    expect(queue(moved).visits.filter(({ person }) => person === 2)).toHaveLength(1);
    const swaying = walk([0, 2.1, 0], [10, 2.1, 0], [11, 2.9, 0], [12, 2.1, 0], [30, 2.1, 0]);
    expect(queue(swaying).visits.filter(({ person }) => person === 2)).toHaveLength(1);
  });
});

it('a queue round a corner is as long as the way along it', () => {
  const places: Point[] = [
    ...Array.from({ length: 6 }, (_, i): Point => [0.5 + i, 0]),
    ...Array.from({ length: 3 }, (_, i): Point => [5.5, 1 + i]),
  ];
  const report = measure(
    record(
      places.map(([x, y]) => walk([0, x, y], [10, x, y])),
      10,
    ),
  );
  expect(report.lengthM.values[50]).toBeCloseTo(0.5 + 5 + 3, 6);
  expect(report.people.values[50]).toBe(9);
});

it('without a gate to queue for, everybody who stands in the area queues, and the length in metres is not known', () => {
  const paths = [walk([0, 1, 0], [10, 1, 0]), walk([0, 15, 0], [10, 15, 0])];
  const report = measure(record(paths, 10), []);
  expect(report.people.values[50]).toBe(2);
  expect(report.lengthM.values[50]).toBeNaN();
});

describe('of any queue', () => {
  const arrivals = fc
    .array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 8 })
    .map((tenths) => tenths.sort((a, b) => a - b).map((t, i) => 15 + t / 10 + 1.5 * i));
  const services = fc.constantFrom(2.5, 4, 7);

  it('the integral of its people is the sum of the waits (Little)', () => {
    fc.assert(
      fc.property(arrivals, services, (at, serviceS) => {
        const { people, visits } = measure(
          record(
            customers(at, serviceS).map((c) => c.path),
            120,
          ),
        );
        const personS = people.values.reduce((sum, value) => sum + value / 10, 0);
        expect(visits.reduce((sum, { waitS }) => sum + waitS, 0)).toBeCloseTo(personS, 6);
      }),
      { numRuns: 10 },
    );
  });

  it('everything is the same wherever it stands and however it is turned', () => {
    fc.assert(
      fc.property(arrivals, services, anyMotion, (at, serviceS, motion: Motion) => {
        const paths = customers(at, serviceS).map(({ path }) => path);
        const elsewhere = paths.map((path): Path => (t) => {
          const here = path(t);
          return here === undefined ? undefined : turned(here[0], here[1], motion);
        });
        const there = measure(
          record(elsewhere, 120),
          [turned(0, 0, motion)],
          movedPolygon(HALL, motion),
        );
        const here = measure(record(paths, 120));
        expect(there.visits).toEqual(here.visits);
        expect(there.people).toEqual(here.people);
      }),
      { numRuns: 10, seed: 3 },
    );
  });
});
