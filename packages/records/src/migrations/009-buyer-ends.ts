import type { Migration } from './migrate.js';

/**
 * What of a contract has ended and has to be deleted, by when that is to be confirmed, and that buyers are told of it. An end is
 * never changed; a confirmation is a deed, as before, and says which end it is of (null: made before ends were noted).
 */
export const buyerEnds: Migration = {
  version: 9,
  name: 'ends of contracts, and their confirmation',
  script: `
CREATE TABLE buyer_ends (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  buyer_id bigint NOT NULL REFERENCES buyers ON DELETE CASCADE,
  version int NOT NULL,
  reason text NOT NULL CHECK (reason IN ('revoked', 'run-out', 'withdrawn', 'replaced')),
  -- Of which everything has to be deleted.
  datasets text[] NOT NULL,
  ended_at timestamptz NOT NULL,
  confirm_by timestamptz NOT NULL,
  UNIQUE (buyer_id, version, reason, datasets)
);
CREATE TRIGGER buyer_ends_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON buyer_ends
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_but_erasure();

ALTER TABLE buyer_deeds
  DROP CONSTRAINT buyer_deeds_pkey,
  ADD COLUMN end_id bigint REFERENCES buyer_ends ON DELETE CASCADE;
CREATE UNIQUE INDEX buyer_deeds_once ON buyer_deeds (buyer_id, version, deed, coalesce(end_id, 0));

-- A delivery tells of a release, or of an end.
ALTER TABLE buyer_deliveries
  ALTER COLUMN dataset DROP NOT NULL,
  ALTER COLUMN period DROP NOT NULL,
  ALTER COLUMN version DROP NOT NULL,
  ADD COLUMN end_id bigint UNIQUE REFERENCES buyer_ends ON DELETE CASCADE,
  ADD CHECK (num_nulls(dataset, period, version) = CASE WHEN end_id IS NULL THEN 0 ELSE 3 END);
`,
};
