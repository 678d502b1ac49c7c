/**
 * How likely it is that two tracks are one person, by place, time and speed alone: the density, per m², with which the
 * second would be found where it was if it were the first. What it is weighed against are the same densities of the
 * alternatives: others who could be there, and people who were not seen before. So the confidence of a join is its
 * posterior probability under these assumptions, checked on simulated crowds whose truth is known.
 */

/** Standard deviation of one axis of the distance between two cameras' positions of one person, m. */
const TOGETHER_SD_M = 0.4;
/** The same for the difference of their velocities, m/s. */
const TOGETHER_SPEED_SD = 0.5;
/** Two positions further apart than this at one instant are not one person, m. */
export const TOGETHER_GATE_M = 1.5;
/** Density of people whom one camera follows and its neighbour does not, where both could, 1/m². */
export const ALONE_PER_M2 = 0.01;

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
 * Most people go on as they went; some slow down, turn or stand: a mixture of two normal distributions around where
 * somebody would be by now, whose spread grows with time.
 */
const GOES_ON = { share: 0.75, keeps: 1, sdM: 0.35, sdMPerS: 0.4 };
const STRAYS = { share: 0.25, keeps: 0.4, sdM: 0.5, sdMPerS: 0.9 };
/**
 * Share of people who come back with a velocity that has nothing to do with the one before: at once, and after `TURNED_S`
 * or more. Nobody turns on the spot; a door is where one goes out as another comes in.
 */
const TURNED_AT_ONCE = 0.005;
const TURNED_SHARE = 0.05;
const TURNED_S = 8;
const SAME_WAY_SPEED_SD = 0.5;

/** @param dx distance of the two positions at one instant, m @param dvx difference of their velocities, m/s */
export function togetherWeight(dx: number, dy: number, dvx: number, dvy: number): number {
  const place = normal(dx, dy, TOGETHER_SD_M);
  return (
    place * (0.05 + 0.95 * normal(dvx, dvy, TOGETHER_SPEED_SD) * 2 * Math.PI * ANY_SPEED_SD ** 2)
  );
}

/**
 * @param dx from where the first was last seen to where the second was first seen, m
 * @param v velocity of the first, m/s @param w velocity of the second, m/s
 * @param gapS from the last sighting to the first, s; below 0 where another camera saw the second before the first was gone
 */
export function laterWeight(
  dx: number,
  dy: number,
  v: readonly [number, number],
  w: readonly [number, number],
  gapS: number,
): number {
  if (gapS > UNSEEN_MAX_S) return 0;
  const reach = UNSEEN_SPEED_MAX * Math.abs(gapS) + UNSEEN_REACH_M;
  if (dx * dx + dy * dy > reach * reach) return 0;
  const place = placeAfter(GOES_ON, dx, dy, v, gapS) + placeAfter(STRAYS, dx, dy, v, gapS);
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
): number {
  const variance = sdM * sdM + (sdMPerS * gap) ** 2;
  const x = dx - keeps * v[0] * gap;
  const y = dy - keeps * v[1] * gap;
  const exponent = (x * x + y * y) / (2 * variance);
  // Most pairs have nothing to do with each other, and an exponential costs more than all the rest.
  return exponent > EXPONENT_MAX ? 0 : (share * Math.exp(-exponent)) / (2 * Math.PI * variance);
}

/** Density of a round normal distribution in the plane. */
function normal(x: number, y: number, sd: number): number {
  return Math.exp(-(x * x + y * y) / (2 * sd * sd)) / (2 * Math.PI * sd * sd);
}
