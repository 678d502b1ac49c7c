/**
 * Two consoles and an aggregator as they run on several machines: processes of their own on Apache Kafka and PostgreSQL.
 * Then one of them is gone, the broker is, and the receiver of the alerts is. For the consoles no warehouse answers all the while.
 */
import { join } from 'node:path';
import { openKafkaLog, type EventLog } from '@hitonami/event-log';
import type { SitePlan } from '@hitonami/model';
import { openRecords } from '@hitonami/records';
import { publishPlan, topicSpecs } from '@hitonami/service';
import { startEmbeddedWarehouse } from '@hitonami/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../../../test/support/event-log.js';
import { requireKafka, startKafka, type KafkaBroker } from '../../../test/support/kafka-broker.js';
import { testPlan } from '../../../test/support/plans.js';
import { hasPostgres, startPostgres, type Postgres } from '../../../test/support/postgres.js';
import {
  freePort,
  startServiceProcess,
  type ServiceProcess,
} from '../../../test/support/service-process.js';
import type { Alert, LiveSnapshot, Problem } from '../src/contract/index.js';
import { SECRET, startPhone, startReceiver, type Phone, type Receiver } from './neighbours.js';
import {
  alertOnLog,
  Client,
  liveOf,
  PASSWORD,
  publishAlert,
  publishLive,
  STATION,
} from './support.js';

interface Seat {
  process: ServiceProcess;
  url: string;
  browser: Client;
}

const NOWHERE = 'http://127.0.0.1:9';

