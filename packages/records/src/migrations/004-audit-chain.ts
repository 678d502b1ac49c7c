import type { Migration } from './migrate.js';

/**
 * Each audit entry holds a hash over itself and the one before, so that none can be changed, removed or put in between
 * without it showing (see `audit-chain.ts`, which computes the same). Accounts say for whom they act, and when they were
 * last used.
 */
export const auditChain: Migration = {
  version: 4,
  name: 'audit chain, recipients of accounts',
  script: `
ALTER TABLE audit ADD COLUMN previous_hash text, ADD COLUMN hash text;

-- What stands before the first entry that is still there.
CREATE TABLE audit_anchor (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  id bigint NOT NULL,
  hash text NOT NULL,
  erased bigint NOT NULL DEFAULT 0
);
INSERT INTO audit_anchor (id, hash) VALUES (0, repeat('0', 64));

ALTER TABLE audit DISABLE TRIGGER audit_append_only;
DO $$
DECLARE
  entry record;
  field text;
  form text;
  before text := repeat('0', 64);
  own text;
BEGIN
  FOR entry IN SELECT * FROM audit ORDER BY id LOOP
    form := before;
    FOREACH field IN ARRAY ARRAY[
      entry.id::text, (extract(epoch FROM entry.at) * 1000000)::bigint::text,
      entry.user_name, entry.action, entry.subject, entry.detail, entry.address
    ] LOOP
      form := form || CASE WHEN field IS NULL THEN '-'
        ELSE octet_length(convert_to(field, 'UTF8')) || ':' || field END || ';';
    END LOOP;
    own := encode(sha256(convert_to(form, 'UTF8')), 'hex');
    UPDATE audit SET previous_hash = before, hash = own WHERE id = entry.id;
    before := own;
  END LOOP;
END $$;
DROP TRIGGER audit_append_only ON audit;
ALTER TABLE audit ALTER COLUMN previous_hash SET NOT NULL, ALTER COLUMN hash SET NOT NULL,
  ALTER COLUMN id DROP IDENTITY;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Erased is what has reached its age (see AUDIT_DAYS), by who says so: nothing younger, whoever asks.
CREATE FUNCTION refuse_early_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('hitonami.erases_audit', true) = 'on' AND OLD.at < now() - interval '1096 days' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the table audit is only added to' USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER audit_erased_by_age BEFORE DELETE ON audit
  FOR EACH ROW EXECUTE FUNCTION refuse_early_erasure();

-- The newest entry of each day, as it was told to the public.
CREATE TABLE audit_heads (
  day date PRIMARY KEY,
  id bigint NOT NULL,
  hash text NOT NULL,
  published_at timestamptz NOT NULL
);
CREATE TRIGGER audit_heads_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_heads
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE users ADD COLUMN recipient text, ADD COLUMN used_at timestamptz NOT NULL DEFAULT now();
`,
};
