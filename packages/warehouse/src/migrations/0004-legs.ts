import type { Migration } from './index.js';

/**
 * Times of flow legs are stored in long steps, so that two legs of one journey may agree in all else: the number of the leg
 * tells them apart, and is part of the key. A column that joins the key may have no default of its own: older rows have 0.
 */
export const legs0004: Migration = {
  version: 4,
  name: 'legs',
  statements: [
    `ALTER TABLE flow_legs
      ADD COLUMN IF NOT EXISTS nth UInt32 COMMENT 'number of the leg in its journey, from 0',
      MODIFY ORDER BY (site, reached, track, left, from_place, to_place, inside_us, nth)`,
  ],
};
