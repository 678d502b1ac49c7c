/**
 * The fold of the stream and the measures of a recording are two roads to the same numbers: integers window by window, and
 * columns of a whole recording. For what both define alike they must say the same of the same people.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestFrame } from '../../../../test/support/frames.js';
import { label, lineFrom, rectangle as plain, testPlan } from '../../../../test/support/plans.js';
import {
  classicDensitySeries,
  crossings,
  legsBetween,
  MeasuredArea,
  meanSpeed,
  peopleInside,
  placesVisited,
  SiteGeometry,
  type ClosedWindow,
  type MovingPositions,
  type Trajectories,
} from '../../src/index.js';
import { framesOf, planHistory, runStream, T0 } from '../support.js';
import { rectangle } from './crowds.js';
import { record, walk, type Path } from './trajectories.js';

const PERIOD_MS = 200;
/** Long enough for everybody to arrive: who is on a line at the end has crossed it and not yet passed it. */
const SECONDS = 60;
const WEST = rectangle(0.5, 0.5, 8, 9.5);
const EAST = rectangle(12, 0.5, 19.5, 9.5);

const area = (id: string, x0: number, x1: number) => ({
  id,
  floor: 'f1',
  name: label,
  kind: 'walkway',
  polygon: plain(x0, 0.5, x1, 9.5),
});

const plan = (lines: unknown[]) =>
  planHistory({
    plan: testPlan({
      areas: [area('west', 0.5, 8), area('east', 12, 19.5)],
      lines,
      cameras: [{ id: 'c1', floor: 'f1', coverage: plain(0, 0, 20, 10) }],
    }),
  });

const middle = {
  id: 'middle',
  floor: 'f1',
  name: label,
  line: lineFrom([10, 0.2], [10, 9.8]),
};

/** Millimetres, as they travel on the log. */
const mm = (value: number): number => Math.round(value * 1000) / 1000;

/** The same recording as the frames of a camera that sees everything, and empty frames after it. */
function framesFrom(trajectories: Trajectories): TestFrame[] {
  return Array.from({ length: (SECONDS + 20) * 5 }, (_, frame) => ({
    sequence: frame,
    atMs: T0 + frame * PERIOD_MS,
    people: [...trajectories.rowsOf(frame)].map((row) => ({
      track: (trajectories.person[row] as number) + 1,
      x: trajectories.x[row] as number,
      y: trajectories.y[row] as number,
      ...velocityOf(trajectories, row),
    })),
  }));
}

/** Any velocity will do, so long as both see the same. */
function velocityOf(trajectories: Trajectories, row: number): { vx: number; vy: number } {
  return {
    vx: mm((trajectories.x[row] as number) / 10),
    vy: mm((trajectories.y[row] as number) / 10),
  };
}

/**
 * People who walk to and fro between the halves, each at their own pace, now and then staying, and who are seen all the
 * time: what a gap means is where the two roads differ (the stream makes good what a detector missed).
 */
