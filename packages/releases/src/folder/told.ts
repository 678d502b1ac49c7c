import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DatasetSubject, ReleasedCell } from '@hitonami/model';
import { cellOf, type Value } from '../tables/table.js';

const BATCH_CELLS = 1_000;

/** The cells of a release, read back from its JSON Lines. */
export async function* toldCells(
  path: string,
  subject: DatasetSubject,
): AsyncIterable<readonly ReleasedCell[]> {
  let cells: ReleasedCell[] = [];
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) {
    cells.push(cellOf(subject, JSON.parse(line) as Record<string, Value>));
    if (cells.length < BATCH_CELLS) continue;
    yield cells;
    cells = [];
  }
  if (cells.length > 0) yield cells;
}
