import type { ClosedWindow } from '@hitonami/crowd';
import { PlanHistory, SiteStream } from '@hitonami/crowd';
import {
  decodeObservation,
  encodePositionFrame,
  FrameState,
  Kind,
  polygonContains,
  type SitePlan,
} from '@hitonami/model';
import { PseudonymBook } from '@hitonami/privacy';
import { Random, simulate, type Simulation } from '@hitonami/simulator';
import { floorPlaneOptions, Tracker, type PlaneDetection } from '@hitonami/tracking';
import { label, lineFrom, rectangle, testPlan } from './plans.js';

/** 2026-01-01T00:00:00Z, µs: the start of a window of any length. */
export const EIGHT_START_US = 1_767_225_600_000_000;

const LENGTH_M = 60;
const WIDTH_M = 20;
const PERIOD_S = 0.2;
const TRUTH_STEP_S = 0.1;

/** West to east: two cameras that overlap by 2 m, 6 m that nobody sees, two more; a row in the south and one in the north. */
const COLUMNS = [
  [0, 15],
  [13, 28],
  [34, 48],
  [46, 60],
] as const;
const ROWS = [
  [0, 11],
  [9, 20],
] as const;

const cameras = ROWS.flatMap(([y0, y1], row) =>
  COLUMNS.map(([x0, x1], column) => ({
    id: `camera-${row === 0 ? 'south' : 'north'}-${String(column + 1)}`,
    floor: 'f1',
    coverage: rectangle(x0, y0, x1, y1),
  })),
);

const area = (id: string, x0: number, y0: number, x1: number, y1: number) => ({
  id,
  floor: 'f1',
  name: label,
  kind: 'walkway',
  polygon: rectangle(x0, y0, x1, y1),
});

const places = {
  site: 'eight',
  areas: [
    area('west', 0, 0, 8, 20),
    area('hall-west-south', 8, 0, 28, 10),
    area('hall-west-north', 8, 10, 28, 20),
    area('hall-east-south', 34, 0, 52, 10),
    area('hall-east-north', 34, 10, 52, 20),
    area('east', 52, 0, 60, 20),
  ],
  lines: [18, 41].flatMap((x) =>
    (['south', 'north'] as const).map((side, i) => ({
      id: `line-${String(x)}-${side}`,
      floor: 'f1',
      name: label,
      line: lineFrom([x, 10 * i + 0.05], [x, 10 * i + 9.95]),
    })),
  ),
};

/** A concourse of 60 m × 20 m with 8 cameras: overlaps of 2 m, a blind gap of 6 m across its middle. */
export const eightCameraPlan: SitePlan = testPlan({ ...places, cameras });

/** The same places seen by one camera that misses nothing: what it measures is the truth. */
export const truthPlan: SitePlan = testPlan({
  ...places,
  cameras: [{ id: 'truth', floor: 'f1', coverage: rectangle(-2, -2, LENGTH_M + 2, WIDTH_M + 2) }],
});

export interface EightCameraOptions {
  seed: number;
  seconds: number;
  ratePerMin: number;
  /** How a camera puts people on the floor from `fromS` on, where it was moved: from the true place to where it believes them. */
  moved?: { camera: string; fromS: number; place: (x: number, y: number) => [number, number] };
}

export interface EightCameraRun {
  windows: ClosedWindow[];
  truth: ClosedWindow[];
  /** People-frames folded. */
  sightings: number;
  /** CPU time of the fold alone, s. */
  foldS: number;
}

