/**
 * People on one floor at one instant, as columns: the shape that every measure of a frame reads. The arrays may be longer
 * than `count`, so that a caller fills the same ones for every frame.
 */
export interface Positions {
  count: number;
  /** Metres, x east and y north of the floor's origin. */
  x: Float64Array;
  y: Float64Array;
}

/** The same with velocities, m/s; NaN where a person's velocity is not known. */
export interface MovingPositions extends Positions {
  vx: Float64Array;
  vy: Float64Array;
}
