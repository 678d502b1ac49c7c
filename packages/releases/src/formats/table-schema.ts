import { join } from 'node:path';
import type { BothLanguages, ReleaseColumn } from '@hitonami/model';
import { OutputFile } from '../files/output-file.js';
import { releaseFile, type Format, type FormatWriter, type ReleaseContext } from './format.js';

/**
 * The schema of the CSV, the JSON Lines and the Parquet file as a Frictionless Table Schema (version 2), and their data dictionary:
 * `title` and `description` hold both languages, `titles` and `descriptions` each apart.
 */
export const tableSchema: Format = (context) =>
  schemaFile('table-schema.json', context.columns, context);

export async function schemaFile(
  name: string,
  columns: readonly ReleaseColumn[],
  { folder, draft }: ReleaseContext,
): Promise<FormatWriter> {
  const file = await OutputFile.create(join(folder, name));
  return {
    take: () => Promise.resolve(),
    finish: async () => {
      await file.text(`${JSON.stringify(schemaOf(columns, draft.protection.words), null, 2)}\n`);
      return releaseFile(name, 'table-schema', await file.finish(), 0);
    },
    close: () => file.close(),
  };
}

export function schemaOf(columns: readonly ReleaseColumn[], protection: BothLanguages): object {
  return {
    $schema: 'https://datapackage.org/profiles/2.0/tableschema.json',
    description: together(protection),
    descriptions: protection,
    fields: columns.map((column) => ({
      name: column.name,
      type: column.type,
      title: together(column.title),
      titles: column.title,
      description: together(column.description),
      descriptions: column.description,
      ...(column.unit === undefined ? {} : { unit: column.unit }),
      constraints: {
        required: column.isRequired,
        ...(column.allowed === undefined ? {} : { enum: column.allowed }),
      },
    })),
    missingValues: [''],
  };
}

const together = ({ ja, en }: BothLanguages): string => `${ja} / ${en}`;
