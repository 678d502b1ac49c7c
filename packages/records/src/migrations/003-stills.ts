import type { Migration } from './migrate.js';

/** The picture of the empty place of a camera: who uploaded it when, and until when it is kept. */
export const stills: Migration = {
  version: 3,
  name: 'pictures of empty places',
  script: `
CREATE TABLE stills (
  site text NOT NULL,
  camera text NOT NULL,
  saved_by text NOT NULL,
  saved_at timestamptz NOT NULL,
  erase_at timestamptz NOT NULL,
  media_type text NOT NULL CHECK (media_type IN ('image/png', 'image/jpeg')),
  width integer NOT NULL CHECK (width > 0),
  height integer NOT NULL CHECK (height > 0),
  digest text NOT NULL,
  bytes bytea NOT NULL CHECK (octet_length(bytes) <= 4194304),
  PRIMARY KEY (site, camera)
);
`,
};
