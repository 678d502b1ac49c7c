import type { Point } from '@hitonami/model';
import type { FloorField } from '../floor-field.js';
import type { SimulatedPerson } from '../person.js';

/** Where someone is on their way; a plan is a list of these, the present one first. */
export type Stage =
  /** To a door, and out. */
  | { kind: 'leave'; door: number; target: Point }
  /** Through one of the gates into another zone of the floor: choose a lane, queue before it. */
  | { kind: 'gate'; zone: number; lane: number; hasJoined: boolean; chosenS: number }
  /** Between the housings. */
  | { kind: 'lane'; lane: number; isForward: boolean }
  /** For a train, at a place on a platform. */
  | { kind: 'wait'; platform: number; spot: Point; hasSettled: boolean }
  /** Into a train. */
  | { kind: 'board'; train: number; door: number }
  /** At a place for a time. */
  | { kind: 'stand'; spot: Point; untilS: number; faceRad: number | undefined };

/** Someone in the crowd, with what they intend. */
export interface Agent extends SimulatedPerson {
  /** Radius of the body for contact, metres. */
  readonly bodyM: number;
  /** Speed they would walk at, m/s. */
  readonly freeSpeed: number;
  stages: Stage[];
  /** What they decided last: a unit direction and a speed. */
  dirX: number;
  dirY: number;
  speed: number;
  /** Who they walk with. */
  mate: Agent | undefined;
  /** A stop on the way, seconds since the start; Infinity for none. */
  pauseFromS: number;
  pauseToS: number;
  /** For how long they have wanted to go on and could not, seconds. */
  stuckS: number;
  /** When they begin to leave in an evacuation. */
  alarmS: number;
}

/** What someone would do if nobody were in the way. */
export interface Wish {
  /** Unit direction, or zero where they want to stay. */
  x: number;
  y: number;
  speed: number;
  /** Metres to where they want to be. */
  distanceM: number;
  /** They push through rather than wait for room. */
  isPressing: boolean;
}

/** Walks down a field to a place, or straight to it where the way is clear. */
export interface Guide {
  field: FloorField;
  target: Point;
}
