/** The clock of the replay: which window is shown, and how fast the next follow. Pure: the time that passed comes in. */
export const SPEEDS = [1, 10, 60, 300, 900] as const;
export type Speed = (typeof SPEEDS)[number];

export interface ReplayClock {
  /** Windows of the period. */
  count: number;
  /** Length of a window, seconds. */
  stepS: number;
  /** Which window is shown, from 0. */
  index: number;
  /** Seconds of the replayed time since the window began to show. */
  intoS: number;
  isPlaying: boolean;
  /** Replayed seconds in a second. */
  speed: Speed;
}

export const replayClock = (count: number, stepS: number): ReplayClock => ({
  count,
  stepS,
  index: 0,
  intoS: 0,
  isPlaying: false,
  speed: stepS >= 900 ? 900 : 60,
});

/** A pause in the picture (a tab in the background) is not caught up with: at most this long at once, seconds. */
const ELAPSED_MAX_S = 1;

/** Lets time pass. At the last window the clock stands. */
export function pass(clock: ReplayClock, elapsedMs: number): ReplayClock {
  if (!clock.isPlaying || clock.count === 0) return clock;
  const elapsedS = Math.min(Math.max(0, elapsedMs) / 1_000, ELAPSED_MAX_S);
  const intoS = clock.intoS + elapsedS * clock.speed;
  const steps = Math.floor(intoS / clock.stepS);
  const index = clock.index + steps;
  if (index >= clock.count - 1) {
    return { ...clock, index: clock.count - 1, intoS: 0, isPlaying: false };
  }
  return { ...clock, index, intoS: intoS - steps * clock.stepS };
}

export function seek(clock: ReplayClock, index: number): ReplayClock {
  const to = Math.max(0, Math.min(clock.count - 1, Math.round(index)));
  return { ...clock, index: to, intoS: 0 };
}

/** Plays on, or from the beginning where the end is shown. */
export function toggle(clock: ReplayClock): ReplayClock {
  if (clock.isPlaying) return { ...clock, isPlaying: false };
  if (clock.count < 2) return clock;
  const isAtEnd = clock.index >= clock.count - 1;
  return { ...clock, isPlaying: true, index: isAtEnd ? 0 : clock.index, intoS: 0 };
}

export const withSpeed = (clock: ReplayClock, speed: Speed): ReplayClock => ({ ...clock, speed });

/** The next faster or slower speed. */
export function changeSpeed(clock: ReplayClock, by: 1 | -1): ReplayClock {
  const at = SPEEDS.indexOf(clock.speed) + by;
  return { ...clock, speed: SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))] ?? clock.speed };
}

/** The clock of other data: the same share of the way, standing. */
export function fitted(clock: ReplayClock, count: number, stepS: number): ReplayClock {
  const share = clock.count > 1 ? clock.index / (clock.count - 1) : 0;
  const index = Math.max(0, Math.min(count - 1, Math.round(share * (count - 1))));
  return { ...replayClock(count, stepS), index, speed: clock.speed };
}
