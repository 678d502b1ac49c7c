import type { PlaceCovariance } from './place-error.js';

/**
 * How likely it is that two tracks are one person, by place, time and speed alone: the density, per m², with which the
 * second would be found where it was if it were the first. What it is weighed against are the same densities of the
 * alternatives: others who could be there, and people who were not seen before. So the confidence of a join is its
 * posterior probability under these assumptions, checked on simulated crowds whose truth is known.
 */

/** Standard deviation of the difference of two cameras' velocities of one person, each axis, m/s. */
const TOGETHER_SPEED_SD = 0.5;
/** Share of places that err twice as far as their covariance says. */
const OUTLIERS = 0.1;
/** Squared Mahalanobis distance beyond which two tracks are not one person: the outliers reach to it. */
const TOGETHER_DISTANCE2_MAX = 14;
/** Two positions further apart than this at one instant are not one person, m. */
export const TOGETHER_GATE_M = 3;
/** Density of people whom one camera follows and its neighbour does not, where both could: where it is empty, 1/m². */
const ALONE_PER_M2 = 0.01;
/** And the share of those around whom a neighbour misses: in a crowd many are hidden from one of two. */
const MISSED_SHARE = 0.12;
/**
 * Errors last: a person's foot is hidden, or too low, for seconds (drawn crowds: correlated by 0.7 after 0.2 s, 0.5 after
 * 1 s, 0.3 after 2 s). So this share of the variance stays in the mean of many rounds, and the rest falls more slowly
 * than with their number.
 */
const LASTING_SHARE = 0.35;
const ROUND_WORTH = 0.45;

/** Places less likely than this need no look at velocities, 1/m². */
const NEGLIGIBLE_PER_M2 = 1e-4;
const EXPONENT_MAX = 12;

/** Spread of velocities of people who have nothing to do with each other, each axis, m/s. */
const ANY_SPEED_SD = 1.1;

/** Longest time for which somebody unseen may come back as the same person, s. */
export const UNSEEN_MAX_S = 20;
/** Fastest that somebody unseen is believed to have gone, m/s, and how far the error of places reaches, m. */
const UNSEEN_SPEED_MAX = 2;
const UNSEEN_REACH_M = 1.5;
/** Density of people who come in where and when a track begins, 1/m². */
export const NEWCOMERS_PER_M2 = 0.02;
/**
 * Who walks and is lost at the edge of what a camera sees has gone out there, as a rule, and who is found walking there has
 * come in: so much less likely are the two one person than two who are lost and found in its middle, where somebody is only
 * missed.
 */
const RETURNS_AT_EDGE = 0.002;
/** Who is slower stands, and is believed to have been there all the time, m/s. */
const WALKS_MIN = 0.25;

/**
 * Most people go on as they went; some slow down, turn or stand: a mixture of two normal distributions around where
 * somebody would be by now, whose spread grows with time.
 */
const GOES_ON = { share: 0.75, keeps: 1, sdM: 0.15, sdMPerS: 0.4 };
const STRAYS = { share: 0.25, keeps: 0.4, sdM: 0.3, sdMPerS: 0.9 };
/**
 * Share of people who come back with a velocity that has nothing to do with the one before: at once, and after `TURNED_S`
 * or more. Nobody turns on the spot; a door is where one goes out as another comes in.
 */
const TURNED_AT_ONCE = 0.005;
const TURNED_SHARE = 0.05;
const TURNED_S = 8;
const SAME_WAY_SPEED_SD = 0.5;

/** Variance of the mean of `n` rounds ÷ that of one. */
export function meanShare(n: number): number {
  return LASTING_SHARE + (1 - LASTING_SHARE) / (1 + ROUND_WORTH * (n - 1));
}

/** Density of people who are alone in one camera's sight, where its neighbour sees `around` within the gate, 1/m². */
export function aloneDensity(around: number): number {
  return ALONE_PER_M2 + (MISSED_SHARE * around) / (Math.PI * TOGETHER_GATE_M ** 2);
}

