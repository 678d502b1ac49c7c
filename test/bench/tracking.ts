import { Tracker, type PlaneDetection } from '@hitonami/tracking';
import { cpuSecondsSince, interleave, type BenchOptions, type Figure } from './measure.js';
import { xorshift } from './traffic.js';

const PEOPLE = 10;
const FRAMES = 2_000;
const PERIOD_US = 200_000;
/** The floor in view, m: how far to both sides of the camera's axis, and how far away. */
const HALF_WIDTH_M = 8;
const NEAR_M = 4;
const DEPTH_M = 12;
/** Of a camera that looks straight ahead, m and px. */
const CAMERA_HEIGHT_M = 4;
const FOCAL_PX = 420;
const PERSON_M = 1.7;
const WIDTH_M = 0.5;
/** How much of a person's boxes are missed, how far a foot point is off, and the edge of a box where the person stands, m. */
const MISSED = 0.1;
const NOISE_M = 0.2;
const BOX_NOISE_M = 0.03;
/** Share of everybody in every frame that must be followed at least, or nothing was measured. */
const FOLLOWED = 0.6;
const ANY_SEED = 0x6d2b79f5;

const GOAL = 20_000;

/** The tracker on the floor, with boxes and covariances as the ingestor gives them, against the least that could be called tracking. */
export async function tracking({ quick, say }: BenchOptions): Promise<Figure[]> {
  say('tracking: frames of ten people through the tracker');
  const frames = walkers();
  const rate = (step: (at: number, frame: PlaneDetection[]) => number) => (): number => {
    let found = 0;
    const start = process.cpuUsage();
    for (const [i, frame] of frames.entries()) found += step(i, frame);
    const perS = FRAMES / cpuSecondsSince(start);
    if (found < FOLLOWED * FRAMES * PEOPLE) throw new Error(`${found} were followed`);
    return perS;
  };
  const contenders = {
    tracker: (): number => {
      const tracker = new Tracker();
      return rate((i, frame) => tracker.step(i * PERIOD_US, frame).length)();
    },
    nearest: rate((i, frame) => joinedToNearest(frames[i - 1] ?? [], frame)),
  };
  for (const run of Object.values(contenders)) run();
  const rounds = await interleave(quick ? 5 : 21, contenders);
  return [
    {
      key: 'tracking_frames_per_cpu_s',
      value: rounds.rate('tracker'),
      unit: 'frames/CPU s',
      goal: GOAL,
      what: 'the tracker on the floor at ten people a frame, one thread',
    },
    {
      key: 'tracking_ratio',
      value: rounds.ratio('tracker', 'nearest'),
      unit: '',
      what: '… over a loop that joins everybody to the nearest of the frame before',
    },
  ];
}

function joinedToNearest(
  before: readonly PlaneDetection[],
  now: readonly PlaneDetection[],
): number {
  const taken = new Set<number>();
  for (const { x, y } of now) {
    let nearest = -1;
    let least = 1;
    for (const [i, other] of before.entries()) {
      const away = (other.x - x) ** 2 + (other.y - y) ** 2;
      if (away >= least || taken.has(i)) continue;
      least = away;
      nearest = i;
    }
    if (nearest >= 0) taken.add(nearest);
  }
  return taken.size;
}

/** People who walk straight on, and come in again on the other side, as a detector finds them. */
function walkers(): PlaneDetection[][] {
  const random = xorshift(ANY_SEED);
  const about = (spread: number): number => spread * (random() + random() + random() - 1.5) * 2;
  const people = Array.from({ length: PEOPLE }, () => ({
    ...{ x: 2 * HALF_WIDTH_M * random(), y: DEPTH_M * random() },
    ...{ vx: about(1), vy: about(1) },
  }));
  const wrapped = (value: number, size: number): number => ((value % size) + size) % size;
  return Array.from({ length: FRAMES }, (_, frame) => {
    const timeS = (frame * PERIOD_US) / 1e6;
    return people
      .filter(() => random() >= MISSED)
      .map(({ x, y, vx, vy }): PlaneDetection => {
        const side = wrapped(x + vx * timeS, 2 * HALF_WIDTH_M) - HALF_WIDTH_M;
        const depth = NEAR_M + wrapped(y + vy * timeS, DEPTH_M);
        const scale = FOCAL_PX / depth;
        const edge = (atM: number): number => (atM + about(BOX_NOISE_M)) * scale;
        return {
          ...{ x: side + about(NOISE_M), y: depth + about(NOISE_M) },
          ...{ confidence: 0.4 + 0.6 * random(), kind: 0 },
          cov: [NOISE_M ** 2, 0, NOISE_M ** 2],
          box: [
            ...([edge(side - WIDTH_M / 2), edge(CAMERA_HEIGHT_M - PERSON_M)] as const),
            ...([edge(side + WIDTH_M / 2), edge(CAMERA_HEIGHT_M)] as const),
          ],
        };
      });
  });
}
