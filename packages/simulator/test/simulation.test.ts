import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simulate, type Position, type Simulation, type SimulationOptions } from '../src/index.js';

/** A hall of 20 m by 10 m with doors at its left and right ends. */
const hall: SimulationOptions = {
  seed: 1,
  walkable: [
    [0, 0],
    [20, 0],
    [20, 10],
    [0, 10],
  ],
  entries: [
    { id: 'west', from: [0, 3], to: [0, 7] },
    { id: 'east', from: [20, 7], to: [20, 3] },
  ],
  exits: [
    { id: 'west', from: [0, 3], to: [0, 7] },
    { id: 'east', from: [20, 7], to: [20, 3] },
  ],
  ratePerMin: () => 40,
};

/** An L with a pillar in its bend: no straight way leads from the entry to the exit. */
const bend: SimulationOptions = {
  seed: 3,
  walkable: [
    [0, 0],
    [16, 0],
    [16, 16],
    [12, 16],
    [12, 4],
    [0, 4],
  ],
  obstacles: [
    [
      [12.5, 1.5],
      [13.5, 1.5],
      [13.5, 2.5],
      [12.5, 2.5],
    ],
  ],
  entries: [{ id: 'in', from: [0, 0.5], to: [0, 3.5] }],
  exits: [{ id: 'out', from: [12.5, 16], to: [15.5, 16] }],
  ratePerMin: () => 60,
};

function run(simulation: Simulation, seconds: number, look?: () => void): Simulation {
  for (let i = 0; i < seconds * 10; i++) {
    simulation.step(0.1);
    look?.();
  }
  return simulation;
}

/** By the winding of the outline around the point: another method than the one under test. */
function isWithin(outline: readonly Position[], x: number, y: number): boolean {
  let angle = 0;
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length] ?? expect.fail();
    const cross = (ax - x) * (by - y) - (ay - y) * (bx - x);
    angle += Math.atan2(cross, (ax - x) * (bx - x) + (ay - y) * (by - y));
  });
  return Math.abs(angle) > Math.PI;
}

