import { join } from 'node:path';
import type { ReleaseColumn } from '@hitonami/model';
import { OutputFile } from '../files/output-file.js';
import type { Value } from '../tables/table.js';
import { releaseFile, type Format } from './format.js';
import { remembered, type LocalTimes } from './text.js';

/** JSON Lines: an object a row, every column in it, null where it is absent. */
export const jsonl: Format = async ({ columns, times, folder, stem }) => {
  const name = `${stem}.jsonl`;
  const file = await OutputFile.create(join(folder, name));
  const keys = columns.map((column, i) => `${i === 0 ? '{' : ','}${JSON.stringify(column.name)}:`);
  const json = jsonOf(columns, times);
  let rows = 0;
  return {
    take: async (batch) => {
      let text = '';
      for (const row of batch.rows) {
        for (let i = 0; i < row.length; i++) text += (keys[i] ?? '') + json(row[i], i);
        text += '}\n';
      }
      rows += batch.rows.length;
      await file.text(text);
    },
    finish: async () => releaseFile(name, 'jsonl', await file.finish(), rows),
    close: () => file.close(),
  };
};

/** A value of a column as JSON. */
export function jsonOf(
  columns: readonly ReleaseColumn[],
  times: LocalTimes,
): (value: Value | undefined, column: number) => string {
  const quoted = remembered((text) => JSON.stringify(text));
  const isTime = columns.map(({ type }) => type === 'datetime');
  return (value, i) => {
    if (typeof value === 'number')
      return isTime[i] === true ? `"${times.text(value)}"` : String(value);
    return typeof value === 'string' ? quoted(value) : 'null';
  };
}
