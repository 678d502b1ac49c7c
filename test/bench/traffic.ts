import { encodePositionFrame, FrameState, Kind, parsePlan, type SitePlan } from '@hitonami/model';
import { lineFrom, label, planText, rectangle } from '../support/plans.js';

/** People in one message (two cameras that overlap show the same ones there), cameras of the site, and time between two frames of a camera. */
export const PEOPLE_PER_FRAME = 20;
const CAMERAS_PER_SIDE = 10;
const CAMERAS = CAMERAS_PER_SIDE ** 2;
const PERIOD_US = 200_000;
export const FRAMES_PER_S = (CAMERAS * 1_000_000) / PERIOD_US;

/** A camera sees this far beyond its own 10 m × 10 m, m. */
const OVERLAP_M = 1;
const CELL_M = 10;
/** How long a camera knows a walker by one pseudonym, µs. */
const LIFETIME_US = 45_000_000;
const ANY_SEED = 0x2545f491;

/** Text of the plan: one floor of 100 m × 100 m, 100 cameras, 16 areas (some overlap), 6 count lines. */
export function trafficPlanText(): string {
  const grid = (side: number, from: number): [number, number][] =>
    Array.from({ length: side * side }, (_, i) => [from + (i % side), from + Math.floor(i / side)]);
  return planText({
    site: 'bench',
    areas: [
      ...grid(4, 0).map(([x, y], i) => ({
        id: `area-${String(i)}`,
        floor: 'f1',
        name: label,
        kind: i % 3 === 0 ? 'stairs' : 'walkway',
        polygon: rectangle(x * 25 + 1.3, y * 25 + 1.3, x * 25 + 25.4, y * 25 + 22.7),
      })),
    ],
    lines: [1, 2, 3, 5, 7, 8].map((at) => ({
      id: `line-${String(at)}`,
      floor: 'f1',
      name: label,
      line: lineFrom([at * CELL_M + 5, at * CELL_M + 1], [at * CELL_M + 5, at * CELL_M + 9]),
    })),
    cameras: grid(CAMERAS_PER_SIDE, 0).map(([x, y], i) => ({
      id: `camera-${String(i)}`,
      floor: 'f1',
      coverage: rectangle(
        x * CELL_M - OVERLAP_M,
        y * CELL_M - OVERLAP_M,
        (x + 1) * CELL_M + OVERLAP_M,
        (y + 1) * CELL_M + OVERLAP_M,
      ),
    })),
  });
}

export function trafficPlan(): SitePlan {
  return parsePlan(trafficPlanText());
}

/** Records of the `observations` topic in the order of capture: `durationS` seconds from `startUs` on, walkers with stable pseudonyms. */
export function* traffic(startUs: number, durationS: number): Generator<Buffer> {
  const random = xorshift(ANY_SEED);
  const zones = Array.from({ length: ZONES_PER_SIDE ** 2 }, (_, i) => walkersOf(i, random));
  const cameras = Array.from({ length: CAMERAS }, (_, i) => new CameraView(i, zones, random));
  const frames = (durationS * 1_000_000) / PERIOD_US;
  for (let sequence = 0; sequence < frames; sequence++) {
    for (const walker of zones.flat()) step(walker);
    for (const [i, camera] of cameras.entries()) {
      yield camera.frame(sequence, startUs, Math.round((i * PERIOD_US) / CAMERAS));
    }
  }
}

/** Goes straight and turns at the edge of a zone, so that every message has as many people; metres and m/s. */
interface Walker {
  x: number;
  y: number;
  vx: number;
  vy: number;
  /** From x and y to x and y. */
  zone: readonly [number, number, number, number];
}

/** Side by side: where two cameras see, where one sees alone, where two see … */
const ZONES_PER_SIDE = 2 * CAMERAS_PER_SIDE + 1;

/** As many to the square metre everywhere, so that each camera sees 8 alone, 8 with one other and 4 with three others. */
function walkersOf(index: number, random: () => number): Walker[] {
  const [column, row] = [index % ZONES_PER_SIDE, Math.floor(index / ZONES_PER_SIDE)];
  const from = (at: number): number =>
    Math.floor(at / 2) * CELL_M + (at % 2 === 0 ? -OVERLAP_M : OVERLAP_M);
  const size = (at: number): number => (at % 2 === 0 ? 2 * OVERLAP_M : CELL_M - 2 * OVERLAP_M);
  const [x0, y0] = [from(column), from(row)];
  const [width, height] = [size(column), size(row)];
  const count = Math.max(1, Math.round((width * height) / 8));
  return Array.from({ length: count }, () => {
    const angle = random() * 2 * Math.PI;
    const speed = 0.6 + random();
    return {
      x: x0 + random() * width,
      y: y0 + random() * height,
      vx: speed * Math.cos(angle),
      vy: speed * Math.sin(angle),
      zone: [x0, y0, x0 + width, y0 + height],
    };
  });
}

