/**
 * What a release is made of before it is a file: cells, each about a place (or a way from place to place) over one step of
 * time. What the warehouse measured becomes `MeasuredCell`s; disclosure control turns them into `ReleasedCell`s.
 */

/** Which cell: its places in order (one area or line; from and to; up to three areas of a sequence) and its step. */
export interface CellKey {
  readonly places: readonly string[];
  /** Of passages of a line. */
  readonly direction?: 'forward' | 'backward' | undefined;
  /** Start of the half-open step, ms since 1970. */
  readonly startMs: number;
  readonly lengthMs: number;
}

/** How far to believe a cell; always published. */
export interface CellQuality {
  /** Share of the place and step that was seen, 0 to 1. */
  readonly coverage: number;
  /** Share of what was seen that cameras saw that were probably moved; null where nothing was seen. */
  readonly doubtful: number | null;
  /** How far detectors were at their limit, 0 to 1; null where it does not apply. */
  readonly saturation: number | null;
}

/** The measures of a cell; null where one does not apply or is not known. */
export interface CellMeasures {
  /** Mean occupancy of an area, persons. */
  readonly occupancy?: number | null;
  /** Most persons at one instant. */
  readonly occupancyMax?: number | null;
  /** persons/m² */
  readonly density?: number | null;
  /** A to F. */
  readonly los?: string | null;
  /** m/s */
  readonly meanSpeedMS?: number | null;
  /** Passages, movements or sequences, by tracks. */
  readonly count?: number | null;
  /** Mean time of a movement, s. */
  readonly meanTravelS?: number | null;
}

export interface MeasuredCell {
  readonly key: CellKey;
  readonly measures: CellMeasures;
  /**
   * A lower bound of how many distinct people are behind the cell: the peak occupancy of an area, or tracks over tracks per
   * person; never passages. Null where it cannot be bounded.
   */
  readonly peopleMin: number | null;
  readonly quality: CellQuality;
}

/**
 * Why a cell has no values. `protected`: telling it would tell of fewer than k people, or of another cell that would; none and
 * few share it. `not-seen`: too little of it was seen. `not-measured`: the place was not measured then.
 */
export const ABSENT_BECAUSE = ['protected', 'not-seen', 'not-measured'] as const;
export type AbsentBecause = (typeof ABSENT_BECAUSE)[number];

export interface ReleasedCell {
  readonly key: CellKey;
  /** Undefined where the values are there. */
  readonly absent?: AbsentBecause | undefined;
  /** Empty where `absent` is said. */
  readonly measures: CellMeasures;
  readonly quality: CellQuality;
}
