import { add } from './0002-hand-over.js';
import type { Migration } from './index.js';

/** The densest spot of an area, and the crowd pressure. Of windows that were written before, they are not known: no samples. */
export const peaks0003: Migration = {
  version: 3,
  name: 'peaks',
  statements: [
    "peak_samples Int64 DEFAULT 0 COMMENT 'seconds at which the densest spot was looked for; 0: it is not known'",
    "peak_per_1000_m2 Int64 DEFAULT 0 COMMENT 'highest local density, persons/1,000 m²'",
    "pressure_samples Int64 DEFAULT 0 COMMENT 'those at which some spot was dense enough to have a crowd pressure'",
    "pressure_micro_sum Int64 DEFAULT 0 COMMENT 'sum of the highest crowd pressure over these, 0.000001 1/s²'",
    "pressure_micro_max Int64 DEFAULT 0 COMMENT 'highest crowd pressure, 0.000001 1/s²'",
  ].map((column) => add('area_measures', column)),
};
