import { HitonamiError, type SitePlan } from '@hitonami/model';
import { checkFit } from '../fit.js';
import type { Demand, Scenario } from '../scenario.js';
import type { World } from '../world.js';
import {
  BOTTLENECK_PLAN,
  bottleneckWorld,
  CORRIDOR_PLAN,
  corridorWorld,
  LONG_WAY_PLAN,
  longWayWorld,
} from './passages.js';
import { planFrom, rectangle, type PlanSketch } from './plan.js';
import {
  LONG_PLATFORM_PLAN,
  longPlatformWorld,
  SHORT_PLATFORM_PLAN,
  shortPlatformWorld,
} from './platform.js';
import { STATION_PLAN, stationWorld } from './station.js';

const NOBODY: Demand = {
  streams: [],
  groups: [],
  crowds: [],
  pairShare: 0.25,
  pauseShare: 0.08,
  kinds: { pushchair: 0.02, wheelchair: 0.012, bicycle: 0.02 },
  maxPeople: 700,
};
/** Where people are in a hurry, or there is no room, nobody comes with a bicycle. */
const COMMUTERS = { pushchair: 0.008, wheelchair: 0.006, bicycle: 0 } as const;

function make(
  name: string,
  sketch: PlanSketch,
  world: World,
  durationS: number,
  demand: Partial<Demand>,
): Scenario {
  return {
    name,
    ...planFrom(sketch, world),
    world,
    durationS,
    demand: { ...NOBODY, ...demand },
  };
}

