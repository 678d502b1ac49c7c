import { paths } from '../catalogue/addresses.js';
import { cornersOf } from '../catalogue/box.js';
import type { DatasetEntry } from '../catalogue/entries.js';
import { listedFiles, spanOf, type ListedFile } from '../catalogue/listed.js';
import type { View } from '../catalogue/view.js';
import { uuidOf } from '../catalogue/uuid.js';
import { FORMAT_FACTS, LEGAL_FACTS, LICENCE_FACTS, stepDuration } from '../catalogue/words.js';
import {
  accessRightsIri,
  availabilityIri,
  fileTypeIri,
  frequencyIri,
  LANGUAGE_IRIS,
  licenceIri,
  mediaTypeIri,
  THEME_IRI,
} from './authority.js';
import { both, instant, iri, text, typed, type Name, type Node, type Term } from './terms.js';

type Said = readonly [Name, Term];

export const catalogIri = ({ url }: Pick<View, 'url'>): string => `${url}/catalog`;
export const serviceIri = ({ url }: Pick<View, 'url'>): string => `${url}/catalog#ckan`;
export const datasetIri = (
  { url }: Pick<View, 'url'>,
  { name }: Pick<DatasetEntry, 'name'>,
): string => `${url}/dataset/${name}`;
const agentIri = ({ url }: Pick<View, 'url'>, site: string): string =>
  `${url}/catalog#publisher-${site}`;

/** A dataset with its distributions, as DCAT-AP 3 wants them. */
export function datasetNodes(entry: DatasetEntry, view: View): Node[] {
  const { newest } = entry;
  const { dataset } = newest;
  const self = datasetIri(view, entry);
  const files = listedFiles(entry);
  const { fromMs, toMs } = spanOf(entry);
  const box = view.boxOf(entry.site);
  const says: Said[] = [
    ...both('dct:title', dataset.title),
    ...both('dct:description', dataset.description),
    ['dct:identifier', text(entry.id)],
    ['dct:publisher', iri(agentIri(view, entry.site))],
    ['dcat:contactPoint', iri(`${self}#contact`)],
    ...dataset.keywords.flatMap((keyword) => both('dcat:keyword', keyword)),
    ['dcat:theme', iri(THEME_IRI)],
    ['dct:accessRights', iri(accessRightsIri(dataset))],
    ['dct:accrualPeriodicity', iri(frequencyIri(dataset))],
    ...LANGUAGE_IRIS.map((language): Said => ['dct:language', iri(language)]),
    ['dct:issued', instant(entry.createdMs)],
    ['dct:modified', instant(entry.modifiedMs)],
    ['dct:temporal', iri(`${self}#temporal`)],
    ['dcat:temporalResolution', typed(stepDuration(dataset), 'xsd:duration')],
    ['dcat:version', text(`${newest.period}/v${newest.version}`)],
    ...(newest.correction === undefined ? [] : both('adms:versionNotes', newest.correction)),
    ['dct:provenance', iri(`${self}#protection`)],
    ['dcat:landingPage', iri(view.url + paths.dataset('ja', entry))],
    ['foaf:page', iri(view.url + paths.dataset('en', entry))],
    ...(box === undefined ? [] : [['dct:spatial', iri(`${self}#spatial`)] as const]),
    ...files.map((file): Said => ['dcat:distribution', iri(distributionIri(self, entry, file))]),
  ];
  return [
    { iri: self, types: ['dcat:Dataset'], says },
    ...agentNodes(entry, view),
    ...aroundNodes(entry, self, { fromMs, toMs }),
    ...(box === undefined
      ? []
      : [
          {
            iri: `${self}#spatial`,
            types: ['dct:Location'] as const,
            says: [
              ...both('dct:title', newest.siteName),
              [
                'dcat:bbox',
                typed(
                  `POLYGON((${cornersOf(box)
                    .map(([x, y]) => `${x} ${y}`)
                    .join(', ')}))`,
                  'geo:wktLiteral',
                ),
              ] as const,
            ],
          },
        ]),
    ...licenceNodes(entry, view),
    ...files.flatMap((file) => distributionNodes(file, entry, view)),
    pageNode(view.url + paths.dataset('ja', entry)),
    pageNode(view.url + paths.dataset('en', entry)),
  ];
}

/** Who publishes. */
export function agentNodes({ site, newest }: DatasetEntry, view: Pick<View, 'url'>): Node[] {
  return [
    { iri: agentIri(view, site), types: ['foaf:Agent'], says: both('foaf:name', newest.publisher) },
  ];
}

