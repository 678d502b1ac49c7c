/** Someone who walks through the site. */
export interface Walker {
  readonly id: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  /** Speed they would like, m/s. */
  readonly desiredSpeed: number;
  /** Index of the exit they go to, and the place in it that they head for. */
  readonly exit: number;
  readonly targetX: number;
  readonly targetY: number;
  /** When they stop on the way and when they go on, seconds; Infinity where they do not stop. */
  readonly pauseFromS: number;
  readonly pauseToS: number;
}
