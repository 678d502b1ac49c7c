/**
 * A console to develop against: a simulated rush hour as it stands on the live topic, weeks of made-up measures, and a few
 * alerts; nothing is drawn and nothing detected, so that it costs little. `node .cache/bench/console-dev.js [folder] [port]`
 */
import { join } from 'node:path';
import { consoleSchema, consoleService } from '@hitonami/console';
import { openEmbeddedLog, type EventLog } from '@hitonami/event-log';
import { polygonContains, type SitePlan } from '@hitonami/model';
import {
  contracts,
  createLogger,
  createMetrics,
  Health,
  publishPlan,
  readConfig,
  startOperations,
  startService,
  TOPIC_NAMES,
  topicSpecs,
  type Alert,
} from '@hitonami/service';
import { scenario, startScenario, type ScenarioRun } from '@hitonami/simulator';
import { openWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { fillMeasures, fillPast, liveRecord } from './console-world.js';

const PERIOD_MS = 200;
const DAYS = 40;
const PASSWORD = 'only-for-development';
const [, , folder = '.cache/console-dev', port = '8080'] = process.argv;

const engine = await startEmbeddedWarehouse({ folder: join(folder, 'warehouse') });
const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
await warehouse.migrate();
const log = await openEmbeddedLog({ folder: join(folder, 'log') });
await log.createTopics(topicSpecs());
const rush = scenario('rush-hour');
const { plan } = rush;
await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
const [rows] = await warehouse.rows<{ n: number }>('SELECT count() AS n FROM area_measures');
if ((rows?.n ?? 0) === 0) await fillPast(warehouse, plan, DAYS, Date.now() * 1000);

const logger = createLogger({ service: 'console', level: 'warn' });
const shared = { logger, metrics: createMetrics('console'), health: new Health() };
const operations = await startOperations({ address: { host: '127.0.0.1', port: 0 }, ...shared });
const config = readConfig(consoleSchema, {
  HITONAMI_DATA: folder,
  HITONAMI_WAREHOUSE_URL: engine.url,
  HITONAMI_CONSOLE_ADDRESS: `127.0.0.1:${port}`,
  HITONAMI_METRICS_SOURCES: `${operations.url}/metrics`,
});
const service = consoleService(({ url, setupToken }) => {
  const body = JSON.stringify({ token: setupToken, name: 'admin', password: PASSWORD });
  const headers = { 'content-type': 'application/json' };
  if (setupToken !== undefined)
    void fetch(`${url}/api/v1/session/setup`, { method: 'POST', headers, body });
  process.stdout.write(`${url} (sign in as admin with ${PASSWORD})\n`);
});
const running = await startService(service, config, shared);

let run = startScenario(rush, 1);
let lastUs = Math.floor(Date.now() / 10_000) * 1e7;
let tick = 0;
const timer = setInterval(() => {
  if (run.timeS > rush.durationS) run = startScenario(rush, 1);
  run.step(PERIOD_MS / 1000);
  void publish(log, run);
  const nowUs = Math.floor(Date.now() / 10_000) * 1e7;
  if (nowUs > lastUs) {
    void fillMeasures(warehouse, plan, { lengthS: 10, fromUs: lastUs, toUs: nowUs });
    lastUs = nowUs;
  }
  if (tick++ % 100 === 0) void alert(log, plan, Date.now() * 1000, tick);
}, PERIOD_MS);

async function publish(to: EventLog, { people }: ScenarioRun): Promise<void> {
  const here = people().map((person) => ({ ...person, floor: 0 }));
  const inside = (id: string): number => {
    const area = plan.areas.find((one) => one.id === id);
    return here.filter(({ x, y }) => area && polygonContains(area.polygon.coordinates, x, y))
      .length;
  };
  const record = liveRecord(plan, Date.now() * 1000, here, inside);
  const value = contracts().liveSnapshot.encode(record);
  await to.append(TOPIC_NAMES.live, [{ key: plan.site, value }]);
}

async function alert(
  to: EventLog,
  { site, areas, cameras }: SitePlan,
  atUs: number,
  round: number,
) {
  const common = {
    site,
    sinceUs: atUs,
    atUs,
    revision: 1 + round,
    atLeast: false,
    announce: false,
    planVersion: 1,
  };
  const alerts: Alert[] = [
    {
      ...common,
      id: 'dev-density',
      sinceUs: atUs - 240e6,
      rule: 'ALERT_RULE_DENSITY',
      subject: areas[0]?.id ?? '',
      severity: 'ALERT_SEVERITY_CRITICAL',
      state: 'ALERT_STATE_FIRING',
      value: 3.7,
      threshold: 3.5,
      minutesToNext: 4,
    },
    {
      ...common,
      id: `dev-silent-${Math.floor(round / 600)}`,
      rule: 'ALERT_RULE_CAMERA_SILENT',
      subject: cameras[0]?.id ?? '',
      severity: 'ALERT_SEVERITY_WARNING',
      state: round % 600 < 300 ? 'ALERT_STATE_FIRING' : 'ALERT_STATE_RESOLVED',
      value: 20,
      threshold: 15,
      minutesToNext: 0,
    },
  ];
  const records = alerts.map((one) => ({ key: site, value: contracts().alert.encode(one) }));
  await to.append(TOPIC_NAMES.alerts, records);
}

async function stop(): Promise<void> {
  clearInterval(timer);
  await running.stop();
  await operations.stop();
  await warehouse.close();
  await log.close();
  await engine.stop();
  process.exit(0);
}
process.once('SIGINT', () => void stop());
process.once('SIGTERM', () => void stop());
