import { encodePositionFrame, FrameState, Kind, parsePlan, type SitePlan } from '@hitonami/model';
import { lineFrom, label, planText, rectangle } from '../support/plans.js';

/** People in one message, cameras of the site, and time between two frames of a camera. */
export const PEOPLE_PER_FRAME = 20;
const CAMERAS_PER_SIDE = 10;
const CAMERAS = CAMERAS_PER_SIDE ** 2;
const PERIOD_US = 200_000;
export const FRAMES_PER_S = (CAMERAS * 1_000_000) / PERIOD_US;

/** A camera sees this far beyond its own 10 m × 10 m, m. */
const OVERLAP_M = 1;
const CELL_M = 10;
/** How long a walker keeps a pseudonym, µs; then another person takes the place. */
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
  const cameras = Array.from({ length: CAMERAS }, (_, i) => new CameraView(i, random));
  const frames = (durationS * 1_000_000) / PERIOD_US;
  for (let sequence = 0; sequence < frames; sequence++) {
    for (const [i, camera] of cameras.entries()) {
      yield camera.frame(
        sequence,
        startUs + sequence * PERIOD_US + Math.round((i * PERIOD_US) / CAMERAS),
      );
    }
  }
}

/** One camera with its walkers, who go straight and turn at the edge of what it sees. */
class CameraView {
  private readonly id: string;
  private readonly random: () => number;
  private readonly walkers: { x: number; y: number; vx: number; vy: number; bornUs: number }[];
  private readonly session: number;
  private readonly tracks = new Uint32Array(2 * PEOPLE_PER_FRAME);
  private readonly xMm = new Int32Array(PEOPLE_PER_FRAME);
  private readonly yMm = new Int32Array(PEOPLE_PER_FRAME);
  private readonly vxMmS = new Int32Array(PEOPLE_PER_FRAME);
  private readonly vyMmS = new Int32Array(PEOPLE_PER_FRAME);
  private readonly left: number;
  private readonly bottom: number;

  constructor(index: number, random: () => number) {
    this.id = `camera-${String(index)}`;
    this.random = random;
    this.session = Math.floor(random() * 2 ** 32);
    this.left = (index % CAMERAS_PER_SIDE) * CELL_M - OVERLAP_M;
    this.bottom = Math.floor(index / CAMERAS_PER_SIDE) * CELL_M - OVERLAP_M;
    const size = CELL_M + 2 * OVERLAP_M;
    this.walkers = Array.from({ length: PEOPLE_PER_FRAME }, () => {
      const angle = random() * 2 * Math.PI;
      const speed = 0.6 + random();
      return {
        x: random() * size,
        y: random() * size,
        vx: speed * Math.cos(angle),
        vy: speed * Math.sin(angle),
        bornUs: -random() * LIFETIME_US,
      };
    });
    for (let i = 0; i < this.tracks.length; i++) this.tracks[i] = Math.floor(random() * 2 ** 32);
  }

  frame(sequence: number, capturedUs: number): Buffer {
    const { walkers, tracks, random } = this;
    const size = CELL_M + 2 * OVERLAP_M;
    const elapsedUs = sequence * PERIOD_US;
    for (const [i, walker] of walkers.entries()) {
      if (elapsedUs - walker.bornUs > LIFETIME_US) {
        walker.bornUs = elapsedUs;
        tracks[2 * i] = Math.floor(random() * 2 ** 32);
        tracks[2 * i + 1] = Math.floor(random() * 2 ** 32);
      }
      walker.x += (walker.vx * PERIOD_US) / 1_000_000;
      walker.y += (walker.vy * PERIOD_US) / 1_000_000;
      if (walker.x < 0 || walker.x > size)
        walker.vx = Math.abs(walker.vx) * (walker.x < 0 ? 1 : -1);
      if (walker.y < 0 || walker.y > size)
        walker.vy = Math.abs(walker.vy) * (walker.y < 0 ? 1 : -1);
      this.xMm[i] = Math.round((this.left + walker.x) * 1000);
      this.yMm[i] = Math.round((this.bottom + walker.y) * 1000);
      this.vxMmS[i] = Math.round(walker.vx * 1000);
      this.vyMmS[i] = Math.round(walker.vy * 1000);
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
