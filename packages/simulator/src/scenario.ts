import type { Point, SitePlan } from '@hitonami/model';
import type { CameraPose } from './cameras/pose.js';
import type { PersonKind } from './person.js';
import type { World } from './world.js';

/** People a minute over time: points (seconds since the start, people/min), straight between them, level outside. */
export type RateOverTime = readonly (readonly [timeS: number, perMin: number])[];

/** People who come in through a door, by a Poisson process, and where they go. */
export interface Stream {
  /** Id of a door. */
  from: string;
  /** Shares by id of a door, or of a platform, where they wait for the next train that has room. */
  to: Readonly<Record<string, number>>;
  ratePerMin: RateOverTime;
}

/** People who stand together and talk. */
export interface StandingGroup {
  at: Point;
  people: number;
  /** How long they stay, seconds since the start; then they leave by a door of `to`. */
  untilS: number;
  to: Readonly<Record<string, number>>;
}

/** People who are there when the run begins, spread evenly over a polygon. */
export interface InitialCrowd {
  /** Outline, metres, open. */
  polygon: readonly Point[];
  people: number;
  /** When they begin to walk, seconds; they stand until then. */
  fromS: number;
  to: Readonly<Record<string, number>>;
}

/** Who comes, when, and where they want to go. */
export interface Demand {
  streams: readonly Stream[];
  groups: readonly StandingGroup[];
  crowds: readonly InitialCrowd[];
  /** Share of walkers who come in pairs and stay together. */
  pairShare: number;
  /** Share of those who stop on the way, to look around. */
  pauseShare: number;
  /** Share of each kind among those who come in; the rest walk. */
  kinds: Readonly<Record<Exclude<PersonKind, 'walker'>, number>>;
  /** From then on nobody comes in, and everybody leaves by the nearest of these doors; the gates stand open. */
  evacuation?: { atS: number; doors: readonly string[] };
  /** Most people at once; who comes beyond it waits outside. */
  maxPeople: number;
}

/** A place, its plan and its demand: everything that a run depends on but the seed. Plain data. */
export interface Scenario {
  name: string;
  plan: SitePlan;
  world: World;
  durationS: number;
  /** The pose of each camera of the plan that has a calibration. */
  cameras: readonly { id: string; pose: CameraPose }[];
  demand: Demand;
}
