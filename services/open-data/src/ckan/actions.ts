import { DATASET_SUBJECTS, LICENCES, type DatasetSubject } from '@hitonami/model';
import type { DatasetEntry, Entry } from '../catalogue/entries.js';
import { QUERY_LENGTH_MAX, searched } from '../catalogue/search.js';
import type { View } from '../catalogue/view.js';
import { LICENCE_FACTS } from '../catalogue/words.js';
import { badSearch, invalid, notFound } from './answers.js';
import { BadQuery, filterOf, orderOf } from './filters.js';
import { groupOf, organizationOf, packageOf, tagsOf } from './packages.js';

/** CKAN's own limit of `rows`, and what it gives where nothing is asked for. */
const ROWS_MAX = 1_000;
const ROWS_DEFAULT = 10;
const START_MAX = 1_000_000;

/** What was asked, from the query or the body: text alone. */
export type Asked = Readonly<Record<string, string>>;
/** The result as JSON. */
type Action = (view: View, asked: Asked) => string;

/** Of the actions of CKAN those that read, as harvesters and clients call them. */
export const ACTIONS: Readonly<Record<string, Action>> = {
  site_read: () => 'true',
  status_show: ({ url }) =>
    JSON.stringify({
      site_title: 'hitonami',
      site_description: '人流オープンデータ / Open data of crowds',
      site_url: url,
      ckan_version: '2.11.0',
      error_emails_to: null,
      locale_default: 'ja',
      extensions: [],
    }),
  help_show: (_, asked) => {
    const name = required(asked, 'name');
    if (!Object.hasOwn(ACTIONS, name)) throw notFound();
    return JSON.stringify(`https://docs.ckan.org/en/2.11/api/#ckan.logic.action.get.${name}`);
  },
  package_list: ({ catalogue }, asked) => {
    const names = catalogue.active.map(({ name }) => name).sort();
    return JSON.stringify(page(names, asked));
  },
  current_package_list_with_resources: (view, asked) =>
    listJson(page(view.catalogue.active, asked), view),
  package_show: (view, asked) => {
    const entry = view.catalogue.byId(required(asked, 'id', 'name_or_id'));
    if (entry === undefined) throw notFound();
    return packageJson(entry, view);
  },
  package_search: packageSearch,
  resource_show: (view, asked) => {
    const id = required(asked, 'id');
    for (const entry of view.catalogue.active) {
      const { resources } = packageOf(entry, view) as { resources: { id: string }[] };
      const found = resources.find((resource) => resource.id === id);
      if (found !== undefined) return JSON.stringify(found);
    }
    throw notFound();
  },
  organization_list: ({ catalogue }, asked) => {
    const all = [...organizations(catalogue.active).values()];
    return JSON.stringify(
      isTrue(asked['all_fields'])
        ? all.map((entries) => ({ ...organizationFrom(entries), package_count: entries.length }))
        : all.flatMap(([first]) => first?.site ?? []),
    );
  },
  organization_show: (view, asked) => {
    const id = required(asked, 'id');
    const entries = [...organizations(view.catalogue.active).values()].find((all) => {
      const { id: own, name } = organizationFrom(all);
      return own === id || name === id;
    });
    if (entries === undefined) throw notFound();
    return withPackages(organizationFrom(entries), entries, view, asked);
  },
  group_list: ({ catalogue }, asked) => {
    const used = subjectsOf(catalogue.active);
    return JSON.stringify(
      isTrue(asked['all_fields'])
        ? used.map((subject) => ({
            ...groupOf(subject),
            package_count: ofSubject(catalogue.active, subject).length,
          }))
        : used,
    );
  },
  group_show: (view, asked) => {
    const id = required(asked, 'id');
    const subject = DATASET_SUBJECTS.find((one) => one === id || groupOf(one)['id'] === id);
    if (subject === undefined) throw notFound();
    return withPackages(groupOf(subject), ofSubject(view.catalogue.active, subject), view, asked);
  },
  tag_list: ({ catalogue }) =>
    JSON.stringify([...new Set(catalogue.active.flatMap(tagsOf))].sort()),
  license_list: () =>
    JSON.stringify(
      LICENCES.map((id) => ({
        id,
        title: LICENCE_FACTS[id].name.ja,
        url: LICENCE_FACTS[id].url ?? '',
        status: 'active',
      })),
    ),
};

