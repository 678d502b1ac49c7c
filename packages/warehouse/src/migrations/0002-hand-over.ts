import { measureTable } from './0001-tables.js';
import type { Migration } from './index.js';

/** Adds a column, with what it is in rows that were written before. */
export function add(table: string, column: string): string {
  return `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column}`;
}

const JOINED = "joined Int64 DEFAULT 0 COMMENT 'those that lead over a join of tracks'";

/** Hand-over between cameras: how sure it is, where people go in the end, and cameras that were moved. */
export const handOver0002: Migration = {
  version: 2,
  name: 'hand-over',
  statements: [
    measureTable(
      'journey_measures',
      'from_place, to_place',
      `journeys Int64 COMMENT 'journeys from the first place seen to the last that ended in the window',
    travel_us Int64 COMMENT 'sum of time from reaching from_place to last being seen in to_place',
    ${JOINED},
    confidence_permille Int64 COMMENT 'sum of how sure all joins of a journey are, thousandths'`,
    ),
    add('flow_measures', JOINED),
    add(
      'flow_measures',
      "confidence_permille Int64 DEFAULT 1000 * legs COMMENT 'sum of how sure the joins on the way are, thousandths'",
    ),
    add('flow_legs', "joins UInt32 DEFAULT 0 COMMENT 'joins of tracks on the way'"),
    add(
      'flow_legs',
      "confidence_permille UInt32 DEFAULT 1000 COMMENT 'how sure they are, thousandths'",
    ),
    add(
      'area_measures',
      "doubtful_dm2_us Int64 DEFAULT 0 COMMENT 'part of observed_dm2_us seen by cameras that were probably moved'",
    ),
    add(
      'line_measures',
      "doubtful_us Int64 DEFAULT 0 COMMENT 'part of observed_us in which its camera was probably moved'",
    ),
    add(
      'camera_measures',
      "moved_since_us Int64 DEFAULT 0 COMMENT 'since when it was probably moved, µs since 1970; 0: it was not'",
    ),
  ],
};
