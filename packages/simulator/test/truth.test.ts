import type { PlanArea, PlanLine, SitePlan } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario, type SimulatedPerson } from '../src/index.js';
import { Truth } from '../src/truth/truth.js';

const name = { ja: 'x', en: 'x' };
/** A line from (0, 0) to (10, 0): north of it is forward. */
const line: PlanLine = {
  id: 'line',
  floor: 'ground',
  name,
  line: {
    type: 'LineString',
    coordinates: [
      [0, 0],
      [10, 0],
    ],
  },
};
const square = (id: string, x0: number, side: number): PlanArea => ({
  id,
  floor: 'ground',
  name,
  kind: 'walkway',
  polygon: {
    type: 'Polygon',
    coordinates: [
      [
        [x0, 2],
        [x0 + side, 2],
        [x0 + side, 2 + side],
        [x0, 2 + side],
        [x0, 2],
      ],
    ],
  },
});
const plan: SitePlan = {
  ...scenario('bottleneck').plan,
  lines: [line],
  areas: [square('left', 0, 4), square('right', 4, 4), square('corner', 6, 2)],
};

const person = (id: number, x: number, y: number): SimulatedPerson => ({
  id,
  x,
  y,
  vx: 0,
  vy: 0,
  headingRad: 0,
  kind: 'walker',
  statureM: 1.7,
});

/** Lets one person be at these places, one a step. */
function walk(truth: Truth, places: readonly (readonly [number, number])[], stepS = 1): Truth {
  places.forEach(([x, y], i) => truth.observe([person(1, x, y)], (i + 1) * stepS, stepS));
  truth.observe([], (places.length + 1) * stepS, stepS);
  return truth;
}

const crossings = (places: readonly (readonly [number, number])[]): number[] => {
  const [truth] = walk(new Truth(plan), places).lines();
  const { forward, backward, firstForward, firstBackward } = truth ?? expect.fail();
  return [forward, backward, firstForward, firstBackward];
};

describe('the truth of a count line', () => {
  it('counts who passes its band of half a metre on both sides', () => {
    expect(
      crossings([
        [5, -1],
        [5, -0.3],
        [5, 0.3],
        [5, 1],
      ]),
    ).toEqual([1, 0, 1, 0]);
    expect(
      crossings([
        [5, 1],
        [5, -1],
      ]),
    ).toEqual([0, 1, 0, 1]);
  });

  it('does not count who turns back, but knows that they crossed the line itself', () => {
    expect(
      crossings([
        [5, -1],
        [5, 0.2],
        [5, -1],
      ]),
    ).toEqual([0, 0, 1, 0]);
  });

  it('counts a passage once, however long somebody loiters on the line; the first crossing too', () => {
    const loiter = Array.from({ length: 9 }, (_, i) => [5, i % 2 === 0 ? 0.3 : -0.3] as const);
    expect(crossings([[5, -1], ...loiter, [5, 1]])).toEqual([1, 0, 1, 0]);
  });

  it('does not count who appears in the band, or goes round its end', () => {
    expect(
      crossings([
        [5, 0.2],
        [5, 1],
      ]),
    ).toEqual([0, 0, 0, 0]);
    expect(
      crossings([
        [-1, -1],
        [-1, 1],
      ]),
    ).toEqual([0, 0, 0, 0]);
  });

  it('a way that ends exactly on the line is not yet a crossing', () => {
    expect(
      crossings([
        [5, -1],
        [5, 0],
      ]),
    ).toEqual([0, 0, 0, 0]);
    expect(
      crossings([
        [5, -1],
        [5, 0],
        [5, 0.1],
      ]),
    ).toEqual([0, 0, 1, 0]);
  });

  it('forward less backward is the change of who is on the far side', () => {
    const far = fc.double({ min: 0.6, max: 3, noNaN: true });
    const place = fc.oneof(
      far,
      far.map((y) => -y),
      fc.double({ min: -0.5, max: 0.5, noNaN: true }),
    );
    fc.assert(
      fc.property(far, fc.array(place, { maxLength: 20 }), place, (start, way, end) => {
        fc.pre(Math.abs(end) > 0.5);
        const ys = [-start, ...way, end];
        const [forward = 0, backward = 0] = crossings(ys.map((y) => [5, y] as const));
        expect(forward - backward).toBe(end > 0 ? 1 : 0);
      }),
      { numRuns: 100 },
    );
  });
});

describe('the truth of an area', () => {
  it('is person·seconds over m²·seconds of each window', () => {
    const truth = new Truth(plan);
    for (let i = 1; i <= 20; i++) {
      truth.observe(i <= 15 ? [person(1, 1, 3), person(2, 2, 3)] : [], i, 1);
    }
    const left = truth.areas().filter(({ area }) => area === 'left');
    expect(
      left.map(({ startS, personS, density, peopleMax }) => [startS, personS, density, peopleMax]),
    ).toEqual([
      [0, 20, 20 / 160, 2],
      [10, 10, 10 / 160, 2],
    ]);
  });

  it('where areas overlap, each counts its people', () => {
    const truth = walk(new Truth(plan), [[7, 3]]);
    const of = (id: string): number | undefined =>
      truth.areas().find(({ area }) => area === id)?.personS;
    expect([of('left'), of('right'), of('corner')]).toEqual([0, 1, 1]);
  });
});

describe('the truth of movements', () => {
  it('goes from place to place, by the smallest area, and believes a change after a second', () => {
    const stay = (x: number, seconds: number) =>
      Array.from({ length: seconds }, () => [x, 3] as const);
    const truth = walk(new Truth(plan), [
      ...stay(1, 4),
      ...stay(5, 4),
      ...stay(7, 4),
      ...stay(9, 3),
    ]);
    expect(truth.flows().map(({ fromPlace, toPlace, legs }) => [fromPlace, toPlace, legs])).toEqual(
      [
        ['', 'left', 1],
        ['corner', '', 1],
        ['left', 'right', 1],
        ['right', 'corner', 1],
      ],
    );
    expect(truth.od()).toEqual([{ origin: 'left', destination: 'corner', people: 1 }]);
  });

  it('jitter at a border makes no flow', () => {
    const jitter = Array.from({ length: 12 }, (_, i) => [i % 2 === 0 ? 3.9 : 4.1, 3] as const);
    const truth = walk(
      new Truth(plan),
      [[1, 3], [1, 3], [1, 3], ...jitter.map(([x, y]) => [x, y] as const)],
      0.5,
    );
    expect(truth.od()).toEqual([{ origin: 'left', destination: 'left', people: 1 }]);
  });
});
