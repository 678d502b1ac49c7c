import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MeasuredCell } from '@hitonami/model';
import type { Observation } from '@hitonami/privacy';
import type { LocalDay } from '../releases/periods.js';

/** Between which numbers of people an area was told to be at an instant. */
export interface ToldNow {
  readonly atMs: number;
  readonly area: string;
  readonly low: number;
  readonly high: number;
}

const FOLDER = 'told-travellers';
/** A month is released when it is over; what was told in it is needed until then, ms. */
const KEPT_MS = 70 * 86_400_000;
/** Share of the minutes of a cell that must have been told for a mean to be known. */
const TOLD_SHARE_MIN = 0.8;
const LINES_MAX = 2_000_000;

/** What travellers were told stays known to whoever listened; so it is kept, as bounds, for the releases of the same time. */
export class ToldTravellers {
  readonly #folder: string;

  /** @param data the data folder */
  constructor(data: string) {
    this.#folder = join(data, 'publisher', FOLDER);
  }

  async keep(site: string, day: string, told: readonly ToldNow[]): Promise<void> {
    if (told.length === 0) return;
    const folder = join(this.#folder, site);
    await mkdir(folder, { recursive: true });
    const lines = told.map(({ atMs, area, low, high }) =>
      [atMs, area, low, Number.isFinite(high) ? high : ''].join('\t'),
    );
    await appendFile(join(folder, `${day}.tsv`), `${lines.join('\n')}\n`);
  }

  async of(site: string, { name, fromMs, toMs }: LocalDay): Promise<ToldNow[]> {
    const text = await readFile(join(this.#folder, site, `${name}.tsv`), 'utf8').catch(() => '');
    return text
      .split('\n')
      .slice(0, LINES_MAX)
      .flatMap((line) => {
        const [at = '', area = '', low = '', high = ''] = line.split('\t');
        const atMs = Number(at);
        // The last line may have been cut off by a crash.
        if (area === '' || low === '' || !(atMs >= fromMs && atMs < toMs)) return [];
        return [{ atMs, area, low: Number(low), high: high === '' ? Infinity : Number(high) }];
      });
  }

  /** Removes what is older than any release could need. */
  async tidy(nowMs: number): Promise<void> {
    for (const site of await readdir(this.#folder).catch(() => [])) {
      const folder = join(this.#folder, site);
      for (const name of await readdir(folder).catch(() => [])) {
        const path = join(folder, name);
        const atMs = (await stat(path).catch(() => undefined))?.mtimeMs ?? nowMs;
        if (nowMs - atMs > KEPT_MS) await rm(path, { force: true });
      }
    }
  }
}

/**
 * What is known of the mean occupancies of cells to whoever wrote down what travellers were told: the mean of the bounds, where
 * most minutes of a cell were told. A mean of minutes is not quite that of the cell, so the bounds hold at least the cell's own.
 */
export function observationsOf(
  told: readonly ToldNow[],
  cells: readonly MeasuredCell[],
  everyMs: number,
): Observation[] {
  const byArea = new Map<string, ToldNow[]>();
  for (const one of told) {
    const own = byArea.get(one.area);
    if (own) own.push(one);
    else byArea.set(one.area, [one]);
  }
  return cells.flatMap(({ key, measures: { occupancy } }) => {
    const [area, ...more] = key.places;
    if (area === undefined || more.length > 0 || occupancy == null) return [];
    const within = (byArea.get(area) ?? []).filter(
      ({ atMs }) => atMs >= key.startMs && atMs < key.startMs + key.lengthMs,
    );
    if (within.length < TOLD_SHARE_MIN * (key.lengthMs / everyMs)) return [];
    const mean = (of: (one: ToldNow) => number): number =>
      within.reduce((sum, one) => sum + of(one), 0) / within.length;
    return [
      {
        subject: 'areas' as const,
        terms: [{ key, weight: 1 }],
        min: Math.min(
          mean(({ low }) => low),
          occupancy,
        ),
        max: Math.max(
          mean(({ high }) => high),
          occupancy,
        ),
      },
    ];
  });
}
