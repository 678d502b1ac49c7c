import type { PlaceCovariance } from './place-error.js';

/** Newest residuals kept of a pair of cameras. */
const KEPT = 48;
/** Fewer say nothing. */
const LEAST = 18;
/**
 * Residuals of one track among them: who stands for minutes where each of two cameras sees somebody else, or who is seen
 * badly, shows the same residual again and again, and must not stand for many.
 */
const OF_ONE_TRACK = 3;
/** Two cameras disagree where the median of their residuals is longer than this, mm, */
const OFFSET_MM = 350;
/** and than so many of its standard errors: chance alone would do that once in 270,000 times, */
const SURE = 5;
/**
 * and further than so many standard deviations of what a single place of both errs by. A detector that puts all feet a
 * little too high or too low moves everybody along the line of sight, alike and for good, and two cameras that face each
 * other by opposite ways; its errors are seldom all of one sign.
 */
const BEYOND_SD = 1.5;
/** They agree again below this, mm. */
const AGREE_MM = 200;
/** Windows in a row in which a camera must be suspected, or cleared. */
const CONFIRM_WINDOWS = 2;

/** The last residuals of one pair of cameras: where the second puts people, less where the first puts them. */
interface Pair {
  a: number;
  b: number;
  dx: Float64Array;
  dy: Float64Array;
  /** Whose each is: the low half of a pseudonym. */
  who: Float64Array;
  count: number;
  /** Sums of what single places of both err by, mm². */
  xx: number;
  xy: number;
  yy: number;
}

/** What a pair says. */
type Verdict = 'unknown' | 'agree' | 'disagree' | 'between';

/**
 * Notices a camera that was moved or turned from where it and its neighbours put the same people: the median offset over
 * those who are alone where both see. A pair alone cannot say which of the two it is; the camera that disagrees with the
 * most neighbours is suspected, and where that is a tie, both are.
 */
export class Disagreements {
  /** By camera: since when it is suspected, µs; 0 where it is not. */
  readonly movedSinceUs: Float64Array;
  private readonly pairs = new Map<number, Pair>();
  private readonly firstUs: Float64Array;
  private readonly suspected: Int32Array;
  private readonly cleared: Int32Array;
  private readonly cameras: number;

  constructor(cameras: number) {
    this.cameras = cameras;
    this.movedSinceUs = new Float64Array(cameras);
    this.firstUs = new Float64Array(cameras);
    this.suspected = new Int32Array(cameras);
    this.cleared = new Int32Array(cameras);
  }

  /**
   * @param dx where `other` puts somebody less where `one` puts them, mm
   * @param cov what the two places are expected to err by together, m²
   * @param who the low half of the pseudonym in `one`
   */
  note(
    one: number,
    other: number,
    dx: number,
    dy: number,
    cov: PlaceCovariance,
    who: number,
  ): void {
    const [a, b] = one < other ? [one, other] : [other, one];
    const key = a * this.cameras + b;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      const [xs, ys] = [new Float64Array(KEPT), new Float64Array(KEPT)];
      pair = { a, b, dx: xs, dy: ys, who: new Float64Array(KEPT), count: 0, xx: 0, xy: 0, yy: 0 };
      this.pairs.set(key, pair);
    }
    let ofTrack = 0;
    for (let i = Math.min(pair.count, KEPT) - 1; i >= 0; i--) if (pair.who[i] === who) ofTrack++;
    if (ofTrack >= OF_ONE_TRACK) return;
    const at = pair.count++ % KEPT;
    pair.who[at] = who;
    const sign = one < other ? 1 : -1;
    pair.dx[at] = sign * dx;
    pair.dy[at] = sign * dy;
    pair.xx += 1e6 * cov[0];
    pair.xy += 1e6 * cov[1];
    pair.yy += 1e6 * cov[2];
  }

  /** Forgets the residuals, and not what was found. */
  forget(): void {
    this.pairs.clear();
    this.suspected.fill(0);
    this.cleared.fill(0);
  }

  /** A window ends: looks at all pairs again. */
  judge(startUs: number): void {
    const { cameras } = this;
    const disagreeing: Pair[] = [];
    const agrees = new Int32Array(cameras);
    const disagrees = new Int32Array(cameras);
    for (const pair of this.pairs.values()) {
      const verdict = verdictOn(pair);
      if (verdict === 'disagree') {
        disagreeing.push(pair);
        for (const camera of [pair.a, pair.b]) disagrees[camera] = (disagrees[camera] ?? 0) + 1;
      } else if (verdict === 'agree') {
        for (const camera of [pair.a, pair.b]) agrees[camera] = (agrees[camera] ?? 0) + 1;
      }
    }
    const blamed = blame(disagreeing, agrees, cameras);
    for (let camera = 0; camera < cameras; camera++) {
      const isClear = disagrees[camera] === 0 && (agrees[camera] ?? 0) > 0;
      this.update(camera, blamed.has(camera), isClear, startUs);
    }
  }

  private update(camera: number, isBlamed: boolean, isClear: boolean, startUs: number): void {
    if (isBlamed && this.suspected[camera] === 0) this.firstUs[camera] = startUs;
    this.suspected[camera] = isBlamed ? (this.suspected[camera] ?? 0) + 1 : 0;
    this.cleared[camera] = isClear ? (this.cleared[camera] ?? 0) + 1 : 0;
    const isMoved = (this.movedSinceUs[camera] ?? 0) > 0;
    if (!isMoved && (this.suspected[camera] ?? 0) >= CONFIRM_WINDOWS)
      this.movedSinceUs[camera] = this.firstUs[camera] ?? startUs;
    if (isMoved && (this.cleared[camera] ?? 0) >= CONFIRM_WINDOWS) this.movedSinceUs[camera] = 0;
  }
}

