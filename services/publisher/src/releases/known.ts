import type { PlanDataset, ReleasedCell, ReleaseManifest } from '@hitonami/model';
import type { KnownRelease } from '@hitonami/privacy';
import type { PublicFolder } from '@hitonami/releases';
import type { LocalDay, ReleasePeriod } from './periods.js';

/** What was told of the same people before: areas bound areas; lines, movements and sequences bound each other. */
const FAMILY = { areas: 0, lines: 1, movements: 1, sequences: 1 } as const;

/** Releases from which something about a period of a dataset could be worked out: all that were ever told, whoever had them. */
export function relatedReleases(
  releases: readonly ReleaseManifest[],
  site: string,
  dataset: PlanDataset,
  period: ReleasePeriod,
): ReleaseManifest[] {
  return releases.filter(
    (release) =>
      release.site === site &&
      release.fromMs < period.toMs &&
      release.toMs > period.fromMs &&
      FAMILY[release.dataset.subject] === FAMILY[dataset.subject] &&
      // Noise is its own protection, and of an exact twin there is none.
      release.protection.rule !== 'noise',
  );
}

/**
 * Reads the cells of earlier releases day by day, each file once from its beginning: their steps rise, and so do the days.
 */
export class KnownReader {
  readonly #streams: readonly TakenStream[];
  readonly #outside: (manifest: ReleaseManifest) => readonly string[] | undefined;

  constructor(
    folder: Pick<PublicFolder, 'told'>,
    related: readonly ReleaseManifest[],
    { dataset, period }: { dataset: string; period: string },
    outside: (manifest: ReleaseManifest) => readonly string[] | undefined,
  ) {
    this.#outside = outside;
    this.#streams = related.map((manifest) => ({
      manifest,
      isEarlierVersion: manifest.dataset.id === dataset && manifest.period === period,
      cells: folder.told(manifest)[Symbol.asyncIterator](),
      ahead: [],
      isOver: false,
    }));
  }

  /** What was told of a day. Days have to rise. */
  async of(day: LocalDay): Promise<KnownRelease[]> {
    const known: KnownRelease[] = [];
    for (const stream of this.#streams) {
      const { manifest, isEarlierVersion } = stream;
      if (manifest.fromMs >= day.toMs || manifest.toMs <= day.fromMs) continue;
      const cells = await take(stream, day);
      if (cells.length > 0)
        known.push({
          ...{ cells, isEarlierVersion, subject: manifest.dataset.subject },
          roundedTo: manifest.protection.roundedTo,
          outside: this.#outside(manifest),
        });
    }
    return known;
  }

  async close(): Promise<void> {
    for (const { cells } of this.#streams) await cells.return?.();
  }
}

interface TakenStream {
  readonly manifest: ReleaseManifest;
  readonly isEarlierVersion: boolean;
  readonly cells: AsyncIterator<readonly ReleasedCell[]>;
  ahead: ReleasedCell[];
  isOver: boolean;
}

async function take(stream: TakenStream, { fromMs, toMs }: LocalDay): Promise<ReleasedCell[]> {
  const found: ReleasedCell[] = [];
  for (;;) {
    const rest = stream.ahead.findIndex(({ key }) => key.startMs >= toMs);
    const own = rest === -1 ? stream.ahead : stream.ahead.slice(0, rest);
    for (const cell of own) if (cell.key.startMs + cell.key.lengthMs > fromMs) found.push(cell);
    stream.ahead = rest === -1 ? [] : stream.ahead.slice(rest);
    if (rest !== -1 || stream.isOver) return found;
    const next = await stream.cells.next();
    if (next.done === true) stream.isOver = true;
    else stream.ahead = [...next.value];
  }
}