function step(walker: Walker): void {
  const [x0, y0, x1, y1] = walker.zone;
  walker.x += (walker.vx * PERIOD_US) / 1_000_000;
  walker.y += (walker.vy * PERIOD_US) / 1_000_000;
  if (walker.x < x0 || walker.x > x1) walker.vx = Math.abs(walker.vx) * (walker.x < x0 ? 1 : -1);
  if (walker.y < y0 || walker.y > y1) walker.vy = Math.abs(walker.vy) * (walker.y < y0 ? 1 : -1);
}

/** One camera, and the pseudonyms that its tracker gives the walkers. */
class CameraView {
  private readonly id: string;
  private readonly random: () => number;
  private readonly walkers: readonly Walker[];
  /** When each was seen first, µs since the start. */
  private readonly bornUs: number[];
  private readonly session: number;
  private readonly tracks = new Uint32Array(2 * PEOPLE_PER_FRAME);
  private readonly xMm = new Int32Array(PEOPLE_PER_FRAME);
  private readonly yMm = new Int32Array(PEOPLE_PER_FRAME);
  private readonly vxMmS = new Int32Array(PEOPLE_PER_FRAME);
  private readonly vyMmS = new Int32Array(PEOPLE_PER_FRAME);

  constructor(index: number, zones: readonly Walker[][], random: () => number) {
    this.id = `camera-${String(index)}`;
    this.random = random;
    this.session = Math.floor(random() * 2 ** 32);
    const [column, row] = [index % CAMERAS_PER_SIDE, Math.floor(index / CAMERAS_PER_SIDE)];
    this.walkers = [0, 1, 2].flatMap((dy) =>
      [0, 1, 2].flatMap((dx) => zones[(2 * row + dy) * ZONES_PER_SIDE + 2 * column + dx] ?? []),
    );
    if (this.walkers.length !== PEOPLE_PER_FRAME) throw new Error('as many people in each frame');
    this.bornUs = this.walkers.map(() => -random() * LIFETIME_US);
    for (let i = 0; i < this.tracks.length; i++) this.tracks[i] = Math.floor(random() * 2 ** 32);
  }

  /** @param afterUs how long after the others' step it sees */
  frame(sequence: number, startUs: number, afterUs: number): Buffer {
    const { walkers, tracks, bornUs, random } = this;
    const elapsedUs = sequence * PERIOD_US;
    const capturedUs = startUs + elapsedUs + afterUs;
    for (const [i, { x, y, vx, vy }] of walkers.entries()) {
      if (elapsedUs - (bornUs[i] ?? 0) > LIFETIME_US) {
        bornUs[i] = elapsedUs;
        tracks[2 * i] = Math.floor(random() * 2 ** 32);
        tracks[2 * i + 1] = Math.floor(random() * 2 ** 32);
      }
      this.xMm[i] = Math.round(x * 1000 + (vx * afterUs) / 1000);
      this.yMm[i] = Math.round(y * 1000 + (vy * afterUs) / 1000);
      this.vxMmS[i] = Math.round(vx * 1000);
      this.vyMmS[i] = Math.round(vy * 1000);
    }
    return encodePositionFrame({
      site: 'bench',
      camera: this.id,
      sessionHi: 1,
      sessionLo: this.session,
      sequence,
      capturedUs,
      receivedUs: capturedUs + 60_000,
      planVersion: 1,
      periodUs: PERIOD_US,
      state: FrameState.seen,
      saturationPermille: 0,
      renewed: 0,
      floors: ['f1'],
      count: PEOPLE_PER_FRAME,
      tracks,
      xMm: this.xMm,
      yMm: this.yMm,
      vxMmS: this.vxMmS,
      vyMmS: this.vyMmS,
      floor: new Uint8Array(PEOPLE_PER_FRAME),
      confidence: new Uint8Array(PEOPLE_PER_FRAME).fill(220),
      kind: new Uint8Array(PEOPLE_PER_FRAME).fill(Kind.person),
    });
  }
}

/** Marsaglia's xorshift: the same walkers in every run. */
export function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
