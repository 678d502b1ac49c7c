import type { Warehouse } from '@hitonami/warehouse';
import type { History } from '../contract/index.js';
import { iso } from '../live/site-picture.js';
import { csvText, type Cell } from './csv.js';
import type { Period } from './period.js';
import {
  AREA_COLUMNS,
  areaCells,
  areaPoint,
  LINE_COLUMNS,
  lineCells,
  linePoint,
} from './points.js';

export type HistoryFrames = Omit<History, 'stepS'>;

/** Every area and line of a site, window by window: one entry a window, null where nothing was written. */
export async function historyOf(
  warehouse: Warehouse,
  site: string,
  { fromUs, toUs, stepS }: Period,
): Promise<HistoryFrames> {
  const range = { lengthS: stepS, fromUs, toUs };
  const [areaRows, lineRows] = await Promise.all([
    warehouse.areaSeries(site, range),
    warehouse.lineSeries(site, range),
  ]);
  const count = Math.ceil((toUs - fromUs) / (stepS * 1e6));
  const indexOf = (startUs: number): number => (startUs - fromUs) / (stepS * 1e6);
  const areas = new Columns<HistoryFrames['areas'][string][number]>(count);
  for (const row of areaRows) {
    const { start: _start, ...point } = areaPoint(row);
    areas.of(row.area)[indexOf(row.startUs)] = point;
  }
  const lines = new Columns<HistoryFrames['lines'][string][number]>(count);
  for (const row of lineRows) {
    const { start: _start, ...point } = linePoint(row);
    lines.of(row.line)[indexOf(row.startUs)] = point;
  }
  const starts = Array.from({ length: count }, (_, i) => iso(fromUs + i * stepS * 1e6));
  return { starts, areas: areas.all(), lines: lines.all() };
}

/** One column a subject, empty at first. */
class Columns<Point> {
  readonly #columns = new Map<string, (Point | null)[]>();
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  of(subject: string): (Point | null)[] {
    let column = this.#columns.get(subject);
    if (column === undefined) {
      column = Array<Point | null>(this.#length).fill(null);
      this.#columns.set(subject, column);
    }
    return column;
  }

  all(): Record<string, (Point | null)[]> {
    return Object.fromEntries(this.#columns);
  }
}

/** One row a window and subject; an area has the columns of areas, a line those of lines. */
export function historyCsv({ starts, areas, lines }: HistoryFrames): string {
  const header = ['kind', 'subject', ...AREA_COLUMNS, ...LINE_COLUMNS.slice(1)];
  const noArea = Array<Cell>(AREA_COLUMNS.length - 1).fill(null);
  const noLine = Array<Cell>(LINE_COLUMNS.length - 1).fill(null);
  const rows: Cell[][] = [];
  for (const [area, points] of Object.entries(areas)) {
    points.forEach((point, i) => {
      if (!point) return;
      const cells = areaCells({ start: starts[i] ?? '', ...point });
      rows.push(['area', area, ...cells, ...noLine]);
    });
  }
  for (const [line, points] of Object.entries(lines)) {
    points.forEach((point, i) => {
      if (!point) return;
      const [start = null, ...cells] = lineCells({ start: starts[i] ?? '', ...point });
      rows.push(['line', line, start, ...noArea, ...cells]);
    });
  }
  return csvText(header, rows);
}
