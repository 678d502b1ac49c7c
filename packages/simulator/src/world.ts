import type { Point, Polygon } from '@hitonami/model';

/** Something that stands on the floor: nobody walks through it, and it hides what is behind it up to its height. */
export interface Obstacle {
  id: string;
  /** Outline, metres; open (the first corner is not repeated). */
  polygon: readonly Point[];
  kind: 'wall' | 'pillar' | 'bench' | 'gate' | 'kiosk';
  heightM: number;
}

/** A segment on the edge of the floor through which people come in and go out. */
export interface Door {
  id: string;
  from: Point;
  to: Point;
}

/** A lane between two gate housings; one person at a time, and a queue forms before it. */
export interface Gate {
  id: string;
  /** The lane's axis: where it is entered and where it is left on the way `forward`. */
  from: Point;
  to: Point;
  widthM: number;
  /** Least time between two people who pass, seconds. */
  serviceS: number;
  /** Which way it lets people through. */
  direction: 'forward' | 'backward' | 'both';
}

/** Steps, as far as they lie on the floor's plane: people walk more slowly there. */
export interface Stairs {
  id: string;
  /** Outline, metres, open. */
  polygon: readonly Point[];
  /** Share of the free speed that is left on them, 0 to 1. */
  slowdown: number;
  /** Unit direction in which the steps go away from the floor. */
  towards: Point;
}

/** Where people wait for trains. */
export interface Platform {
  id: string;
  /** The edge, on the outline of the floor; trains stand on its right-hand side (seen from its first point to its second). */
  edge: readonly [Point, Point];
  /** Depth of the strip behind the edge in which people wait, metres. */
  waitingDepthM: number;
}

/** One call of a train at its platform. */
export interface TrainCall {
  /** When it comes to a stand and when it leaves, seconds since the start. */
  arrivesS: number;
  departsS: number;
  /** How many want to get out, all doors together. */
  alighting: number;
  /** For how many there is room. */
  boarding: number;
}

/** A train and its timetable. Its doors are segments of the platform's edge while it stands there. */
export interface Train {
  id: string;
  platform: string;
  /** Where the middle of each door stands, metres along the platform's edge. */
  doorsM: readonly number[];
  doorWidthM: number;
  /** Where those who get out go: shares by door id of the world. */
  to: Readonly<Record<string, number>>;
  timetable: readonly TrainCall[];
}

/** The physical place: one floor, z = 0, metres, x east and y north of its origin. */
export interface World {
  /** Where people can be: an outer ring, then holes; rings are closed. */
  walkable: Polygon;
  obstacles: readonly Obstacle[];
  doors: readonly Door[];
  gates: readonly Gate[];
  stairs: readonly Stairs[];
  platforms: readonly Platform[];
  trains: readonly Train[];
  /** Left out where there is only sky. */
  ceilingHeightM?: number;
}
