/** Names of the vocabularies, with what stands before them. */
export const PREFIXES = {
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  spdx: 'http://spdx.org/rdf/terms#',
  adms: 'http://www.w3.org/ns/adms#',
  hydra: 'http://www.w3.org/ns/hydra/core#',
  geo: 'http://www.opengis.net/ont/geosparql#',
} as const;

export type Prefix = keyof typeof PREFIXES;
/** Such as `dct:title`. */
export type Name = `${Prefix}:${string}`;

export interface Iri {
  readonly iri: string;
}
export interface Literal {
  readonly text: string;
  readonly language?: string | undefined;
  readonly type?: Name | undefined;
}
export type Term = Iri | Literal;

/** A node and what is said of it. There are no blank nodes: every node has an address, and the three forms say the same. */
export interface Node {
  readonly iri: string;
  readonly types: readonly Name[];
  readonly says: readonly (readonly [Name, Term])[];
}

export const iri = (address: string): Iri => ({ iri: address });
export const text = (value: string, language?: string): Literal => ({ text: value, language });
export const typed = (value: string, type: Name): Literal => ({ text: value, type });
export const instant = (ms: number): Literal => typed(new Date(ms).toISOString(), 'xsd:dateTime');

/** The whole address of a name. */
export function expand(name: Name): string {
  const [prefix = '', local = ''] = name.split(':', 2);
  return PREFIXES[prefix as Prefix] + local;
}

type Said = readonly (readonly [Name, Term])[];

/** In both languages. */
export function both(name: Name, { ja, en }: { ja: string; en: string }): Said {
  return [
    [name, text(ja, 'ja')],
    [name, text(en, 'en')],
  ];
}
