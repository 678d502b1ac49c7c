import type { DatasetEntry } from '../catalogue/entries.js';
import type { View } from '../catalogue/view.js';
import { LANGUAGE_IRIS, THEMES_IRI } from './authority.js';
import { catalogIri, datasetIri, serviceIri } from './dataset.js';
import { both, instant, iri, text, typed, type Name, type Node, type Term } from './terms.js';

export const PAGE_LENGTH = 100;

/** One page of the datasets that were asked for. */
export interface CatalogPage {
  readonly entries: readonly DatasetEntry[];
  /** From 1. */
  readonly page: number;
  readonly pages: number;
  readonly total: number;
  /** The address of a page in the form that was asked for. */
  readonly addressOf: (page: number) => string;
}

type Said = readonly [Name, Term];

/** The catalogue, who publishes it, its service, and where the other pages are (as ckanext-dcat's harvester looks for them). */
export function catalogNodes(
  view: View,
  { entries, page, pages, total, addressOf }: CatalogPage,
): Node[] {
  const self = catalogIri(view);
  const { active, changedMs } = view.catalogue;
  const link = (name: Name, to: number): Said[] =>
    to >= 1 && to <= pages ? [[name, iri(addressOf(to))]] : [];
  return [
    {
      iri: self,
      types: ['dcat:Catalog'],
      says: [
        ...both('dct:title', { ja: '人流オープンデータ', en: 'Open data of crowds' }),
        ...both('dct:description', {
          ja: '駅や公共空間の混雑と人の流れの統計です。個人の位置や映像は含みません。',
          en: 'Statistics of how crowded stations and public spaces are and how people move there; nobody’s position and no picture.',
        }),
        ['dct:publisher', iri(`${self}#publisher`)],
        ...LANGUAGE_IRIS.map((language): Said => ['dct:language', iri(language)]),
        ['foaf:homepage', iri(`${view.url}/`)],
        ['dcat:themeTaxonomy', iri(THEMES_IRI)],
        ...(changedMs > 0 ? [['dct:modified', instant(changedMs)] as const] : []),
        ['dcat:service', iri(serviceIri(view))],
        ...entries.map((entry): Said => ['dcat:dataset', iri(datasetIri(view, entry))]),
      ],
    },
    {
      iri: `${self}#publisher`,
      types: ['foaf:Agent'],
      says: both('foaf:name', publisherOf(active)),
    },
    { iri: `${view.url}/`, types: ['foaf:Document'], says: [] },
    {
      iri: serviceIri(view),
      types: ['dcat:DataService'],
      says: [
        ['dct:title', text('CKAN Action API', 'en')],
        ['dcat:endpointURL', iri(`${view.url}/api/3/action/`)],
        ['dcat:endpointDescription', iri('https://docs.ckan.org/en/2.11/api/')],
        ...entries.map((entry): Said => ['dcat:servesDataset', iri(datasetIri(view, entry))]),
      ],
    },
    {
      iri: addressOf(page),
      types: ['hydra:PagedCollection'],
      says: [
        ['hydra:totalItems', typed(String(total), 'xsd:integer')],
        ['hydra:itemsPerPage', typed(String(PAGE_LENGTH), 'xsd:integer')],
        ...link('hydra:firstPage', 1),
        ...link('hydra:lastPage', pages),
        ...link('hydra:nextPage', page + 1),
        ...link('hydra:previousPage', page - 1),
      ],
    },
  ];
}

/** All who publish here; several have one catalogue in common. */
function publisherOf(active: readonly DatasetEntry[]): { ja: string; en: string } {
  const names = (language: 'ja' | 'en'): string[] => [
    ...new Set(active.map(({ newest }) => newest.publisher[language])),
  ];
  return {
    ja: names('ja').join('、') || '公開者',
    en: names('en').join(', ') || 'The publisher',
  };
}