/**
 * @param dx distance of the two positions at one instant, or its mean, m @param dvx difference of their velocities, m/s
 * @param cov covariance of the distance
 */
export function togetherWeight(
  dx: number,
  dy: number,
  dvx: number,
  dvy: number,
  [xx, xy, yy]: PlaceCovariance,
): number {
  const determinant = xx * yy - xy * xy;
  const distance2 = (yy * dx * dx - 2 * xy * dx * dy + xx * dy * dy) / determinant;
  if (distance2 > TOGETHER_DISTANCE2_MAX) return 0;
  const place =
    ((1 - OUTLIERS) * Math.exp(-distance2 / 2) + (OUTLIERS / 4) * Math.exp(-distance2 / 8)) /
    (2 * Math.PI * Math.sqrt(determinant));
  return (
    place * (0.05 + 0.95 * normal(dvx, dvy, TOGETHER_SPEED_SD) * 2 * Math.PI * ANY_SPEED_SD ** 2)
  );
}

/**
 * How much less likely than elsewhere it is that somebody lost at the edge of what a camera sees, with velocity `v`, is back
 * there with velocity `w`, m/s.
 */
export function backAtEdge(v: readonly [number, number], w: readonly [number, number]): number {
  return Math.min(Math.hypot(...v), Math.hypot(...w)) < WALKS_MIN ? 1 : RETURNS_AT_EDGE;
}

/** Whether nobody goes so far, m, in such a gap, s. */
export function isOutOfReach(dx: number, dy: number, gapS: number): boolean {
  const reach = UNSEEN_SPEED_MAX * Math.abs(gapS) + UNSEEN_REACH_M;
  return dx * dx + dy * dy > reach * reach;
}

/**
 * @param dx from where the first was last seen to where the second was first seen, m
 * @param v velocity of the first, m/s @param w velocity of the second, m/s
 * @param cov covariance of the distance, as far as it is an error of the places
 * @param gapS from the last sighting to the first, s; below 0 where another camera saw the second before the first was gone
 */
export function laterWeight(
  dx: number,
  dy: number,
  v: readonly [number, number],
  w: readonly [number, number],
  gapS: number,
  cov: PlaceCovariance,
): number {
  if (gapS > UNSEEN_MAX_S) return 0;
  if (isOutOfReach(dx, dy, gapS)) return 0;
  const place =
    placeAfter(GOES_ON, dx, dy, v, gapS, cov) + placeAfter(STRAYS, dx, dy, v, gapS, cov);
  if (place < NEGLIGIBLE_PER_M2) return 0;
  const same =
    normal(w[0] - v[0], w[1] - v[1], SAME_WAY_SPEED_SD) / normal(w[0], w[1], ANY_SPEED_SD);
  const turned =
    TURNED_AT_ONCE + (TURNED_SHARE - TURNED_AT_ONCE) * Math.min(1, Math.abs(gapS) / TURNED_S);
  return place * (turned + (1 - turned) * same);
}

function placeAfter(
  { share, keeps, sdM, sdMPerS }: typeof GOES_ON,
  dx: number,
  dy: number,
  v: readonly [number, number],
  gap: number,
  cov: PlaceCovariance,
): number {
  const variance = sdM * sdM + (sdMPerS * gap) ** 2;
  const x = dx - keeps * v[0] * gap;
  const y = dy - keeps * v[1] * gap;
  const xx = cov[0] + variance;
  const xy = cov[1];
  const yy = cov[2] + variance;
  const determinant = xx * yy - xy * xy;
  const exponent = (yy * x * x - 2 * xy * x * y + xx * y * y) / (2 * determinant);
  // Most pairs have nothing to do with each other, and an exponential costs more than all the rest.
  return exponent > EXPONENT_MAX
    ? 0
    : (share * Math.exp(-exponent)) / (2 * Math.PI * Math.sqrt(determinant));
}

/** Density of a round normal distribution in the plane. */
function normal(x: number, y: number, sd: number): number {
  return Math.exp(-(x * x + y * y) / (2 * sd * sd)) / (2 * Math.PI * sd * sd);
}
