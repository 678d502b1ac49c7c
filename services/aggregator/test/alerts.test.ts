import { contracts, publishPlan, readConfig, TOPIC_NAMES, type Alert } from '@hitonami/service';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import type { TestPerson } from '../../../test/support/frames.js';
import { label, lineFrom, rectangle } from '../../../test/support/plans.js';
import { aggregatorSchema } from '../src/index.js';
import { crowd } from './crowd.js';
import { atEnd, hall, openBench, record, startEngine, T0, tick, type Bench } from './support.js';
import { openEndpoint, SECRET } from './webhook-endpoint.js';

// From the frame that crosses a threshold to whoever is paged: a real log, a real ClickHouse, the service as it runs, by
// the clock.

let url: string;
beforeAll(async () => {
  ({ url } = await startEngine());
});

const card = { id: 'gates', title: { ja: '改札規制', en: 'Limit the gates' }, steps: [label] };
/** As the hall of the other tests, with an action card; alerts resolve after 2 s, so that tests are short. */
const plan = (changes: Record<string, unknown> = {}): string => {
  const { areas, ...rest } = JSON.parse(hall()) as { areas: Record<string, unknown>[] };
  return JSON.stringify({
    ...rest,
    areas: areas.map((area) => ({ ...area, actionCard: card.id })),
    actionCards: [card],
    alerting: { resolveAfterS: 2 },
    ...changes,
  });
};

/** The sensor of the hall, five frames a second by the clock, of whoever is there. */
function film({ append }: Bench) {
  let people: TestPerson[] = [];
  let sequence = 0;
  let changedMs = 0;
  const session = Math.floor(Math.random() * 1e9);
  let lastMs = Date.now();
  let lateMs = 0;
  const timer = setInterval(() => {
    const atMs = Date.now();
    lateMs += Math.max(0, atMs - lastMs - 200);
    lastMs = atMs;
    if (changedMs === 0) changedMs = atMs;
    if (atMs % 1000 < 200) void append(tick(atMs));
    void append(record({ session, sequence: sequence++, atMs, people }));
  }, 200);
  atEnd(() => {
    clearInterval(timer);
  });
  return {
    show: (next: TestPerson[]): void => {
      [people, changedMs, lateMs] = [next, 0, 0];
    },
    stop: (): void => {
      clearInterval(timer);
    },
    /** For how long this process stood still meanwhile, since the machine had other things to do. */
    get lateMs(): number {
      return lateMs;
    },
    /** When the first frame of what is shown now was captured. */
    get changedMs(): number {
      return changedMs;
    },
  };
}

async function follow({ log }: Bench): Promise<Alert[]> {
  const records: Alert[] = [];
  const tail = await log.tail(TOPIC_NAMES.alerts, ({ value }) => {
    records.push(contracts().alert.decode(value));
  });
  atEnd(() => tail.stop());
  return records;
}

const brief = ({ rule, state, severity, revision }: Alert): string =>
  `${rule.slice(11)} ${state.slice(12)} ${severity.slice(15)} ${String(revision)}`;

