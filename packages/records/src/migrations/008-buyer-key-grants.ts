import type { Migration } from './migrate.js';

/**
 * What a key is for: datasets and one purpose of the contract, with a quota of its own. A key that was made before that was
 * for whatever its contract gives, and stays so: the four are null then. What was fetched says for which purpose.
 */
export const buyerKeyGrants: Migration = {
  version: 8,
  name: 'keys for named datasets and a purpose',
  script: `
ALTER TABLE buyer_keys
  ADD COLUMN datasets text[],
  ADD COLUMN purpose text,
  ADD COLUMN downloads_per_month bigint CHECK (downloads_per_month > 0),
  ADD COLUMN bytes_per_month bigint CHECK (bytes_per_month > 0),
  ADD CHECK (cardinality(datasets) > 0),
  ADD CHECK (num_nulls(datasets, purpose, downloads_per_month, bytes_per_month) IN (0, 4));
ALTER TABLE buyer_usage ADD COLUMN purpose text;
`,
};
