import type {
  BothLanguages,
  DatasetAudience,
  ReleaseColumn,
  ReleasedCell,
  ReleaseManifest,
  SitePlan,
  Withdrawal,
} from '@hitonami/model';

/**
 * The public folder: what the publisher, inside, pushes out as files, and what the open-data service, outside, serves. It is
 * all that the two share. Open and bought data lie in folders of their own.
 */

/** A release as it is to be: everything of its manifest that is known before its cells are. */
export type ReleaseDraft = Omit<
  ReleaseManifest,
  'createdMs' | 'columns' | 'quality' | 'files' | 'version'
> & {
  /** Names, floors and outlines of places, and where the site lies. */
  readonly plan: SitePlan;
};

/**
 * A release that is being written. Nothing of it can be seen before `finish`. One of `finish`, `leave` and `abandon` ends it; after
 * a call that failed, only the last two are left.
 */
export interface ReleaseWriter {
  readonly version: number;
  /** True where an earlier run of this version stopped half-way: what it kept is there. */
  readonly isGoingOn: boolean;
  /**
   * Keeps small work of this run until the release is finished, so that a run that goes on does not do it anew: noise is drawn once.
   * Durable when it resolves; replaces what was kept by that name. The name is 1 to 63 of a–z, 0–9 and -, the bytes
   * `KEPT_BYTES_MAX` at most.
   */
  keep(name: string, bytes: Uint8Array): Promise<void>;
  /** What this run or an earlier one of the same version kept by that name. */
  kept(name: string): Promise<Uint8Array | undefined>;
  /**
   * Cells in the order of the files: by step, then place. Resolves when they are taken: wait for it.
   *
   * @throws HitonamiError `INPUT` for a cell that is not of this release, `UNAVAILABLE` (`detail: 'no-room'`) where the disk is full
   */
  write(cells: readonly ReleasedCell[]): Promise<void>;
  /** Closes every file, syncs it, and makes the release visible at once. */
  finish(quality: { isCountOfProtectedTold: boolean }): Promise<ReleaseManifest>;
  /** Stops half-way: files are thrown away, what was kept stays for the run that goes on. */
  leave(): Promise<void>;
  /** Leaves nothing behind, what was kept neither. */
  abandon(): Promise<void>;
}

/** What the publisher tells about a site besides releases; each is replaced as a whole. */
export interface SiteDocuments {
  /** Versions of the plan in force, and to come, as `PlanFollower.versions` gives them. */
  readonly plans: readonly { readonly plan: SitePlan; readonly fromMs: number }[];
  /** Frames received, destroyed, …, as `frameFigures` gives them; undefined where unknown. */
  readonly figures: unknown;
  /** Daily heads of the audit log. */
  readonly auditHeads: readonly unknown[];
}

/** How crowded a place is just now, for travellers. */
export interface TravellerNow {
  readonly site: string;
  readonly area: string;
  readonly title: BothLanguages;
  /** In the words of TfL's feed; the percentage is of the usual peak, stepped, null where there is none. */
  readonly isAvailable: boolean;
  readonly percentageOfBaseline: number | null;
  readonly usualPercentageOfBaseline: number | null;
  readonly level: 'quiet' | 'busy' | 'very-busy' | null;
  readonly atMs: number;
  /** Until when it may be shown. */
  readonly untilMs: number;
}

/** A picture of a place as it is now, whole. */
export interface TravellerPicture {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Of the bytes, hexadecimal: an entity tag. */
  readonly sha256: string;
}

/** Where a release lies, whatever its version. */
export interface ReleasePlace {
  readonly audience: DatasetAudience;
  readonly site: string;
  readonly dataset: string;
  readonly period: string;
}

/** What the publisher does. */
export interface PublicFolder {
  /**
   * Begins a release as the next version of its dataset and period, or goes on with one that stopped half-way: its files are written
   * from the beginning, what it kept is there. One writer at a time has a dataset's period.
   *
   * @throws HitonamiError `INPUT` where the first version is there and no correction is given (`detail: 'already-there'`), or its
   * dataset is withdrawn (`'withdrawn'`); `UNAVAILABLE` where another publisher is at it (`'in-use'`)
   */
  begin(draft: ReleaseDraft): Promise<ReleaseWriter>;
  /**
   * Everything that was ever told: withdrawn releases too, for what was told stays known.
   *
   * @throws HitonamiError `UNAVAILABLE` (`damaged`) where one is there and cannot be read: it was told all the same
   */
  releases(): Promise<readonly ReleaseManifest[]>;
  /**
   * The cells of a release as they were told, in the order of its files.
   *
   * @throws HitonamiError `UNAVAILABLE` (`damaged`) where they are not as they were published; a checksum is known at the end alone
   */
  told(manifest: ReleaseManifest): AsyncIterable<readonly ReleasedCell[]>;
  /**
   * Removes what runs that were killed left: all their files, and what they kept where no run may go on with it. What is being
   * written is left alone.
   *
   * @returns how many periods had any
   */
  sweep(mayGoOn: (place: ReleasePlace) => boolean): Promise<number>;
  /** A tombstone takes the place of every release of the dataset; the first one stays. */
  withdraw(withdrawal: Withdrawal): Promise<void>;
  withdrawals(): Promise<readonly Withdrawal[]>;
  writeSite(site: string, documents: SiteDocuments): Promise<void>;
  /** Replaces what is there about a place; the older picture is overwritten and removed. */
  writeTraveller(now: TravellerNow, picture: { svg: string; still?: Uint8Array }): Promise<void>;
  /** Removes places that are no longer told about; pictures are overwritten first. */
  removeTraveller(site: string, area: string): Promise<void>;
}

/** What the open-data service reads. Nothing is read twice within a second, and nothing outside the folder ever. */
export interface PublishedFolder {
  /**
   * All releases and withdrawals as they are now, without what is withdrawn, by site, dataset, period and version. The same object
   * for as long as nothing changed.
   */
  look(): Promise<Published>;
  site(site: string): Promise<SiteDocuments | undefined>;
  sites(): Promise<readonly string[]>;
  /** Without those whose time is over. */
  travellers(site: string): Promise<readonly TravellerNow[]>;
  /** Path of a file of a release; undefined where there is none, and once it is withdrawn. */
  fileOf(manifest: ReleaseManifest, name: string): Promise<string | undefined>;
  /** Icons, as SVG; undefined where there is none, and once its time is over. */
  pictureOf(site: string, area: string): Promise<TravellerPicture | undefined>;
  /** The still of the empty place behind the icons, where the plan has one. */
  stillOf(site: string, area: string): Promise<TravellerPicture | undefined>;
}

/** Something in the folder that could not be read and was left out. */
export interface FolderProblem {
  /** Within the folder. */
  readonly path: string;
  readonly problem: string;
}

export interface Published {
  readonly releases: readonly ReleaseManifest[];
  readonly withdrawals: readonly Withdrawal[];
  /** When anything of it changed last, ms since 1970. */
  readonly changedMs: number;
}

/** How cells become rows of a table; the columns depend on the subject of the dataset. A `datetime` is ms since 1970. */
export interface ReleaseTable {
  readonly columns: readonly ReleaseColumn[];
  row(cell: ReleasedCell): readonly (string | number | null)[];
}