const packages = new WeakMap<Entry, { key: string; json: string }>();

/** A package as JSON, made once for as long as neither it nor what is around it changes. */
function packageJson(entry: Entry, view: View): string {
  const key = [view.url, view.boxOf(entry.site)?.join(' '), view.titleOf(entry).ja].join('\n');
  const known = packages.get(entry);
  if (known?.key === key) return known.json;
  const json = JSON.stringify(packageOf(entry, view));
  packages.set(entry, { key, json });
  return json;
}

const listJson = (entries: readonly Entry[], view: View): string =>
  `[${entries.map((entry) => packageJson(entry, view)).join(',')}]`;

function packageSearch(view: View, asked: Asked): string {
  const { q = '', fq = '', fq_list: fqList = '', sort = '' } = asked;
  const rows = Math.min(integer(asked, 'rows', ROWS_DEFAULT), ROWS_MAX);
  const start = integer(asked, 'start', 0);
  try {
    const order = orderOf(sort);
    const test = filterOf([fq, fqList].join(' '));
    const found = matching(view, q).filter(test);
    if (order !== undefined) found.sort(order);
    const results = listJson(found.slice(start, start + rows), view);
    return `{"count":${found.length},"sort":${JSON.stringify(sort)},"results":${results},"facets":{},"search_facets":{}}`;
  } catch (error) {
    if (error instanceof BadQuery) throw badSearch(error.message);
    throw error;
  }
}

/** For words, what has them; for nothing and for a filter also what was withdrawn, for mirrors have to learn of it. */
function matching({ catalogue }: View, q: string): Entry[] {
  const text = q.trim();
  if (text === '' || text === '*:*' || text === '*') return [...catalogue.entries];
  if (/^[+-]?[a-z_]+:/.test(text)) return catalogue.entries.filter(filterOf(text));
  if (text.length > QUERY_LENGTH_MAX)
    throw new BadQuery(`q has at most ${QUERY_LENGTH_MAX} characters`);
  return searched(catalogue.active, text);
}

function withPackages(about: object, entries: readonly Entry[], view: View, asked: Asked): string {
  const head = JSON.stringify({ ...about, package_count: entries.length, extras: [], users: [] });
  if (asked['include_datasets'] === undefined || !isTrue(asked['include_datasets'])) return head;
  return `${head.slice(0, -1)},"packages":${listJson(entries.slice(0, ROWS_MAX), view)}}`;
}

function organizations(entries: readonly DatasetEntry[]): Map<string, DatasetEntry[]> {
  const all = new Map<string, DatasetEntry[]>();
  for (const entry of [...entries].sort((a, b) => (a.name < b.name ? -1 : 1)))
    all.set(entry.site, [...(all.get(entry.site) ?? []), entry]);
  return all;
}

/** As its newest release has it. */
function organizationFrom(entries: readonly DatasetEntry[]): Record<string, unknown> {
  const [newest] = [...entries].sort((a, b) => b.modifiedMs - a.modifiedMs);
  return newest === undefined ? {} : organizationOf(newest);
}

function subjectsOf(entries: readonly DatasetEntry[]): DatasetSubject[] {
  return DATASET_SUBJECTS.filter((subject) => ofSubject(entries, subject).length > 0);
}

function ofSubject(entries: readonly DatasetEntry[], subject: DatasetSubject): DatasetEntry[] {
  return entries.filter(({ newest }) => newest.dataset.subject === subject);
}

function required(asked: Asked, ...names: string[]): string {
  const value = names.map((name) => asked[name]).find((one) => one !== undefined && one !== '');
  if (value === undefined) throw invalid(names[0] ?? '', 'Missing value');
  return value;
}

function integer(asked: Asked, name: string, otherwise: number): number {
  const text = asked[name];
  if (text === undefined || text === '') return otherwise;
  if (!/^\d{1,7}$/.test(text)) throw invalid(name, 'Invalid integer');
  return Math.min(Number(text), START_MAX);
}

function page<T>(all: readonly T[], asked: Asked): readonly T[] {
  const offset = integer(asked, 'offset', 0);
  return all.slice(offset, offset + integer(asked, 'limit', all.length));
}

const isTrue = (text: string | undefined): boolean => /^(true|1|yes|on)$/i.test(text ?? '');
