import type { ReleaseFile, ReleaseManifest } from '@hitonami/model';
import type { Language } from '@hitonami/privacy';
import type { Entry } from './entries.js';

/** Paths, from the root. */
export const paths = {
  list: (language: Language, site: string) => `/${language}/${site}/data/`,
  dataset: (language: Language, { site, dataset }: Pick<Entry, 'site' | 'dataset'>) =>
    `/${language}/${site}/data/${dataset}`,
  release: (language: Language, { site, dataset, period, version }: ReleaseManifest) =>
    `/${language}/${site}/data/${dataset.id}/${period}/v${version}`,
  file: (
    { site, dataset, period, version }: ReleaseManifest,
    { name }: Pick<ReleaseFile, 'name'>,
  ) => `/files/${site}/${dataset.id}/${period}/v${version}/${encodeURIComponent(name)}`,
  now: (language: Language, site: string) => `/${language}/${site}/now`,
} as const;
