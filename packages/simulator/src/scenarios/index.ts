import { HitonamiError, type SitePlan } from '@hitonami/model';
import type { Demand, Scenario } from '../scenario.js';
import { planFrom } from './plan.js';
import { STATION_PLAN, stationWorld } from './station.js';

const NO_DEMAND: Demand = {
  streams: [],
  groups: [],
  crowds: [],
  pairShare: 0.25,
  pauseShare: 0.08,
  kinds: { pushchair: 0.02, wheelchair: 0.012, bicycle: 0.02 },
  maxPeople: 600,
};

const SCENARIOS: Record<string, () => Scenario> = {
  'quiet-morning': () => {
    const world = stationWorld();
    return {
      name: 'quiet-morning',
      ...planFrom(STATION_PLAN, world),
      world,
      durationS: 180,
      demand: {
        ...NO_DEMAND,
        streams: [
          { from: 'west', to: { stairs: 5, north: 1 }, ratePerMin: [[0, 18]] },
          { from: 'north', to: { stairs: 4, west: 1 }, ratePerMin: [[0, 12]] },
          { from: 'stairs', to: { west: 3, north: 2 }, ratePerMin: [[0, 14]] },
        ],
      },
    };
  },
};

/** Names that `scenario` knows. */
export const scenarioNames: readonly string[] = Object.keys(SCENARIOS);

/**
 * A scenario by name.
 * @param options a plan to use instead of the scenario's own
 * @throws HitonamiError `CONFIG` for a name that is not known
 */
export function scenario(name: string, options: { plan?: SitePlan } = {}): Scenario {
  const make = SCENARIOS[name];
  if (make === undefined) {
    throw new HitonamiError(
      'CONFIG',
      `there is no scenario '${name}'; there are ${scenarioNames.join(', ')}`,
    );
  }
  const own = make();
  return options.plan === undefined ? own : { ...own, plan: options.plan };
}
