import type { Migration } from './migrate.js';

/** What the public asks and says, and what was answered. What is kept of them for years is how many there were. */
export const inquiries: Migration = {
  version: 5,
  name: 'inquiries and opinions of the public',
  script: `
CREATE TABLE inquiries (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  site text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('inquiry', 'opinion')),
  language text NOT NULL CHECK (language IN ('ja', 'en')),
  at timestamptz NOT NULL,
  text text NOT NULL,
  -- Where an answer may be sent, if somebody wanted to say.
  contact text NOT NULL,
  -- SHA-256 of the token in the secret link: who reads the table cannot open it.
  token_hash text NOT NULL UNIQUE,
  answer text,
  answered_by text,
  answered_at timestamptz,
  CHECK ((answer IS NULL) = (answered_at IS NULL) AND (answer IS NULL) = (answered_by IS NULL))
);
CREATE INDEX inquiries_of_site ON inquiries (site, id);
CREATE INDEX inquiries_open ON inquiries (site) WHERE answered_at IS NULL;

CREATE TABLE inquiry_counts (
  site text NOT NULL,
  -- The first day of the month.
  month date NOT NULL,
  kind text NOT NULL CHECK (kind IN ('inquiry', 'opinion')),
  count bigint NOT NULL,
  PRIMARY KEY (site, month, kind)
);
`,
};
