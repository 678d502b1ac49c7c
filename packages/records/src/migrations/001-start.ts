import type { Migration } from './migrate.js';

/** Lengths are checked before (see `limits.ts`); the tables only make sure of what must never be false. */
export const start: Migration = {
  version: 1,
  name: 'accounts, audit, alerts, plans, calendar, notes',
  script: `
CREATE TABLE users (
  id text PRIMARY KEY,
  name text NOT NULL,
  -- The name as it is compared: NFKC, without upper case.
  name_key text NOT NULL CONSTRAINT users_name_taken UNIQUE,
  role text NOT NULL CHECK (role IN ('viewer', 'operator', 'engineer', 'administrator')),
  origin text NOT NULL CHECK (origin IN ('local', 'oidc')),
  password text,
  issuer text,
  subject text,
  disabled boolean NOT NULL DEFAULT false,
  made_at timestamptz NOT NULL,
  CHECK ((origin = 'local') = (password IS NOT NULL)),
  CHECK ((origin = 'oidc') = (issuer IS NOT NULL AND subject IS NOT NULL)),
  CONSTRAINT users_subject_taken UNIQUE (issuer, subject)
);

CREATE TABLE sessions (
  id text PRIMARY KEY,
  -- SHA-256 of the token: who reads the table cannot sign in with it.
  token_hash text NOT NULL UNIQUE,
  user_id text NOT NULL REFERENCES users,
  made_at timestamptz NOT NULL,
  used_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL
);
CREATE INDEX sessions_of_user ON sessions (user_id, made_at);

CREATE TABLE audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  user_name text,
  action text NOT NULL,
  subject text NOT NULL,
  detail text NOT NULL,
  address text NOT NULL
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the table % is only added to', TG_TABLE_NAME USING ERRCODE = 'check_violation', CONSTRAINT = 'append_only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE alerts (
  id text PRIMARY KEY,
  site text NOT NULL,
  rule text NOT NULL,
  subject text NOT NULL,
  severity text NOT NULL CHECK (severity IN ('warning', 'critical', 'emergency')),
  state text NOT NULL CHECK (state IN ('firing', 'cannot-see', 'resolved')),
  since timestamptz NOT NULL,
  at timestamptz NOT NULL,
  revision bigint NOT NULL,
  value double precision NOT NULL,
  threshold double precision NOT NULL,
  at_least boolean NOT NULL,
  minutes_to_next double precision,
  plan_version bigint NOT NULL,
  acknowledged_by text,
  acknowledged_at timestamptz,
  shelved_by text,
  shelved_until timestamptz,
  escalated_at timestamptz,
  CHECK ((acknowledged_by IS NULL) = (acknowledged_at IS NULL)),
  CHECK ((shelved_by IS NULL) = (shelved_until IS NULL))
);
CREATE INDEX alerts_active ON alerts (site, since) WHERE state <> 'resolved';
CREATE INDEX alerts_of_time ON alerts (site, since);
CREATE TABLE alert_actions (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alert_id text NOT NULL REFERENCES alerts,
  at timestamptz NOT NULL,
  user_name text,
  kind text NOT NULL,
  text text NOT NULL
);
CREATE INDEX alert_actions_of_alert ON alert_actions (alert_id, id);
CREATE TRIGGER alert_actions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON alert_actions
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TABLE plans (
  site text NOT NULL,
  version bigint NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL,
  note text NOT NULL,
  document text NOT NULL,
  CONSTRAINT plans_version_taken PRIMARY KEY (site, version)
);

CREATE TABLE calendar (
  id text PRIMARY KEY,
  site text NOT NULL,
  day date NOT NULL,
  title text NOT NULL,
  counts_as text CHECK (counts_as IN ('weekday', 'saturday', 'holiday')),
  is_unusual boolean NOT NULL,
  made_by text NOT NULL,
  made_at timestamptz NOT NULL
);
CREATE INDEX calendar_of_site ON calendar (site, day);

CREATE TABLE notes (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  at timestamptz NOT NULL,
  user_name text NOT NULL,
  text text NOT NULL
);
CREATE INDEX notes_of_site ON notes (site, at);
`,
};
