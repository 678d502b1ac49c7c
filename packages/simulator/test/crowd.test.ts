import { polygonArea, polygonContains, type Point } from '@hitonami/model';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  scenario,
  startScenario,
  type Scenario,
  type ScenarioRun,
  type SimulatedPerson,
} from '../src/index.js';

/** What crowds do in each scenario: figures that people who study crowds would look for. */

/** Fruin's bounds of A to E for walkways, persons/m². */
const [A, B, C, , E] = [0.308, 0.431, 0.718, 1.076, 2.153];

function runFor(run: ScenarioRun, seconds: number, look?: () => void): ScenarioRun {
  for (let s = 0; s < seconds; s++) {
    run.step(1);
    look?.();
  }
  return run;
}

const speedOf = ({ vx, vy }: SimulatedPerson): number => Math.hypot(vx, vy);

/** Mean density of an area over the windows that begin at or after a time. */
function densityOf(run: ScenarioRun, area: string, fromS: number): number {
  const windows = run.truth.areas().filter((w) => w.area === area && w.startS >= fromS);
  return windows.reduce((sum, w) => sum + w.density, 0) / windows.length;
}

describe('a quiet morning', () => {
  const run = startScenario(scenario('quiet-morning'), 3);
  /** Speeds of those who walk in the hall, clear of gates and steps. */
  const speeds: number[] = [];
  beforeAll(() => {
    runFor(run, 60, () => {
      for (const p of run.people())
        if (p.x > 0 && p.x < 13 && speedOf(p) > 0.5) speeds.push(speedOf(p));
    });
  });

  it('is LOS A to B everywhere, and people walk as they like', () => {
    for (const area of ['west-hall', 'gate-front', 'inner-hall'])
      expect(densityOf(run, area, 20)).toBeLessThan(B);
    const mean = speeds.reduce((sum, speed) => sum + speed, 0) / speeds.length;
    expect(mean).toBeGreaterThan(1.05);
    expect(mean).toBeLessThan(1.5);
  });

  it('has groups that stand and face each other', () => {
    const at: Point = [3.2, 8.3];
    const group = run.people().filter(({ id }) => id <= 3);
    expect(group).toHaveLength(3);
    for (const { x, y, headingRad } of group) {
      expect(Math.hypot(x - at[0], y - at[1])).toBeLessThan(1.5);
      const away = headingRad - Math.atan2(at[1] - y, at[0] - x);
      expect(Math.cos(away)).toBeGreaterThan(0.5);
    }
  });

  it('lets people of every kind through the gates, one after another', () => {
    const gates = run.truth.lines().find(({ line }) => line === 'gate-line');
    expect(gates?.firstForward).toBeGreaterThan(5);
    expect(gates?.firstBackward).toBeGreaterThan(2);
  });
});

it('with other shares there are pushchairs, wheelchairs and bicycles among them', () => {
  const quiet = scenario('quiet-morning');
  const kinds = { pushchair: 0.25, wheelchair: 0.25, bicycle: 0.25 };
  const run = startScenario({ ...quiet, demand: { ...quiet.demand, kinds } }, 2);
  const seen = new Set<string>();
  runFor(run, 60, () => {
    for (const { kind } of run.people()) seen.add(kind);
  });
  expect([...seen].sort()).toEqual(['bicycle', 'pushchair', 'walker', 'wheelchair']);
  // They fit through the wide gate alone, and get through.
  expect(run.left).toBeGreaterThan(8);
});

describe('rush hour', () => {
  it('is LOS D to E before the gates, and people still come out', () => {
    const run = runFor(startScenario(scenario('rush-hour'), 1), 30);
    const density = densityOf(run, 'gate-front', 10);
    expect(density).toBeGreaterThan(C);
    expect(density).toBeLessThan(E);
    expect(run.left).toBeGreaterThan(40);
  });
});

describe('the surge when a train arrives', () => {
  it('lets people out, then others in, while its doors are open', () => {
    const surge = scenario('train-surge');
    const call = { arrivesS: 5, departsS: 50, alighting: 84, boarding: 30 };
    const trains = surge.world.trains.map((train) => ({ ...train, timetable: [call] }));
    const run = startScenario({ ...surge, world: { ...surge.world, trains } }, 4);
    run.step(4);
    expect(run.trains()).toMatchObject([{ id: 'local', doorsOpen: 0 }]);
    expect(run.trains()[0]?.offsetM).toBeGreaterThan(0);
    expect(run.waitingOutside).toBe(0);
    const before = run.people().length;
    run.step(4);
    expect(run.trains()).toMatchObject([{ offsetM: 0, doorsOpen: 1 }]);
    expect(run.waitingOutside).toBeGreaterThan(40);
    runFor(run, 30);
    expect(run.waitingOutside).toBe(0);
    expect(run.entered - before).toBeGreaterThan(84);
    expect(run.boarded).toBeGreaterThan(5);
    runFor(run, 30);
    expect(run.boarded).toBeLessThanOrEqual(30);
    expect(run.left - run.boarded).toBeGreaterThan(30);
    expect(run.trains()).toEqual([]);
  });
});

