import { polygonArea } from '@hitonami/model';
import { Random, scenario, startScenario, type Truth } from '@hitonami/simulator';
import type { Measures } from '@hitonami/warehouse';
import { describe, expect, it } from 'vitest';
import { PositionJudge } from '../src/scenario/judge-positions.js';
import { judgeWindows } from '../src/scenario/judge-windows.js';

describe('positions against people', () => {
  const coverage = [
    [
      [0, 0],
      [10, 0],
      [10, 10],
      [0, 10],
      [0, 0],
    ],
  ] as const;

  it('one found beside its person, one of nobody, one person missed, and nobody outside is missed', () => {
    const judge = new PositionJudge(1);
    const found = [
      { x: 2.3, y: 2 },
      { x: 8, y: 8 },
    ];
    const people = [
      { x: 2, y: 2 },
      { x: 5, y: 5 },
      { x: 12, y: 5 },
    ];
    judge.add(coverage, found, people);
    expect(judge.found.errorM).toBeCloseTo(0.3, 9);
    expect([judge.found.precision, judge.found.recall]).toEqual([0.5, 0.5]);
  });

  it('two positions on one person: one is of nobody', () => {
    const judge = new PositionJudge(1);
    const twice = [
      { x: 2.1, y: 2 },
      { x: 2, y: 2.2 },
    ];
    judge.add(coverage, twice, [{ x: 2, y: 2 }]);
    expect([judge.found.precision, judge.found.recall]).toEqual([0.5, 1]);
    expect(judge.found.errorM).toBeCloseTo(0.1, 9);
  });

  it('has beside it what places thrown at random reach: in a dense crowd much, and the same with the same seed', () => {
    const crowd = (perM2: number, seed: number) => {
      const [judge, random] = [new PositionJudge(seed), new Random(7)];
      for (let i = 0; i < 10; i++) {
        const people = Array.from({ length: 100 * perM2 }, () => ({
          x: random.between(0, 10),
          y: random.between(0, 10),
        }));
        judge.add(coverage, people, people);
      }
      return judge;
    };
    const dense = crowd(2, 1);
    expect([dense.found.errorM, dense.found.precision, dense.found.recall]).toEqual([0, 1, 1]);
    expect(dense.thrown.errorM).toBeCloseTo(0.38, 1);
    expect(dense.thrown.precision).toBeCloseTo(0.79, 1);
    expect(crowd(2, 1).thrown.errorM).toBe(dense.thrown.errorM);
    expect(crowd(2, 2).thrown.errorM).not.toBe(dense.thrown.errorM);
    expect(crowd(0.05, 1).thrown.precision).toBeLessThan(0.2);
  });

  it('knows nothing where there is nothing', () => {
    const { errorM, precision, recall } = new PositionJudge(1).found;
    expect([errorM, precision, recall]).toEqual([undefined, undefined, undefined]);
  });
});

describe('windows against the truth of a run', () => {
  const { plan } = scenario('two-way-corridor');
  const run = startScenario(scenario('two-way-corridor'), 3);
  run.step(30);
  const { truth } = run;
  const START_US = 1_775_001_600_000_000;

  /** What the warehouse would give of a measurement that multiplies every count by `factor`. */
  function measured(factor: number): Measures {
    const areas = truth.areas().map(({ area, startS, density }) => ({
      area,
      startUs: START_US + startS * 1e6,
      density: factor * density,
    }));
    const lines = truth.lines().map(({ line, forward, backward }) => ({
      line,
      forward: factor * forward,
      backward: factor * backward,
    }));
    const flows = truth.flows().map((flow) => ({ ...flow, legs: factor * flow.legs }));
    const journeys = truth.od({ isPresentToo: true }).map(({ origin, destination, people }) => ({
      fromPlace: origin,
      toPlace: destination,
      journeys: factor * people,
    }));
    return { areas, lines, flows, journeys, cameras: [] } as unknown as Measures;
  }

  it('the truth itself has no error', () => {
    const judged = judgeWindows(plan, measured(1), truth, START_US);
    expect(judged.windows).toBe(3 * plan.areas.length);
    expect(judged.crossings).toBeGreaterThan(0);
    expect(judged).toMatchObject({ densityError: 0, losExact: 1, crossingError: 0 });
    expect(judged).toMatchObject({ movementError: 0, journeyRatio: 1, odError: 0 });
  });

  it('half of everybody is an error of a half, and a bias below', () => {
    const judged = judgeWindows(plan, measured(0.5), truth, START_US);
    expect(judged.densityErrorShare).toBeCloseTo(0.5, 9);
    expect(judged.densityBias).toBeCloseTo(-0.5, 9);
    expect(judged).toMatchObject({ crossingError: 0.5, movementError: 0.5, odError: 0.5 });
    expect(judged.losExact).toBeLessThan(1);
  });

  it('tells of crowds apart, by how many people are missing of all', () => {
    const crowd = scenario('bottleneck');
    const dense = {
      areas: () => [
        { area: 'funnel', startS: 0, lengthS: 10, density: 2 },
        { area: 'hall', startS: 0, lengthS: 10, density: 3 },
        { area: 'room', startS: 0, lengthS: 10, density: 0.2 },
      ],
      lines: () => [],
      flows: () => [],
      od: () => [],
    } as unknown as Truth;
    const areas = [
      { area: 'funnel', startUs: START_US, density: 1 },
      { area: 'hall', startUs: START_US, density: 3 },
      { area: 'room', startUs: START_US, density: 0.1 },
    ];
    const { crowdedWindows, crowdedCountError } = judgeWindows(
      crowd.plan,
      { areas, lines: [], flows: [], journeys: [], cameras: [] } as unknown as Measures,
      dense,
      START_US,
    );
    const sizeOf = (id: string): number =>
      polygonArea(crowd.plan.areas.find((area) => area.id === id)?.polygon.coordinates ?? []);
    const all = 2 * sizeOf('funnel') + 3 * sizeOf('hall');
    expect(crowdedWindows).toBe(2);
    expect(crowdedCountError).toBeCloseTo(-sizeOf('funnel') / all, 9);
  });

  it('a window that nobody saw is left out, not judged as empty', () => {
    const unseen = measured(1);
    const blind = { ...unseen, areas: unseen.areas.map((row) => ({ ...row, density: null })) };
    expect(judgeWindows(plan, blind, truth, START_US)).toMatchObject({
      windows: 0,
      densityError: undefined,
      losExact: undefined,
    });
  });
});