describe.skipIf(!hasPostgres() || !(await requireKafka()))('several machines', () => {
  const folder = temporaryFolder('outages');
  const plan: SitePlan = testPlan(STATION);
  let broker: KafkaBroker;
  let postgres: Postgres;
  let log: EventLog;
  let phone: Phone;
  let pager: Receiver;
  let engine: Awaited<ReturnType<typeof startEmbeddedWarehouse>>;
  let aggregator: ServiceProcess;
  let seats: Seat[] = [];

  beforeAll(async () => {
    [broker, postgres, engine, phone, pager] = await Promise.all([
      startKafka(),
      startPostgres(),
      startEmbeddedWarehouse({ folder: join(folder.path, 'warehouse') }),
      startPhone(),
      startReceiver(),
    ]);
    log = await openKafkaLog({ ...broker, onFault: () => undefined });
    await log.createTopics(topicSpecs());
    await publishPlan(log, JSON.stringify(plan), Date.now() * 1000);
    const recordsUrl = await postgres.createDatabase();
    const records = await openRecords({ url: recordsUrl });
    await records.migrate();
    await records.users.createFirst({ name: 'chief', password: PASSWORD });
    await records.close();
    const onKafka = {
      HITONAMI_LOG: 'kafka',
      HITONAMI_KAFKA_BROKERS: broker.brokers.join(','),
      HITONAMI_TOPIC_PREFIX: broker.prefix,
      HITONAMI_WAREHOUSE_URL: NOWHERE,
    };
    const startSeat = async (): Promise<Seat> => {
      const address = `127.0.0.1:${await freePort()}`;
      const process = await startServiceProcess('console', {
        ...onKafka,
        HITONAMI_CONSOLE_ADDRESS: address,
        HITONAMI_RECORDS_URL: recordsUrl,
        HITONAMI_ESCALATION_WEBHOOK_URL: phone.url,
        HITONAMI_ESCALATION_WEBHOOK_SECRET: SECRET,
      });
      const url = `http://${address}`;
      const browser = new Client(() => url);
      await browser.enter('/session', { name: 'chief', password: PASSWORD });
      return { process, url, browser };
    };
    const [one, other, aggregating] = await Promise.all([
      startSeat(),
      startSeat(),
      startServiceProcess('aggregator', {
        ...onKafka,
        HITONAMI_WAREHOUSE_URL: engine.url,
        HITONAMI_ALERT_WEBHOOK_URL: pager.url,
        HITONAMI_ALERT_WEBHOOK_SECRET: SECRET,
      }),
    ]);
    seats = [one, other];
    aggregator = aggregating;
  }, 120_000);

  afterAll(async () => {
    await Promise.all(
      [...seats.map(({ process }) => process), aggregator].map((one) => one.kill()),
    );
    await log.close();
    await Promise.all([broker.stop(), postgres.remove(), engine.stop()]);
    phone.stop();
    pager.stop();
    folder.remove();
  });

  const pair = () => seats as [Seat, Seat];
  const shown = async ({ browser }: Seat, id: string): Promise<Alert | undefined> =>
    (await browser.get<Alert[]>('/sites/station/alerts')).body.find((one) => one.id === id);
  /** Told a minute ago: whoever calls, calls at once. */
  const overdue = (id: string) => {
    const us = (Date.now() - 60_000) * 1000;
    return alertOnLog({ id, sinceUs: us, atUs: us });
  };
  const calls = (id: string) => phone.tries.filter(({ body }) => body.alert.id === id);

  it('have one set of alerts, one acknowledgement, and make one call', async () => {
    const [one, other] = pair();
    await publishAlert(log, overdue('two'));
    const escalated = async (seat: Seat) => {
      const alert = await shown(seat, 'two');
      return alert?.escalatedAt != null && alert;
    };
    const told = await Promise.all(
      seats.map((seat) => eventually('it is marked', () => escalated(seat))),
    );
    expect(told[0]).toEqual(told[1]);
    expect(told[0]?.actions.map(({ kind }) => kind)).toEqual(['fired', 'escalated']);
    await one.browser.send('POST', '/alerts/two/acknowledge', { note: 'mine' });
    const second = await other.browser.send<Alert>('POST', '/alerts/two/acknowledge', {
      note: 'mine too',
    });
    expect(second.body.actions.filter(({ kind }) => kind === 'acknowledged')).toMatchObject([
      { text: 'mine' },
    ]);
    expect(calls('two')).toHaveLength(1);
  }, 60_000);

  it('go on when the broker is back: meanwhile the page says so, alerts are acknowledged, no plan is saved', async () => {
    const [seat] = pair();
    const stream = await seat.browser.watch('/sites/station/live?purpose=safety');
    await publishLive(log, liveOf(plan, 12));
    const people = () => stream.last<LiveSnapshot>('snapshot')?.areas[0]?.people;
    const coverage = () => stream.last<LiveSnapshot>('snapshot')?.areas[0]?.coverage;
    await eventually('a live picture', () => people() === 12);
    await publishAlert(log, alertOnLog({ id: 'before', severity: 'ALERT_SEVERITY_WARNING' }));
    await eventually('an alert', () => shown(seat, 'before'));
    await eventually('the pager is told', () => pager.taken.includes('before:1'));
    pager.status = 503;

    await broker.crash?.();
    const saving = seat.browser.send<Problem>('POST', '/sites/station/plans', {
      ...{ plan, note: 'while the log is away', basedOn: 1 },
    });
    await eventually('nobody is seen any more', () => coverage() === 0);
    const done = await seat.browser.send<Alert>('POST', '/alerts/before/acknowledge', {});
    expect(done.body.acknowledgedBy).toBe('chief');
    const { status, body } = await saving;
    expect([status, body.error]).toEqual([503, 'unavailable']);
    expect(body.message).toContain('event log');

    await broker.restart?.();
    await publishAlert(log, alertOnLog({ id: 'after', severity: 'ALERT_SEVERITY_WARNING' }));
    await eventually('the alert comes', () => shown(seat, 'after'), 30_000);
    await eventually('the picture goes on', async () => {
      await publishLive(log, liveOf(plan, 34));
      return people() === 34;
    });
    stream.stop();
    const saved = await seat.browser.send('POST', '/sites/station/plans', {
      ...{ plan, note: 'now', basedOn: 1 },
    });
    expect(saved.body).toEqual({ version: 2 });
  }, 120_000);

  it('show what the records cannot keep, and call all the same: twice is better than never', async () => {
    const [seat] = pair();
    const stream = await seat.browser.watch('/sites/station/live?purpose=safety');
    await postgres.crash();
    await publishAlert(log, overdue('unkept'));
    await eventually('everybody sees it', () =>
      stream.last<{ active: Alert[] }>('alerts')?.active.find(({ id }) => id === 'unkept'),
    );
    stream.stop();
    await eventually('the phone rings', () =>
      phone.calls.some(({ key }) => key.includes('unkept')),
    );
    const away = await seat.browser.get<Problem>('/sites/station/alerts');
    expect([away.status, away.body.error]).toEqual([503, 'unavailable']);
    expect(away.body.message).toContain('What keeps accounts, alerts and plans');
    await postgres.start();
    const kept = await eventually('it is marked', async () => {
      const { status, body } = await seat.browser.get<Alert[]>('/sites/station/alerts');
      const alert = status === 200 ? body.find(({ id }) => id === 'unkept') : undefined;
      return alert?.escalatedAt != null && alert;
    });
    expect(kept.actions.map(({ kind }) => kind)).toEqual(['fired', 'escalated']);
    const keys = new Set(calls('unkept').map(({ key }) => key));
    expect([...keys]).toEqual(['escalation-unkept-critical']);
    // Whoever has called does not call again when the mark can be made.
    expect(calls('unkept').length).toBeLessThanOrEqual(seats.length);
  }, 60_000);

  it('call in the place of one that is gone', async () => {
    phone.status = 503;
    await publishAlert(log, overdue('taken-over'));
    const first = await eventually('somebody calls', () => calls('taken-over')[0]);
    const caller = seats.find(({ url }) => first.body.url.startsWith(url)) ?? pair()[0];
    const other = seats.find((seat) => seat !== caller) ?? pair()[1];
    await caller.process.kill();
    phone.status = 204;
    await eventually(
      'the other calls',
      async () => (await shown(other, 'taken-over'))?.escalatedAt != null,
      30_000,
    );
    const answered = phone.calls.filter(({ body }) => body.alert.id === 'taken-over');
    expect(answered.map(({ key }) => key)).toEqual(['escalation-taken-over-critical']);
    expect(answered[0]?.body.url).toContain(other.url);
  }, 60_000);

  it('tell by the aggregator’s webhook what happened while the broker was away, when the receiver is back too', async () => {
    await eventually('the pager is tried', () => pager.tries.includes('after:1'), 60_000);
    pager.status = 204;
    await eventually('the pager is told', () => pager.taken.includes('after:1'), 30_000);
  }, 100_000);
});
