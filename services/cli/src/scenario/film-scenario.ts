import { runCamera, type CameraConfig } from '@hitonami/camera';
import { startFilm, type Film, type FilmMoment } from '@hitonami/renderer';
import type { Address, Receipt } from '@hitonami/service';
import type { Scenario } from '@hitonami/simulator';
import { HitonamiError } from '@hitonami/model';
import { commandLogger } from '../command-logger.js';
import { REPLAY_QUEUE } from '../compose.js';

/** How often every camera of a scenario takes a picture, 1/s. */
export const FRAMES_PER_S = 5;
/** Threads that draw. */
const WORKERS = 2;

export interface Filming {
  ingestor: Address;
  mode: CameraConfig['mode'];
  /** Capture time of the first picture, where the mode is lossless, µs. */
  startUs?: number;
  /** What a camera (0, 1, … in the plan's order) sees, picture by picture. */
  instants: (camera: number, signal: AbortSignal) => AsyncIterable<FilmMoment>;
  onReceipt?: (receipt: Receipt) => void;
  signal?: AbortSignal;
  /** How often every camera takes a picture, 1/s. Default `FRAMES_PER_S`. */
  framesPerS?: number;
  /** Draws the pictures, and is left open. Default: one of its own. */
  film?: Film;
}

/**
 * Draws what every camera of a scenario sees and sends it, as camera agents send their frames, until the instants end.
 * @throws HitonamiError `INPUT` where a frame is rejected; what a camera agent throws
 */
export async function filmScenario(
  scenario: Scenario,
  seed: number,
  filming: Filming,
): Promise<void> {
  const { plan } = scenario;
  const { world, cameras } = scenario;
  const film = filming.film ?? startFilm({ world, cameras, seed, workers: WORKERS });
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(filming.signal ? [filming.signal] : [])]);
  const shoot = async (camera: string, index: number): Promise<void> => {
    await runCamera(
      {
        site: plan.site,
        camera,
        source: `scenario ${scenario.name}`,
        pictures: async function* (stop) {
          for await (const instant of filming.instants(index, stop))
            yield (await film.frame(camera, instant)).jpeg;
        },
        ingestor: filming.ingestor,
        framesPerS: filming.framesPerS ?? FRAMES_PER_S,
        mode: filming.mode,
        ...(filming.startUs !== undefined && { startUs: filming.startUs }),
        limits: filming.mode === 'lossless' ? { inFlightMax: REPLAY_QUEUE } : {},
      },
      {
        logger: commandLogger('camera', 'error'),
        signal,
        onReceipt: (receipt) => {
          if (receipt.rejected) failed.abort(rejection(camera, receipt.rejected.detail));
          filming.onReceipt?.(receipt);
        },
      },
    );
  };
  try {
    await Promise.all(plan.cameras.map(({ id }, index) => shoot(id, index)));
  } catch (error) {
    // One camera failed: the others are not waited for in vain.
    failed.abort(error);
    throw error;
  } finally {
    if (filming.film === undefined) await film.close();
  }
  if (failed.signal.aborted) throw failed.signal.reason;
}

function rejection(camera: string, detail: string): HitonamiError {
  return new HitonamiError('INPUT', `a drawn frame of ${camera} was rejected: ${detail}`);
}