/** Walks a crowd through the concourse, tracks it with the real tracker of each camera, and folds what they say. */
export function runEightCameras(options: EightCameraOptions): EightCameraRun {
  const { seed, seconds, ratePerMin } = options;
  const crowd = concourse(seed, ratePerMin);
  const random = new Random(seed ^ 0x5eed);
  const devices = eightCameraPlan.cameras.map(
    (camera, i) => new Device(camera, i, random, options),
  );
  const measured = new Log(eightCameraPlan);
  const truth = new Log(truthPlan);
  const mm = (metres: number): number => Math.round(metres * 1000);
  for (let tick = 0; tick < seconds / (TRUTH_STEP_S / 2); tick++) {
    crowd.step(TRUTH_STEP_S / 2);
    const atUs = EIGHT_START_US + Math.round(tick * (TRUTH_STEP_S / 2) * 1e6);
    const people = crowd.people();
    if (tick % 2 === 0) {
      truth.push(
        record(
          'truth',
          tick,
          atUs,
          TRUTH_STEP_S,
          people.map(({ id, x, y, vx, vy }) => ({
            ...{ lo: id, hi: 7, xMm: mm(x), yMm: mm(y) },
            ...{ vxMmS: mm(vx), vyMmS: mm(vy) },
          })),
        ),
      );
    }
    for (const [i, device] of devices.entries()) {
      // The cameras see one after the other: a quarter of them at each instant.
      if (tick % 4 !== i % 4) continue;
      measured.push(device.frame(atUs, people));
    }
  }
  measured.end();
  truth.end();
  return {
    windows: measured.windows,
    truth: truth.windows,
    sightings: devices.reduce((sum, device) => sum + device.sightings, 0),
    foldS: measured.cpuUs / 1e6,
  };
}

function concourse(seed: number, ratePerMin: number): Simulation {
  const doors = [
    { id: 'west-south', from: [0, 2], to: [0, 8] },
    { id: 'west-north', from: [0, 12], to: [0, 18] },
    { id: 'east-south', from: [60, 2], to: [60, 8] },
    { id: 'east-north', from: [60, 12], to: [60, 18] },
    { id: 'south', from: [21, 0], to: [25, 0] },
    { id: 'north', from: [40, 20], to: [44, 20] },
  ] as const;
  return simulate({
    seed,
    walkable: [
      [0, 0],
      [LENGTH_M, 0],
      [LENGTH_M, WIDTH_M],
      [0, WIDTH_M],
    ],
    // Pillars along the middle; the lines end at two of them.
    obstacles: [11, 17.5, 24, 31, 40.5, 50].map((x) => [
      [x, 9],
      [x + 1, 9],
      [x + 1, 11],
      [x, 11],
    ]),
    entries: doors,
    exits: doors,
    ratePerMin: () => ratePerMin,
    pauseShare: 0.15,
    pauseS: [3, 12],
  });
}

/** False detections begin so often in each camera, and last for so long on average. */
const FALSE_PER_S = 0.05;
const FALSE_LASTS_S = 0.5;

interface Placed {
  lo: number;
  hi: number;
  xMm: number;
  yMm: number;
  vxMmS: number;
  vyMmS: number;
}

/** A camera with a detector that errs, its tracker and its pseudonyms. */
class Device {
  sightings = 0;
  private readonly tracker = new Tracker(floorPlaneOptions());
  private readonly book: PseudonymBook;
  private readonly random: Random;
  private readonly camera: SitePlan['cameras'][number];
  private readonly session: number;
  private readonly at: readonly [number, number];
  private readonly moved: EightCameraOptions['moved'];
  private ghost: { x: number; y: number; untilUs: number } | undefined;
  private sequence = 0;

  constructor(
    camera: SitePlan['cameras'][number],
    index: number,
    random: Random,
    { moved }: EightCameraOptions,
  ) {
    this.camera = camera;
    this.random = new Random(random.nextUint32());
    this.session = index + 1;
    this.book = new PseudonymBook((count) =>
      Uint32Array.from({ length: count }, () => this.random.nextUint32()),
    );
    // It hangs at the outer wall, above the middle of its coverage.
    const ring = camera.coverage.coordinates[0] ?? [];
    const [x0, y0] = ring[0] ?? [0, 0];
    const [x1, y1] = ring[2] ?? [0, 0];
    this.at = [(x0 + x1) / 2, y0 === 0 ? 0 : y1];
    this.moved = moved?.camera === camera.id ? moved : undefined;
  }

  frame(atUs: number, people: readonly { x: number; y: number }[]): Buffer {
    const seen = this.tracker.step(atUs, this.detect(atUs, people));
    this.sightings += seen.length;
    for (const track of this.tracker.ended) this.book.forget(track);
    return record(
      this.camera.id,
      this.sequence++,
      atUs,
      PERIOD_S,
      seen.map(({ track, x, y, vx, vy }) => ({
        ...this.book.name(track, atUs).pseudonym,
        ...{ xMm: Math.round(x * 1000), yMm: Math.round(y * 1000) },
        ...{ vxMmS: Math.round(vx * 1000), vyMmS: Math.round(vy * 1000) },
      })),
      this.session,
    );
  }