describe('a simulated crowd', () => {
  it('runs the same from the same seed, and differently from another', () => {
    const trace = (seed: number): string => {
      const lines: string[] = [];
      const simulation = simulate({ ...hall, seed, pauseShare: 0.3 });
      run(simulation, 20, () => lines.push(JSON.stringify(simulation.people())));
      return lines.join('\n');
    };
    expect(trace(7)).toBe(trace(7));
    expect(trace(7)).not.toBe(trace(8));
  });

  it('never leaves the walkable floor, and loses or invents nobody', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(hall, bend),
        fc.integer({ min: 10, max: 400 }),
        (seed, site, rate) => {
          const simulation = simulate({ ...site, seed, ratePerMin: () => rate, pauseShare: 0.1 });
          run(simulation, 20, () => {
            const people = simulation.people();
            expect(simulation.entered - simulation.left).toBe(people.length);
            for (const { x, y } of people) {
              expect(isWithin(site.walkable, x, y)).toBe(true);
              for (const o of site.obstacles ?? []) expect(isWithin(o, x, y)).toBe(false);
            }
          });
        },
      ),
      { numRuns: 12 },
    );
  });

  it('finds the way round corners: all who came in go out when nobody follows', () => {
    const simulation = simulate({ ...bend, ratePerMin: (t) => (t < 30 ? 60 : 0) });
    run(simulation, 90);
    expect(simulation.entered).toBeGreaterThan(15);
    expect(simulation.left).toBe(simulation.entered);
  });

  it('lets two streams pass each other', () => {
    const simulation = simulate({ ...hall, ratePerMin: (t) => (t < 60 ? 80 : 0) });
    run(simulation, 130);
    expect(simulation.entered).toBeGreaterThan(50);
    expect(simulation.left).toBe(simulation.entered);
  });

  it('walks as people walk: about 1.34 m/s where there is room, and never jumps', () => {
    const simulation = simulate({ ...hall, ratePerMin: () => 15 });
    const before = new Map<number, { x: number; y: number }>();
    const speeds: number[] = [];
    run(simulation, 240, () => {
      for (const { id, x, y, vx, vy } of simulation.people()) {
        const last = before.get(id);
        if (last !== undefined) {
          expect(Math.hypot(x - last.x, y - last.y)).toBeLessThan(0.3);
          if (x > 4 && x < 16) speeds.push(Math.hypot(vx, vy));
        }
        before.set(id, { x, y });
      }
    });
    // Weighted by time, the slow count for more: the harmonic mean of N(1.34, 0.26) is 1.29.
    const mean = speeds.reduce((sum, v) => sum + v, 0) / speeds.length;
    expect(mean).toBeGreaterThan(1.1);
    expect(mean).toBeLessThan(1.45);
  });

  it('keeps people from walking through each other', () => {
    const simulation = simulate(hall);
    let pairs = 0;
    let overlapping = 0;
    run(simulation, 60, () => {
      const people = simulation.people();
      people.forEach((a, i) => {
        for (const b of people.slice(i + 1)) {
          const d = Math.hypot(a.x - b.x, a.y - b.y);
          if (d < 1) pairs++;
          if (d < 0.25) overlapping++;
        }
      });
    });
    expect(pairs).toBeGreaterThan(100);
    expect(overlapping / pairs).toBeLessThan(0.03);
  });

  it('brings people at the rate asked for', () => {
    const simulation = run(simulate({ ...hall, ratePerMin: (t) => (t < 300 ? 12 : 0) }), 600);
    // Poisson with mean 60: five standard deviations either side.
    expect(Math.abs(simulation.entered - 60)).toBeLessThan(39);
  });

  it('sends people where the routes say', () => {
    const upstairs = { id: 'upstairs', from: [9, 10], to: [11, 10] } as const;
    const simulation = simulate({
      ...hall,
      exits: [...hall.exits, upstairs],
      routes: { west: { upstairs: 1 }, east: { upstairs: 1 } },
    });
    const lastSeen = new Map<number, { x: number; y: number }>();
    run(simulation, 60, () => {
      for (const p of simulation.people()) lastSeen.set(p.id, p);
    });
    const inside = new Set(simulation.people().map((p) => p.id));
    const gone = [...lastSeen].filter(([id]) => !inside.has(id)).map(([, p]) => p);
    expect(gone.length).toBeGreaterThan(10);
    for (const { x, y } of gone) expect(Math.hypot(x - 10, y - 10)).toBeLessThan(2);
  });

  it('lets some people stop and stand', () => {
    const standing = (pauseShare: number): number => {
      const simulation = simulate({ ...hall, pauseShare });
      let count = 0;
      run(simulation, 40, () => {
        count += simulation.people().filter((p) => Math.hypot(p.vx, p.vy) < 0.1).length;
      });
      return count;
    };
    expect(standing(0.5)).toBeGreaterThan(10 * standing(0) + 100);
  });

  it('is bounded: at the most people, further ones wait outside', () => {
    const simulation = run(simulate({ ...hall, ratePerMin: () => 600, maxPeople: 10 }), 20);
    expect(simulation.people().length).toBeLessThanOrEqual(10);
    expect(simulation.waitingOutside).toBeGreaterThan(50);
  });

  it('holds 300 people at 10 steps a second well within real time, and stays stable', () => {
    const plaza: SimulationOptions = {
      ...hall,
      walkable: [
        [0, 0],
        [40, 0],
        [40, 20],
        [0, 20],
      ],
      entries: [{ id: 'west', from: [0, 2], to: [0, 18] }],
      exits: [{ id: 'east', from: [40, 2], to: [40, 18] }],
      ratePerMin: () => 900,
      maxPeople: 300,
    };
    const simulation = simulate(plaza);
    run(simulation, 30);
    expect(simulation.people().length).toBeGreaterThan(250);
    const start = performance.now();
    run(simulation, 10);
    expect(performance.now() - start).toBeLessThan(5_000);
    for (const p of simulation.people()) expect(Math.hypot(p.vx, p.vy)).toBeLessThan(3);
  });
});

describe('options that make no sense', () => {
  it.each<[string, Partial<SimulationOptions>]>([
    ['seed must be an integer', { seed: 0.5 }],
    ['walkable needs at least 3 corners', { walkable: [[0, 0]] }],
    ['an entry and an exit are needed', { exits: [] }],
    ['ids of doorways must differ', { exits: [...hall.exits, ...hall.exits] }],
    ['entry west has no walkable floor', { entries: [{ id: 'west', from: [-9, 3], to: [-9, 7] }] }],
    [
      'no way leads from west to east',
      {
        obstacles: [
          [
            [9, -1],
            [11, -1],
            [11, 11],
            [9, 11],
          ],
        ],
      },
    ],
    ['nobody who enters at west', { routes: { west: { nowhere: 1 } } }],
    ['has 80000000000 cells', { cellM: 0.00005 }],
    ['pauseShare', { pauseShare: 2 }],
  ])('%s', (message, change) => {
    expect(() => simulate({ ...hall, ...change })).toThrow(message);
  });

  it('refuses steps and rates that are no numbers', () => {
    expect(() => {
      simulate(hall).step(NaN);
    }).toThrow('a step must be');
    expect(() => {
      simulate({ ...hall, ratePerMin: () => NaN }).step(0.1);
    }).toThrow('ratePerMin gave NaN');
  });
});
