import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbeddedLog, type EventLog } from '@hitonami/event-log';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { planText, testGovernance } from '../../../test/support/plans.js';
import { contracts } from '../src/grpc/contracts.js';
import { createLogger, followPlans, publishPlan, TOPIC_NAMES, topicSpecs } from '../src/index.js';

const logger = createLogger({ service: 'test', level: 'silent' });
const NOW_US = 1_775_001_600_000_000;
let folder: string;
let log: EventLog;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-plans-'));
  log = await openEmbeddedLog({ folder });
  await log.createTopics(topicSpecs());
});
afterEach(async () => {
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a plan on the log', () => {
  it('is known to a follower as soon as it has begun, and newer versions soon after they are published', async () => {
    await publishPlan(log, planText(), NOW_US);
    const follower = await followPlans(log, logger);
    expect(follower.sites()).toEqual(['test']);
    expect(follower.at('test', 1)?.version).toBe(1);
    await publishPlan(log, planText({ version: 2, inForceFrom: '2026-04-01T00:10:00Z' }), NOW_US);
    await vi.waitFor(() => {
      expect(follower.versions('test').length).toBe(2);
    });
    expect(follower.at('test', NOW_US + 599_999_999)?.version).toBe(1);
    expect(follower.at('test', NOW_US + 600_000_000)?.version).toBe(2);
    expect(follower.at('elsewhere', NOW_US)).toBeUndefined();
    await follower.stop();
  });

  it('is in force from the beginning where it is the first, and with half a minute of notice where it is not', async () => {
    expect((await publishPlan(log, planText(), NOW_US)).inForceFromUs).toBe(0);
    expect((await publishPlan(log, planText({ version: 2 }), NOW_US)).inForceFromUs).toBe(
      NOW_US + 30_000_000,
    );
  });

  it('is in force from the first window that begins when it is due or later, and says so to whoever asks', async () => {
    await publishPlan(log, planText(), NOW_US);
    const at = (s: number) => NOW_US + s * 1_000_000;
    const second = planText({ version: 2, timeZone: 'UTC' });
    expect((await publishPlan(log, second, at(3))).inForceFromUs).toBe(at(40));
    // Saved again within the same window: the newest of them is in force from its end.
    const third = planText({ version: 3 });
    expect((await publishPlan(log, third, at(5))).inForceFromUs).toBe(at(40));
    // Another length begins where windows of both do.
    const inForceFrom = '2026-04-01T00:01:01Z';
    const longer = planText({ version: 4, windowS: 60, inForceFrom });
    expect((await publishPlan(log, longer, at(6))).inForceFromUs).toBe(at(120));
    expect((await publishPlan(log, second, at(7))).inForceFromUs).toBe(at(40));
    const follower = await followPlans(log, logger);
    expect(follower.versions('test').map(({ inForceFromUs }) => inForceFromUs)).toEqual(
      [0, 40, 40, 120].map((s) => (s === 0 ? 0 : at(s))),
    );
    const inForce = [at(40) - 1, at(40), at(120) - 1, at(120)];
    expect(inForce.map((us) => follower.at('test', us)?.version)).toEqual([1, 3, 3, 4]);
    await follower.stop();
  });

  it('that mends one of a moment ago comes in force with it, though that waits for a full minute; one planned for later is not overtaken', async () => {
    await publishPlan(log, planText(), NOW_US);
    const at = (s: number) => NOW_US + s * 1_000_000;
    expect(
      (await publishPlan(log, planText({ version: 2, windowS: 5 }), at(31))).inForceFromUs,
    ).toBe(at(120));
    const mended = planText({ version: 3, windowS: 5, timeZone: 'UTC' });
    expect((await publishPlan(log, mended, at(40))).inForceFromUs).toBe(at(120));
    const inForceFrom = '2026-04-02T00:00:01Z';
    const planned = await publishPlan(log, planText({ version: 4, inForceFrom }), at(41));
    const same = await publishPlan(log, planText({ version: 5, inForceFrom }), at(42));
    expect(same.inForceFromUs).toBe(planned.inForceFromUs);
    await expect(publishPlan(log, planText({ version: 6 }), at(43))).rejects.toThrow(
      /version 5 is from then/,
    );
  });

  it('that lies on the log with an instant within a window is in force from its end all the same', async () => {
    const write = async (version: number, s: number, rest: Record<string, unknown> = {}) => {
      const planJson = planText({ version, ...rest });
      const inForceFromUs = s === 0 ? 0 : NOW_US + s * 1_000_000;
      const plan = { site: 'test', version, inForceFromUs, planJson };
      const value = contracts().planVersion.encode(plan);
      await log.append(TOPIC_NAMES.plans, [{ key: 'test', value }]);
      return planJson;
    };
    await write(1, 0);
    await write(2, 13.5);
    const longer = await write(3, 61, { windowS: 30 });
    const heard: number[] = [];
    const follower = await followPlans(log, logger, ({ inForceFromUs }) => {
      heard.push(inForceFromUs);
    });
    const instants = [0, NOW_US + 20_000_000, NOW_US + 120_000_000];
    expect(follower.versions('test').map(({ inForceFromUs }) => inForceFromUs)).toEqual(instants);
    expect(heard).toEqual(instants);
    expect(follower.at('test', NOW_US + 19_999_999)?.version).toBe(1);
    expect(follower.at('test', NOW_US + 20_000_000)?.version).toBe(2);
    expect((await publishPlan(log, longer, NOW_US)).inForceFromUs).toBe(NOW_US + 120_000_000);
    await follower.stop();
  });

  it('is written once, however often it is published', async () => {
    await publishPlan(log, planText(), NOW_US);
    await publishPlan(log, planText(), NOW_US + 1);
    const offsets: number[] = [];
    for await (const record of log.read(TOPIC_NAMES.plans, 0, 0)) offsets.push(record.offset);
    expect(offsets.length).toBe(1);
  });

  it('keeps its text: another text needs a higher version', async () => {
    await publishPlan(log, planText({ version: 3 }), NOW_US);
    await expect(
      publishPlan(log, planText({ version: 3, timeZone: 'UTC' }), NOW_US),
    ).rejects.toThrow(/give a changed plan the version 4/);
    await expect(publishPlan(log, planText({ version: 2 }), NOW_US)).rejects.toThrow(
      /has version 3 on the log already/,
    );
  });

  it('that is a later version is never in force before now, nor before the newest', async () => {
    await publishPlan(log, planText({ inForceFrom: '2020-01-01T00:00:00Z' }), NOW_US);
    const past = planText({ version: 2, inForceFrom: '2026-03-31T23:59:59Z' });
    await expect(publishPlan(log, past, NOW_US)).rejects.toThrow(
      /from 2026-03-31T23:59:59\.000Z, before 2026-04-01T00:00:00\.000Z \(it is past\)/,
    );
    await publishPlan(log, planText({ version: 2, inForceFrom: '2026-04-01T00:20:00Z' }), NOW_US);
    // In half a minute, as nothing else is said: version 2 would come in force after it.
    await expect(publishPlan(log, planText({ version: 3 }), NOW_US)).rejects.toThrow(
      /from 2026-04-01T00:00:30\.000Z, before 2026-04-01T00:20:00\.000Z \(version 2 is from then\)/,
    );
  });

  it('that is superseded may be published again, and stays what it was', async () => {
    await publishPlan(log, planText(), NOW_US);
    await publishPlan(log, planText({ version: 2 }), NOW_US);
    const again = await publishPlan(log, planText(), NOW_US + 60_000_000);
    expect(again).toMatchObject({ plan: { version: 1 }, inForceFromUs: 0 });
    const follower = await followPlans(log, logger);
    expect(follower.at('test', NOW_US + 60_000_000)?.version).toBe(2);
    await follower.stop();
  });

  it('that this program cannot read is passed over, and the next is learned', async () => {
    await log.append(TOPIC_NAMES.plans, [{ key: 'test', value: Buffer.from([255, 255, 255]) }]);
    await publishPlan(log, planText(), NOW_US);
    const follower = await followPlans(log, logger);
    expect(follower.sites()).toEqual(['test']);
    await follower.stop();
  });
});

