import { paths } from '../catalogue/addresses.js';
import { cornersOf } from '../catalogue/box.js';
import type { DatasetEntry, Entry, Tombstone } from '../catalogue/entries.js';
import { listedFiles, spanOf, type ListedFile } from '../catalogue/listed.js';
import { uuidOf } from '../catalogue/uuid.js';
import {
  bareType,
  FORMAT_FACTS,
  LEGAL_FACTS,
  LICENCE_FACTS,
  periodWords,
  stepDuration,
  SUBJECT_FACTS,
} from '../catalogue/words.js';
import type { View } from '../catalogue/view.js';

/** A package as CKAN's `package_show` gives it. Text is Japanese; both languages stand in `…_translated`. */
export function packageOf(entry: Entry, view: View): Record<string, unknown> {
  return entry.state === 'active' ? activePackage(entry, view) : tombstonePackage(entry, view);
}

/** CKAN writes instants in UTC without saying so. */
export function ckanTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '000');
}

export function organizationOf({ site, newest }: DatasetEntry): Record<string, unknown> {
  return {
    id: uuidOf(`organization/${site}`),
    name: site,
    title: newest.publisher.ja,
    title_translated: newest.publisher,
    description: newest.siteName.ja,
    description_translated: newest.siteName,
    type: 'organization',
    is_organization: true,
    approval_status: 'approved',
    state: 'active',
    image_url: '',
  };
}

export function groupOf(subject: keyof typeof SUBJECT_FACTS): Record<string, unknown> {
  const { name, words } = SUBJECT_FACTS[subject];
  return {
    id: uuidOf(`group/${subject}`),
    name: subject,
    title: name.ja,
    display_name: name.ja,
    title_translated: name,
    description: words.ja,
    type: 'group',
    is_organization: false,
    state: 'active',
    image_display_url: '',
  };
}

/** CKAN allows letters of any script, digits, space, `-`, `_` and `.` in a tag, 2 to 100 of them. */
export function tagName(keyword: string): string | undefined {
  const name = keyword
    .replaceAll(/[^\p{L}\p{N} \-_.]/gu, ' ')
    .trim()
    .slice(0, 100);
  return name.length < 2 ? undefined : name;
}

export function tagsOf({ newest }: DatasetEntry): string[] {
  const names = newest.dataset.keywords.flatMap(({ ja, en }) =>
    [tagName(ja) ?? [], tagName(en) ?? []].flat(),
  );
  return [...new Set(names)];
}

function activePackage(entry: DatasetEntry, view: View): Record<string, unknown> {
  const { newest } = entry;
  const { dataset } = newest;
  const licence = LICENCE_FACTS[dataset.licence];
  const page = view.url + paths.dataset('ja', entry);
  const resources = listedFiles(entry).map((listed, position) =>
    resourceOf(listed, position, entry, view),
  );
  const tags = tagsOf(entry);
  return {
    ...headOf(entry, view),
    notes: dataset.description.ja,
    notes_translated: dataset.description,
    author: newest.publisher.ja,
    author_email: '',
    maintainer: newest.publisher.ja,
    maintainer_email: newest.contact.includes('@') ? newest.contact : '',
    license_id: dataset.licence,
    license_title: licence.name.ja,
    license_url: licence.url ?? `${page}#terms`,
    isopen: dataset.audience === 'open',
    url: page,
    version: `${newest.period}/v${newest.version}`,
    organization: organizationOf(entry),
    owner_org: uuidOf(`organization/${entry.site}`),
    groups: [groupOf(dataset.subject)],
    tags: tags.map((name) => ({
      ...{ id: uuidOf(`tag/${name}`), name, display_name: name },
      ...{ state: 'active', vocabulary_id: null },
    })),
    num_tags: tags.length,
    resources,
    num_resources: resources.length,
    extras: extrasOf(entry, view),
    relationships_as_object: [],
    relationships_as_subject: [],
  };
}

function tombstonePackage(entry: Tombstone, view: View): Record<string, unknown> {
  const { because, withdrawnMs } = entry.withdrawal;
  return {
    ...headOf(entry, view),
    notes: because.ja,
    notes_translated: because,
    url: view.url + paths.dataset('ja', entry),
    ...{ organization: null, owner_org: null, groups: [], tags: [], num_tags: 0 },
    ...{ resources: [], num_resources: 0 },
    extras: [
      { key: 'withdrawn', value: new Date(withdrawnMs).toISOString() },
      { key: 'withdrawn_because_en', value: because.en },
    ],
    relationships_as_object: [],
    relationships_as_subject: [],
  };
}

function headOf(entry: Entry, view: View): Record<string, unknown> {
  const title = view.titleOf(entry);
  return {
    id: entry.id,
    name: entry.name,
    title: title.ja,
    title_translated: title,
    type: 'dataset',
    private: false,
    state: entry.state,
    metadata_created: ckanTime(entry.createdMs),
    metadata_modified: ckanTime(entry.modifiedMs),
    creator_user_id: null,
  };
}

function extrasOf(entry: DatasetEntry, view: View): { key: string; value: string }[] {
  const { dataset, timeZone, quality, protection } = entry.newest;
  const { fromMs, toMs } = spanOf(entry);
  const box = view.boxOf(entry.site);
  const all: [string, string | undefined][] = [
    ['language', '["ja","en"]'],
    ['audience', dataset.audience],
    ['price_ja', dataset.price?.ja],
    ['price_en', dataset.price?.en],
    ['legal_class', dataset.legalClass],
    ['legal_class_ja', LEGAL_FACTS[dataset.legalClass].name.ja],
    ['frequency', { day: 'daily', month: 'monthly' }[dataset.period]],
    ['frequency_ja', periodWords(dataset).ja],
    ['temporal_resolution', stepDuration(dataset)],
    ['temporal_start', new Date(fromMs).toISOString()],
    ['temporal_end', new Date(toMs).toISOString()],
    ['time_zone', timeZone],
    ['spatial', box && JSON.stringify({ type: 'Polygon', coordinates: [cornersOf(box)] })],
    ['coverage', quality.coverage === null ? undefined : String(quality.coverage)],
    ['protection_ja', protection.words.ja],
    ['protection_en', protection.words.en],
  ];
  return all.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value }]));
}

function resourceOf(
  { manifest, file }: ListedFile,
  position: number,
  entry: DatasetEntry,
  { url }: View,
): Record<string, unknown> {
  const { dataset, period, version, createdMs } = manifest;
  const { name, words } = FORMAT_FACTS[file.format];
  const licence = LICENCE_FACTS[dataset.licence];
  return {
    id: uuidOf(`resource/${entry.site}/${entry.dataset}/${period}/${version}/${file.name}`),
    package_id: entry.id,
    position,
    name: `${dataset.title.ja} ${period}（${words.ja}）`,
    description: `${words.ja} / ${words.en}${manifest.correction === undefined ? '' : `。訂正：${manifest.correction.ja}`}`,
    // What is for buyers leads to the page that says how to get it.
    url:
      dataset.audience === 'open'
        ? url + paths.file(manifest, file)
        : `${url}${paths.release('ja', manifest)}#files`,
    url_type: null,
    resource_type: 'file',
    format: name,
    mimetype: bareType(file.mediaType),
    size: file.bytes,
    hash: `sha256:${file.sha256}`,
    license: licence.name.ja,
    license_url: licence.url ?? null,
    language: 'ja',
    state: 'active',
    created: ckanTime(createdMs),
    last_modified: ckanTime(createdMs),
    metadata_modified: ckanTime(createdMs),
    version: String(version),
    datastore_active: false,
    cache_url: null,
    mimetype_inner: null,
  };
}
