import { join } from 'node:path';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import type { ReleaseColumn } from '@hitonami/model';
import { OutputFile } from '../files/output-file.js';
import type { Value } from '../tables/table.js';
import { releaseFile, type Format } from './format.js';

/**
 * Parquet, row group by row group: instants as UTC timestamps, counts as 32-bit integers, measures as doubles, texts in dictionaries,
 * Snappy. What the dictionary of the data says is in its metadata too.
 */
export const parquet: Format = async ({ columns, folder, stem, draft, version, rowsAtOnce }) => {
  const name = `${stem}.parquet`;
  const file = await OutputFile.create(join(folder, name));
  const bytes = new StreamedBytes(file);
  const writer = new ParquetWriter({
    writer: bytes,
    schema: [{ name: 'root', num_children: columns.length }, ...columns.map(elementOf)],
    createdBy: 'hitonami',
    kvMetadata: [
      {
        key: 'hitonami',
        value: JSON.stringify({
          site: draft.site,
          dataset: draft.dataset.id,
          period: draft.period,
          version,
          licence: draft.dataset.licence,
          columns,
        }),
      },
    ],
  });
  let group: Value[][] = columns.map(() => []);
  let gathered = 0;
  let rows = 0;
  const flush = async (): Promise<void> => {
    if (gathered === 0) return;
    const columnData = columns.map((column, i) => ({ name: column.name, data: group[i] ?? [] }));
    group = columns.map(() => []);
    gathered = 0;
    await writer.write({ columnData, rowGroupSize: rowsAtOnce });
  };
  return {
    take: async (batch) => {
      for (const row of batch.rows) {
        for (let i = 0; i < row.length; i++) group[i]?.push(row[i] ?? null);
        gathered++;
        rows++;
        if (gathered === rowsAtOnce) await flush();
      }
    },
    finish: async () => {
      await flush();
      await writer.finish();
      await bytes.flush();
      return releaseFile(name, 'parquet', await file.finish(), rows);
    },
    close: () => file.close(),
  };
};

function elementOf({ name, type, isRequired }: ReleaseColumn): SchemaElement {
  const repetition_type = isRequired ? 'REQUIRED' : 'OPTIONAL';
  switch (type) {
    case 'string':
      return { name, type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type };
    case 'integer':
      return { name, type: 'INT32', repetition_type };
    case 'number':
      return { name, type: 'DOUBLE', repetition_type };
    case 'datetime':
      return {
        name,
        type: 'INT64',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
        repetition_type,
      };
  }
}

/** What the library writes goes to the file after every row group, and only then: its own writer for files blocks and cannot wait. */
class StreamedBytes extends ByteWriter {
  readonly #file: OutputFile;

  constructor(file: OutputFile) {
    super(1024 * 1024);
    this.#file = file;
  }

  async flush(): Promise<void> {
    const bytes = this.getBytes().slice();
    this.index = 0;
    await this.#file.bytes(bytes);
  }
}
