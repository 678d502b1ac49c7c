import { tables0001 } from './0001-tables.js';
import { handOver0002 } from './0002-hand-over.js';
import { peaks0003 } from './0003-peaks.js';
import { legs0004 } from './0004-legs.js';
import { positions0005 } from './0005-positions.js';

/** One step of the schema. Its statements do no harm when run again or by two processes at once. */
export interface Migration {
  version: number;
  name: string;
  statements: readonly string[];
}

/** Every step, in order. A step that was released is never changed: a change is a new step. */
export const MIGRATIONS: readonly Migration[] = [
  tables0001,
  handOver0002,
  peaks0003,
  legs0004,
  positions0005,
];
