import type { Migration } from './migrate.js';

/** What releases with noise have spent of the privacy budget of each day that they are about. */
export const ledger: Migration = {
  version: 6,
  name: 'ledger of the privacy budget',
  script: `
CREATE TABLE ledger (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  -- The local day that the data is about, whenever it is released.
  day date NOT NULL,
  dataset text NOT NULL,
  period text NOT NULL,
  version bigint NOT NULL CHECK (version > 0),
  -- Integers, so that sums are exact.
  epsilon_millionths bigint NOT NULL CHECK (epsilon_millionths > 0),
  -- The budget of the day as it was when this was spent.
  budget_millionths bigint NOT NULL,
  at timestamptz NOT NULL,
  CONSTRAINT ledger_once UNIQUE (site, day, dataset, period, version)
);
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
`,
};
