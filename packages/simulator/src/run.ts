import type { SimulatedPerson } from './person.js';
import { Random } from './random.js';
import type { RateOverTime, Scenario } from './scenario.js';
import { simulate } from './simulation.js';

/** Where a train stands now. */
export interface TrainState {
  id: string;
  platform: string;
  /** How far its front is short of where it stops, metres; negative once it has left. */
  offsetM: number;
  /** 0 shut to 1 open. */
  doorsOpen: number;
}

/** A run of a scenario. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  /** Seconds since the start. */
  readonly timeS: number;
  /** Lets `dtS` seconds pass. */
  step(dtS: number): void;
  /** Everyone there now, in the order of entering. */
  people(): readonly SimulatedPerson[];
  /** Every train that can be seen now. */
  trains(): readonly TrainState[];
}

/** Starts a run. The same scenario, seed and steps give the same run. */
export function startScenario(scenario: Scenario, seed: number): ScenarioRun {
  const { world, demand } = scenario;
  const open = world.walkable[0]?.slice(0, -1) ?? [];
  const rate = (timeS: number): number =>
    demand.streams.reduce((sum, { ratePerMin }) => sum + rateAt(ratePerMin, timeS), 0);
  const simulation = simulate({
    seed,
    walkable: open,
    obstacles: world.obstacles.map(({ polygon }) => polygon),
    entries: world.doors.map((door) => ({
      ...door,
      weight: demand.streams
        .filter(({ from }) => from === door.id)
        .reduce((sum, { ratePerMin }) => sum + rateAt(ratePerMin, 0), 0),
    })),
    exits: world.doors,
    routes: Object.fromEntries(demand.streams.map(({ from, to }) => [from, to])),
    ratePerMin: rate,
    pauseShare: demand.pauseShare,
    maxPeople: demand.maxPeople,
  });
  const headings = new Map<number, number>();
  return {
    scenario,
    get timeS() {
      return simulation.timeS;
    },
    step: (dtS) => simulation.step(dtS),
    people: () =>
      simulation.people().map((person) => {
        const own = new Random(seed * 1_000_003 + person.id);
        const speed = Math.hypot(person.vx, person.vy);
        const before = headings.get(person.id) ?? 0;
        const headingRad = speed > 0.2 ? Math.atan2(person.vy, person.vx) : before;
        headings.set(person.id, headingRad);
        const { pushchair, wheelchair, bicycle } = demand.kinds;
        const shares = [1 - pushchair - wheelchair - bicycle, pushchair, wheelchair, bicycle];
        const kinds = ['walker', 'pushchair', 'wheelchair', 'bicycle'] as const;
        const kind = kinds[own.weighted(shares)] ?? 'walker';
        return { ...person, headingRad, kind, statureM: own.normal(1.68, 0.09, 1.45, 1.95) };
      }),
    trains: () => [],
  };
}

/** The rate at a time, people/min. */
export function rateAt(rate: RateOverTime, timeS: number): number {
  let before = rate[0];
  for (const point of rate) {
    if (point[0] > timeS) {
      if (before === undefined || before === point) return point[1];
      const share = (timeS - before[0]) / (point[0] - before[0]);
      return before[1] + share * (point[1] - before[1]);
    }
    before = point;
  }
  return before?.[1] ?? 0;
}
