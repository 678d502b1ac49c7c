import { type FilmMoment, startFilm, Studio, toJpeg } from '@hitonami/renderer';
import { scenario, startScenario } from '@hitonami/simulator';
import {
  cpuSecondsSince,
  median,
  secondsSince,
  type BenchOptions,
  type Figure,
} from './measure.js';

const SEED = 3;
/** Seconds of the scenario before the first picture, and between two of a camera. */
const RUN_IN_S = 40;
const FRAME_S = 0.2;
const STEP_S = 0.1;
const WORKERS = 2;
/** Rounds before a clock starts: until the compiler has made its best of the drawing loops. */
const WARM_UP = 6;

/** Pictures of a station with people, as the demo films them: CPU time of one, and how many two threads give. */
export async function renderer({ quick, say }: BenchOptions): Promise<Figure[]> {
  say('renderer: pictures of a quiet station and of a rush hour');
  const quiet = await perFrame('quiet-morning', quick ? 4 : 12);
  const rush = await perFrame('rush-hour', quick ? 2 : 6);
  say('renderer: two threads');
  const rate = await filmed('quiet-morning', quick ? 6 : 20);
  return [
    {
      key: 'renderer_frames_per_cpu_s',
      value: quiet.perCpuS,
      unit: 'frames/CPU s',
      goal: 67,
      what: `a picture of 640×480 with ${quiet.people} people in it, figures, drawing and JPEG, one thread`,
    },
    {
      key: 'renderer_rush_frames_per_cpu_s',
      value: rush.perCpuS,
      unit: 'frames/CPU s',
      what: `… in a rush hour, with ${rush.people} people in it`,
    },
    {
      key: 'renderer_film_frames_per_s',
      value: rate,
      unit: 'frames/s',
      goal: 40,
      what: `all cameras of a station filmed by ${String(WORKERS)} threads, as fast as they go`,
    },
  ];
}

interface Measured {
  perCpuS: number;
  /** Mean number of people in a picture. */
  people: string;
}

/** Moments of a scenario, as many as wanted. */
function moments(name: string, count: number): FilmMoment[] {
  const run = startScenario(scenario(name), SEED);
  const advance = (seconds: number): void => {
    for (let i = 0; i < Math.round(seconds / STEP_S); i++) run.step(STEP_S);
  };
  advance(RUN_IN_S);
  return Array.from({ length: count }, () => {
    advance(FRAME_S);
    return { timeS: run.timeS, people: structuredClone(run.people()), trains: run.trains() };
  });
}

async function perFrame(name: string, rounds: number): Promise<Measured> {
  const { world, cameras } = scenario(name);
  const studio = new Studio({ world, cameras, seed: SEED });
  const all = moments(name, rounds);
  // The places are drawn, and the people dressed, before any clock starts.
  for (let i = 0; i < WARM_UP; i++) {
    for (const { id } of cameras) for (const moment of all.slice(0, 2)) studio.frame(id, moment);
  }
  const costs: number[] = [];
  let people = 0;
  for (const moment of all) {
    const start = process.cpuUsage();
    for (const { id } of cameras) {
      const { rgb, width, height, sensor, truth } = studio.frame(id, moment);
      await toJpeg(rgb, width, height, sensor);
      people += truth.filter(({ visible }) => visible > 0).length;
    }
    costs.push(cpuSecondsSince(start) / cameras.length);
  }
  return { perCpuS: 1 / median(costs), people: (people / rounds / cameras.length).toFixed(0) };
}

async function filmed(name: string, rounds: number): Promise<number> {
  const { world, cameras } = scenario(name);
  const film = startFilm({ world, cameras, seed: SEED, workers: WORKERS });
  try {
    const all = moments(name, rounds);
    const draw = (moment: FilmMoment): Promise<unknown> =>
      Promise.all(cameras.map(({ id }) => film.frame(id, moment)));
    for (let i = 0; i < WARM_UP; i++) for (const moment of all.slice(0, 2)) await draw(moment);
    const start = performance.now();
    for (const moment of all) await draw(moment);
    return (rounds * cameras.length) / secondsSince(start);
  } finally {
    await film.close();
  }
}