  /** Error sd of 0.15 m below the camera to 0.35 m at 13 m, 5 to 10 % missed, false ones that last half a second. */
  private detect(atUs: number, people: readonly { x: number; y: number }[]): PlaneDetection[] {
    const { random, at } = this;
    const found: PlaneDetection[] = [];
    const add = (x: number, y: number, confidence: number): void => {
      const far = Math.min(1, Math.hypot(x - at[0], y - at[1]) / 13);
      const sd = 0.15 + 0.2 * far;
      const error = (): number => random.normal(0, sd, -4 * sd, 4 * sd);
      if (random.between(0, 1) < 0.05 + 0.05 * far) return;
      const [px, py] =
        this.moved && atUs >= EIGHT_START_US + this.moved.fromS * 1e6
          ? this.moved.place(x, y)
          : [x, y];
      const measuredX = px + error();
      const measuredY = py + error();
      const cov = [sd * sd, 0, sd * sd] as const;
      found.push({ x: measuredX, y: measuredY, confidence, kind: Kind.person, cov });
    };
    for (const { x, y } of people) {
      if (polygonContains(this.camera.coverage.coordinates, x, y)) add(x, y, 0.9);
    }
    if (random.between(0, 1) < FALSE_PER_S * PERIOD_S) {
      const ring = this.camera.coverage.coordinates[0] ?? [];
      const [x0, y0] = ring[0] ?? [0, 0];
      const [x1, y1] = ring[2] ?? [0, 0];
      this.ghost = {
        ...{ x: random.between(x0, x1), y: random.between(y0, y1) },
        untilUs: atUs + 1e6 * FALSE_LASTS_S * random.exponential(),
      };
    }
    if (this.ghost && atUs < this.ghost.untilUs) add(this.ghost.x, this.ghost.y, 0.6);
    return found;
  }
}

function record(
  camera: string,
  sequence: number,
  capturedUs: number,
  periodS: number,
  people: readonly Placed[],
  session = 99,
): Buffer {
  const count = people.length;
  const column = (value: (person: Placed) => number): Int32Array => Int32Array.from(people, value);
  return encodePositionFrame({
    ...{ site: 'eight', camera, sessionHi: 1, sessionLo: session, sequence, capturedUs },
    ...{ receivedUs: capturedUs + 60_000, planVersion: 1, periodUs: periodS * 1e6 },
    state: count > 0 ? FrameState.seen : FrameState.empty,
    ...{ saturationPermille: 0, renewed: 0, floors: count > 0 ? ['f1'] : [], count },
    tracks: Uint32Array.from(people.flatMap(({ lo, hi }) => [lo, hi])),
    xMm: column(({ xMm }) => xMm),
    yMm: column(({ yMm }) => yMm),
    vxMmS: column(({ vxMmS }) => vxMmS),
    vyMmS: column(({ vyMmS }) => vyMmS),
    floor: new Uint8Array(count),
    confidence: new Uint8Array(count).fill(220),
    kind: new Uint8Array(count).fill(Kind.person),
  });
}

/** The stream of the site, fed as the log is written. */
class Log {
  readonly windows: ClosedWindow[] = [];
  cpuUs = 0;
  private readonly stream: SiteStream;
  private offset = 0;

  constructor(plan: SitePlan) {
    const plans = new PlanHistory();
    plans.add(plan, 0);
    this.stream = new SiteStream({ site: plan.site, plans });
  }

  push(bytes: Buffer): void {
    const start = process.cpuUsage();
    this.windows.push(...this.stream.push(decodeObservation(bytes), this.offset++).closed);
    const { user, system } = process.cpuUsage(start);
    this.cpuUs += user + system;
  }

  end(): void {
    const nowUs = EIGHT_START_US + 86_400e6;
    const tick = { type: 'tick', tick: { site: 'eight', nowUs } } as const;
    this.windows.push(...this.stream.push(tick, this.offset++).closed);
  }
}
