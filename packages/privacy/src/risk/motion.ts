/**
 * How well a step from one sighting to a later one fits somebody who walks on as before.
 *
 * Constant velocity: where a velocity is known on one side, the place is foretold with it; where on both, each is taken
 * half of the way, and the two must meet. The error of that is taken to be normal; its deviation is that of a position
 * (0.1 m) and of a walker who changes his velocity by about 0.7 m/s each second, or, where no velocity is known, of one
 * who walks at up to 1 m/s in any direction.
 */
export interface Leap {
  dtS: number;
  dxM: number;
  dyM: number;
  /** Velocity before and behind the leap, m/s; NaN where it is not known. */
  fromVxMS: number;
  fromVyMS: number;
  toVxMS: number;
  toVyMS: number;
}

const PLACE_M = 0.1;
const UNKNOWN_SPEED_MS = 1;
const CHANGE_MS2 = 0.7;
/** Error of a velocity, m/s. */
const TURN_MS = 0.3;
/** And how much it changes each second: less than a place off the way, for nobody turns back at once. */
const TURN_MS2 = 0.4;
/** Farther than so many deviations from where it was foretold, it is somebody else. */
const GATE = 3;
/** Nobody walks faster than this, m/s, beyond an error of `PLACE_M`. */
const SPEED_MAX_MS = 3.5;

/** Twice the negative logarithm of the likelihood of a leap; `Infinity` for one that nobody would make. */
export function leapCost(leap: Leap): number {
  const { dtS, dxM, dyM, fromVxMS, fromVyMS, toVxMS, toVyMS } = leap;
  const reach = SPEED_MAX_MS * dtS + GATE * PLACE_M;
  if (dxM * dxM + dyM * dyM > reach * reach) return Infinity;
  const hasFrom = !Number.isNaN(fromVxMS);
  const hasTo = !Number.isNaN(toVxMS);
  let vx = 0;
  let vy = 0;
  if (hasFrom && hasTo) {
    vx = (fromVxMS + toVxMS) / 2;
    vy = (fromVyMS + toVyMS) / 2;
  } else if (hasFrom) {
    vx = fromVxMS;
    vy = fromVyMS;
  } else if (hasTo) {
    vx = toVxMS;
    vy = toVyMS;
  }
  const spreadM = spread(dtS, Number(hasFrom) + Number(hasTo));
  const ex = dxM - vx * dtS;
  const ey = dyM - vy * dtS;
  const off = (ex * ex + ey * ey) / (spreadM * spreadM);
  if (off > GATE * GATE) return Infinity;
  const turn = hasFrom && hasTo ? turnOff(leap) : 0;
  return off + turn + 4 * Math.log(spreadM);
}

/** How much the velocity would have changed on the way, in deviations squared: who comes back is somebody else. */
function turnOff({ dtS, fromVxMS, fromVyMS, toVxMS, toVyMS }: Leap): number {
  const turnMS = TURN_MS + TURN_MS2 * dtS;
  const [dx, dy] = [toVxMS - fromVxMS, toVyMS - fromVyMS];
  return (dx * dx + dy * dy) / (turnMS * turnMS);
}

function spread(dtS: number, velocities: number): number {
  if (velocities === 0) return PLACE_M + UNKNOWN_SPEED_MS * dtS;
  // Known on both sides, the error is that of half the way.
  return PLACE_M + (CHANGE_MS2 / (2 * velocities)) * dtS * dtS;
}

/** To leave a path without a continuation costs this: about as much as a leap at the edge of the gate by somebody slow. */
export const ALONE_COST = 4;
/** To leave an end behind a darkness alone costs more than any leap that passes the gate: nearly everybody goes on. */
export const ALONE_AFTER_DARK_COST = GATE * GATE + 4 * Math.log(100);
/** Each time that somebody would have been seen in between, and was not, costs this. */
export const MISSED_COST = 3;
