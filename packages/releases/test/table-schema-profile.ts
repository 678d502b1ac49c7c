/**
 * The rules of a Frictionless Table Schema (Data Package 2.0) as a JSON schema, written down from the standard as far as our four
 * types go: the published profile is a hundred kilobytes of prose, and no package that is still kept carries it.
 */
const field = (type: string, constraints: object, formats: readonly string[]): object => ({
  type: 'object',
  required: ['name', 'type'],
  properties: {
    name: { type: 'string', minLength: 1 },
    type: { const: type },
    title: { type: 'string' },
    description: { type: 'string' },
    format: { enum: formats },
    constraints: {
      type: 'object',
      additionalProperties: false,
      properties: { required: { type: 'boolean' }, unique: { type: 'boolean' }, ...constraints },
    },
  },
});

const texts = { type: 'array', minItems: 1, uniqueItems: true, items: { type: 'string' } };
const bounds = (type: string): object => ({ minimum: { type }, maximum: { type } });

export const FIELD_PROFILE = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['fields'],
  properties: {
    $schema: { const: 'https://datapackage.org/profiles/2.0/tableschema.json' },
    fields: {
      type: 'array',
      minItems: 1,
      items: {
        oneOf: [
          field(
            'string',
            { enum: texts, pattern: { type: 'string' }, minLength: { type: 'integer' } },
            ['default', 'email', 'uri', 'binary', 'uuid'],
          ),
          field('integer', bounds('integer'), ['default']),
          field('number', bounds('number'), ['default']),
          field('datetime', bounds('string'), ['default', 'any']),
        ],
      },
    },
    primaryKey: { type: ['array', 'string'] },
    missingValues: { type: 'array', items: { type: 'string' } },
    description: { type: 'string' },
  },
};
