import { join } from 'node:path';
import type { EventLog } from '@hitonami/event-log';
import { polygonArea, type SitePlan } from '@hitonami/model';
import {
  contracts,
  createLogger,
  createMetrics,
  Health,
  publishPlan,
  readConfig,
  startService,
  TOPIC_NAMES,
  type Alert as AlertOnLog,
  type LiveSnapshot,
  type Metrics,
  type RunningService,
} from '@hitonami/service';
import { openWarehouse, startEmbeddedWarehouse, type Warehouse } from '@hitonami/warehouse';
import type { Records } from '@hitonami/records';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { lineFrom, rectangle, testGovernance, testPlan } from '../../../test/support/plans.js';
import type { Role } from '../src/contract/index.js';
import { consoleSchema, consoleService } from '../src/index.js';

export const PASSWORD = 'correct horse battery staple';
export const silent = createLogger({ service: 'test', level: 'silent' });

const base = testGovernance();
const [safety, ...others] = base.purposes;
const UPKEEP = {
  ...{ id: 'upkeep', name: { ja: '保守会社', en: 'Upkeep' } },
  ...{ role: 'processor', contract: 'A-1' },
};
/**
 * Beside those of every test: who works for the operator has counts of the gate; somebody will have them in a thousand years;
 * the city takes releases by contract, and nothing of the console.
 */
const GOVERNANCE = {
  ...base,
  recipients: [
    ...base.recipients,
    UPKEEP,
    { ...UPKEEP, id: 'heirs', name: { ja: '子孫', en: 'Heirs' } },
    { ...UPKEEP, id: 'city', name: { ja: '市', en: 'City' }, role: 'third-party' },
    { ...UPKEEP, id: 'buyers', name: { ja: '契約者', en: 'Buyers' }, role: 'buyers' },
  ],
  purposes: [
    safety,
    ...others,
    { ...safety, id: 'streets', items: ['measures'], places: ['gate'], recipients: ['upkeep'] },
    {
      ...{ ...safety, id: 'late', items: ['measures'], recipients: ['heirs'] },
      noticePublishedOn: '2999-01-01',
    },
    { ...safety, id: 'statistics', recipients: ['city', 'buyers'] },
  ],
};

const area = { floor: 'f1', kind: 'walkway' as const };
/** A concourse of 200 m² and a gate of 25 m² on one floor, a line between them, two cameras; alerts have an action card. */
export const STATION = {
  site: 'station',
  areas: [
    {
      ...{ ...area, id: 'hall', name: { ja: 'コンコース', en: 'Concourse' }, actionCard: 'limit' },
      polygon: rectangle(0, 0, 20, 10),
    },
    {
      ...{ ...area, id: 'gate', kind: 'queue' as const, name: { ja: '改札', en: 'Gate' } },
      polygon: rectangle(20, 0, 25, 5),
    },
  ],
  lines: [
    {
      ...{ id: 'middle', floor: 'f1', name: { ja: '中央', en: 'Middle' } },
      line: lineFrom([10, 1], [10, 9]),
    },
  ],
  cameras: [
    { id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 20, 10) },
    { id: 'c2', floor: 'f1', coverage: rectangle(20, 0, 25, 5) },
  ],
  actionCards: [
    {
      id: 'limit',
      title: { ja: '入場制限', en: 'Limit the gates' },
      steps: [{ ja: '改札を絞る', en: 'Narrow the gates' }],
    },
  ],
  alerting: { escalateAfterS: 5 },
  governance: GOVERNANCE,
  datasets: [
    {
      ...{ id: 'crowding', title: UPKEEP.name, description: UPKEEP.name, subject: 'areas' },
      ...{ stepS: 900, period: 'day', startsOn: '2026-01-01', purpose: 'statistics' },
      ...{ audience: 'buyers', licence: 'contract' },
    },
  ],
};

export interface Console {
  url: string;
  folder: string;
  log: EventLog;
  warehouse: Warehouse;
  metrics: Metrics;
  plan: SitePlan;
  /** Somebody who has signed in with this role. */
  as(role: Role): Promise<Client>;
  /** Somebody who has not. */
  stranger: Client;
  engine: { stop(): Promise<void> };
  running: RunningService;
  /** As the console has them open. */
  records: Records;
  /** Stops the console alone and starts it again in the same folder. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** The console as it runs: on the embedded log, warehouse and records of a folder of its own. */
export async function startConsole(environment: Record<string, string> = {}): Promise<Console> {
  const folder = temporaryFolder('console');
  const engine = await startEmbeddedWarehouse({ folder: join(folder.path, 'warehouse') });
  const warehouse = openWarehouse({ url: engine.url, database: 'hitonami' });
  await warehouse.migrate();
  const log = await openTestLog(folder.path);
  const plan = testPlan(STATION);
  await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
  const clients = new Map<Role, Client>();
  let token: string | undefined;
  const start = async () => {
    const metrics = createMetrics('console');
    const config = readConfig(consoleSchema, {
      HITONAMI_DATA: folder.path,
      HITONAMI_WAREHOUSE_URL: engine.url,
      HITONAMI_CONSOLE_ADDRESS: '127.0.0.1:0',
      ...environment,
    });
    let url = '';
    let records: Records | undefined;
    const service = consoleService((served) => {
      url = served.url;
      records = served.records;
      token ??= served.setupToken;
    });
    const shared = { logger: silent, metrics, health: new Health() };
    const running = await startService(service, config, shared);
    // The console is served when it has started.
    return { running, metrics, url, records: records! };
  };
  const made: Console = {
    ...{ folder: folder.path, log, warehouse, engine, plan, stranger: new Client(() => made.url) },
    ...(await start()),
    as: async (role) => {
      const known = clients.get(role);
      if (known) return known;
      const client = new Client(() => made.url);
      if (role === 'administrator') {
        await client.enter('/session/setup', { token, name: 'chief', password: PASSWORD });
      } else {
        const body = { name: `the ${role}`, password: PASSWORD, role };
        await (await made.as('administrator')).send('POST', '/users', body);
        await client.enter('/session', { name: body.name, password: PASSWORD });
      }
      clients.set(role, client);
      return client;
    },
    restart: async () => {
      await made.running.stop();
      Object.assign(made, await start());
    },
    stop: async () => {
      await made.running.stop();
      await warehouse.close();
      await log.close();
      await engine.stop();
      folder.remove();
    },
  };
  return made;
}

export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

/** Somebody's browser, as far as the API is concerned. */
export class Client {
  readonly #url: () => string;
  cookie = '';
  csrf = '';

