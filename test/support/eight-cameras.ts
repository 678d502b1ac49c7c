import type { ClosedWindow } from '@hitonami/crowd';
import { PlanHistory, SiteStream } from '@hitonami/crowd';
import {
  decodeObservation,
  encodePositionFrame,
  FrameState,
  Kind,
  polygonBox,
  polygonContains,
  type Box,
  type SitePlan,
} from '@hitonami/model';
import { PseudonymBook } from '@hitonami/privacy';
import { Random, type Scenario, startScenario, type Truth } from '@hitonami/simulator';
import { floorPlaneOptions, Tracker, type PlaneDetection } from '@hitonami/tracking';
import { label, lineFrom, rectangle, testPlan } from './plans.js';

/** 2026-01-01T00:00:00Z, µs: the start of a window of any length. */
export const EIGHT_START_US = 1_767_225_600_000_000;

const LENGTH_M = 60;
const WIDTH_M = 20;
const PERIOD_S = 0.2;
/** The cameras see one after the other: a quarter of them at each step. */
const STEP_S = 0.05;
const TURNS = 4;
/** At the end nobody comes in for so long, so that nearly everybody has left by then, s. */
const DRAIN_S = 50;

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

const floor = rectangle(0, 0, LENGTH_M, WIDTH_M).coordinates;

/** A concourse of 60 m × 20 m with 8 cameras: overlaps of 2 m, a blind gap of 6 m across its middle. */
const plan: SitePlan = testPlan({
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
  cameras,
});

const doors = [
  { id: 'west-south', from: [0, 2], to: [0, 8] },
  { id: 'west-north', from: [0, 12], to: [0, 18] },
  { id: 'east-south', from: [60, 2], to: [60, 8] },
  { id: 'east-north', from: [60, 12], to: [60, 18] },
  { id: 'south', from: [21, 0], to: [25, 0] },
  { id: 'north', from: [40, 20], to: [44, 20] },
] as const;

/** People of all doors to all others, alike. */
export function concourse(seconds: number, ratePerMin: number): Scenario {
  const rate = ratePerMin / doors.length;
  return {
    name: 'concourse',
    plan,
    world: {
      ...EMPTY,
      walkable: floor,
      // Pillars along the middle; the lines end at two of them.
      obstacles: [11, 17.5, 24, 31, 40.5, 50].map((x) => ({
        ...{ id: `pillar-${String(x)}`, kind: 'pillar', heightM: 4 },
        polygon: rectangle(x, 9, x + 1, 11).coordinates[0]?.slice(0, -1) ?? [],
      })),
      doors,
    },
    durationS: seconds,
    cameras: [],
    demand: {
      streams: doors.map(({ id }) => ({
        from: id,
        to: Object.fromEntries(doors.filter((door) => door.id !== id).map((door) => [door.id, 1])),
        ratePerMin: [
          [seconds - DRAIN_S - 1, rate],
          [seconds - DRAIN_S, 0],
        ],
      })),
      ...{ groups: [], crowds: [], pairShare: 0.2, pauseShare: 0.15, maxPeople: 400 },
      kinds: { pushchair: 0.02, wheelchair: 0.01, bicycle: 0 },
    },
  };
}

const EMPTY = { gates: [], stairs: [], platforms: [], trains: [] };

export interface EightCameraOptions {
  seed: number;
  /** What to run instead of the concourse. */
  scenario: Scenario;
  /** How a camera puts people on the floor from `fromS` on, where it was moved: from the true place to where it believes them. */
  moved?: { camera: string; fromS: number; place: (x: number, y: number) => [number, number] };
}

export interface EightCameraRun {
  windows: ClosedWindow[];
  truth: Truth;
  /** People-frames folded. */
  sightings: number;
  /** CPU time of the fold alone, s. */
  foldS: number;
}

/** Walks a crowd through a place, tracks it with the real tracker of each camera, and folds what they say. */
export function runEightCameras(options: EightCameraOptions): EightCameraRun {
  const { seed, scenario } = options;
  const run = startScenario(scenario, seed);
  const random = new Random(seed ^ 0x5eed);
  const devices = scenario.plan.cameras.map(
    (camera, i) => new Device(scenario.plan.site, camera, i, random, options),
  );
  const measured = new Log(scenario.plan);
  for (let tick = 0; tick < scenario.durationS / STEP_S; tick++) {
    run.step(STEP_S);
    const atUs = EIGHT_START_US + Math.round(run.timeS * 1e6);
    const people = run.people();
    for (const [i, device] of devices.entries()) {
      if (tick % TURNS === i % TURNS) measured.push(device.frame(atUs, people));
    }
  }
  measured.end();
  return {
    ...{ windows: measured.windows, truth: run.truth, foldS: measured.cpuUs / 1e6 },
    sightings: devices.reduce((sum, device) => sum + device.sightings, 0),
  };
}