describe('a crush', () => {
  it('pages within 2 s of the frame that crosses the threshold, and is over when it is over', async () => {
    const bench = await openBench(url, plan());
    const pager = await openEndpoint();
    const { metrics, service } = await bench.start({
      HITONAMI_RETENTION: 'plan',
      HITONAMI_ALERT_WEBHOOK_URL: pager.url,
      HITONAMI_ALERT_WEBHOOK_SECRET: SECRET,
      HITONAMI_CONSOLE_URL: 'https://console.example.org',
    });
    const records = await follow(bench);
    const sensor = film(bench);
    await eventually('the hall is seen', async () =>
      (await metrics.text()).includes('hitonami_area_peak_density{') ? true : false,
    );
    sensor.show(crowd(40));
    const first = await eventually('somebody is paged', () => pager.told[0]);
    const latencyMs = first.atMs - sensor.changedMs;
    console.info(`from the frame that crossed the threshold to the webhook: ${latencyMs} ms`);
    expect(latencyMs).toBeLessThan(2_000 + sensor.lateMs);
    expect(first.isSigned).toBe(true);
    expect(first.key).toBe(`${first.message.id}:1`);
    expect(first.message).toMatchObject({
      ...{ rule: 'density', state: 'firing', subject: 'west', name: label },
      ...{ atLeast: false, unit: 'persons/m²', actionCard: card, minutesToNext: null },
      link: `https://console.example.org/sites/test/alerts/${first.message.id}`,
    });
    expect(['critical', 'emergency']).toContain(first.message.severity);
    const firing = { site: 'test', rule: 'density' };
    await eventually(
      'it is in the metrics',
      async () => (await metric(metrics, 'hitonami_alert_firing', firing)) === 1,
    );
    sensor.show([]);
    const last = await eventually('its end is told', () =>
      pager.told.find(({ message }) => message.state === 'resolved'),
    );
    expect(last.message.id).toBe(first.message.id);
    expect(last.atMs - sensor.changedMs).toBeLessThan(4_000 + sensor.lateMs);
    sensor.stop();
    await service.stop();
    // What was announced on the topic was told, once each.
    const keys = pager.told.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(pager.told.every(({ isSigned }) => isSigned)).toBe(true);
    expect(
      records
        .filter(({ announce }) => announce)
        .map(({ id, revision }) => `${id}:${String(revision)}`),
    ).toEqual(keys);
  }, 40_000);

  it('goes on over a restart of the aggregator as the same alert: nobody is paged twice', async () => {
    const bench = await openBench(url, plan());
    const pager = await openEndpoint();
    const settings = {
      HITONAMI_RETENTION: 'plan',
      HITONAMI_ALERT_WEBHOOK_URL: pager.url,
      HITONAMI_ALERT_WEBHOOK_SECRET: SECRET,
    };
    const records = await follow(bench);
    const first = await bench.start(settings);
    const sensor = film(bench);
    sensor.show(crowd(40));
    await eventually('somebody is paged', () => pager.told.length > 0);
    await first.service.stop();
    const second = await bench.start(settings);
    const firing = { site: 'test', rule: 'density' };
    await eventually(
      'it is active again',
      async () =>
        (await metric(second.metrics, 'hitonami_alert_firing', firing)) === 1 &&
        records.some(({ announce }) => !announce),
    );
    sensor.show([]);
    await eventually('it is over', () => pager.told.some(({ key }) => key.endsWith(':2')));
    sensor.stop();
    await second.service.stop();
    const [id] = pager.told.map(({ message }) => message.id);
    expect(pager.told.map(({ key }) => key)).toEqual([`${String(id)}:1`, `${String(id)}:2`]);
    expect(pager.told.at(-1)?.message.state).toBe('resolved');
  }, 40_000);

  it('of which the sensor falls silent becomes "cannot see", whatever else is dead', async () => {
    const bench = await openBench(
      url,
      plan({ alerting: { resolveAfterS: 2, unseenAfterS: 1 }, lines: [] }),
    );
    const records = await follow(bench);
    const dead = await openEndpoint();
    await dead.close();
    const { metrics, service } = await bench.start({
      HITONAMI_RETENTION: 'plan',
      HITONAMI_ALERT_WEBHOOK_URL: dead.url,
      HITONAMI_ALERT_WEBHOOK_SECRET: SECRET,
    });
    const sensor = film(bench);
    sensor.show(crowd(40));
    await eventually('it fires', () => records.length > 0);
    // Not even ticks come: the clock goes on all the same.
    sensor.stop();
    await eventually('nobody sees', () =>
      records.find(({ state }) => state === 'ALERT_STATE_CANNOT_SEE'),
    );
    await eventually('the camera is silent', () =>
      records.find(({ rule }) => rule === 'ALERT_RULE_CAMERA_SILENT'),
    );
    const density = records.filter(({ rule }) => rule === 'ALERT_RULE_DENSITY').map(brief);
    expect(density.at(-1)).toMatch(/^DENSITY CANNOT_SEE /);
    await eventually(
      'its density is no longer shown',
      async () => !(await metrics.text()).includes('hitonami_area_peak_density{'),
    );
    await service.stop();
    expect(await metrics.text()).not.toMatch(/^hitonami_(area|line|camera|alert)\w*\{/m);
  }, 40_000);
});

describe('a recording', () => {
  it('pages nobody, whatever is configured: neither with `keep`, nor with the times of the past', async () => {
    const bench = await openBench(url, plan());
    const pager = await openEndpoint();
    const records = await follow(bench);
    const webhook = {
      HITONAMI_ALERT_WEBHOOK_URL: pager.url,
      HITONAMI_ALERT_WEBHOOK_SECRET: SECRET,
    };
    let sequence = 0;
    for (const retention of ['keep', 'plan']) {
      const { service } = await bench.start({ ...webhook, HITONAMI_RETENTION: retention });
      const found = records.length;
      for (let i = 0; i < 40 && records.length === found; i++) {
        const atMs = T0 + 400 * sequence++;
        await bench.append(record({ sequence, atMs, people: crowd(40) }), tick(atMs));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      await eventually('it is on the topic', () => records.length > found);
      await service.stop();
    }
    expect(records.filter(({ announce }) => announce)).toEqual([]);
    expect(pager.told).toEqual([]);
  }, 40_000);
});

describe('the thresholds in the metrics', () => {
  it('are those of the plan, in base units, and change with it', async () => {
    const main = { id: 'middle', floor: 'f1', name: label, line: lineFrom([5, 1], [5, 9]) };
    const bench = await openBench(
      url,
      plan({
        areas: [
          {
            ...{ id: 'west', floor: 'f1', name: label, kind: 'queue', queueMaxPersons: 20 },
            polygon: rectangle(0, 0, 5, 10),
            dangerBands: { stable: 1, capacity: 2, unstable: 3, congested: 4 },
          },
        ],
        lines: [{ ...main, capacityPerMMin: 60, mainDirection: 'forward' }],
        alerting: { risingPerMin: 1.2, counterFlowShareMax: 0.3, unseenAfterS: 20 },
      }),
    );
    const inForceFrom = new Date(T0 + 10_000).toISOString();
    await publishPlan(bench.log, plan({ version: 2, inForceFrom }), T0 * 1000);
    const { metrics } = await bench.start();
    await bench.append(record({ sequence: 1, atMs: T0, people: crowd(3) }));
    const area = { site: 'test', floor: 'f1', area: 'west' };
    const value = (name: string, labels: Record<string, string>) =>
      metric(metrics, `hitonami_${name}`, labels);
    await eventually('they are shown', async () => (await value('area_queue_persons', area)) === 3);
    const bands = ['stable', 'capacity', 'unstable', 'congested'].map((band) =>
      value('area_density_threshold', { ...area, band }),
    );
    expect(await Promise.all(bands)).toEqual([1, 2, 3, 4]);
    expect(await value('area_density_rising_threshold', area)).toBeCloseTo(0.02, 9);
    expect(await value('area_queue_threshold', area)).toBe(20);
    expect(await value('area_queue_persons', area)).toBe(3);
    expect(await value('area_kind', { ...area, kind: 'queue' })).toBe(1);
    expect(await value('area_coverage_threshold_ratio', area)).toBeCloseTo(0.8, 9);
    expect(await value('area_live_coverage_ratio', area)).toBe(1);
    expect(await value('line_flow_threshold', { site: 'test', line: 'middle' })).toBeCloseTo(8, 9);
    const against = { site: 'test', line: 'middle', direction: 'backward' };
    expect(await value('line_counter_flow_threshold_ratio', against)).toBe(0.3);
    expect(await value('camera_silence_threshold_seconds', { site: 'test' })).toBe(20);
    const camera = { site: 'test', camera: 'c1' };
    expect(await value('camera_last_frame_timestamp_seconds', camera)).toBe(T0 / 1000);
    expect(await metrics.text()).toContain('hitonami_camera_blind{site="test",camera="c1"} 0');

    await bench.append(
      record({ sequence: 2, atMs: T0 + 20_000, planVersion: 2, people: crowd(3) }),
      tick(T0 + 40_000),
    );
    const east = { ...area, area: 'east', band: 'congested' };
    await eventually(
      'those of the next plan are shown',
      async () => (await value('area_density_threshold', east)) === 5,
    );
    expect(await metrics.text()).not.toMatch(/^hitonami_(area_queue_|line_counter_flow)\w*\{/m);
  });
});

describe('the configuration of the webhook', () => {
  const base = { HITONAMI_WAREHOUSE_URL: 'http://127.0.0.1:8123' };
  const endpoint = 'https://pager.example.org/hook';
  it.each([
    ['an address without a secret', { URL: endpoint }, /ALERT_WEBHOOK_SECRET/],
    ['a secret without an address', { SECRET }, /ALERT_WEBHOOK_URL/],
    ['a secret that can be guessed', { URL: endpoint, SECRET: 'short' }, /SECRET .*is too short/],
  ])('is refused with %s', (_what, keys, message) => {
    const environment = Object.fromEntries(
      Object.entries(keys).map(([key, value]) => [`HITONAMI_ALERT_WEBHOOK_${key}`, value]),
    );
    expect(() => readConfig(aggregatorSchema, { ...base, ...environment })).toThrow(message);
  });
});
