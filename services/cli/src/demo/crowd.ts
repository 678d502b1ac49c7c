import { polygonContains, type PlanCamera, type SitePlan } from '@hitonami/model';
import { createGrpcClient, type Address, type PositionBatch } from '@hitonami/service';
import { Random, simulate, type SimulatedPerson } from '@hitonami/simulator';

/** Sensors report five times a second. */
const PERIOD_MS = 200;
/** Error of a sensor's position, standard deviation, m. */
const NOISE_M = 0.05;
const NOISE_MAX_M = 0.2;

/** A rush that swells and ebbs every three minutes, people/min. */
function ratePerMin(timeS: number): number {
  return 200 + 140 * Math.sin((2 * Math.PI * timeS) / 180);
}

/** The demo station's crowd: people walk between the west door, the north door and the stairs through the gates. */
function demoSimulation(seed: number) {
  const doors = {
    west: { id: 'west', from: [0, 3.5], to: [0, 8.5] },
    north: { id: 'north', from: [3, 12], to: [6.5, 12] },
    stairs: { id: 'stairs', from: [24, 3.5], to: [24, 8.5] },
  } as const;
  const barrier = (y0: number, y1: number) =>
    [
      [15.8, y0],
      [16.2, y0],
      [16.2, y1],
      [15.8, y1],
    ] as const;
  return simulate({
    seed,
    walkable: [
      [0, 0],
      [21, 0],
      [21, 3],
      [24, 3],
      [24, 9],
      [21, 9],
      [21, 12],
      [0, 12],
    ],
    obstacles: [barrier(0.1, 3), barrier(9, 11.9)],
    entries: Object.values(doors),
    exits: Object.values(doors),
    routes: {
      west: { stairs: 4, north: 1 },
      north: { stairs: 3, west: 1 },
      stairs: { west: 4, north: 3 },
    },
    ratePerMin,
    pauseShare: 0.1,
  });
}

/** Sends what each sensor of the plan would see of a simulated crowd through the position door, in real time. */
export async function startDemoCrowd(plan: SitePlan, doors: Address, seed: number) {
  const client = createGrpcClient({ door: 'PositionIngest', address: doors });
  await client.waitUntilConnected(10_000);
  const simulation = demoSimulation(seed);
  const noise = new Random(seed + 1);
  const stream = client.stream();
  stream.on('data', () => undefined);
  let failure: Error | undefined;
  stream.on('error', (error) => (failure = error));
  let sequence = 0;
  const timer = setInterval(() => {
    if (failure) return;
    simulation.step(PERIOD_MS / 1000);
    const capturedUs = Date.now() * 1000;
    const people = simulation.people();
    for (const camera of plan.cameras) {
      stream.write(seenBy(plan, camera, people, { sequence, capturedUs }, noise));
    }
    sequence++;
  }, PERIOD_MS);
  return {
    /** People who are truly there now. */
    present: () => simulation.people().length,
    stop: (): void => {
      clearInterval(timer);
      stream.end();
      client.close();
    },
  };
}

function seenBy(
  plan: SitePlan,
  camera: PlanCamera,
  people: readonly SimulatedPerson[],
  frame: { sequence: number; capturedUs: number },
  noise: Random,
): PositionBatch {
  const noisy = (value: number): number =>
    value + noise.normal(0, NOISE_M, -NOISE_MAX_M, NOISE_MAX_M);
  const seen = people.filter(({ x, y }) => polygonContains(camera.coverage.coordinates, x, y));
  return {
    site: plan.site,
    camera: camera.id,
    ...frame,
    periodUs: PERIOD_MS * 1000,
    blind: false,
    floor: '',
    xM: seen.map(({ x }) => noisy(x)),
    yM: seen.map(({ y }) => noisy(y)),
    vxMS: seen.map(({ vx }) => vx),
    vyMS: seen.map(({ vy }) => vy),
    confidence: [],
    kind: [],
    track: seen.map(({ id }) => String(id)),
  };
}
