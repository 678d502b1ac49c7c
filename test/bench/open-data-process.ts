import { openRecords } from '@hitonami/records';
import { openDataSchema, openDataService } from '@hitonami/open-data';
import { createLogger, createMetrics, Health, readConfig, startService } from '@hitonami/service';
import Fastify from 'fastify';
import { answerParent } from './child.js';

/** The public's service, or the least that a server can do: the same text to whoever asks. */
export interface OpenDataOrder {
  readonly kind: 'open-data' | 'hello';
  readonly environment: Record<string, string>;
  /** Of the records. */
  readonly folder: string;
}

/** What the server has used so far. */
export interface OpenDataUse {
  readonly url: string;
  readonly cpuS: number;
  readonly rssBytes: number;
}

const order = JSON.parse(process.argv[2] ?? '{}') as OpenDataOrder;
let url = '';
const stop = await (order.kind === 'hello' ? hello() : openData());

async function openData(): Promise<() => Promise<void>> {
  const records = await openRecords({ folder: order.folder });
  await records.migrate();
  const service = openDataService({ records, onServed: (where) => (url = where) });
  const running = await startService(service, readConfig(openDataSchema, order.environment), {
    logger: createLogger({ service: 'open-data', level: 'error' }),
    metrics: createMetrics('open-data'),
    health: new Health(),
  });
  return async () => {
    await running.stop();
    await records.close();
  };
}

async function hello(): Promise<() => Promise<void>> {
  const app = Fastify();
  const text = 'hello world '.repeat(700);
  app.get('/*', (_, reply) => reply.type('text/html').send(text));
  url = await app.listen({ host: '127.0.0.1', port: 0 });
  return () => app.close();
}

answerParent(
  (): Promise<OpenDataUse> => {
    const { user, system } = process.cpuUsage();
    return Promise.resolve({
      url,
      cpuS: (user + system) / 1e6,
      rssBytes: process.memoryUsage.rss(),
    });
  },
  async () => {
    await stop();
    process.exit(0);
  },
);
