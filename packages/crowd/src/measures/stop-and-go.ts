import type { MeasuredArea } from './area.js';
import type { Trajectories } from './trajectories.js';

/** Slower than this a person may be standing, m/s. */
export const STOP_SPEED_M_S = 0.15;
/** Faster than this a person goes again, m/s. Between the two they stay what they are, so that jitter makes no stops. */
export const GO_SPEED_M_S = 0.3;
/** A stop lasts at least this long, s. */
export const STOP_MIN_S = 0.5;

/** A person unseen for longer than this is taken up anew, s. */
const UNSEEN_S = 1;

export interface StopAndGoOptions {
  stopSpeedMS?: number;
  goSpeedMS?: number;
  stopMinS?: number;
}

/** What one area saw of stop-and-go. */
export interface StopAndGo {
  /** Time that people with a known speed spent inside, person·s. */
  personS: number;
  /** Of it, standing. */
  standingS: number;
  /** standingS / personS; NaN where nobody was there. */
  standingShare: number;
  /** Stops that began and ended in going, counted where the person goes again. */
  restarts: number;
  /** Restarts per minute that a person spends in the area; NaN where nobody was there. */
  restartsPerPersonMin: number;
}

/**
 * Stop-and-go: how often those in an area who were going must stop and go again. Free walking has none, a crowd that waits
 * and then leaves has none either (who was not seen going before has not been stopped), stop-and-go waves have several a
 * minute for everybody.
 *
 * That standing and moving phases exist side by side in congested crowds: Seyfried, Portz and Schadschneider (2010),
 * arXiv:1006.3546. The thresholds are hitonami's own; velocities must be better than they are: an error of 0.1 m over 1 s
 * gives 0.2 m/s to a person who stands.
 *
 * @param speed m/s for every row of the trajectories, NaN where not known
 */
export function stopAndGo(
  trajectories: Trajectories,
  speed: Float64Array,
  area: MeasuredArea,
  options: StopAndGoOptions = {},
): StopAndGo {
  const { stopSpeedMS = STOP_SPEED_M_S, goSpeedMS = GO_SPEED_M_S, stopMinS = STOP_MIN_S } = options;
  const { x, y, frame, starts, ids, framesPerS } = trajectories;
  let [personFrames, standingFrames, restarts] = [0, 0, 0];
  for (let k = 0; k < ids.length; k++) {
    const first = starts[k] as number;
    let state: 'unknown' | 'going' | 'standing' = 'unknown';
    let hasGone = false;
    let slowSince: number | undefined;
    for (let i = first; i < (starts[k + 1] as number); i++) {
      const at = frame[i] as number;
      if (i > first && (at - (frame[i - 1] as number)) / framesPerS > UNSEEN_S) {
        state = 'unknown';
        hasGone = false;
        slowSince = undefined;
      }
      const now = speed[i] as number;
      if (Number.isNaN(now)) continue;
      const isInside = area.contains(x[i] as number, y[i] as number);
      if (now > goSpeedMS) {
        if (state === 'standing' && hasGone && isInside) restarts++;
        state = 'going';
        hasGone = true;
        slowSince = undefined;
      } else if (now < stopSpeedMS) {
        slowSince ??= at;
        if ((at - slowSince) / framesPerS >= stopMinS) state = 'standing';
      } else if (state !== 'standing') slowSince = undefined;
      if (!isInside) continue;
      personFrames++;
      if (state === 'standing') standingFrames++;
    }
  }
  const personS = personFrames / framesPerS;
  return {
    personS,
    standingS: standingFrames / framesPerS,
    standingShare: standingFrames / personFrames,
    restarts,
    restartsPerPersonMin: (60 * restarts) / personS,
  };
}
