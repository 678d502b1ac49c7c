import { join } from 'node:path';
import type { ReleaseColumn, ReleaseFormat } from '@hitonami/model';
import { OutputFile } from '../files/output-file.js';
import type { Value } from '../tables/table.js';
import { releaseFile, type Format, type FormatWriter } from './format.js';
import { csvField, remembered, spreadsheetField, type LocalTimes } from './text.js';

const BREAK = '\r\n';
const BOM = '\uFEFF';

/** CSV of RFC 4180, UTF-8, CRLF, a header; an absent value is an empty field. */
export const csv: Format = async ({ columns, times, folder, stem }) =>
  writer('csv', `${stem}.csv`, folder, columns, times);

/** The same for spreadsheets: a byte order mark first, and no text that one of them would take for a formula. */
export const csvBom: Format = async ({ columns, times, folder, stem }) =>
  writer('csv-bom', `${stem}.spreadsheet.csv`, folder, columns, times);

async function writer(
  format: ReleaseFormat & ('csv' | 'csv-bom'),
  name: string,
  folder: string,
  columns: readonly ReleaseColumn[],
  times: LocalTimes,
): Promise<FormatWriter> {
  const file = await OutputFile.create(join(folder, name));
  const line = lineOf(columns, times, format === 'csv' ? csvField : spreadsheetField);
  const header = columns.map((column) => csvField(column.name)).join(',') + BREAK;
  await file.text(format === 'csv' ? header : BOM + header);
  let rows = 0;
  return {
    take: async (batch) => {
      let text = '';
      for (const row of batch.rows) text += line(row);
      rows += batch.rows.length;
      await file.text(text);
    },
    finish: async () => releaseFile(name, format, await file.finish(), rows),
    close: () => file.close(),
  };
}

/** A row as a line with its break. */
export function lineOf(
  columns: readonly ReleaseColumn[],
  times: LocalTimes,
  escape: (text: string) => string,
): (row: readonly Value[]) => string {
  const field = remembered(escape);
  const isTime = columns.map(({ type }) => type === 'datetime');
  return (row) => {
    let text = '';
    for (let i = 0; i < row.length; i++) {
      const value = row[i];
      if (i > 0) text += ',';
      if (typeof value === 'number') text += isTime[i] === true ? times.text(value) : String(value);
      else if (typeof value === 'string') text += field(value);
    }
    return text + BREAK;
  };
}
