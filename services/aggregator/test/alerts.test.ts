import { contracts, publishPlan, TOPIC_NAMES, type Alert } from '@hitonami/service';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { metric } from '../../../test/support/metrics.js';
import type { TestFrame, TestPerson } from '../../../test/support/frames.js';
import { label } from '../../../test/support/plans.js';
import { atEnd, hall, openBench, record, startEngine, tick, type Bench } from './support.js';
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

/** So many people around one place of the western half, half a metre from each other: about 4 persons/m² and more. */
function crowd(count: number): TestPerson[] {
  const people: TestPerson[] = [];
  for (let i = 0; i < count; i++)
    people.push({ track: i + 1, x: 1.5 + 0.45 * (i % 5), y: 4 + 0.45 * Math.floor(i / 5) });
  return people;
}

/** The sensor of the hall, five frames a second by the clock, of whoever is there. */
function film({ append }: Bench, changes: Partial<TestFrame> = {}) {
  let people: TestPerson[] = [];
  let sequence = 0;
  let changedMs = 0;
  let isSilent = false;
  const session = Math.floor(Math.random() * 1e9);
  const timer = setInterval(() => {
    const atMs = Date.now();
    if (changedMs === 0) changedMs = atMs;
    if (atMs % 1000 < 200) void append(tick(atMs));
    if (!isSilent) void append(record({ session, sequence: sequence++, atMs, people, ...changes }));
  }, 200);
  atEnd(() => {
    clearInterval(timer);
  });
  return {
    show: (next: TestPerson[]): void => {
      [people, changedMs] = [next, 0];
    },
    silence: (): void => {
      isSilent = true;
    },
    stop: (): void => {
      clearInterval(timer);
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
  it('pages within 2 s of the frame that crosses the threshold, is repeated on the topic, and resolves', async () => {
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
    expect(latencyMs).toBeLessThan(2_000);
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
    await eventually('it is repeated', () => records.find(({ announce }) => !announce));
    sensor.show([]);
    const last = await eventually('its end is told', () =>
      pager.told.find(({ message }) => message.state === 'resolved'),
    );
    expect(last.message.id).toBe(first.message.id);
    expect(last.atMs - sensor.changedMs).toBeLessThan(4_000);
    sensor.stop();
    await service.stop();
    // Every revision was told once, repetitions were not.
    const keys = pager.told.map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(pager.told.every(({ isSigned }) => isSigned)).toBe(true);
    expect(
      records
        .filter(({ announce }) => announce)
        .map(({ id, revision }) => `${id}:${String(revision)}`),
    ).toEqual(keys);
  }, 40_000);
});
