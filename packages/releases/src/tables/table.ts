import {
  ABSENT_BECAUSE,
  HitonamiError,
  type CellQuality,
  type DatasetSubject,
  type ReleaseColumn,
  type ReleasedCell,
} from '@hitonami/model';
import type { ReleaseTable } from '../port.js';
import { keyColumns, ROLES_OF, WHOLE } from './key-columns.js';
import { MEASURES_OF, QUALITY, REASON } from './measure-columns.js';
import type { Places } from './places.js';

export type Value = string | number | null;

/** What a 32-bit column of Parquet holds. */
const INTEGER_MAX = 2_147_483_647;

/** The table of a subject: what it is about, its measures, why they are absent, and how far to believe it. */
export function tableOf(subject: DatasetSubject, places: Places): ReleaseTable {
  const keys = keyColumns(subject, places);
  const measures = MEASURES_OF[subject];
  const known = new Set<string>(measures.map(({ measure }) => measure));
  return {
    columns: [...keys, ...measures, REASON, ...QUALITY].map(described),
    row: (cell) => {
      refuseOther(cell, known);
      const row: Value[] = [];
      for (const column of keys) row.push(column.value(cell.key));
      for (const column of measures) row.push(measured(cell.measures[column.measure], column));
      row.push(cell.absent ?? null);
      for (const column of QUALITY) row.push(measured(cell.quality[column.quality], column));
      return row;
    },
  };
}

/** A cell from a row of the JSON Lines; the inverse of `row`. */
export function cellOf(
  subject: DatasetSubject,
  row: Readonly<Record<string, Value>>,
): ReleasedCell {
  const places = ROLES_OF[subject].flatMap((role) => {
    const id = row[role];
    return typeof id === 'string' && id !== WHOLE ? [id] : [];
  });
  const direction = row['direction'];
  const absent = ABSENT_BECAUSE.find((reason) => reason === row[REASON.name]);
  const measures: Record<string, Value> = {};
  if (absent === undefined)
    for (const { measure, name } of MEASURES_OF[subject]) measures[measure] = row[name] ?? null;
  return {
    key: {
      places,
      ...(direction === 'forward' || direction === 'backward' ? { direction } : {}),
      startMs: Date.parse(String(row['start'])),
      lengthMs: Number(row['duration_s']) * 1000,
    },
    ...(absent === undefined ? {} : { absent }),
    measures,
    quality: Object.fromEntries(
      QUALITY.map(({ quality, name }) => [quality, row[name] ?? null]),
    ) as unknown as CellQuality,
  };
}

function described(column: ReleaseColumn): ReleaseColumn {
  const { name, type, title, description, unit, isRequired, allowed } = column;
  return {
    name,
    type,
    title,
    description,
    ...(unit === undefined ? {} : { unit }),
    isRequired,
    ...(allowed === undefined ? {} : { allowed }),
  };
}

/** A measure without a column would be cut in silence, and a value beside a reason would tell what is to be protected. */
function refuseOther({ measures, absent, key }: ReleasedCell, known: ReadonlySet<string>): void {
  for (const [measure, value] of Object.entries(measures)) {
    if (value === null || value === undefined) continue;
    if (absent !== undefined)
      throw refused(
        key.places,
        `is absent (${absent}) and has a value of ${measure}: an absent cell has none`,
      );
    if (!known.has(measure))
      throw refused(
        key.places,
        `has ${measure}, for which this subject has no column: leave it out`,
      );
  }
}

function measured(value: string | number | null | undefined, column: ReleaseColumn): Value {
  if (value === undefined || value === null) {
    if (column.isRequired) throw refused([], `has no ${column.name}: every cell must say it`);
    return null;
  }
  const isRight =
    column.type === 'string'
      ? typeof value === 'string' && column.allowed?.includes(value) !== false
      : column.type === 'integer'
        ? typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= INTEGER_MAX
        : Number.isFinite(value);
  if (!isRight)
    throw refused(
      [],
      `has '${String(value)}' as ${column.name}, which is no ${column.type} that it allows`,
    );
  // No format tells the two zeros apart in the same way.
  return value === 0 ? 0 : value;
}

function refused(places: readonly string[], why: string): HitonamiError {
  const where = places.length === 0 ? 'a cell' : `the cell of ${places.join(', ')}`;
  return new HitonamiError('INPUT', `${where} ${why}`);
}
