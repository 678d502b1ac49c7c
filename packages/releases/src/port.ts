import type {
  BothLanguages,
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

/** A release that is being written. Nothing of it can be seen before `finish`. */
export interface ReleaseWriter {
  readonly version: number;
  /** Cells in the order of the files: by step, then place. Resolves when they are taken: wait for it. */
  write(cells: readonly ReleasedCell[]): Promise<void>;
  /** Closes every file, syncs it, and makes the release visible at once. */
  finish(quality: { isCountOfProtectedTold: boolean }): Promise<ReleaseManifest>;
  /** Leaves nothing behind. */
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

/** What the publisher does. */
export interface PublicFolder {
  /**
   * Begins a release as the next version of its dataset and period. What an earlier run left unfinished of it is thrown away.
   *
   * @throws HitonamiError `INPUT` where the first version is there and no correction is given
   */
  begin(draft: ReleaseDraft): Promise<ReleaseWriter>;
  releases(): Promise<readonly ReleaseManifest[]>;
  withdraw(withdrawal: Withdrawal): Promise<void>;
  writeSite(site: string, documents: SiteDocuments): Promise<void>;
  /** Replaces what is there about a place; the older picture is overwritten and removed. */
  writeTraveller(now: TravellerNow, picture: { svg: string; still?: Uint8Array }): Promise<void>;
  /** Removes places that are no longer told about. */
  removeTraveller(site: string, area: string): Promise<void>;
}

/** What the open-data service reads. */
export interface PublishedFolder {
  /** All releases and withdrawals as they are now; looked at anew when the folder changes, at most once a second. */
  look(): Promise<Published>;
  site(site: string): Promise<SiteDocuments | undefined>;
  sites(): Promise<readonly string[]>;
  travellers(site: string): Promise<readonly TravellerNow[]>;
  /** Path of a file of a release, of a traveller's picture; undefined where there is none. Never outside the folder. */
  fileOf(manifest: ReleaseManifest, name: string): Promise<string | undefined>;
  pictureOf(site: string, area: string): Promise<string | undefined>;
}

export interface Published {
  readonly releases: readonly ReleaseManifest[];
  readonly withdrawals: readonly Withdrawal[];
  /** When anything of it changed last, ms since 1970. */
  readonly changedMs: number;
}

/** How cells become rows of a table; the columns depend on the subject of the dataset. */
export interface ReleaseTable {
  readonly columns: readonly ReleaseColumn[];
  row(cell: ReleasedCell): readonly (string | number | null)[];
}
