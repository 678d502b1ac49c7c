import type { DatasetEntry, Entry } from '../catalogue/entries.js';
import { folded } from '../catalogue/search.js';
import { FORMAT_FACTS } from '../catalogue/words.js';
import { tagsOf } from './packages.js';

/** A longer filter is refused, characters. */
export const FILTER_LENGTH_MAX = 2_000;
const TERMS_MAX = 50;

/** A filter that cannot be read; answered as CKAN does. */
export class BadQuery extends Error {}

type Test = (entry: Entry) => boolean;

const active =
  (of: (entry: DatasetEntry) => readonly string[]) =>
  (entry: Entry): readonly string[] =>
    entry.state === 'active' ? of(entry) : [];

/** The fields that harvesters filter by, and what a package has of each. */
const FIELDS: Readonly<Record<string, (entry: Entry) => readonly string[]>> = {
  id: ({ id }) => [id],
  name: ({ name }) => [name],
  state: ({ state }) => [state],
  organization: ({ site }) => [site],
  groups: active(({ newest }) => [newest.dataset.subject]),
  tags: active(tagsOf),
  license_id: active(({ newest }) => [newest.dataset.licence]),
  res_format: active(({ newest }) => newest.files.map(({ format }) => FORMAT_FACTS[format].name)),
  dataset_type: () => ['dataset'],
  type: () => ['dataset'],
  private: () => ['false'],
  capacity: () => ['public'],
};

const INSTANTS: Readonly<Record<string, (entry: Entry) => number>> = {
  metadata_modified: ({ modifiedMs }) => modifiedMs,
  metadata_created: ({ createdMs }) => createdMs,
};

const TERM =
  /\s*(?:(AND)\s+)?([+-]?)([a-z_]+):(?:"([^"]*)"|([[{])\s*(\S+)\s+TO\s+([^\s\]}]+)\s*([\]}])|\(([^()]*)\)|([^\s"()[\]{}:]+))(?=\s|$)/y;

/**
 * Solr's filters as harvesters write them: `field:value`, `"…"`, `(a OR b)` and `[from TO until]`, with `+` or `-` before
 * them, all of which have to hold.
 *
 * @throws BadQuery that says what cannot be read
 */
export function filterOf(text: string): Test {
  if (text.length > FILTER_LENGTH_MAX)
    throw new BadQuery(`a filter has at most ${FILTER_LENGTH_MAX} characters`);
  const rest = text.trim();
  const tests: Test[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < rest.length) {
    const at = TERM.lastIndex;
    const found = TERM.exec(rest);
    if (found === null)
      throw new BadQuery(`cannot be read from here on: ${rest.slice(at, at + 60).trim()}`);
    if (tests.length === TERMS_MAX) throw new BadQuery(`a filter has at most ${TERMS_MAX} terms`);
    tests.push(testOf(found));
  }
  return (entry) => tests.every((test) => test(entry));
}

function testOf([
  ,
  ,
  sign,
  field = '',
  quoted,
  open,
  from,
  until,
  close,
  group,
  plain,
]: RegExpExecArray): Test {
  const test =
    open === undefined
      ? valueTest(
          field,
          quoted === undefined ? (group ?? plain ?? '').split(/\s+OR\s+|\s+/) : [quoted],
        )
      : rangeTest(field, open, from ?? '', until ?? '', close ?? '');
  return sign === '-' ? (entry) => !test(entry) : test;
}

function valueTest(field: string, values: readonly string[]): Test {
  const valuesOf = Object.hasOwn(FIELDS, field) ? FIELDS[field] : undefined;
  if (valuesOf === undefined) throw new BadQuery(`undefined field ${field}`);
  const wanted = new Set(values.map((value) => folded(value.replaceAll(/^"|"$/g, ''))));
  if (wanted.has('*')) return (entry) => valuesOf(entry).length > 0;
  return (entry) => valuesOf(entry).some((value) => wanted.has(folded(value)));
}

function rangeTest(field: string, open: string, from: string, until: string, close: string): Test {
  const instantOf = Object.hasOwn(INSTANTS, field) ? INSTANTS[field] : undefined;
  if (instantOf === undefined) throw new BadQuery(`${field} has no range`);
  const [least, most] = [instant(from, -Infinity), instant(until, Infinity)];
  return (entry) => {
    const ms = instantOf(entry);
    return (open === '[' ? ms >= least : ms > least) && (close === ']' ? ms <= most : ms < most);
  };
}

/** An instant of UTC, with the Z that Solr wants or without. */
function instant(text: string, open: number): number {
  if (text === '*') return open;
  if (text === 'NOW') return Date.now();
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)Z?)?$/.exec(text);
  const ms = found === null ? NaN : Date.parse(`${found[1] ?? ''}T${found[2] ?? '00:00'}Z`);
  if (Number.isNaN(ms)) throw new BadQuery(`invalid date: ${text.slice(0, 60)}`);
  return ms;
}

type Order = (a: Entry, b: Entry) => number;

const KEYS: Readonly<Record<string, (entry: Entry) => string | number>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  title: (entry) => (entry.state === 'active' ? entry.newest.dataset.title.ja : entry.dataset),
  title_string: (entry) =>
    entry.state === 'active' ? entry.newest.dataset.title.ja : entry.dataset,
  ...INSTANTS,
};

/** `id asc`, `metadata_modified desc, name asc`. Undefined for the best first. @throws BadQuery */
export function orderOf(text: string): Order | undefined {
  const orders = text
    .slice(0, FILTER_LENGTH_MAX)
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part): Order | undefined => {
      const [field = '', direction = 'asc', ...more] = part.split(/\s+/);
      if (field === 'score' || field === 'relevance') return undefined;
      const key = Object.hasOwn(KEYS, field) ? KEYS[field] : undefined;
      if (key === undefined || more.length > 0 || !/^(asc|desc)$/i.test(direction))
        throw new BadQuery(`cannot be sorted by: ${part.slice(0, 60)}`);
      const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
      return (a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0);
    });
  const [first] = orders;
  if (first === undefined) return undefined;
  return (a, b) =>
    orders.reduce((sum, order) => sum || (order?.(a, b) ?? 0), 0) || (a.id < b.id ? -1 : 1);
}
