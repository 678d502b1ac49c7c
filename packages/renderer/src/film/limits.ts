/** Every bound of a film. */
export interface FilmLimits {
  /** Frames that may wait for a worker, all workers together. Default 64. */
  readonly queueMax: number;
  /** Longest that a worker may take for one frame, milliseconds; the first of a camera draws its place too. Default 180 000. */
  readonly frameMsMax: number;
  /** People in one moment. Default 2 000. */
  readonly peopleMax: number;
}

export const FILM_LIMITS: FilmLimits = { queueMax: 64, frameMsMax: 180_000, peopleMax: 2_000 };

/** Most workers of one film. */
export const FILM_WORKERS_MAX = 32;
