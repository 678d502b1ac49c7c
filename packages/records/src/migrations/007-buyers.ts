import type { Migration } from './migrate.js';

/**
 * Who has data under a contract, what they were told and accepted, their keys, what they fetched, and what they were told
 * of. What a contract says, and what somebody said to it, is never changed; it goes as a whole, with its buyer, by age.
 */
export const buyers: Migration = {
  version: 7,
  name: 'buyers, contracts, keys, usage, deliveries',
  script: `
CREATE TABLE buyers (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  language text NOT NULL CHECK (language IN ('ja', 'en')),
  organisation text NOT NULL,
  contact text NOT NULL,
  -- What they want it for, in their words.
  intent text NOT NULL,
  wanted text[] NOT NULL,
  applied_at timestamptz NOT NULL,
  -- SHA-256 of the token in the secret link.
  token_hash text NOT NULL UNIQUE,
  ended_at timestamptz,
  ended_by text,
  end_reason text,
  -- Where new releases are told of. The secret signs what is told, so it is needed as it is.
  webhook_url text,
  webhook_secret text,
  webhook_since timestamptz,
  CHECK ((ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)),
  CHECK ((webhook_url IS NULL) = (webhook_secret IS NULL) AND (webhook_url IS NULL) = (webhook_since IS NULL))
);
CREATE INDEX buyers_of_site ON buyers (site, id);

CREATE TABLE buyer_contracts (
  buyer_id bigint NOT NULL REFERENCES buyers ON DELETE CASCADE,
  version int NOT NULL CHECK (version > 0),
  text_ja text NOT NULL,
  text_en text NOT NULL,
  -- Of both texts, see contractHash.
  sha256 text NOT NULL,
  datasets text[] NOT NULL,
  purposes text[] NOT NULL,
  downloads_per_month bigint NOT NULL CHECK (downloads_per_month > 0),
  bytes_per_month bigint NOT NULL CHECK (bytes_per_month > 0),
  valid_until timestamptz NOT NULL,
  issued_at timestamptz NOT NULL,
  issued_by text NOT NULL,
  PRIMARY KEY (buyer_id, version)
);
-- Who said what to which version, and when.
CREATE TABLE buyer_deeds (
  buyer_id bigint NOT NULL,
  version int NOT NULL,
  deed text NOT NULL CHECK (deed IN ('accepted', 'deletion-confirmed')),
  person text NOT NULL,
  at timestamptz NOT NULL,
  -- Of the text that they had before them.
  sha256 text NOT NULL,
  PRIMARY KEY (buyer_id, version, deed),
  FOREIGN KEY (buyer_id, version) REFERENCES buyer_contracts ON DELETE CASCADE
);
CREATE FUNCTION refuse_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('hitonami.erases_buyers', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'the table % is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER buyer_contracts_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON buyer_contracts
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_but_erasure();
CREATE TRIGGER buyer_deeds_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON buyer_deeds
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_but_erasure();

CREATE TABLE buyer_keys (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  buyer_id bigint NOT NULL REFERENCES buyers ON DELETE CASCADE,
  -- SHA-256 of the key: who reads the table can fetch nothing with it.
  key_hash text NOT NULL UNIQUE,
  -- Its last characters, so that people can tell keys apart.
  ending text NOT NULL,
  made_at timestamptz NOT NULL,
  revoked_at timestamptz,
  revoked_by text,
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX buyer_keys_of_buyer ON buyer_keys (buyer_id);

-- What was fetched: a file counts as one download on a day, in however many requests.
CREATE TABLE buyer_usage (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  buyer_id bigint NOT NULL REFERENCES buyers ON DELETE CASCADE,
  key_id bigint NOT NULL REFERENCES buyer_keys ON DELETE CASCADE,
  -- Local at the site.
  day date NOT NULL,
  dataset text NOT NULL,
  period text NOT NULL,
  version bigint NOT NULL,
  file text NOT NULL,
  requests bigint NOT NULL,
  bytes bigint NOT NULL,
  -- Of downloads that are under way.
  reserved_bytes bigint NOT NULL,
  reserved_at timestamptz NOT NULL,
  -- That it stands in the audit log.
  is_noted boolean NOT NULL DEFAULT false,
  UNIQUE (key_id, day, dataset, period, version, file)
);
CREATE INDEX buyer_usage_of_buyer ON buyer_usage (buyer_id, day);
CREATE INDEX buyer_usage_reserved ON buyer_usage (reserved_at) WHERE reserved_bytes > 0;

CREATE TABLE buyer_deliveries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  buyer_id bigint NOT NULL REFERENCES buyers ON DELETE CASCADE,
  dataset text NOT NULL,
  period text NOT NULL,
  version bigint NOT NULL,
  made_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'given-up')),
  tries int NOT NULL,
  -- Of the next try, or of the end.
  at timestamptz NOT NULL,
  fault text NOT NULL,
  UNIQUE (buyer_id, dataset, period, version)
);
CREATE INDEX buyer_deliveries_due ON buyer_deliveries (at) WHERE state = 'waiting';
`,
};
