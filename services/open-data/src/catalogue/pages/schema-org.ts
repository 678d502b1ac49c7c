import type { ReleaseManifest } from '@hitonami/model';
import { paths } from '../addresses.js';
import type { DatasetEntry } from '../entries.js';
import { bareType, FORMAT_FACTS, LICENCE_FACTS, NO_REIDENTIFICATION } from '../words.js';
import type { View } from '../view.js';

/** The dataset as search engines read it (schema.org Dataset). */
export function schemaOrg(
  entry: DatasetEntry,
  manifest: ReleaseManifest,
  view: View,
  isOfDataset: boolean,
): Record<string, unknown> {
  const { dataset, publisher, createdMs, fromMs, toMs, columns } = manifest;
  const page =
    view.url + (isOfDataset ? paths.dataset('ja', entry) : paths.release('ja', manifest));
  const box = view.boxOf(entry.site);
  const both = ({ ja, en }: { ja: string; en: string }): Record<string, string>[] => [
    { '@value': ja, '@language': 'ja' },
    { '@value': en, '@language': 'en' },
  ];
  return {
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': isOfDataset ? `${view.url}/dataset/${entry.name}` : page,
    name: both(dataset.title),
    description: both(dataset.description),
    url: page,
    identifier: entry.id,
    version: `${manifest.period}/v${manifest.version}`,
    keywords: dataset.keywords.flatMap(both),
    inLanguage: ['ja', 'en'],
    isAccessibleForFree: dataset.audience === 'open',
    license: LICENCE_FACTS[dataset.licence].url ?? `${page}#terms`,
    conditionsOfAccess: both(NO_REIDENTIFICATION),
    creator: { '@type': 'Organization', name: both(publisher) },
    publisher: { '@type': 'Organization', name: both(publisher) },
    datePublished: new Date(isOfDataset ? entry.createdMs : createdMs).toISOString(),
    dateModified: new Date(isOfDataset ? entry.modifiedMs : createdMs).toISOString(),
    temporalCoverage: `${new Date(fromMs).toISOString()}/${new Date(toMs).toISOString()}`,
    ...(box !== undefined && {
      spatialCoverage: {
        '@type': 'Place',
        name: both(manifest.siteName),
        geo: { '@type': 'GeoShape', box: `${box[1]} ${box[0]} ${box[3]} ${box[2]}` },
      },
    }),
    variableMeasured: columns.map(({ name, unit, description }) => ({
      '@type': 'PropertyValue',
      name,
      description: both(description),
      ...(unit !== undefined && { unitText: unit }),
    })),
    ...(dataset.audience === 'open' && {
      distribution: manifest.files.map((file) => ({
        '@type': 'DataDownload',
        name: FORMAT_FACTS[file.format].words.en,
        encodingFormat: bareType(file.mediaType),
        contentSize: `${file.bytes} B`,
        sha256: file.sha256,
        contentUrl: view.url + paths.file(manifest, file),
      })),
    }),
    includedInDataCatalog: { '@type': 'DataCatalog', url: `${view.url}/catalog` },
  };
}
