import type { Migration } from './migrate.js';

/** Of several consoles one calls: who has it in hand, and until when where it does not say so again. */
export const escalationClaim: Migration = {
  version: 2,
  name: 'which console escalates an alert',
  script: `
ALTER TABLE alerts ADD COLUMN escalating_by text, ADD COLUMN escalating_until timestamptz;
ALTER TABLE alerts ADD CHECK ((escalating_by IS NULL) = (escalating_until IS NULL));
`,
};
