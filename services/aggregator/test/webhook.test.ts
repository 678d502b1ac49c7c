import type { SiteAlert } from '@hitonami/crowd';
import type { EventLog } from '@hitonami/event-log';
import {
  contracts,
  createMetrics,
  followPlans,
  publishPlan,
  TOPIC_NAMES,
  type PlanFollower,
} from '@hitonami/service';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually, openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import { label } from '../../../test/support/plans.js';
import { toRecord } from '../src/alerts/record.js';
import { AlertWebhook } from '../src/alerts/webhook.js';
import { atEnd, hall, silent } from './support.js';
import { openEndpoint, SECRET, type Endpoint } from './webhook-endpoint.js';

// Changes on the `alerts` topic of a real log, and an endpoint that is not always there.

let log: EventLog;
let plans: PlanFollower;
beforeAll(async () => {
  const folder = temporaryFolder('webhook');
  atEnd(folder.remove);
  log = await openTestLog(folder.path);
  atEnd(() => log.close());
  await publishPlan(log, hall(), Date.now() * 1000);
  plans = await followPlans(log, silent);
  atEnd(() => plans.stop());
});

const alert = (id: string, changes: Partial<SiteAlert> = {}): SiteAlert => ({
  ...{ id, site: 'test', rule: 'density', subject: 'west', severity: 'critical', state: 'firing' },
  ...{ sinceUs: Date.now() * 1000, atUs: Date.now() * 1000, revision: 1, value: 4.26 },
  ...{ threshold: 3.5, atLeast: true, minutesToNext: 6.4, planVersion: 1 },
  ...changes,
});

async function append(...records: [SiteAlert, announce?: boolean][]): Promise<void> {
  await log.append(
    TOPIC_NAMES.alerts,
    records.map(([one, announce = true]) => ({
      key: one.site,
      value: contracts().alert.encode(toRecord(one, announce)),
    })),
  );
}

async function start({ url }: Pick<Endpoint, 'url'>) {
  const metrics = createMetrics('test');
  const target = { url, secret: SECRET };
  const webhook = new AlertWebhook({
    target,
    consoleUrl: undefined,
    plans,
    logger: silent,
    metrics,
  });
  await webhook.start(log);
  atEnd(() => webhook.stop());
  return { webhook, metrics };
}

const keys = ({ told }: Endpoint): string[] =>
  told.filter(({ status }) => status < 300).map(({ key }) => key);

describe('a webhook', () => {
  it('that is new is told of what is new: not of the changes of last week that are on the log', async () => {
    const old = (Date.now() - 3_600_000) * 1000;
    await append([alert('old', { atUs: old })], [alert('young')]);
    const pager = await openEndpoint();
    const { webhook } = await start(pager);
    await eventually('the young one is told', () => keys(pager).length > 0);
    await webhook.stop();
    expect(keys(pager)).toEqual(['young:1']);
  });

  it('is told every change once, signed, and no repetition', async () => {
    const pager = await openEndpoint();
    const { webhook, metrics } = await start(pager);
    await append([alert('a')], [alert('a'), false], [alert('a'), false]);
    await append([alert('a', { revision: 2, state: 'resolved' })]);
    await eventually('both are told', () => keys(pager).length === 2);
    await webhook.stop();
    expect(keys(pager)).toEqual(['a:1', 'a:2']);
    expect(pager.told.every(({ isSigned }) => isSigned)).toBe(true);
    expect(await metric(metrics, 'hitonami_alert_webhook_deliveries_total')).toBe(2);
    expect(pager.told[0]?.message).toMatchObject({
      ...{ site: 'test', siteName: label, name: label, floor: 'f1', subjectKind: 'area' },
      ...{ value: 4.26, threshold: 3.5, atLeast: true, minutesToNext: 6.4, link: null },
      actionCard: null,
      summary: {
        en: 'Critical, firing: Test, Local density at least 4.3 persons/m²; next band in about 6 min',
        ja: '【警戒・発生中】試験 局所密度 4.3 persons/m² 以上、次の段階まで約6分',
      },
    });
  });

  it('that answers 500 is told again, with the same key; one change that it never takes holds up no other alert', async () => {
    let answers = 0;
    const pager = await openEndpoint(({ id }) => {
      if (id === 'poison') return 500;
      return ++answers <= 2 ? 503 : 200;
    });
    const { webhook, metrics } = await start(pager);
    await append([alert('poison')], [alert('poison', { revision: 2 })]);
    await append([alert('b')], [alert('c')], [alert('b', { revision: 2 })]);
    await eventually('the others are told', () => keys(pager).length === 3);
    expect(keys(pager).filter((key) => key.startsWith('b'))).toEqual(['b:1', 'b:2']);
    expect(keys(pager)).toContain('c:1');
    // Changes of one alert keep their order.
    expect(pager.told.map(({ key }) => key)).not.toContain('poison:2');
    expect(await metric(metrics, 'hitonami_alert_webhook_failures_total')).toBeGreaterThanOrEqual(
      3,
    );
    await webhook.stop();
  });

  it('is told after a restart what it was not told before, in its order', async () => {
    const back = await openEndpoint();
    const { webhook } = await start(back);
    // The poisoned ones of the test before were never taken.
    await eventually('both are told', () => keys(back).includes('poison:2'));
    expect(keys(back).filter((key) => key.startsWith('poison'))).toEqual(['poison:1', 'poison:2']);
    await webhook.stop();
  });

  it('that refuses connections is told when it is there again', async () => {
    const gone = await openEndpoint();
    await gone.close();
    const { webhook, metrics } = await start(gone);
    await append([alert('d')]);
    await eventually(
      'it was tried',
      async () => (await metric(metrics, 'hitonami_alert_webhook_failures_total')) > 0,
    );
    const back = await openEndpoint(undefined, gone.port);
    await eventually('it is told', () => keys(back).includes('d:1'));
    await webhook.stop();
  });

  it('that hangs does not keep the sender from stopping', async () => {
    const gone = await openEndpoint();
    await gone.close();
    const { webhook } = await start(gone);
    await append(
      ...Array.from({ length: 1_200 }, (_, i) => [alert(`many-${String(i)}`)] as [SiteAlert]),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startMs = Date.now();
    await webhook.stop();
    expect(Date.now() - startMs).toBeLessThan(2_000);
  });
});
