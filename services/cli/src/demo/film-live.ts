import { availableParallelism } from 'node:os';
import { startFilm, type Film } from '@hitonami/renderer';
import type { Address } from '@hitonami/service';
import type { Scenario } from '@hitonami/simulator';
import { filmScenario } from '../scenario/film-scenario.js';
import type { LiveCrowd } from './live-crowd.js';
import { framesPerSAt, paceAfter, paceFor, type Pace } from './pace.js';

/** Threads that draw: half the cores, within these bounds. */
const WORKERS = { min: 2, max: 4 } as const;
/** Pictures of every camera that are drawn before the pace is chosen: the quickest counts, as code warms up. */
const TRIALS = 6;
/** No further one is begun after this long, ms. */
const TRIALS_MS_MAX = 4_000;
/**
 * How long a pace is watched before it is judged, how often in a row it must be found too fast, and how long it may settle
 * before that, while the warehouse and the console still warm up, ms: a pace that was given up does not come back.
 */
const WATCH_MS = 10_000;
const TOO_FAST_MAX = 2;
const SETTLE_MS = 10_000;

export interface LiveFilming {
  crowd: LiveCrowd;
  ingestor: Address;
  /** The pace that is gone on with, the first time and after each change. */
  onPace: (pace: Pace) => void;
  signal: AbortSignal;
}

/**
 * Films a crowd that goes on by the clock, until the signal, as many times a second as this machine can draw and detect:
 * a slower one shows the same station less often, not one that nobody sees.
 * @throws what `filmScenario` throws
 */
export async function filmLive(
  scenario: Scenario,
  seed: number,
  { crowd, ingestor, onPace, signal }: LiveFilming,
): Promise<void> {
  const { world, cameras } = scenario;
  const workers = Math.min(WORKERS.max, Math.max(WORKERS.min, availableParallelism() >> 1));
  const film = startFilm({ world, cameras, seed, workers });
  try {
    let pace = paceFor(await quickestRoundMs(film, scenario, crowd, signal));
    while (!signal.aborted) {
      onPace(pace);
      const over = new AbortController();
      let processed = 0;
      let tooFast = 0;
      const judge = setInterval(() => {
        const due = (cameras.length * framesPerSAt(pace) * WATCH_MS) / 1000;
        const next = paceAfter(pace, processed, due);
        processed = 0;
        tooFast = next === pace ? 0 : tooFast + 1;
        if (tooFast < TOO_FAST_MAX) return;
        pace = next;
        over.abort();
      }, WATCH_MS);
      const settled = setTimeout(() => {
        processed = 0;
        judge.refresh();
      }, SETTLE_MS);
      const every = pace;
      try {
        await filmScenario(scenario, seed, {
          ...{ film, ingestor, mode: 'live', framesPerS: framesPerSAt(every) },
          instants: (_, stop) => crowd.reel.instants(stop, every),
          onReceipt: ({ outcome }) => {
            if (outcome === 'processed') processed++;
          },
          signal: AbortSignal.any([signal, over.signal]),
        });
      } finally {
        clearInterval(judge);
        clearTimeout(settled);
      }
    }
  } finally {
    await film.close();
  }
}

/** How long one picture of every camera takes, once their places are drawn, ms. */
async function quickestRoundMs(
  film: Film,
  { cameras }: Scenario,
  crowd: LiveCrowd,
  signal: AbortSignal,
): Promise<number> {
  let quickest = Infinity;
  const round = async (): Promise<void> => {
    const moment = crowd.reel.newest;
    if (moment !== undefined) await Promise.all(cameras.map(({ id }) => film.frame(id, moment)));
  };
  await round();
  const begun = performance.now();
  for (let trial = 0; trial < TRIALS && !signal.aborted; trial++) {
    const start = performance.now();
    if (start - begun > TRIALS_MS_MAX) break;
    await round();
    quickest = Math.min(quickest, performance.now() - start);
  }
  return quickest;
}