describe('a bottleneck', () => {
  it('lets 60 to 80 persons through each metre a minute at saturation', () => {
    const run = startScenario(scenario('bottleneck'), 1);
    runFor(run, 60);
    const line = run.truth.lines().find((one) => one.line === 'passage-line');
    const times = (line?.firstAtS ?? []).filter((s) => s > 20);
    const perMin = (60 * (times.length - 1)) / ((times.at(-1) ?? 0) - (times[0] ?? 0));
    expect(perMin / 2.4).toBeGreaterThan(58);
    expect(perMin / 2.4).toBeLessThan(82);
    expect(densityOf(run, 'funnel', 20)).toBeGreaterThan(2);
  });
});

describe('an overcrowded platform', () => {
  it('truly has about 6 persons/m² where it is densest, and nobody is in anybody', () => {
    const run = startScenario(scenario('platform-overcrowding'), 1);
    runFor(run, 80);
    const people = run.people();
    let densest = 0;
    // Every place of 2 m by 2 m, a quarter of a metre apart.
    for (let x = 0; x <= 16; x += 0.25) {
      for (let y = 0; y <= 3; y += 0.25) {
        const inside = people.filter((p) => p.x >= x && p.x < x + 2 && p.y >= y && p.y < y + 2);
        densest = Math.max(densest, inside.length / 4);
      }
    }
    expect(densest).toBeGreaterThan(5.5);
    expect(densest).toBeLessThan(7.5);
    expect(densityOf(run, 'stairs-landing', 70)).toBeGreaterThan(4.2);
    let nearest = Infinity;
    people.forEach((a, i) => {
      for (const b of people.slice(i + 1))
        nearest = Math.min(nearest, Math.hypot(a.x - b.x, a.y - b.y));
    });
    expect(nearest).toBeGreaterThan(0.32);
  });
});

describe('a corridor with two streams', () => {
  it('forms lanes: beside each other most people go the same way', () => {
    const run = startScenario(scenario('two-way-corridor'), 2);
    runFor(run, 25);
    const orders: number[] = [];
    runFor(run, 25, () => orders.push(laneOrder(run.people())));
    const order = orders.reduce((sum, value) => sum + value, 0) / orders.length;
    // By chance it would be about one over the people in a row, 0.15.
    expect(order).toBeGreaterThan(0.45);
    const line = run.truth.lines().find((one) => one.line === 'middle-line');
    expect(Math.min(line?.firstForward ?? 0, line?.firstBackward ?? 0)).toBeGreaterThan(20);
  });
});

/** Order of lanes (Yamori, Environment and Behavior 30, 1998, in rows): mean over people of ((n₊ − n₋) ÷ n)² of their row. */
function laneOrder(people: readonly SimulatedPerson[]): number {
  const rows = new Map<number, { sum: number; count: number }>();
  for (const { x, y, vx } of people) {
    if (x < 5 || x > 25) continue;
    const row = rows.get(Math.floor(y / 0.75)) ?? { sum: 0, count: 0 };
    row.sum += Math.sign(vx);
    row.count++;
    rows.set(Math.floor(y / 0.75), row);
  }
  let [order, all] = [0, 0];
  for (const { sum, count } of rows.values()) {
    order += count * (sum / count) ** 2;
    all += count;
  }
  return order / all;
}

describe('an evacuation', () => {
  it('empties the site, through the gates too, and nobody comes in any more', () => {
    const evacuation = scenario('evacuation');
    const demand = { ...evacuation.demand, evacuation: { atS: 5, doors: ['west', 'north'] } };
    const run = startScenario({ ...evacuation, demand } satisfies Scenario, 1);
    runFor(run, 6);
    const entered = run.entered;
    expect(run.people().length).toBeGreaterThan(150);
    for (let s = 0; s < 120 && run.people().length > 0; s++) run.step(1);
    expect(run.entered).toBe(entered);
    expect(run.people()).toEqual([]);
    expect(run.left).toBe(entered);
  });
});

describe('what the truth says of a run', () => {
  it('agrees with counting people oneself', () => {
    const run = startScenario(scenario('eight-cameras'), 6);
    const area = run.scenario.plan.areas.find(({ id }) => id === 'hall-north') ?? expect.fail();
    const polygon = area.polygon.coordinates;
    let personS = 0;
    for (let i = 0; i < 20 / 0.05; i++) {
      run.step(0.05);
      personS += 0.05 * run.people().filter((p) => polygonContains(polygon, p.x, p.y)).length;
    }
    const windows = run.truth.areas().filter((w) => w.area === 'hall-north');
    expect(windows).toHaveLength(2);
    expect(windows.reduce((sum, w) => sum + w.personS, 0)).toBeCloseTo(personS, 6);
    for (const { density, personS: own, lengthS } of windows) {
      expect(lengthS).toBeCloseTo(10, 9);
      expect(density).toBeCloseTo(own / polygonArea(polygon) / 10, 9);
    }
    expect(A).toBeGreaterThan(windows[0]?.density ?? 1);
  });

  it('speeds are the way gone over the time', () => {
    const run = startScenario(scenario('two-way-corridor'), 1);
    run.step(12);
    const before = new Map(run.people().map((p) => [p.id, p]));
    run.step(0.05);
    for (const { id, x, y, vx, vy } of run.people()) {
      const was = before.get(id);
      if (was === undefined) continue;
      expect(Math.hypot(x - was.x - vx * 0.05, y - was.y - vy * 0.05)).toBeLessThan(1e-9);
      expect(Math.hypot(vx, vy)).toBeLessThan(4);
    }
  });
});
