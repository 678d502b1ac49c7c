import { readConfig, createMetrics } from '@hitonami/service';
import type { SitePlan } from '@hitonami/model';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import { label, testGovernance, testPlan } from '../../../test/support/plans.js';
import { consoleSchema } from '../src/index.js';
import { headcountOf } from '../src/headcount/count.js';
import { HeadcountMqtt } from '../src/headcount/mqtt.js';
import { HeadcountReceivers } from '../src/headcount/receivers.js';
import { HeadcountWebhook } from '../src/headcount/webhook.js';
import { consoleMetrics } from '../src/metrics.js';
import { SECRET, startBroker, startBuilding, type Broker, type Building } from './neighbours.js';
import { liveOf, silent } from './support.js';

// Headcounts are exact. Who is told them outside of the console is a recipient of the plan, the operator or who works for it.

const ENVIRONMENT = { HITONAMI_DATA: '/nowhere', HITONAMI_LOG: 'embedded' };
const base = testGovernance();
const [safety, ...others] = base.purposes;
const BUYERS = { id: 'buyers', name: label, role: 'buyers' };
const DATASET = {
  ...{ id: 'crowding', title: label, description: label, subject: 'areas', stepS: 900 },
  ...{ period: 'day', startsOn: '2026-01-01', purpose: 'safety' },
  ...{ audience: 'buyers', licence: 'contract' },
};

/** A plan in which the disaster centre has this part, and counts for the safety of everybody. */
function planWith(role: 'processor' | 'third-party' | undefined, change: object = {}): SitePlan {
  const centre = {
    id: 'centre',
    name: { ja: '防災センター', en: 'Centre' },
    contract: 'C-1',
    role,
  };
  const recipients = [...base.recipients, BUYERS, ...(role === undefined ? [] : [centre])];
  const named = ['operator', 'buyers', ...(role === undefined ? [] : ['centre'])];
  const purposes = [{ ...safety, recipients: named, ...change }, ...others];
  return testPlan({ governance: { ...base, recipients, purposes }, datasets: [DATASET] });
}