describe('a plan that gives what it measures to somebody else', () => {
  const city = {
    id: 'city',
    name: { ja: '市', en: 'City' },
    role: 'processor',
    contract: 'A-1',
  };
  const given = (noticePublishedOn: string, rest: Record<string, unknown> = {}): string => {
    const base = testGovernance();
    const purposes = base.purposes.map((purpose) =>
      purpose.id === 'safety'
        ? { ...purpose, recipients: ['operator', 'city'], noticePublishedOn }
        : purpose,
    );
    const governance = { ...base, recipients: [...base.recipients, city], purposes };
    return planText({ version: 2, governance, ...rest });
  };

  it('is refused before the notice has stood, with the date, and taken after it', async () => {
    await publishPlan(log, planText(), NOW_US);
    // NOW_US is 2026-04-01 in Tokyo; the notice of 2026-03-30 has stood for seven days on 2026-04-06.
    await expect(publishPlan(log, given('2026-03-30'), NOW_US)).rejects.toMatchObject({
      code: 'PLAN',
      detail: '2026-04-06',
      message: expect.stringMatching(/gives data to City.*Set inForceFrom to 2026-04-06 or later/),
    });
    const later = given('2026-03-30', { inForceFrom: '2026-04-06T00:00:00+09:00' });
    expect(await publishPlan(log, later, NOW_US)).toMatchObject({ plan: { version: 2 } });
  });

  it('is taken as it is once that day has come', async () => {
    await publishPlan(log, planText(), NOW_US);
    const afterUs = Date.parse('2026-04-06T00:00:00+09:00') * 1000;
    const { inForceFromUs } = await publishPlan(log, given('2026-03-30'), afterUs);
    expect(inForceFromUs).toBe(afterUs + 30_000_000);
  });

  it('is refused whenever it is without a new notice', async () => {
    await publishPlan(log, planText(), NOW_US);
    const yearsLater = NOW_US * 1.1;
    await expect(publishPlan(log, given('1970-01-02'), yearsLater)).rejects.toThrow(
      /this needs a new notice.*noticePublishedOn of safety.*新しい告知が必要です/,
    );
    // As the first version of a site it changes nothing: its cameras wait for its notice by themselves.
    const other = given('2026-03-30', { site: 'other', version: 1 });
    expect((await publishPlan(log, other, NOW_US)).inForceFromUs).toBe(0);
  });
});
