import { Witnesses, type Look, type Residual } from './witnesses.js';

/** Fewer people say nothing: chance alone would put many a handful of them off alike. */
const LEAST = 16;
/** Two cameras disagree where the median of where they put people is longer than this, mm, */
const OFFSET_MM = 350;
/** and than so many of its standard errors: where people are scattered widely, who is who was mistaken; */
const SURE = 5;
/**
 * and further than so many standard deviations of what a single place of both errs by. A detector that puts all feet a
 * little too high or too low moves everybody along the line of sight, alike and for good, and two cameras that face each
 * other by opposite ways; its errors are seldom all of one sign.
 */
const BEYOND_SD = 1.5;
/** They agree again below this, mm. */
const AGREE_MM = 200;
/** Windows in a row in which a camera must be suspected, or cleared, each by somebody new. */
const CONFIRM_WINDOWS = 2;

/** A pair of cameras, and who showed whether they agree. */
interface Pair {
  readonly a: number;
  readonly b: number;
  readonly witnesses: Witnesses;
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

  /** Somebody who is alone in the overlap of two cameras was looked at: `one` is the camera of the lower index. */
  note(one: number, other: number, look: Look): void {
    const key = one * this.cameras + other;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = { a: one, b: other, witnesses: new Witnesses() };
      this.pairs.set(key, pair);
    }
    pair.witnesses.note(look);
  }

  /** Forgets who was looked at, and not what was found. */
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
    const isNewAgainst = new Set<number>();
    const isNewFor = new Set<number>();
    for (const pair of this.pairs.values()) {
      const verdict = verdictOn(pair.witnesses);
      const isNew = pair.witnesses.takeNew();
      if (verdict === 'disagree') disagreeing.push(pair);
      else if (verdict !== 'agree') continue;
      const [counts, news] =
        verdict === 'agree' ? [agrees, isNewFor] : ([disagrees, isNewAgainst] as const);
      for (const camera of [pair.a, pair.b]) {
        counts[camera] = (counts[camera] ?? 0) + 1;
        if (isNew) news.add(camera);
      }
    }
    const blamed = blame(disagreeing, agrees, cameras);
    for (let camera = 0; camera < cameras; camera++) {
      const isClear = disagrees[camera] === 0 && (agrees[camera] ?? 0) > 0;
      this.suspect(camera, blamed.has(camera), isNewAgainst.has(camera), startUs);
      this.clear(camera, isClear, isNewFor.has(camera));
    }
  }

  private suspect(camera: number, isBlamed: boolean, isNew: boolean, startUs: number): void {
    if (!isBlamed) this.suspected[camera] = 0;
    if (!isBlamed || !isNew) return;
    const windows = (this.suspected[camera] ?? 0) + 1;
    this.suspected[camera] = windows;
    if (windows === 1) this.firstUs[camera] = startUs;
    if (windows >= CONFIRM_WINDOWS && this.movedSinceUs[camera] === 0)
      this.movedSinceUs[camera] = this.firstUs[camera] ?? startUs;
  }

  private clear(camera: number, isClear: boolean, isNew: boolean): void {
    if (!isClear) this.cleared[camera] = 0;
    if (!isClear || !isNew) return;
    const windows = (this.cleared[camera] ?? 0) + 1;
    this.cleared[camera] = windows;
    if (windows >= CONFIRM_WINDOWS) this.movedSinceUs[camera] = 0;
  }
}

function verdictOn(witnesses: Witnesses): Verdict {
  const residuals = witnesses.residuals();
  const n = residuals.length;
  if (n < LEAST) return 'unknown';
  const far = residuals.filter(({ isFar }) => isFar).length;
  // Where most are seen by one camera only, it is strangers whom the other sees elsewhere.
  if (2 * far > n && witnesses.unseen >= far) return 'unknown';
  const of = (value: (residual: Residual) => number): Float64Array =>
    Float64Array.from(residuals, value);
  const x = middle(of(({ dx }) => dx));
  const y = middle(of(({ dy }) => dy));
  const [u, v] = [x.median, y.median];
  const offset = Math.hypot(u, v);
  // The standard error of a median of normal values is 1.25 times that of their mean.
  const error = (1.25 * Math.hypot(x.spread, y.spread)) / Math.SQRT2 / Math.sqrt(n);
  const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / n;
  const [xx, xy, yy] = [mean(of((r) => r.xx)), mean(of((r) => r.xy)), mean(of((r) => r.yy))];
  // Squared Mahalanobis distance.
  const beyond2 = (yy * u * u - 2 * xy * u * v + xx * v * v) / (xx * yy - xy * xy);
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