  constructor(url: () => string) {
    this.#url = url;
  }

  async enter(path: string, body: unknown): Promise<void> {
    const answer = await this.send<{ csrfToken: string }>('POST', path, body);
    if (answer.status !== 200) throw new Error(answer.text);
    this.cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    this.csrf = answer.body.csrfToken;
  }

  get<T = unknown>(path: string): Promise<Answer<T>> {
    return this.send<T>('GET', path);
  }

  async send<T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const answer = await fetch(`${this.#url()}/api/v1${path}`, {
      method,
      headers: {
        cookie: this.cookie,
        'x-csrf-token': this.csrf,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      ...{ status: answer.status, headers: answer.headers, text },
      body: (isJson ? JSON.parse(text) : undefined) as T,
    };
  }

  /** Reads a stream of events until it is stopped, or it ends. */
  async watch(path: string): Promise<Stream> {
    const abort = new AbortController();
    const answer = await fetch(`${this.#url()}/api/v1${path}`, {
      headers: { cookie: this.cookie },
      signal: abort.signal,
    });
    if (answer.status !== 200) throw new Error(await answer.text());
    return new Stream(answer, () => {
      abort.abort();
    });
  }
}

export interface StreamEvent {
  event: string;
  data: never;
}

export class Stream {
  readonly events: StreamEvent[] = [];
  readonly stop: () => void;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>;
  isOver = false;
  #pending = '';

  constructor(answer: Response, stop: () => void) {
    this.stop = stop;
    this.ended = this.#read(answer)
      .catch(() => undefined)
      .then(() => {
        this.isOver = true;
      });
  }

  /** The newest event of a kind. */
  last<T>(event: string): T | undefined {
    return this.events.findLast((one) => one.event === event)?.data;
  }

  async #read({ body }: Response): Promise<void> {
    const decoder = new TextDecoder();
    for await (const piece of body ?? []) {
      this.#pending += decoder.decode(piece as Uint8Array, { stream: true });
      const parts = this.#pending.split('\n\n');
      this.#pending = parts.pop() ?? '';
      for (const part of parts) {
        const event = /^event: (.*)$/m.exec(part)?.[1];
        const data = /^data: (.*)$/m.exec(part)?.[1];
        if (event !== undefined && data !== undefined)
          this.events.push({ event, data: JSON.parse(data) as never });
      }
    }
  }
}

/** A live record of the station with so many people in the hall, standing in a row. */
export function liveOf(plan: SitePlan, people: number, changes: Partial<LiveSnapshot> = {}) {
  const nowUs = Date.now() * 1000;
  const each = (value: (i: number) => number) => Array.from({ length: people }, (_, i) => value(i));
  return {
    site: plan.site,
    capturedUs: nowUs,
    areas: plan.areas.map(({ id, polygon }) => ({
      ...{ area: id, people: id === 'hall' ? people : 0, coverage: 1, doubtful: 0, saturation: 0 },
      peakDensity: id === 'hall' ? (2 * people) / polygonArea(polygon.coordinates) : 0,
    })),
    cameras: plan.cameras.map(({ id }) => ({
      ...{ camera: id, capturedUs: nowUs, blind: false, movedSinceUs: 0 },
    })),
    floors: ['f1'],
    xMm: each((i) => 1_000 + i * 100),
    yMm: each(() => 5_000),
    vxMmS: each((i) => (i % 2 === 0 ? 1_200 : 0)),
    vyMmS: each(() => 0),
    floor: Buffer.alloc(people),
    kind: Buffer.alloc(people),
    lines: [{ line: 'middle', forward: 30, backward: 6, seen: true }],
    ...changes,
  } satisfies LiveSnapshot;
}

export async function publishLive(log: EventLog, record: LiveSnapshot): Promise<void> {
  const value = contracts().liveSnapshot.encode(record);
  await log.append(TOPIC_NAMES.live, [{ key: record.site, value }]);
}

/** An alert of the hall as the aggregator would write it: critical, seen now, told to people. */
export function alertOnLog(changes: Partial<AlertOnLog> = {}): AlertOnLog {
  const nowUs = Date.now() * 1000;
  return {
    ...{ id: 'a1', site: 'station', subject: 'hall' },
    rule: 'ALERT_RULE_DENSITY',
    severity: 'ALERT_SEVERITY_CRITICAL',
    state: 'ALERT_STATE_FIRING',
    ...{ sinceUs: nowUs, atUs: nowUs, revision: 1, value: 3.75, threshold: 3.5 },
    ...{ atLeast: false, minutesToNext: 2.5, planVersion: 1, announce: true },
    ...changes,
  };
}

export async function publishAlert(log: EventLog, alert: AlertOnLog): Promise<void> {
  const value = contracts().alert.encode(alert);
  await log.append(TOPIC_NAMES.alerts, [{ key: alert.site, value }]);
}
