/**
 * What DCAT-AP 3.0 makes mandatory, and the ranges and greatest numbers of what is given here, as SHACL. Written from the
 * specification's tables of classes: its own shapes are in no package of npm.
 */
const one = (path: string, more: string): string =>
  `sh:property [ sh:path ${path} ; sh:maxCount 1 ; ${more} ] ;`;
const needed = (path: string, more: string): string =>
  `sh:property [ sh:path ${path} ; sh:minCount 1 ; ${more} ] ;`;
const given = (path: string, more: string): string => `sh:property [ sh:path ${path} ; ${more} ] ;`;

const IRI = 'sh:nodeKind sh:IRI';
const LITERAL = 'sh:nodeKind sh:Literal';
/** In any language once. */
const TEXTS = `${LITERAL} ; sh:uniqueLang true`;
const of = (type: string): string => `sh:class ${type}`;
const typed = (type: string): string => `sh:datatype ${type}`;

const shape = (type: string, ...properties: string[]): string =>
  `[] a sh:NodeShape ; sh:targetClass ${type} ;\n  ${properties.join('\n  ')}\n  sh:closed false .\n`;

export const DCAT_AP_SHAPES = `
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
${shape(
  'dcat:Catalog',
  needed('dct:title', TEXTS),
  needed('dct:description', TEXTS),
  needed('dct:publisher', `sh:maxCount 1 ; ${of('foaf:Agent')}`),
  given('dct:language', IRI),
  given('dcat:service', of('dcat:DataService')),
  given('dcat:themeTaxonomy', IRI),
  one('foaf:homepage', of('foaf:Document')),
  one('dct:modified', typed('xsd:dateTime')),
)}${shape(
  'dcat:Dataset',
  needed('dct:title', TEXTS),
  needed('dct:description', TEXTS),
  // Recommended, and always given here.
  needed('dct:publisher', `sh:maxCount 1 ; ${of('foaf:Agent')}`),
  needed('dcat:contactPoint', of('vcard:Organization')),
  needed('dcat:distribution', of('dcat:Distribution')),
  needed('dct:spatial', of('dct:Location')),
  needed('dct:temporal', of('dct:PeriodOfTime')),
  needed('dcat:theme', IRI),
  given('dcat:keyword', LITERAL),
  needed('dct:accrualPeriodicity', `sh:maxCount 1 ; ${IRI}`),
  needed('dct:accessRights', `sh:maxCount 1 ; ${IRI}`),
  one('dct:issued', typed('xsd:dateTime')),
  one('dct:modified', typed('xsd:dateTime')),
  one('dcat:temporalResolution', typed('xsd:duration')),
  one('dcat:version', LITERAL),
  given('dct:provenance', of('dct:ProvenanceStatement')),
  given('dcat:landingPage', of('foaf:Document')),
  given('foaf:page', of('foaf:Document')),
  given('dct:language', IRI),
)}${shape(
  'dcat:Distribution',
  needed('dcat:accessURL', IRI),
  given('dcat:downloadURL', IRI),
  needed('dct:license', `sh:maxCount 1 ; ${of('dct:LicenseDocument')}`),
  needed('dct:format', `sh:maxCount 1 ; ${IRI}`),
  needed('dcat:mediaType', `sh:maxCount 1 ; ${IRI}`),
  needed('dcat:byteSize', `sh:maxCount 1 ; ${typed('xsd:nonNegativeInteger')}`),
  needed('spdx:checksum', `sh:maxCount 1 ; ${of('spdx:Checksum')}`),
  one('dcatap:availability', IRI),
  needed('dct:title', TEXTS),
)}${shape('dcat:DataService', needed('dct:title', TEXTS), needed('dcat:endpointURL', IRI))}${shape(
  'foaf:Agent',
  needed('foaf:name', TEXTS),
)}${shape(
  'spdx:Checksum',
  needed('spdx:algorithm', `sh:maxCount 1 ; ${IRI}`),
  needed('spdx:checksumValue', `sh:maxCount 1 ; ${typed('xsd:hexBinary')}`),
)}${shape(
  'dct:PeriodOfTime',
  needed('dcat:startDate', `sh:maxCount 1 ; ${typed('xsd:dateTime')}`),
  needed('dcat:endDate', `sh:maxCount 1 ; ${typed('xsd:dateTime')}`),
)}${shape('dct:Location', needed('dcat:bbox', `sh:maxCount 1 ; ${typed('geo:wktLiteral')}`))}${shape(
  'vcard:Organization',
  needed('vcard:fn', TEXTS),
)}`;
