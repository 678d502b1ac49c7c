import { type ReleasedCell, type ReleaseFile, type ReleaseQuality } from '@hitonami/model';
import { ALL_FORMATS } from '../formats/all.js';
import type { FormatWriter, ReleaseContext } from '../formats/format.js';
import type { ReleaseTable } from '../port.js';
import type { CellOrder } from './cell-order.js';

/** Cells that become rows at once; more that are given in one call are divided. */
const BATCH_CELLS = 1_000;

/** Every file of a release, written in one pass over its cells. */
export class ReleaseFiles {
  readonly #writers: readonly FormatWriter[];
  readonly #table: ReleaseTable;
  readonly #order: CellOrder;
  #cells = 0;
  #protected = 0;
  #notSeen = 0;
  #coverage = 0;

  private constructor(writers: readonly FormatWriter[], table: ReleaseTable, order: CellOrder) {
    this.#writers = writers;
    this.#table = table;
    this.#order = order;
  }

  static async create(
    context: ReleaseContext,
    table: ReleaseTable,
    order: CellOrder,
  ): Promise<ReleaseFiles> {
    const writers: FormatWriter[] = [];
    try {
      for (const format of ALL_FORMATS) {
        const writer = await format(context);
        if (writer !== undefined) writers.push(writer);
      }
    } catch (error) {
      for (const writer of writers) await writer.close();
      throw error;
    }
    return new ReleaseFiles(writers, table, order);
  }

  async take(cells: readonly ReleasedCell[]): Promise<void> {
    for (let from = 0; from < cells.length; from += BATCH_CELLS) {
      const some = cells.slice(from, from + BATCH_CELLS);
      const rows = some.map((cell) => {
        this.#order.take(cell);
        return this.#table.row(cell);
      });
      for (const cell of some) this.#count(cell);
      for (const writer of this.#writers) await writer.take({ cells: some, rows });
    }
  }

  async finish(): Promise<ReleaseFile[]> {
    const files: ReleaseFile[] = [];
    for (const writer of this.#writers) files.push(await writer.finish());
    return files;
  }

  async close(): Promise<void> {
    for (const writer of this.#writers) await writer.close();
  }

  quality(isCountOfProtectedTold: boolean): ReleaseQuality {
    return {
      coverage: this.#cells === 0 ? null : this.#coverage / this.#cells,
      cells: this.#cells,
      ...(isCountOfProtectedTold ? { protectedCells: this.#protected } : {}),
      notSeenCells: this.#notSeen,
    };
  }

  #count({ absent, quality }: ReleasedCell): void {
    this.#cells++;
    this.#coverage += quality.coverage;
    if (absent === 'protected') this.#protected++;
    else if (absent !== undefined) this.#notSeen++;
  }
}
