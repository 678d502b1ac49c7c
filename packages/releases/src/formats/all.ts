import { csv, csvBom } from './csv.js';
import type { Format } from './format.js';
import { geojson } from './geojson.js';
import { jsonl } from './jsonl.js';
import { meshCsv, meshSchema } from './mesh-csv.js';
import { ngsiLd } from './ngsi-ld.js';
import { parquet } from './parquet.js';
import { tableSchema } from './table-schema.js';

/** Every format, in the order of a manifest. */
export const ALL_FORMATS: readonly Format[] = [
  csv,
  csvBom,
  parquet,
  geojson,
  jsonl,
  ngsiLd,
  meshCsv,
  tableSchema,
  meshSchema,
];
