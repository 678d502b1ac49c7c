import type { Licence, PlanDataset, ReleaseFormat } from '@hitonami/model';
import { bareType, FORMAT_FACTS, LICENCE_FACTS } from '../catalogue/words.js';

/** The EU's lists, which DCAT-AP takes its words from. */
const LISTS = 'http://publications.europa.eu/resource/authority';

export const LANGUAGE_IRIS = [`${LISTS}/language/JPN`, `${LISTS}/language/ENG`] as const;
/** Transport. */
export const THEME_IRI = `${LISTS}/data-theme/TRAN`;
export const THEMES_IRI = `${LISTS}/data-theme`;

export const frequencyIri = ({ period }: PlanDataset): string =>
  `${LISTS}/frequency/${{ day: 'DAILY', month: 'MONTHLY' }[period]}`;

export const accessRightsIri = ({ audience }: PlanDataset): string =>
  `${LISTS}/access-right/${{ open: 'PUBLIC', buyers: 'RESTRICTED' }[audience]}`;

export const availabilityIri = `${LISTS}/planned-availability/STABLE`;

export function fileTypeIri(format: ReleaseFormat): string {
  return `${LISTS}/file-type/${FORMAT_FACTS[format].fileType}`;
}

export function mediaTypeIri(mediaType: string): string {
  return `https://www.iana.org/assignments/media-types/${bareType(mediaType)}`;
}

/** @param terms where the terms of a contract are told */
export function licenceIri(licence: Licence, terms: string): string {
  return LICENCE_FACTS[licence].url ?? terms;
}