const crowd: fc.Arbitrary<Path[]> = fc.array(
  fc
    .record({
      startS: fc.nat(10),
      legs: fc.array(
        fc.record({
          tenths: fc.integer({ min: 60, max: 120 }),
          stay: fc.integer({ min: 15, max: 40 }),
          reach: fc.integer({ min: 0, max: 60 }),
          y: fc.integer({ min: 10, max: 90 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    })
    .map(({ startS, legs }) => {
      let atS = startS;
      const stops = legs.flatMap(({ tenths, stay, reach, y }, i): [number, number, number][] => {
        const x = i % 2 === 0 ? 7.5 - reach / 10 : 12.5 + reach / 10;
        const arriveS = (atS += tenths / 10);
        atS += stay / 10;
        return [
          [arriveS, x, y / 10],
          [atS, x, y / 10],
        ];
      });
      const [first, last] = [stops[0], stops.at(-1)];
      if (first === undefined || last === undefined) return () => undefined;
      const path = walk([0, first[1], first[2]], ...stops, [
        Math.max(SECONDS, atS),
        last[1],
        last[2],
      ]);
      return (t: number) => {
        const here = path(t);
        return here === undefined ? undefined : ([mm(here[0]), mm(here[1])] as const);
      };
    }),
  { maxLength: 8 },
);

function totals(windows: readonly ClosedWindow[], id: string) {
  const rows = windows.flatMap(({ areas }) => areas.filter((row) => row.area === id));
  const sum = (value: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + value(row), 0);
  return {
    personUs: sum(({ personUs }) => personUs),
    speedMmUs: sum(({ speedMmUs }) => speedMmUs),
    most: Math.max(0, ...rows.map(({ peopleMax }) => peopleMax)),
  };
}

describe('the stream says what the measures say', () => {
  it('of how many people were in an area, for how long, and how fast', () => {
    fc.assert(
      fc.property(crowd, (paths) => {
        const trajectories = record(paths, SECONDS, 5);
        const { windows } = runStream(plan([]), framesOf(framesFrom(trajectories)));
        for (const [id, polygon] of [
          ['west', WEST],
          ['east', EAST],
        ] as const) {
          const measured = new MeasuredArea(polygon);
          let [personUs, speedMmUs, most] = [0, 0, 0];
          classicDensitySeries(trajectories, measured).values.forEach((density, i) => {
            const people = Math.round(density * measured.areaM2);
            const frame = moving(trajectories, trajectories.firstFrame + i);
            expect(peopleInside(measured, frame)).toBe(people);
            personUs += people * PERIOD_MS * 1000;
            if (people > 0)
              speedMmUs += meanSpeed(measured, frame) * people * 1e3 * PERIOD_MS * 1e3;
            most = Math.max(most, people);
          });
          const stream = totals(windows, id);
          expect(stream.personUs).toBe(personUs);
          expect(stream.most).toBe(most);
          // The stream rounds each person's speed to 1 mm/s.
          expect(Math.abs(stream.speedMmUs - speedMmUs)).toBeLessThanOrEqual(0.5 * personUs + 1);
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('of who passed a count line, where nobody turns back on it', () => {
    fc.assert(
      fc.property(crowd, (paths) => {
        const trajectories = record(paths, SECONDS, 5);
        const { windows } = runStream(plan([middle]), framesOf(framesFrom(trajectories)));
        const passed = crossings(trajectories, [
          [10, 0.2],
          [10, 9.8],
        ]);
        const count = (direction: 'forward' | 'backward'): number =>
          windows.flatMap(({ lines }) => lines).reduce((sum, row) => sum + row[direction], 0);
        for (const direction of ['forward', 'backward'] as const) {
          expect(count(direction)).toBe(passed.filter((one) => one.direction === direction).length);
        }
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });

  it('of movements from one area to the other', () => {
    fc.assert(
      fc.property(crowd, (paths) => {
        const trajectories = record(paths, SECONDS, 5);
        const { windows } = runStream(plan([]), framesOf(framesFrom(trajectories)));
        const areas = [new MeasuredArea(WEST), new MeasuredArea(EAST)];
        const legs = legsBetween(placesVisited(trajectories, areas), 2);
        const flows = (from: string, to: string): number =>
          windows
            .flatMap((window) => window.flows)
            .filter(({ fromPlace, toPlace }) => fromPlace === from && toPlace === to)
            .reduce((sum, row) => sum + row.legs, 0);
        expect([flows('west', 'east'), flows('east', 'west')]).toEqual([legs[1], legs[2]]);
      }),
      { numRuns: 5, endOnFailure: true },
    );
  });
});

it('an area of a plan and a measured area have the same people, borders included', () => {
  const star: [number, number][] = [
    [0, 0],
    [5, 2],
    [10, 0],
    [8, 5],
    [10, 10],
    [5, 8],
    [0, 10],
    [2, 5],
    [0, 0],
  ];
  const polygon = { type: 'Polygon', coordinates: [star] };
  const site = new SiteGeometry(
    testPlan({ areas: [{ id: 'star', floor: 'f1', name: label, kind: 'walkway', polygon }] }),
  );
  const measured = new MeasuredArea([star]);
  const millimetre = fc.integer({ min: -1_000, max: 11_000 });
  fc.assert(
    fc.property(millimetre, millimetre, (x, y) => {
      expect(measured.contains(x / 1000, y / 1000)).toBe(site.areas[0]?.contains(x, y));
    }),
    { numRuns: 1_000 },
  );
});

function moving(trajectories: Trajectories, frame: number): MovingPositions {
  const velocities = [...trajectories.rowsOf(frame)].map((row) => velocityOf(trajectories, row));
  return {
    ...trajectories.at(frame),
    vx: Float64Array.from(velocities, ({ vx }) => vx),
    vy: Float64Array.from(velocities, ({ vy }) => vy),
  };
}
