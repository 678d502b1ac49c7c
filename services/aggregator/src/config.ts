import {
  checkEventLog,
  durationMs,
  eventLogShape,
  httpUrl,
  operationsShape,
  optionalSecret,
  text,
} from '@hitonami/service';
import { z } from 'zod';

/** Everything that the aggregator can be told, each key under `HITONAMI_`. */
export const aggregatorSchema = z
  .object({
    ...eventLogShape,
    ...operationsShape,
    /** `HITONAMI_WAREHOUSE_URL`: the HTTP interface of ClickHouse, or of the embedded engine. */
    warehouseUrl: httpUrl(),
    warehouseDatabase: text('give the name of a database').default('hitonami'),
    warehouseUser: text('give a user name').optional(),
    warehousePassword: optionalSecret(),
    /** `HITONAMI_DISORDER`: how far out of order the frames of healthy cameras may come. */
    disorder: durationMs(0, 60_000).prefault('500ms'),
    /** `HITONAMI_LATENESS`: for how long a silent camera may hold back the others. */
    lateness: durationMs(100, 600_000).prefault('10s'),
    /** `HITONAMI_RETENTION`: `keep` writes rows that never expire, for the replay of old recordings in a folder of its own. */
    retention: z.enum(['plan', 'keep']).default('plan'),
  })
  .superRefine(checkEventLog);

export type AggregatorConfig = z.output<typeof aggregatorSchema>;
