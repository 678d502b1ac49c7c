import {
  checkEventLog,
  durationMs,
  eventLogShape,
  httpUrl,
  list,
  operationsShape,
  optionalSecret,
  text,
} from '@hitonami/service';
import { z } from 'zod';

const METRICS_SOURCES_MAX = 100;

/** Everything that the publisher can be told, each key under `HITONAMI_`; the command that releases once is told the same. */
export const publisherSchema = z
  .object({
    ...eventLogShape,
    ...operationsShape,
    /** `HITONAMI_PUBLIC_FOLDER`: what the public may have, and nothing else; left out, `public` in the data folder. */
    publicFolder: text('give the path of a folder').optional(),
    /** `HITONAMI_RECORDS_URL`: PostgreSQL; left out, embedded in the data folder, which one process has. */
    recordsUrl: optionalSecret(),
    /** `HITONAMI_WAREHOUSE_URL`: the HTTP interface of ClickHouse; left out, the embedded engine that runs in the data folder. */
    warehouseUrl: httpUrl().optional(),
    warehouseDatabase: text('give the name of a database').default('hitonami'),
    warehouseUser: text('give a user name').optional(),
    warehousePassword: optionalSecret(),
    /** `HITONAMI_SETTLE`: so long after the end of a period its rollups are looked for. */
    settle: durationMs(60_000, 24 * 3_600_000).prefault('10m'),
    /** `HITONAMI_METRICS_SOURCES`: the `/metrics` addresses of all ingestors; the public is told their figures of frames. */
    metricsSources: list('must be addresses such as http://127.0.0.1:9464/metrics').optional(),
    /** `HITONAMI_RELEASES_EVERY`: how often it is looked whether a release is due. */
    releasesEvery: durationMs(1_000, 3_600_000).prefault('1m'),
    /** `HITONAMI_TRAVELLERS_EVERY`: how often travellers are told. Shorter, and pictures could be joined to paths. */
    travellersEvery: durationMs(30_000, 600_000).prefault('1m'),
  })
  .superRefine(checkEventLog)
  .superRefine(({ metricsSources = [] }, context) => {
    const problem = (message: string): void => {
      context.addIssue({ code: 'custom', path: ['metricsSources'], message });
    };
    if (metricsSources.length > METRICS_SOURCES_MAX) problem(`name at most ${METRICS_SOURCES_MAX}`);
    for (const source of metricsSources)
      if (!/^https?:\/\/[^/@]+\//.test(source))
        problem(`'${source}' must be an http:// or https:// address with its path`);
  });

export type PublisherConfig = z.output<typeof publisherSchema>;
