import { HitonamiError, type ReleasedCell } from '@hitonami/model';
import type { ReleaseDraft } from '../port.js';
import { ROLES_OF } from '../tables/key-columns.js';
import type { Places } from '../tables/places.js';

const HOUR_MS = 3_600_000;
const DAY_S = 86_400;

/** Holds a release's cells to what it says that it is: its time, its steps, its places, each once, step by step. */
export class CellOrder {
  readonly #draft: ReleaseDraft;
  readonly #places: Places;
  readonly #placesMax: number;
  #stepMs = -Infinity;
  readonly #step = new Set<string>();

  constructor(draft: ReleaseDraft, places: Places) {
    this.#draft = draft;
    this.#places = places;
    this.#placesMax = ROLES_OF[draft.dataset.subject].length;
  }

  /** @throws HitonamiError `INPUT` for a cell that is not of this release, or comes too late or twice */
  take({ key }: ReleasedCell): void {
    const { fromMs, toMs } = this.#draft;
    const { places, startMs, lengthMs, direction } = key;
    if (!(startMs >= fromMs && startMs + lengthMs <= toMs))
      throw refused(key, 'lies outside the time of the release');
    if (!this.#isStep(lengthMs))
      throw refused(key, `has a step of ${lengthMs} ms, which is not the dataset's`);
    this.#checkPlaces(key);
    if (startMs < this.#stepMs) throw refused(key, 'comes after a later step: cells go by step');
    if (startMs > this.#stepMs) {
      this.#stepMs = startMs;
      this.#step.clear();
    }
    const id = direction === undefined ? places.join('>') : `${places.join('>')}:${direction}`;
    if (this.#step.has(id)) throw refused(key, 'comes twice');
    this.#step.add(id);
  }

  /** A local day has 23 to 25 hours. */
  #isStep(lengthMs: number): boolean {
    const { stepS } = this.#draft.dataset;
    const slackMs = stepS === DAY_S ? HOUR_MS : 0;
    return Math.abs(lengthMs - stepS * 1000) <= slackMs;
  }

  #checkPlaces(key: ReleasedCell['key']): void {
    const { subject } = this.#draft.dataset;
    const { length } = key.places;
    const isWhole = length === 0;
    const isRight =
      subject === 'sequences'
        ? length >= 2 && length <= this.#placesMax
        : length === this.#placesMax;
    if (!isWhole && !isRight)
      throw refused(key, `has ${length} places, which ${subject} do not have`);
    if (key.direction !== undefined && subject !== 'lines')
      throw refused(key, 'has a direction, which lines alone have');
    for (const id of key.places)
      if (!this.#places.has(id))
        throw refused(key, `names '${id}', which is no place of the dataset`);
  }
}

function refused(key: ReleasedCell['key'], why: string): HitonamiError {
  const at = Number.isFinite(key.startMs)
    ? new Date(key.startMs).toISOString()
    : String(key.startMs);
  return new HitonamiError(
    'INPUT',
    `the cell of ${key.places.join(', ') || 'the whole'} at ${at} ${why}`,
  );
}
