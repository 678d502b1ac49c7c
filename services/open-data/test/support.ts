import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventLog } from '@hitonami/event-log';
import { openRecords, type Records } from '@hitonami/records';
import {
  createLogger,
  createMetrics,
  Health,
  publishPlan,
  readConfig,
  startService,
  type Metrics,
  type RunningService,
} from '@hitonami/service';
import { join } from 'node:path';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { openDataSchema, openDataService } from '../src/index.js';

export const silent = createLogger({ service: 'test', level: 'silent' });

/** The metrics of an ingestor that can go away. */
export interface Ingestor {
  readonly url: string;
  /** What it tells; undefined: it answers nothing. */
  text: string | undefined;
  close(): void;
}

export async function startIngestor(): Promise<Ingestor> {
  const server: Server = createServer((_, response) => {
    if (ingestor.text === undefined) response.destroy();
    else response.end(ingestor.text);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const ingestor: Ingestor = {
    url: `http://127.0.0.1:${port}/metrics`,
    text: undefined,
    close: () => void server.close(),
  };
  return ingestor;
}

/** The public's service on the embedded log, with records that are open in this process. */
export interface Desk {
  readonly url: string;
  readonly log: EventLog;
  readonly records: Records;
  readonly metrics: Metrics;
  readonly service: RunningService;
  publish(plan: unknown, nowMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startDesk(environment: Record<string, string> = {}): Promise<Desk> {
  const folder = temporaryFolder('open-data');
  const log = await openTestLog(folder.path);
  const records = await openRecords({ folder: join(folder.path, 'records') });
  await records.migrate();
  const shared = { logger: silent, metrics: createMetrics('test'), health: new Health() };
  let url = '';
  const config = readConfig(openDataSchema, {
    HITONAMI_DATA: folder.path,
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
  return {
    ...{ log, records, service, metrics: shared.metrics },
    get url() {
      return url;
    },
    publish: async (plan, nowMs = Date.now()) => {
      await publishPlan(log, JSON.stringify(plan), nowMs * 1000);
    },
    stop: async () => {
      await service.stop();
      await records.close();
      await log.close();
      folder.remove();
    },
  };
}

let callers = 0;
/** Somebody whom nobody has met yet. */
export const somebody = (): string => `203.0.113.${(callers++ % 250) + 1}`;
