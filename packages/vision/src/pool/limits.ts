/** Every bound of an inference pool. */
export interface PoolLimits {
  /** Largest encoded picture, bytes. Default 8 MiB. Each worker reserves three times this (only what is used is touched). */
  readonly imageBytesMax: number;
  /** Largest decoded picture, pixels. Default 40 million. */
  readonly picturePixelsMax: number;
  /** Calls that may wait for a worker. Default 64. */
  readonly queueMax: number;
  /** Longest that a worker may take for one call before it is replaced, milliseconds. Default 30 000. */
  readonly callMsMax: number;
  /** Most detections in one answer. Default 300. */
  readonly detectionsMax: number;
  /** Workers that may be replaced within `restartsWindowMs`; one more, and the lost worker stays lost. Default 5. */
  readonly restartsMax: number;
  /** Default 60 000. */
  readonly restartsWindowMs: number;
  /** Longest that a worker may take to load the model, milliseconds. Default 60 000. */
  readonly startMsMax: number;
}

export const POOL_LIMITS: PoolLimits = {
  imageBytesMax: 8 * 1024 * 1024,
  picturePixelsMax: 40_000_000,
  queueMax: 64,
  callMsMax: 30_000,
  detectionsMax: 300,
  restartsMax: 5,
  restartsWindowMs: 60_000,
  startMsMax: 60_000,
};

/** Most workers of one pool. */
export const WORKERS_MAX = 64;
/** Calls that one worker holds: one that infers, one that decodes, and one at hand so that neither has to wait. */
export const CALLS_PER_WORKER = 3;
/** Pictures that one worker has decoded or is decoding. */
export const LANES_PER_WORKER = 2;
/** Boxes over the threshold that are looked at in one frame, the strongest first. */
export const CANDIDATES_MAX = 1024;
/** After this long without a call a worker lets a blank picture run through the network, milliseconds. */
export const IDLE_WIPE_MS = 1000;
