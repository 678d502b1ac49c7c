/**
 * The service as it runs beside others: it tells the public's side what that cannot see, and does what a command asks for.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HitonamiError } from '@hitonami/model';
import { openPublishedFolder } from '@hitonami/releases';
import {
  contracts,
  createMetrics,
  Health,
  startService,
  TOPIC_NAMES,
  readConfig,
  type RunningService,
} from '@hitonami/service';
import { eventually, openTestLog } from '../../../test/support/event-log.js';
import { dataset, daysOf, stationPlan, writeDay } from '../../../test/support/measured-days.js';
import { label } from '../../../test/support/plans.js';
import {
  askPublisher,
  isPublisherRunning,
  publisherSchema,
  publisherService,
} from '@hitonami/publisher';
import { silent, type PublisherDesk } from './desk.js';

export function serviceSuite(desk: () => PublisherDesk): void {
  let service: RunningService;
  const shared = { logger: silent, metrics: createMetrics('test'), health: new Health() };

  beforeAll(async () => {
    const plan = stationPlan({
      datasets: [dataset('hours', { stepS: 3_600 })],
      travellers: [{ area: 'a00', title: label }],
    });
    await desk().publish(plan);
    await writeDay(desk().warehouse, plan, daysOf('2026-03', plan.timeZone)[30]!);
    await desk().records.audit.append({
      ...{ user: null, action: 'test', subject: '', detail: '', address: '' },
    });
    await desk().records.audit.publishHead();
    const config = readConfig(publisherSchema, {
      HITONAMI_DATA: desk().data,
      HITONAMI_WAREHOUSE_URL: desk().engine.url,
    });
    // What a publisher that was killed left: of a dataset of the plan, and of one that is in it no more.
    for (const left of ['hours', 'gone'])
      for (const work of ['run-1', 'kept-v1']) {
        mkdirSync(workOf(left, work), { recursive: true });
        writeFileSync(join(workOf(left, work), 'part'), 'something');
      }
    service = await startService(publisherService({ records: desk().records }), config, shared);
  }, 60_000);
  afterAll(async () => {
    await service.stop();
  });

  const workOf = (id: string, work: string): string =>
    join(desk().data, 'public', '.work', 'open', 'test', id, '2026-03-29', work);

  const ask = (more: object) =>
    askPublisher(desk().data, { kind: 'release', user: 'os:aoi', ...more });

  describe('the publisher', () => {
    it('sweeps at its start what one before it left when it was killed, but for what a run goes on with', async () => {
      await eventually('files of a run are gone', () => !existsSync(workOf('gone', 'run-1')));
      await eventually('all of them', () => !existsSync(workOf('hours', 'run-1')));
      expect(existsSync(workOf('gone', 'kept-v1'))).toBe(false);
      expect(existsSync(workOf('hours', 'kept-v1'))).toBe(true);
    });

    it('tells the plan’s versions, the audit’s heads, and figures that it does not know as unknown', async () => {
      const folder = openPublishedFolder(join(desk().data, 'public'));
      const documents = await eventually('the documents of the site', () => folder.site('test'));
      expect(documents.plans).toMatchObject([{ fromMs: 0, plan: { site: 'test', version: 1 } }]);
      expect(documents.auditHeads).toHaveLength(1);
      expect(documents.figures ?? undefined).toBeUndefined();
    });

    it('releases by itself what is due, and shows it in its metrics', async () => {
      const folder = openPublishedFolder(join(desk().data, 'public'));
      const release = await eventually(
        'the release',
        async () => (await folder.look()).releases[0],
      );
      expect(release).toMatchObject({ site: 'test', period: '2026-03-31', version: 1 });
      const text = await eventually('the metric', async () => {
        const all = await shared.metrics.text();
        return all.includes('hitonami_publisher_looked_timestamp_seconds 1') && all;
      });
      expect(text).toContain(
        'hitonami_publisher_releases_total{site="test",table="hours",outcome="released"} 1',
      );
      expect(text).toContain('hitonami_publisher_behind_seconds{site="test",table="hours"} 0');
    });

    it('answers a command: with what there is, with a correction, with what is wrong', async () => {
      expect(await isPublisherRunning(desk().data)).toBe(true);
      const [line] = await ask({});
      expect(line).toMatchObject({ dataset: 'hours', outcome: 'already' });
      const because = { ja: '誤り', en: 'wrong' };
      const [corrected] = await ask({
        ...{ kind: 'correct', dataset: 'hours', period: '2026-03-31', because },
      });
      expect(corrected).toMatchObject({ outcome: 'released', version: 2 });
      const [note] = await desk().records.audit.list({ limit: 1 });
      expect(note).toMatchObject({ user: 'os:aoi', action: 'release.publish' });
      const fault = await ask({ dataset: 'other' }).catch((error: unknown) => error);
      expect(fault).toBeInstanceOf(HitonamiError);
      expect(fault).toMatchObject({
        code: 'INPUT',
        message: "'other' is no dataset of 'test'; it has hours",
      });
    });

    it('tells travellers that a place is not seen while nothing comes', async () => {
      const folder = openPublishedFolder(join(desk().data, 'public'));
      const [now] = await eventually('what travellers are told', async () => {
        const all = await folder.travellers('test');
        return all.length > 0 && all;
      });
      expect(now).toMatchObject({ area: 'a00', isAvailable: false, level: null });
      // A record that cannot be read is no news, and no reason to end.
      const log = await openTestLog(desk().data);
      await log.append(TOPIC_NAMES.live, [{ key: 'test', value: Buffer.from([255, 255]) }]);
      await log.close();
      expect(contracts().liveSnapshot).toBeDefined();
      expect(shared.health.liveness().live).toBe(true);
    });

    it('takes its sign down when it stops, and shows nothing to travellers any more', async () => {
      await service.stop();
      expect(await isPublisherRunning(desk().data)).toBe(false);
      const folder = openPublishedFolder(join(desk().data, 'public'));
      expect(await folder.travellers('test')).toEqual([]);
      expect((await folder.look()).releases).toHaveLength(2);
    });
  });
}
