import { createRequire } from 'node:module';
import { expand, PREFIXES, type Name, type Node, type Term } from './terms.js';
import type * as N3 from 'n3';

// It is CommonJS, and its types say otherwise of the names that Node finds in it.
const { DataFactory, Writer } = createRequire(import.meta.url)('n3') as typeof N3;

/** How a graph is written: `whole` from the fragments that nodes were made into. */
export interface Form {
  readonly extension: 'jsonld' | 'ttl' | 'rdf';
  readonly type: string;
  /** Nodes as a piece that can stand beside other pieces of the same form. */
  fragment(nodes: readonly Node[]): string;
  whole(fragments: readonly string[]): string;
}

function turtleOf(nodes: readonly Node[]): string {
  const writer = new Writer({ prefixes: PREFIXES });
  for (const { iri, types, says } of nodes) {
    const subject = DataFactory.namedNode(iri);
    for (const type of types)
      writer.addQuad(
        DataFactory.quad(
          subject,
          DataFactory.namedNode(expand('rdf:type')),
          DataFactory.namedNode(expand(type)),
        ),
      );
    for (const [name, term] of says)
      writer.addQuad(DataFactory.quad(subject, DataFactory.namedNode(expand(name)), n3Term(term)));
  }
  let text = '';
  writer.end((error: Error | null, result: string) => {
    if (error) throw error;
    text = result;
  });
  return text;
}

function n3Term(term: Term): N3.NamedNode | N3.Literal {
  if ('iri' in term) return DataFactory.namedNode(term.iri);
  if (term.language !== undefined) return DataFactory.literal(term.text, term.language);
  return term.type === undefined
    ? DataFactory.literal(term.text)
    : DataFactory.literal(term.text, DataFactory.namedNode(expand(term.type)));
}

/** The lines that every piece begins with. */
const TURTLE_HEAD = Object.entries(PREFIXES)
  .map(([prefix, address]) => `@prefix ${prefix}: <${address}>.\n`)
  .join('');

const turtle: Form = {
  extension: 'ttl',
  type: 'text/turtle; charset=utf-8',
  fragment: (nodes) => turtleOf(nodes).replace(TURTLE_HEAD, ''),
  whole: (fragments) => TURTLE_HEAD + fragments.join(''),
};

const jsonLd: Form = {
  extension: 'jsonld',
  type: 'application/ld+json; charset=utf-8',
  fragment: (nodes) => nodes.map((node) => JSON.stringify(jsonNode(node))).join(',\n'),
  whole: (fragments) =>
    `{"@context":${JSON.stringify(PREFIXES)},\n"@graph":[\n${fragments.filter((one) => one !== '').join(',\n')}\n]}\n`,
};

function jsonNode({ iri, types, says }: Node): Record<string, unknown> {
  const values = new Map<Name, unknown[]>();
  for (const [name, term] of says) values.set(name, [...(values.get(name) ?? []), jsonTerm(term)]);
  return { '@id': iri, '@type': types, ...Object.fromEntries(values) };
}

function jsonTerm(term: Term): Record<string, string> {
  if ('iri' in term) return { '@id': term.iri };
  if (term.language !== undefined) return { '@value': term.text, '@language': term.language };
  return term.type === undefined
    ? { '@value': term.text }
    : { '@value': term.text, '@type': term.type };
}

const rdfXml: Form = {
  extension: 'rdf',
  type: 'application/rdf+xml; charset=utf-8',
  fragment: (nodes) => nodes.map(xmlNode).join(''),
  whole: (fragments) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF${Object.entries(PREFIXES)
      .map(([prefix, address]) => `\n  xmlns:${prefix}="${escapeXml(address)}"`)
      .join('')}>\n${fragments.join('')}</rdf:RDF>\n`,
};

function xmlNode({ iri, types, says }: Node): string {
  const lines = [
    ...types.map((type) => `  <rdf:type rdf:resource="${escapeXml(expand(type))}"/>\n`),
    ...says.map(([name, term]) => `  ${xmlSaid(name, term)}\n`),
  ];
  return `<rdf:Description rdf:about="${escapeXml(iri)}">\n${lines.join('')}</rdf:Description>\n`;
}

function xmlSaid(name: Name, term: Term): string {
  if ('iri' in term) return `<${name} rdf:resource="${escapeXml(term.iri)}"/>`;
  const about =
    term.language !== undefined
      ? ` xml:lang="${escapeXml(term.language)}"`
      : term.type === undefined
        ? ''
        : ` rdf:datatype="${escapeXml(expand(term.type))}"`;
  return `<${name}${about}>${escapeXml(term.text)}</${name}>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Text and attributes. What XML cannot hold at all is left out (XML 1.0, 2.2). */
export function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll(/[&<>"\r\n\t]/g, (found) => ENTITIES[found] ?? '');
}

/** The best for machines first: what is given where anything will do. */
export const FORMS: readonly Form[] = [jsonLd, turtle, rdfXml];