function verdictOn({ dx, dy, count, xx, xy, yy }: Pair): Verdict {
  const n = Math.min(count, KEPT);
  if (n < LEAST) return 'unknown';
  const [x, y] = [middle(dx.subarray(0, n)), middle(dy.subarray(0, n))];
  const offset = Math.hypot(x.median, y.median);
  // The standard error of a median of normal values is 1.25 times that of their mean.
  const error = (1.25 * Math.hypot(x.spread, y.spread)) / Math.SQRT2 / Math.sqrt(n);
  const [u, v] = [x.median, y.median];
  // Squared Mahalanobis distance, by the mean of the covariances.
  const beyond2 = (count * (yy * u * u - 2 * xy * u * v + xx * v * v)) / (xx * yy - xy * xy);
  const isBeyond = beyond2 > BEYOND_SD * BEYOND_SD;
  if (isBeyond && offset > OFFSET_MM && offset > SURE * error) return 'disagree';
  return offset < AGREE_MM || !isBeyond ? 'agree' : 'between';
}

/** Median, and a standard deviation that outliers do not move (1.4826 × the median absolute deviation). */
function middle(values: Float64Array): { median: number; spread: number } {
  const median = medianOf(values);
  return { median, spread: 1.4826 * medianOf(values.map((value) => Math.abs(value - median))) };
}

function medianOf(values: Float64Array): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? half - 1 : half], sorted[half]];
  return ((low ?? 0) + (high ?? 0)) / 2;
}

/** The fewest cameras that explain all disagreements, the most blamed first; both of a pair where nothing tells them apart. */
function blame(disagreeing: readonly Pair[], agrees: Int32Array, cameras: number): Set<number> {
  const blamed = new Set<number>();
  let open = [...disagreeing];
  while (open.length > 0) {
    const score = new Float64Array(cameras);
    for (const { a, b } of open) {
      score[a] = (score[a] ?? 0) + 1;
      score[b] = (score[b] ?? 0) + 1;
    }
    // What a camera agrees on speaks for it.
    for (let camera = 0; camera < cameras; camera++)
      if ((score[camera] ?? 0) > 0) score[camera] = (score[camera] ?? 0) - (agrees[camera] ?? 0);
    const involved = open.flatMap(({ a, b }) => [a, b]);
    const most = Math.max(...involved.map((camera) => score[camera] ?? 0));
    for (const camera of involved) if (score[camera] === most) blamed.add(camera);
    open = open.filter(({ a, b }) => !blamed.has(a) && !blamed.has(b));
  }
  return blamed;
}
