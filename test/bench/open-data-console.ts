import { join } from 'node:path';
import { openEmbeddedLog } from '@hitonami/event-log';
import type { SitePlan } from '@hitonami/model';
import { publishPlan, topicSpecs } from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { startChild } from './child.js';
import type { ConsoleUse } from './console-process.js';
import { fillPast } from './console-world.js';

const DAY_MS = 86_400_000;
const DAYS = 7;

/** A console on this machine, of which an operator asks one thing after the other. */
export interface ConsoleBeside {
  /** Asks for so long. @returns how long each answer took, ms */
  ask(seconds: number): Promise<number[]>;
  stop(): Promise<void>;
}

/** A console with a week of measures, in a process of its own, with its warehouse in another. */
export async function startConsoleBeside(folder: string, plan: SitePlan): Promise<ConsoleBeside> {
  const data = join(folder, 'console-beside');
  const engine = await startEmbeddedWarehouse({ folder: join(data, 'warehouse') });
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  const log = await openEmbeddedLog({ folder: join(data, 'log') });
  await warehouse.migrate();
  await log.createTopics(topicSpecs());
  await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
  await fillPast(warehouse, plan, DAYS, Date.now() * 1000);
  const server = await startChild('console-process.js', {
    HITONAMI_DATA: data,
    HITONAMI_WAREHOUSE_URL: engine.url,
    HITONAMI_CONSOLE_ADDRESS: '127.0.0.1:0',
  });
  const { url, setupToken } = await server.ask<ConsoleUse>('use');
  const cookie = await enter(url, setupToken ?? '');
  return {
    ask: async (seconds) => {
      const tookMs: number[] = [];
      const endMs = performance.now() + seconds * 1_000;
      for (let n = 0; performance.now() < endMs; n++) {
        const startMs = performance.now();
        const answer = await fetch(`${url}/api/v1/${questions(plan)[n % QUESTIONS] ?? ''}`, {
          headers: { cookie },
        });
        const text = await answer.text();
        if (!answer.ok) throw new Error(text);
        tookMs.push(performance.now() - startMs);
      }
      return tookMs;
    },
    stop: async () => {
      await server.stop();
      await warehouse.close();
      await log.close();
      await engine.stop();
    },
  };
}

const QUESTIONS = 4;

/** What an operator's page asks for: who is signed in, the alerts, an hour and a day of an area. */
function questions({ site, areas, governance }: SitePlan): string[] {
  const purpose = governance.purposes.find(({ items }) => items.includes('measures'))?.id ?? '';
  const area = areas[0]?.id ?? '';
  const nowMs = Date.now();
  const since = (ms: number): string =>
    `from=${new Date(nowMs - ms).toISOString()}&to=${new Date(nowMs).toISOString()}&purpose=${purpose}`;
  return [
    'session',
    `sites/${site}/alerts?state=active`,
    `sites/${site}/areas/${area}/series?${since(DAY_MS / 24)}&step=60`,
    `sites/${site}/areas/${area}/series?${since(DAY_MS)}&step=60`,
  ];
}

async function enter(url: string, token: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/session/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token, name: 'bench', password: 'of a benchmark, and of no use' }),
  });
  const [cookie] = answer.headers.getSetCookie();
  if (cookie === undefined) throw new Error(await answer.text());
  return cookie.split(';', 1)[0] ?? '';
}
