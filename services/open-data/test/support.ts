import { openRecords, type Records } from '@hitonami/records';
import { openPublicFolder, type PublicFolder, type SiteDocuments } from '@hitonami/releases';
import type { SitePlan } from '@hitonami/model';
import {
  createLogger,
  createMetrics,
  Health,
  readConfig,
  startService,
  type Metrics,
  type RunningService,
} from '@hitonami/service';
import { join } from 'node:path';
import { temporaryFolder } from '../../../test/support/event-log.js';
import { openDataSchema, openDataService } from '../src/index.js';

export const silent = createLogger({ service: 'test', level: 'silent' });

/** The public's service on a public folder, with records that are open in this process. */
export interface Desk {
  readonly url: string;
  /** Where the data lies. */
  readonly path: string;
  /** As the publisher has it. */
  readonly folder: PublicFolder;
  readonly records: Records;
  readonly metrics: Metrics;
  readonly service: RunningService;
  /** One more version of a site's plan is told. */
  publish(plan: SitePlan): Promise<void>;
  /** What else is told of a site, in place of what was. */
  tell(site: string, told: Partial<SiteDocuments>): Promise<void>;
  stop(): Promise<void>;
}

export async function startDesk(environment: Record<string, string> = {}): Promise<Desk> {
  const data = temporaryFolder('open-data');
  const folder = openPublicFolder(join(data.path, 'public'));
  const records = await openRecords({ folder: join(data.path, 'records') });
  await records.migrate();
  const shared = { logger: silent, metrics: createMetrics('test'), health: new Health() };
  let url = '';
  const config = readConfig(openDataSchema, {
    HITONAMI_DATA: data.path,
    HITONAMI_PUBLIC_ADDRESS: '127.0.0.1:0',
    // A proxy on this machine, so that tests can come from wherever they say.
    HITONAMI_PUBLIC_PROXIES: '127.0.0.1',
    ...environment,
  });
  const service = await startService(
    openDataService({ records, onServed: (where) => (url = where) }),
    config,
    shared,
  );
  const told = new Map<string, SiteDocuments>();
  const tell = async (site: string, more: Partial<SiteDocuments>): Promise<void> => {
    const before = told.get(site) ?? { plans: [], figures: undefined, auditHeads: [] };
    told.set(site, { ...before, ...more });
    await folder.writeSite(site, { ...before, ...more });
  };
  return {
    ...{ folder, records, service, metrics: shared.metrics, tell, path: data.path },
    get url() {
      return url;
    },
    publish: async (plan) => {
      const fromMs = plan.inForceFrom === undefined ? 0 : Date.parse(plan.inForceFrom);
      const plans = [...(told.get(plan.site)?.plans ?? []), { plan, fromMs }];
      await tell(plan.site, { plans });
    },
    stop: async () => {
      await service.stop();
      await records.close();
      data.remove();
    },
  };
}

let callers = 0;
/** Somebody whom nobody has met yet. */
export const somebody = (): string => `203.0.113.${(callers++ % 250) + 1}`;