/** What a dataset points to that has no life of its own. */
function aroundNodes(
  { newest }: DatasetEntry,
  self: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Node[] {
  const { contact, publisher, protection, dataset } = newest;
  const how = contactSaid(contact);
  return [
    {
      iri: `${self}#contact`,
      types: ['vcard:Organization'],
      says: [...both('vcard:fn', publisher), ...how],
    },
    {
      iri: `${self}#temporal`,
      types: ['dct:PeriodOfTime'],
      says: [
        ['dcat:startDate', instant(fromMs)],
        ['dcat:endDate', instant(toMs)],
      ],
    },
    {
      iri: `${self}#protection`,
      types: ['dct:ProvenanceStatement'],
      says: [
        ...both('dct:description', protection.words),
        ...both('dct:description', LEGAL_FACTS[dataset.legalClass].words),
      ],
    },
  ];
}

/** An address of the web, a mail address, or a telephone number, whichever the plan has. */
function contactSaid(contact: string): Said[] {
  const mail = /[^\s<>"]+@[^\s<>"]+/.exec(contact)?.[0];
  if (mail !== undefined) return [['vcard:hasEmail', iri(`mailto:${encodeURI(mail)}`)]];
  const page = /https?:\/\/[^\s<>"{}|\\^`]+/.exec(contact)?.[0];
  if (page !== undefined) return [['vcard:hasURL', iri(page)]];
  const digits = contact.replaceAll(/[^\d+]/g, '');
  return digits === '' ? [] : [['vcard:hasTelephone', iri(`tel:${digits}`)]];
}

function licenceNodes(entry: DatasetEntry, view: View): Node[] {
  const licences = new Set(listedFiles(entry).map(({ manifest }) => manifest.dataset.licence));
  return [...licences].map((licence) => ({
    iri: licenceIri(licence, termsOf(entry, view)),
    types: ['dct:LicenseDocument'],
    says: both('dct:title', LICENCE_FACTS[licence].name),
  }));
}

function distributionNodes(listed: ListedFile, entry: DatasetEntry, view: View): Node[] {
  const { manifest, file } = listed;
  const { dataset, period, version, correction } = manifest;
  const self = distributionIri(datasetIri(view, entry), entry, listed);
  const page = view.url + paths.release('ja', manifest);
  const { words } = FORMAT_FACTS[file.format];
  const isOpen = dataset.audience === 'open';
  const address = view.url + paths.file(manifest, file);
  return [
    {
      iri: self,
      types: ['dcat:Distribution'],
      says: [
        ['dct:title', text(`${dataset.title.ja} ${period}（${words.ja}）`, 'ja')],
        ['dct:title', text(`${dataset.title.en}, ${period} (${words.en})`, 'en')],
        ['dcat:accessURL', iri(isOpen ? address : page)],
        ...(isOpen ? [['dcat:downloadURL', iri(address)] as const] : []),
        ['dcat:mediaType', iri(mediaTypeIri(file.mediaType))],
        ['dct:format', iri(fileTypeIri(file.format))],
        ['dcat:byteSize', typed(String(file.bytes), 'xsd:nonNegativeInteger')],
        ['spdx:checksum', iri(`${self}-checksum`)],
        ['dct:license', iri(licenceIri(dataset.licence, termsOf(entry, view)))],
        ['dct:issued', instant(manifest.createdMs)],
        ['dct:modified', instant(manifest.createdMs)],
        ['dcat:version', text(String(version))],
        ...(correction === undefined ? [] : both('adms:versionNotes', correction)),
        ['dcatap:availability', iri(availabilityIri)],
      ],
    },
    {
      iri: `${self}-checksum`,
      types: ['spdx:Checksum'],
      says: [
        ['spdx:algorithm', iri('http://spdx.org/rdf/terms#checksumAlgorithm_sha256')],
        ['spdx:checksumValue', typed(file.sha256, 'xsd:hexBinary')],
      ],
    },
  ];
}

const termsOf = (entry: DatasetEntry, view: View): string =>
  `${view.url}${paths.dataset('ja', entry)}#terms`;

const pageNode = (address: string): Node => ({ iri: address, types: ['foaf:Document'], says: [] });

function distributionIri(
  self: string,
  { site, dataset }: DatasetEntry,
  { manifest, file }: ListedFile,
): string {
  return `${self}#${uuidOf(`resource/${site}/${dataset}/${manifest.period}/${manifest.version}/${file.name}`)}`;
}
