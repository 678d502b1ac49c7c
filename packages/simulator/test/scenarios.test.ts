import { checkMeaning, planSchema, polygonContains, type SitePlan } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scenario, scenarioNames, startScenario, type ScenarioRun } from '../src/index.js';

const SEVEN = [
  'quiet-morning',
  'rush-hour',
  'train-surge',
  'bottleneck',
  'platform-overcrowding',
  'two-way-corridor',
  'evacuation',
];

describe('every scenario', () => {
  it('is known by its name', () => {
    expect(scenarioNames).toEqual([...SEVEN, 'eight-cameras']);
    expect(() => scenario('lunch')).toThrow(/no scenario 'lunch'; there are quiet-morning,/);
  });

  it('has a plan without faults, with at least four calibrated cameras, and is plain data', () => {
    for (const name of scenarioNames) {
      const it = scenario(name);
      expect(checkMeaning(planSchema.parse(it.plan)), name).toEqual([]);
      expect(it.cameras.length, name).toBeGreaterThanOrEqual(4);
      for (const { id, pose } of it.cameras) {
        expect(it.plan.cameras.find((camera) => camera.id === id)?.calibration).toBeDefined();
        expect(pose.heightM).toBeGreaterThanOrEqual(2.6);
        expect(pose.heightM).toBeLessThanOrEqual(6);
      }
      expect(structuredClone(it)).toEqual(it);
    }
  });

  it('runs the same from the same seed, and differently from another', () => {
    const trace = (name: string, seed: number): string => {
      const run = startScenario(scenario(name), seed);
      run.step(4);
      return JSON.stringify([run.people(), run.trains(), run.truth.areas(), run.truth.lines()]);
    };
    for (const name of scenarioNames) expect(trace(name, 5)).toBe(trace(name, 5));
    expect(trace('quiet-morning', 5)).not.toBe(trace('quiet-morning', 6));
  });

  it('keeps everybody on the floor, out of each other, and loses or invents nobody', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...scenarioNames),
        fc.integer({ min: 0, max: 1e6 }),
        (name, seed) => {
          const run = startScenario(scenario(name), seed);
          for (let i = 0; i < 8; i++) {
            run.step(1);
            expectSound(run);
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});

/** Nobody is off the floor or in something; nobody is in somebody else; the books balance. */
function expectSound(run: ScenarioRun): void {
  const { walkable, obstacles } = run.scenario.world;
  const people = run.people();
  expect(run.entered - run.left).toBe(people.length);
  for (const { id, x, y, headingRad, statureM } of people) {
    expect(polygonContains(walkable, x, y), `${id} at ${x}, ${y}`).toBe(true);
    for (const { polygon } of obstacles) {
      expect(polygonContains([[...polygon, ...polygon.slice(0, 1)]], x, y)).toBe(false);
    }
    expect(Math.abs(headingRad)).toBeLessThanOrEqual(Math.PI);
    expect(statureM).toBeGreaterThan(1);
  }
  people.forEach((a, i) => {
    for (const b of people.slice(i + 1)) {
      if (Math.abs(a.x - b.x) > 0.3 || Math.abs(a.y - b.y) > 0.3) continue;
      expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(0.28);
    }
  });
}

describe('a plan of one’s own', () => {
  const own = scenario('quiet-morning').plan;
  const changed = (change: (plan: SitePlan) => void): SitePlan => {
    const plan = structuredClone(own);
    change(plan);
    return plan;
  };
  type Coordinates = [number, number][];

  it('takes the place of the scenario’s where it fits', () => {
    const plan = changed((p) => {
      p.areas.pop();
    });
    const { plan: used, cameras } = scenario('rush-hour', { plan });
    expect(used).toBe(plan);
    expect(cameras.map(({ id }) => id)).toEqual(plan.cameras.map(({ id }) => id));
  });

  it('is refused where an area lies off the floor', () => {
    const plan = changed((p) => {
      const ring = p.areas[0]?.polygon.coordinates[0] as unknown as Coordinates;
      for (const point of ring) point[0] += 100;
    });
    expect(() => scenario('quiet-morning', { plan })).toThrow(
      /does not fit scenario quiet-morning:\narea 'west-hall': only 0 % is walkable floor; move it/,
    );
  });

  it('is refused where a line has no floor on one of its sides', () => {
    const plan = changed((p) => {
      const line = p.lines[0]?.line as unknown as { coordinates: Coordinates };
      line.coordinates = [
        [2, 0.2],
        [8, 0.2],
      ];
    });
    expect(() => scenario('quiet-morning', { plan })).toThrow(
      "line 'west-door': it does not lie on the walkable floor",
    );
  });

  it('is refused where a camera claims to see what is no floor', () => {
    const plan = changed((p) => {
      const ring = p.cameras[2]?.coverage.coordinates[0] as unknown as Coordinates;
      for (const point of ring) point[1] -= 8;
    });
    expect(() => scenario('quiet-morning', { plan })).toThrow(/camera 'hall-east': only \d+ %/);
  });

  it('of another place is refused with every reason at once', () => {
    const { plan } = scenario('eight-cameras');
    let message = '';
    try {
      scenario('bottleneck', { plan });
    } catch (error) {
      message = (error as Error).message;
      expect(error).toMatchObject({ code: 'PLAN' });
    }
    for (const part of ["area 'corridor-east'", "line 'mouth-line'", "camera 'hall-1'"]) {
      expect(message).toContain(part);
    }
  });

  it('steps and seeds that make no sense are refused', () => {
    expect(() => startScenario(scenario('bottleneck'), 0.5)).toThrow('seed must be an integer');
    const run = startScenario(scenario('two-way-corridor'), 1);
    for (const dtS of [0, -1, NaN, 0.03, 61]) expect(() => run.step(dtS)).toThrow('a step must be');
  });
});