const SCENARIOS: Readonly<Record<string, () => Scenario>> = {
  'quiet-morning': () =>
    make('quiet-morning', STATION_PLAN, stationWorld(), 180, {
      streams: [
        { from: 'west', to: { stairs: 5, north: 1 }, ratePerMin: [[0, 18]] },
        { from: 'north', to: { stairs: 4, west: 1 }, ratePerMin: [[0, 12]] },
        { from: 'stairs', to: { west: 3, north: 2 }, ratePerMin: [[0, 14]] },
      ],
      groups: [
        { at: [3.2, 8.3], people: 3, untilS: 120, to: { stairs: 1 } },
        { at: [13.5, 1.6], people: 2, untilS: 200, to: { west: 1 } },
      ],
    }),

  'rush-hour': () =>
    make('rush-hour', STATION_PLAN, stationWorld(), 240, {
      kinds: COMMUTERS,
      pauseShare: 0.05,
      streams: [
        { from: 'west', to: { stairs: 14, north: 1 }, ratePerMin: [[0, 68]] },
        { from: 'north', to: { stairs: 9, west: 1 }, ratePerMin: [[0, 36]] },
        { from: 'stairs', to: { west: 1, north: 3 }, ratePerMin: [[0, 60]] },
      ],
      groups: [
        { at: [2.8, 8.6], people: 4, untilS: 400, to: { stairs: 1 } },
        { at: [2.2, 2], people: 3, untilS: 400, to: { stairs: 1 } },
        { at: [9.4, 0.9], people: 3, untilS: 400, to: { stairs: 1 } },
      ],
      crowds: [
        { polygon: rectangle(3, 1.3, 15, 7.5), people: 110, fromS: 0, to: { stairs: 1 } },
        { polygon: rectangle(17, 0.5, 23, 9.5), people: 40, fromS: 0, to: { stairs: 1 } },
      ],
    }),

  'train-surge': () =>
    make(
      'train-surge',
      LONG_PLATFORM_PLAN,
      longPlatformWorld([
        { arrivesS: 40, departsS: 85, alighting: 210, boarding: 70 },
        { arrivesS: 170, departsS: 215, alighting: 160, boarding: 90 },
      ]),
      240,
      {
        kinds: COMMUTERS,
        streams: [
          { from: 'stairs-west', to: { 'platform-1': 1 }, ratePerMin: [[0, 22]] },
          { from: 'stairs-middle', to: { 'platform-1': 1 }, ratePerMin: [[0, 30]] },
        ],
        crowds: [
          { polygon: rectangle(0.5, 1, 33.5, 6), people: 35, fromS: 0, to: { 'platform-1': 1 } },
        ],
      },
    ),

  bottleneck: () =>
    make('bottleneck', BOTTLENECK_PLAN, bottleneckWorld(), 180, {
      pauseShare: 0,
      kinds: { ...COMMUTERS, bicycle: 0.004 },
      streams: [
        {
          from: 'in',
          to: { out: 1 },
          ratePerMin: [
            [0, 190],
            [90, 190],
            [100, 60],
          ],
        },
      ],
      crowds: [{ polygon: rectangle(5, 1, 11.5, 9), people: 90, fromS: 0, to: { out: 1 } }],
    }),

  'platform-overcrowding': () =>
    make(
      'platform-overcrowding',
      SHORT_PLATFORM_PLAN,
      shortPlatformWorld([{ arrivesS: 200, departsS: 250, alighting: 0, boarding: 170 }]),
      240,
      {
        kinds: { pushchair: 0, wheelchair: 0, bicycle: 0 },
        pauseShare: 0,
        pairShare: 0.1,
        streams: [
          {
            from: 'stairs',
            to: { 'platform-2': 1 },
            ratePerMin: [
              [0, 160],
              [120, 160],
              [130, 20],
            ],
          },
        ],
        crowds: [
          { polygon: rectangle(0.5, 1, 17.5, 4.4), people: 90, fromS: 0, to: { 'platform-2': 1 } },
        ],
        maxPeople: 460,
      },
    ),

  'two-way-corridor': () =>
    make('two-way-corridor', CORRIDOR_PLAN, corridorWorld(), 180, {
      pauseShare: 0,
      kinds: { pushchair: 0.01, wheelchair: 0.008, bicycle: 0.01 },
      streams: [
        { from: 'west', to: { east: 1 }, ratePerMin: [[0, 90]] },
        { from: 'east', to: { west: 1 }, ratePerMin: [[0, 90]] },
      ],
    }),

  evacuation: () =>
    make('evacuation', STATION_PLAN, stationWorld(), 180, {
      kinds: COMMUTERS,
      streams: [
        { from: 'west', to: { stairs: 4, north: 1 }, ratePerMin: [[0, 50]] },
        { from: 'north', to: { stairs: 4, west: 1 }, ratePerMin: [[0, 40]] },
        { from: 'stairs', to: { west: 3, north: 2 }, ratePerMin: [[0, 50]] },
      ],
      groups: [
        { at: [3.2, 8.6], people: 4, untilS: 400, to: { stairs: 1 } },
        { at: [13.5, 1.6], people: 3, untilS: 400, to: { stairs: 1 } },
      ],
      crowds: [
        { polygon: rectangle(0.5, 1.5, 15, 9.5), people: 110, fromS: 20, to: { stairs: 1 } },
        { polygon: rectangle(17, 0.5, 23, 9.5), people: 60, fromS: 20, to: { west: 1, north: 1 } },
      ],
      evacuation: { atS: 45, doors: ['west', 'north'] },
    }),

  'eight-cameras': () =>
    make('eight-cameras', LONG_WAY_PLAN, longWayWorld(), 240, {
      streams: [
        { from: 'west', to: { south: 1, east: 2 }, ratePerMin: [[0, 28]] },
        { from: 'south', to: { west: 2, east: 1 }, ratePerMin: [[0, 20]] },
        { from: 'east', to: { west: 3, south: 1 }, ratePerMin: [[0, 28]] },
      ],
      groups: [
        { at: [47.5, 6.5], people: 3, untilS: 150, to: { west: 1 } },
        { at: [60.5, -3], people: 4, untilS: 400, to: { west: 1 } },
      ],
    }),
};

/**
 * Names that `scenario` knows: quiet-morning, rush-hour, train-surge, bottleneck, platform-overcrowding,
 * two-way-corridor, evacuation; and eight-cameras, for hand-over between cameras.
 */
export const scenarioNames: readonly string[] = Object.keys(SCENARIOS);

/**
 * A scenario by name.
 *
 * @param options.plan a plan to measure it with instead of its own, such as one with other areas or cameras
 * @throws HitonamiError `CONFIG` for a name that is not known; `PLAN` where the plan does not fit the scenario's floor,
 * with every reason
 */
export function scenario(name: string, options: { plan?: SitePlan } = {}): Scenario {
  const of = SCENARIOS[name];
  if (of === undefined) {
    throw new HitonamiError(
      'CONFIG',
      `there is no scenario '${name}'; there are ${scenarioNames.join(', ')}`,
    );
  }
  const own = of();
  if (options.plan === undefined) return own;
  return { ...own, plan: options.plan, cameras: checkFit(own, options.plan) };
}
