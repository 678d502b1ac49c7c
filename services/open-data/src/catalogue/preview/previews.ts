import type { BothLanguages, ReleaseColumn, ReleaseManifest } from '@hitonami/model';
import type { PublishedFolder } from '@hitonami/releases';
import type { Logger } from '@hitonami/service';
import { readFeatures, readStart, type PreviewFeature } from './geojson.js';

/** Rows of the table. */
const ROWS_SHOWN = 12;
/** Where they are looked for, bytes. */
const ROWS_BYTES_MAX = 512 * 1024;
/** Previews that are kept; a release never changes, so none grows old. */
const KEPT_MAX = 200;
/** Steps that a chart has at most; of more, the newest. */
const STEPS_MAX = 1_000;

type Value = string | number | null;

/** One place on the map, with how much there was on average. */
export interface MapShape {
  readonly name: BothLanguages;
  readonly isArea: boolean;
  /** Longitude and latitude; the outer ring, or a line. */
  readonly points: readonly (readonly [number, number])[];
  /** Null where nothing could be told of it. */
  readonly mean: number | null;
}

/** How a measure went; null where nothing could be told. */
export interface Chart {
  readonly name: BothLanguages;
  readonly startsMs: readonly number[];
  readonly stepMs: number;
  readonly values: readonly (number | null)[];
}

export interface Preview {
  /** Some in their order, from the first on that has values: at night there are none. */
  readonly rows: readonly Readonly<Record<string, Value>>[];
  /** How many are before them. */
  readonly rowsBefore: number;
  readonly shapes: readonly MapShape[];
  readonly chart: Chart | undefined;
  /** The column that the map and the chart are about. */
  readonly column: ReleaseColumn | undefined;
  /** True where the files are too large for a map and a chart. */
  readonly isTooLarge: boolean;
}

/** What a page shows of a release, read from its own files once. */
export class Previews {
  readonly #folder: Pick<PublishedFolder, 'fileOf'>;
  readonly #logger: Logger;
  readonly #kept = new Map<string, Promise<Preview>>();

  constructor(folder: Pick<PublishedFolder, 'fileOf'>, logger: Logger) {
    this.#folder = folder;
    this.#logger = logger;
  }

  /** Undefined for what is not open, and where its files cannot be read. */
  async of(manifest: ReleaseManifest): Promise<Preview | undefined> {
    if (manifest.dataset.audience !== 'open') return undefined;
    const { site, dataset, period, version } = manifest;
    const key = [site, dataset.id, period, version].join('/');
    const made = this.#kept.get(key) ?? this.#read(manifest);
    this.#kept.delete(key);
    this.#kept.set(key, made);
    if (this.#kept.size > KEPT_MAX) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    try {
      return await made;
    } catch (error) {
      this.#kept.delete(key);
      this.#logger.warn({ err: error, release: key }, 'a preview cannot be made');
      return undefined;
    }
  }

  async #read(manifest: ReleaseManifest): Promise<Preview> {
    const column = mainColumn(manifest);
    const features = await this.#features(manifest);
    return {
      ...(await this.#rows(manifest)),
      shapes:
        column === undefined ? [] : (features ?? []).flatMap((feature) => shapeOf(feature, column)),
      chart: column && chartOf(features ?? [], column, manifest),
      column,
      isTooLarge: features === undefined,
    };
  }

  async #rows(manifest: ReleaseManifest): Promise<Pick<Preview, 'rows' | 'rowsBefore'>> {
    const file = manifest.files.find(({ format }) => format === 'jsonl');
    const path = file && (await this.#folder.fileOf(manifest, file.name));
    if (path === undefined) return { rows: [], rowsBefore: 0 };
    const start = (await readStart(path, ROWS_BYTES_MAX)).toString('utf8');
    // The last one may be cut.
    const lines = start.split('\n').slice(0, -1);
    const told = lines.findIndex((line) => line.includes('"absent_reason":null'));
    const rowsBefore = Math.max(0, told);
    const shown = lines.slice(rowsBefore, rowsBefore + ROWS_SHOWN);
    return { rows: shown.map((line) => JSON.parse(line) as Record<string, Value>), rowsBefore };
  }

  async #features(manifest: ReleaseManifest): Promise<PreviewFeature[] | undefined> {
    const file = manifest.files.find(({ format }) => format === 'geojson');
    const path = file && (await this.#folder.fileOf(manifest, file.name));
    return file === undefined || path === undefined ? [] : readFeatures(path, file.bytes);
  }
}

/** The first number of people or passages that a release tells. */
function mainColumn({ columns }: ReleaseManifest): ReleaseColumn | undefined {
  return columns.find(
    ({ name, type }) =>
      (type === 'number' || type === 'integer') &&
      /^(occupancy_mean|passages|movements|sequences)/.test(name),
  );
}

function numbersOf({ properties }: PreviewFeature, { name }: ReleaseColumn): (number | null)[] {
  return (properties.series[name] ?? []).map((value) => (typeof value === 'number' ? value : null));
}

function shapeOf(feature: PreviewFeature, column: ReleaseColumn): MapShape[] {
  const { geometry } = feature;
  if (geometry === null) return [];
  const isArea = geometry.type === 'Polygon';
  const told = numbersOf(feature, column).filter((value) => value !== null);
  return [
    {
      name: nameOf(feature),
      isArea,
      points: geometry.type === 'Polygon' ? (geometry.coordinates[0] ?? []) : geometry.coordinates,
      mean: told.length === 0 ? null : told.reduce((sum, value) => sum + value, 0) / told.length,
    },
  ];
}

/** Of the whole, where a release has it, else of the place of which most could be told. */
function chartOf(
  features: readonly PreviewFeature[],
  column: ReleaseColumn,
  { dataset }: ReleaseManifest,
): Chart | undefined {
  const told = (feature: PreviewFeature): number =>
    numbersOf(feature, column).filter((value) => value !== null).length;
  const whole = features.find(({ geometry }) => geometry === null);
  const best =
    whole !== undefined && told(whole) > 0
      ? whole
      : [...features].sort((a, b) => told(b) - told(a) || (a.id < b.id ? -1 : 1))[0];
  if (best === undefined || told(best) < 2) return undefined;
  const starts = (best.properties.series['start'] ?? []).map((start) => Date.parse(String(start)));
  return {
    name: nameOf(best),
    startsMs: starts.slice(-STEPS_MAX),
    stepMs: dataset.stepS * 1000,
    values: numbersOf(best, column).slice(-STEPS_MAX),
  };
}

/** The names of its places, a way's in their order. */
function nameOf({ properties }: PreviewFeature): BothLanguages {
  const named = (language: 'ja' | 'en'): string =>
    Object.entries(properties)
      .flatMap(([key, value]) =>
        key.endsWith(`_name_${language}`) && typeof value === 'string' ? [value] : [],
      )
      .join(' → ');
  const direction = properties['direction'];
  const way = typeof direction === 'string' ? ` (${direction})` : '';
  return { ja: named('ja') + way, en: named('en') + way };
}
