import type { CellKey, DatasetSubject, ReleasedCell } from '@hitonami/model';

/** Cells of which less than this was seen are told as `not-seen`, share of place and step. */
export const COVERAGE_MIN = 0.5;

/**
 * Steps that other datasets of the same places may have, ms; a longer step leaves room for them. Had it told that an hour had
 * hardly anybody on average, no quarter of that hour could be withheld later.
 */
export const SHORTER_STEPS_MS: readonly number[] = [900_000, 3_600_000];

/** What a density and a level of service are derived from, so that they say no more than the occupancy that is told. */
export interface AreaFacts {
  readonly areaM2: number;
  /** Fruin's level of a density in persons/m², A to F. */
  readonly los: (density: number) => string;
}

export interface DisclosureRules {
  readonly subject: DatasetSubject;
  /**
   * Of sequences: areas and lines of the site that may lie between two places of a sequence unseen, since they are none of its own.
   * Undefined where not every movement of the site is kept: then sequences and movements say nothing of each other.
   */
  readonly outside?: readonly string[] | undefined;
  /** Least number of distinct people behind a cell that is told; the plan's `smallestGroup`. */
  readonly k: number;
  /** Counts and occupancies are told as multiples of this, persons. */
  readonly roundedTo: number;
  /** Of each area; one that is missing is told without density and level. */
  readonly areas: ReadonlyMap<string, AreaFacts>;
  /** @default COVERAGE_MIN */
  readonly coverageMin?: number;
  /** False only to show what an attacker would then learn. @default true */
  readonly isComplementary?: boolean;
}

/** What was told before about the same stretch of time; it stays known. */
export interface KnownRelease {
  readonly subject: DatasetSubject;
  /** As `DisclosureRules.outside`. */
  readonly outside?: readonly string[] | undefined;
  /** As its manifest says. */
  readonly roundedTo: number;
  readonly cells: readonly ReleasedCell[];
  /**
   * True of an earlier version of the same dataset: what it withheld to protect stays withheld, and what it told that is told
   * otherwise now is taken for a value of its own.
   */
  readonly isEarlierVersion: boolean;
}

/**
 * Anything else that is known: the sum of weight × value over cells lies between two bounds. The value is the mean occupancy
 * of an area, or the count of a line, movement or sequence. A single cell that is said to have had somebody counts as told: what
 * is said outside must not be about fewer than k people.
 */
export interface Observation {
  readonly subject: DatasetSubject;
  readonly terms: readonly { readonly key: CellKey; readonly weight: number }[];
  readonly min: number;
  readonly max: number;
}

export interface Known {
  readonly releases: readonly KnownRelease[];
  /** Such as the live headcount of the whole site, or the traveller's percentages. */
  readonly observations: readonly Observation[];
}

export const NOTHING_KNOWN: Known = { releases: [], observations: [] };

export interface ProtectedBlock {
  /** One for each cell that was given, in the same order. */
  readonly cells: ReleasedCell[];
  /** Withheld because of fewer than k people. */
  readonly few: number;
  /** Withheld so that others cannot be worked out. */
  readonly complementary: number;
  /** Of too little coverage. */
  readonly notSeen: number;
  /** Withheld cells that the limits of the program left undecided, so that more was withheld than had to be, perhaps. */
  readonly unproved: number;
  /**
   * Withheld cells that what was known before narrows to less than 0 to k − 1, whatever is withheld now: a fault of an earlier
   * release, to be looked at by a person.
   */
  readonly exposed: readonly CellKey[];
}