/** False detections begin so often in each camera, and last for so long on average. */
const FALSE_PER_S = 0.05;
const FALSE_LASTS_S = 0.5;

/** A camera with a detector that errs, its tracker and its pseudonyms. */
class Device {
  sightings = 0;
  private readonly tracker = new Tracker(floorPlaneOptions());
  private readonly book: PseudonymBook;
  private readonly random: Random;
  private readonly camera: SitePlan['cameras'][number];
  private readonly site: string;
  private readonly session: number;
  private readonly box: Box;
  private readonly at: readonly [number, number];
  private readonly moved: EightCameraOptions['moved'];
  private ghost: { x: number; y: number; untilUs: number } | undefined;
  private sequence = 0;

  constructor(
    site: string,
    camera: SitePlan['cameras'][number],
    index: number,
    random: Random,
    { moved }: EightCameraOptions,
  ) {
    this.site = site;
    this.camera = camera;
    this.random = new Random(random.nextUint32());
    this.session = index + 1;
    this.book = new PseudonymBook((count) =>
      Uint32Array.from({ length: count }, () => this.random.nextUint32()),
    );
    const { minX, minY, maxX, maxY } = (this.box = polygonBox(camera.coverage.coordinates));
    // It hangs at the outer wall, above the middle of its coverage.
    this.at = [(minX + maxX) / 2, minY === 0 ? 0 : maxY];
    this.moved = moved?.camera === camera.id ? moved : undefined;
  }

  frame(atUs: number, people: readonly { x: number; y: number }[]): Buffer {
    const seen = this.tracker.step(atUs, this.detect(atUs, people));
    this.sightings += seen.length;
    for (const track of this.tracker.ended) this.book.forget(track);
    const names = seen.map(({ track }) => this.book.name(track, atUs).pseudonym);
    const column = (value: (person: (typeof seen)[number]) => number): Int32Array =>
      Int32Array.from(seen, (person) => Math.round(1000 * value(person)));
    const count = seen.length;
    return encodePositionFrame({
      ...{ site: this.site, camera: this.camera.id, sessionHi: 1, sessionLo: this.session },
      ...{ sequence: this.sequence++, capturedUs: atUs, receivedUs: atUs + 60_000 },
      ...{ planVersion: 1, periodUs: PERIOD_S * 1e6, saturationPermille: 0, renewed: 0, count },
      state: count > 0 ? FrameState.seen : FrameState.empty,
      floors: count > 0 ? [this.camera.floor] : [],
      tracks: Uint32Array.from(names.flatMap(({ lo, hi }) => [lo, hi])),
      ...{ xMm: column(({ x }) => x), yMm: column(({ y }) => y) },
      ...{ vxMmS: column(({ vx }) => vx), vyMmS: column(({ vy }) => vy) },
      floor: new Uint8Array(count),
      confidence: new Uint8Array(count).fill(220),
      kind: new Uint8Array(count).fill(Kind.person),
    });
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
      const { minX, minY, maxX, maxY } = this.box;
      this.ghost = {
        ...{ x: random.between(minX, maxX), y: random.between(minY, maxY) },
        untilUs: atUs + 1e6 * FALSE_LASTS_S * random.exponential(),
      };
    }
    if (this.ghost && atUs < this.ghost.untilUs) add(this.ghost.x, this.ghost.y, 0.6);
    return found;
  }
}

/** The stream of the site, fed as the log is written. */
class Log {
  readonly windows: ClosedWindow[] = [];
  cpuUs = 0;
  private readonly stream: SiteStream;
  private readonly site: string;
  private offset = 0;

  constructor(plan: SitePlan) {
    const plans = new PlanHistory();
    plans.add(plan, 0);
    this.site = plan.site;
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
    const tick = { type: 'tick', tick: { site: this.site, nowUs } } as const;
    this.windows.push(...this.stream.push(tick, this.offset++).closed);
  }
}