describe('the receivers of headcounts', () => {
  let building: Building;
  let broker: Broker;
  let device: MqttClient;
  const retained = new Map<string, string>();
  beforeAll(async () => {
    [building, broker] = await Promise.all([startBuilding(), startBroker()]);
    device = await connectAsync(broker.url);
    device.on('message', (topic, payload) => retained.set(topic, payload.toString()));
    await device.subscribeAsync('hitonami/#', { qos: 1 });
  });
  afterAll(async () => {
    await device.endAsync();
    building.stop();
    await broker.stop();
  });

  /** The receivers as the console starts them, of a site whose plan is whatever it is now. */
  function start(first: SitePlan) {
    const registry = createMetrics('console');
    const metrics = consoleMetrics(registry);
    const target = { url: building.url, secret: SECRET };
    const webhook = new HeadcountWebhook({ target, logger: silent, metrics, everyMs: 50 });
    const mqtt = new HeadcountMqtt({ url: broker.url, logger: silent, metrics });
    mqtt.start();
    let plan = first;
    const said: string[] = [];
    const logger = {
      ...silent,
      error: (_: unknown, message: string) => said.push(message),
      info: (_: unknown, message: string) => said.push(message),
    } as unknown as typeof silent;
    const receivers = new HeadcountReceivers({
      ...{ receivers: [webhook, mqtt], recipient: 'centre', logger, metrics },
      plans: { versions: () => [{ plan, inForceFromUs: 0 }] },
    });
    return {
      ...{ receivers, said },
      usePlan: (next: SitePlan) => (plan = next),
      count: (people: number) =>
        receivers.take(headcountOf(plan, liveOf(plan, people), Date.now())),
      isWithheld: () => metric(registry, 'hitonami_console_headcount_withheld', { site: 'test' }),
      stop: async () => {
        await mqtt.stop();
        await webhook.stop();
      },
    };
  }
  const sent = (): (number | null)[] => building.received.map(({ people }) => people);
  const HALL = 'hitonami/test/areas/hall';
  const ALL = 'hitonami/test/headcount';

  it.each([
    ['HITONAMI_MQTT_URL', { HITONAMI_MQTT_URL: 'mqtt://127.0.0.1' }],
    [
      'HITONAMI_HEADCOUNT_WEBHOOK_URL',
      {
        HITONAMI_HEADCOUNT_WEBHOOK_URL: 'http://127.0.0.1/',
        HITONAMI_HEADCOUNT_WEBHOOK_SECRET: 'x'.repeat(32),
      },
    ],
  ])('name the recipient that they belong to: %s alone is refused at the start', (_, receiver) => {
    const read = (more: object) =>
      readConfig(consoleSchema, { ...ENVIRONMENT, ...receiver, ...more });
    expect(() => read({})).toThrow(
      /HITONAMI_HEADCOUNT_RECIPIENT.*exact headcounts go to the operator or who works for it alone/s,
    );
    expect(read({ HITONAMI_HEADCOUNT_RECIPIENT: 'centre' }).headcountRecipient).toBe('centre');
  });

  it.each([
    ['has no such recipient', planWith(undefined), /no recipient 'centre'.*processor/],
    [
      'has it outside',
      planWith('third-party'),
      /'Centre' .* neither the operator nor works for it/,
    ],
    [
      'gives it no counts',
      planWith('processor', { recipients: ['operator', 'buyers'] }),
      /no purpose .* gives 'Centre'.*counts of the whole site/,
    ],
    [
      'gives it counts of other places alone',
      planWith('processor', { places: ['hall'] }),
      /counts of the whole site/,
    ],
    [
      'gives it counts from a later day on',
      planWith('processor', { noticePublishedOn: '2999-01-01' }),
      /or it has not begun/,
    ],
  ])('are told nothing of a site whose plan %s, and that is said once', async (_, plan, words) => {
    const before = building.received.length;
    retained.clear();
    const one = start(plan);
    one.count(3);
    one.count(4);
    expect(one.receivers.withheld('test')?.en).toMatch(words);
    expect(one.receivers.withheld('test')?.ja).toContain('HITONAMI_HEADCOUNT_RECIPIENT');
    expect(one.said).toEqual(['no headcounts are sent']);
    expect(await one.isWithheld()).toBe(1);
    await eventually('the broker', () => retained.get('hitonami/console') === 'online');
    await one.stop();
    expect(building.received).toHaveLength(before);
    expect([retained.get(ALL), retained.get(HALL)].filter((text) => text)).toEqual([]);
  });

  it('are told the exact numbers inside; outside from the next second on nothing, and what waits or was left is taken away', async () => {
    const one = start(planWith('processor'));
    one.count(3);
    await eventually('the webhook', () => sent().at(-1) === 3);
    await eventually('the broker', () => retained.get(HALL)?.includes('"people":3'));
    expect([await one.isWithheld(), one.receivers.withheld('test')]).toEqual([0, undefined]);
    one.count(4);
    await eventually('the next', () => sent().at(-1) === 4);
    // It waits for the pause between two messages, while the plan takes the receiver out.
    one.count(5);
    one.usePlan(planWith('third-party'));
    one.count(5);
    await eventually(
      'nothing is left',
      () => retained.get(HALL) === '' && retained.get(ALL) === '',
    );
    const later = await connectAsync(broker.url);
    const found: string[] = [];
    later.on('message', (topic) => found.push(topic));
    await later.subscribeAsync('hitonami/test/#', { qos: 1 });
    one.count(6);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect([sent().at(-1), found]).toEqual([4, []]);
    expect(one.said).toEqual(['no headcounts are sent']);
    one.usePlan(planWith('processor'));
    one.count(6);
    await eventually('told again', () => sent().at(-1) === 6);
    await eventually('the broker too', () => retained.get(HALL)?.includes('"people":6'));
    expect(one.said).toEqual(['no headcounts are sent', 'headcounts are sent from now on']);
    expect(await one.isWithheld()).toBe(0);
    await later.endAsync();
    await one.stop();
  });
});
