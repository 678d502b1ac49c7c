/**
 * Releases from the warehouse to the public folder: what comes out when, and what happens where the warehouse goes away, a run
 * stops half-way, a purpose refuses, a clock changes, or a plan.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataset, stationPlan } from '../../../test/support/measured-days.js';
import { label } from '../../../test/support/plans.js';
import { awayAfter, dayOf, rowsOf, run, short, type PublisherDesk } from './desk.js';

const MINUTE_MS = 60_000;
const HOURS = { datasets: [dataset('hours', { stepS: 3_600 })] };

export function releasesSuite(desk: () => PublisherDesk): void {
  const measured: PublisherDesk['measured'] = (...of) => desk().measured(...of);
  const manifests = (site: string) => desk().released(site);
  /** Everything below the public folder of a site's releases. */
  const filesOf = (site: string): string[] =>
    readdirSync(join(desk().data, 'public'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.includes(site),
    );

  describe('what is due', () => {
    it('is every whole period that was measured, once: the newest day first, a month when it is over', async () => {
      const datasets = [
        dataset('hours', { stepS: 3_600 }),
        dataset('months', { stepS: 86_400, period: 'month' }),
      ];
      await measured('due', ['2026-03-30', '2026-03-31'], { datasets });
      const releaser = await desk().releaser();
      const lines = await releaser.runDue({ site: 'due' }, run);
      expect(short(lines)).toEqual([
        'hours 2026-03-31 released',
        'hours 2026-03-30 released',
        'months 2026-03 released',
      ]);
      expect(short(await releaser.runDue({ site: 'due' }, run))).toEqual([
        'hours 2026-03-31 already',
        'hours 2026-03-30 already',
        'months 2026-03 already',
      ]);
      const [hours, , months] = await manifests('due');
      // The days of the month of which nothing was measured are there, and say so.
      expect(months).toMatchObject({ period: '2026-03', quality: { cells: 31 * 5 } });
      expect(hours).toMatchObject({ version: 1, quality: { cells: 24 * 5 }, planVersions: [1] });
      const notes = await desk().records.audit.list({ limit: 3 });
      expect(notes.map(({ action, subject }) => `${action} ${subject}`)).toContain(
        'release.publish due/hours/2026-03-31',
      );
    });

    it('is nothing before the day is over and rolled up', async () => {
      const plan = await measured('early', ['2026-03-31'], HOURS, { isOver: false });
      const { toMs } = dayOf(plan, '2026-03-31');
      const releaser = await desk().releaser();
      const outcome = async (nowMs: number) => {
        desk().nowMs = nowMs;
        return short(await releaser.runDue({ site: 'early' }, run));
      };
      expect(await outcome(toMs - 1)).toEqual(['hours 2026-03-31 running']);
      expect(await outcome(toMs + 5 * MINUTE_MS)).toEqual(['hours 2026-03-31 running']);
      // The aggregator is behind; after two hours nothing that is on the log could still come.
      expect(await outcome(toMs + 60 * MINUTE_MS)).toEqual(['hours 2026-03-31 running']);
      expect(await outcome(toMs + 121 * MINUTE_MS)).toEqual(['hours 2026-03-31 released']);
    });

    it('withholds what fewer than k may be behind, and says of every cell how well it was seen', async () => {
      await measured('cells', ['2026-03-31'], HOURS);
      await (await desk().releaser()).runDue({ site: 'cells' }, run);
      const [manifest] = await manifests('cells');
      const rows = await rowsOf(desk(), manifest!);
      const told = rows.filter((row) => row['absent'] == null && row['absent_because'] == null);
      expect(rows).toHaveLength(24 * 5);
      expect(told.length).toBeGreaterThan(10);
      for (const row of told.filter(({ area }) => area !== '*'))
        expect(row['occupancy_max_persons'] ?? 99).toBeGreaterThanOrEqual(10);
      expect(manifest!.quality.protectedCells).toBeGreaterThan(20);
      expect(rows.every((row) => typeof row['coverage'] === 'number')).toBe(true);
    });

    it('is a day of 23 hours where a clock goes forward, and one of 25 where it goes back', async () => {
      const datasets = [dataset('hours', { stepS: 3_600 }), dataset('days', { stepS: 86_400 })];
      await measured('clocks', ['2026-03-29', '2026-10-25'], {
        ...{ timeZone: 'Europe/Berlin', datasets },
      });
      await (await desk().releaser()).runDue({ site: 'clocks' }, run);
      const all = await manifests('clocks');
      const hours = all.filter((one) => one.dataset.id === 'hours');
      expect(hours.map(({ period, quality }) => [period, quality.cells])).toEqual([
        ...[
          ['2026-03-29', 23 * 5],
          ['2026-10-25', 25 * 5],
        ],
      ]);
      for (const days of all.filter((one) => one.dataset.id === 'days')) {
        const [row] = await rowsOf(desk(), days);
        expect(row?.['duration_s']).toBe((days.toMs - days.fromMs) / 1000);
        // Measured throughout: what is summed from hours is a whole day, however long.
        expect(row?.['coverage']).toBeGreaterThan(0.9);
      }
    });
  });

  describe('a run that does not come to its end', () => {
    it('leaves nothing visible where the warehouse goes away in its middle, and is made up for', async () => {
      await measured('away', ['2026-03-30', '2026-03-31'], {
        datasets: [dataset('months', { stepS: 86_400, period: 'month' })],
      });
      // Of the two days that were measured, one is read.
      const halfWay = await desk().releaser(awayAfter(desk().warehouse, 4));
      const [failed] = await halfWay.runDue({ site: 'away' }, run);
      expect(failed).toMatchObject({ outcome: 'failed' });
      expect(failed?.because?.en).toContain('the warehouse does not answer');
      expect(await manifests('away')).toEqual([]);
      expect(filesOf('away').filter((path) => path.endsWith('.csv'))).toEqual([]);
      const behind = desk().metrics.registry.getSingleMetric('hitonami_publisher_behind_seconds');
      const seen = await behind?.get();
      expect(seen?.values.find(({ labels }) => labels['site'] === 'away')?.value).toBe(5 * 60);
      const again = await (await desk().releaser()).runDue({ site: 'away' }, run);
      expect(short(again)).toEqual(['months 2026-03 released']);
    });

    it('stops between two days when it is asked to, and begins anew', async () => {
      await measured('stopped', ['2026-03-30', '2026-03-31'], {
        datasets: [dataset('months', { stepS: 86_400, period: 'month' })],
      });
      const stopping = new AbortController();
      const releaser = await desk().releaser();
      const beat = () => stopping.abort();
      const lines = await releaser.runDue(
        { site: 'stopped' },
        { ...run, signal: stopping.signal, beat },
      );
      expect(short(lines)).toEqual(['months 2026-03 running']);
      expect(await manifests('stopped')).toEqual([]);
      expect(short(await releaser.runDue({ site: 'stopped' }, run))).toEqual([
        'months 2026-03 released',
      ]);
    });
  });

  describe('what may not be released', () => {
    it('is what was captured before its purpose began, with the day from which it may', async () => {
      const base = stationPlan();
      const purposes = base.governance.purposes.map((one) =>
        one.id === 'open' ? { ...one, noticePublishedOn: '2026-03-24' } : one,
      );
      await measured('young', ['2026-03-30', '2026-03-31'], {
        governance: { ...base.governance, purposes },
        datasets: [
          dataset('hours', { stepS: 3_600 }),
          dataset('months', { stepS: 86_400, period: 'month' }),
        ],
      });
      const releaser = await desk().releaser();
      const lines = await releaser.runDue({ site: 'young' }, run);
      expect(short(lines)).toEqual([
        'hours 2026-03-31 released',
        'hours 2026-03-30 refused',
        'months 2026-03 refused',
      ]);
      expect(lines[1]?.because?.en).toContain('begins on 2026-03-31');
    });

    it('is what was told with noise before, whatever the plan says now', async () => {
      const passages = dataset('noisy', {
        ...{ subject: 'lines', stepS: 3_600 },
        noise: { mechanism: 'laplace', epsilon: 1 },
      });
      const plan = await measured(
        'twice',
        ['2026-03-31'],
        { datasets: [passages] },
        { walks: 6_000 },
      );
      const [first] = await (await desk().releaser()).runDue({ site: 'twice' }, run);
      expect(first?.outcome).toBe('released');
      const datasets = [
        dataset('exact', { subject: 'movements', stepS: 3_600 }),
        dataset('apart', { subject: 'movements', stepS: 3_600, places: ['a02', 'a03'] }),
      ];
      const inForceFrom = new Date(dayOf(plan, '2026-03-31').toMs).toISOString();
      await desk().publish(stationPlan({ site: 'twice', version: 2, datasets, inForceFrom }));
      const lines = await (await desk().releaser()).runDue({ site: 'twice' }, run);
      const exact = lines.find((line) => line.dataset === 'exact');
      expect(exact).toMatchObject({ outcome: 'refused' });
      expect(exact?.because?.en).toContain("'noisy' tells with noise what 'exact' tells exactly");
      expect(lines.find((line) => line.dataset === 'apart')?.outcome).toBe('released');
    });

    it('is what is counted in finer steps than the plan keeps the times of movements', async () => {
      const governance = { ...stationPlan().governance, legTimeStepS: 3_600 };
      const ways = { subject: 'sequences', audience: 'buyers', licence: 'contract' };
      await measured('coarse', ['2026-03-31'], { governance, datasets: [dataset('ways', ways)] });
      const releaser = await desk().releaser();
      for (let i = 0; i < 2; i += 1) {
        const [line] = await releaser.runDue({ site: 'coarse' }, run);
        expect(line).toMatchObject({ outcome: 'refused' });
        expect(line?.because?.en).toContain('(legTimeStepS): give the dataset longer steps');
      }
    });

    it('is a period of which nothing was measured, a dataset that there is not, and a site', async () => {
      await measured('asked', ['2026-03-31'], HOURS);
      const releaser = await desk().releaser();
      const [line] = await releaser.runDue({ site: 'asked', period: '2026-02-01' }, run);
      expect(line).toMatchObject({ outcome: 'refused' });
      expect(line?.because?.en).toContain('nothing was measured in 2026-02-01');
      await expect(releaser.runDue({ site: 'asked', dataset: 'other' }, run)).rejects.toThrow(
        "'other' is no dataset of 'asked'; it has hours",
      );
      await expect(releaser.runDue({ site: 'nowhere' }, run)).rejects.toThrow('nowhere');
    });
  });

  describe('a release that is out', () => {
    it('never changes: a correction is a new version with its reason, and knows what was told', async () => {
      const plan = await measured('corrected', ['2026-03-31'], HOURS);
      const releaser = await desk().releaser();
      await releaser.runDue({ site: 'corrected' }, run);
      const [first] = await manifests('corrected');
      const because = { ja: '計数の誤りを直しました', en: 'a count was wrong' };
      await expect(
        releaser.correct({ dataset: 'hours', period: '2026-03-30', site: plan.site }, because, run),
      ).rejects.toThrow('there is nothing to correct');
      const wanted = { site: plan.site, dataset: 'hours', period: '2026-03-31' };
      const line = await releaser.correct(wanted, because, { ...run, user: 'os:aoi' });
      expect(line).toMatchObject({ outcome: 'released', version: 2 });
      const [again, second] = await manifests('corrected');
      expect(again).toEqual(first);
      expect(second).toMatchObject({ version: 2, correction: because });
      // Nothing was measured anew, so nothing that was withheld is told now, and nothing that was told is withheld.
      expect(await rowsOf(desk(), second!)).toEqual(await rowsOf(desk(), first!));
      const [note] = await desk().records.audit.list({ limit: 1 });
      expect(note).toMatchObject({ user: 'os:aoi', action: 'release.publish' });
      expect(note?.detail).toContain('a correction: a count was wrong');
    });

    it('goes with its dataset when that is withdrawn, and is not made again', async () => {
      await measured('withdrawn', ['2026-03-31'], HOURS);
      const releaser = await desk().releaser();
      await releaser.runDue({ site: 'withdrawn' }, run);
      const because = { ja: '公開をやめました', en: 'no longer published' };
      const wanted = { site: 'withdrawn', dataset: 'hours' };
      expect(await releaser.withdraw(wanted, because, 'os:aoi')).toMatchObject({
        outcome: 'withdrawn',
      });
      expect(await manifests('withdrawn')).toEqual([]);
      expect(short(await releaser.runDue({ site: 'withdrawn' }, run))).toEqual([
        'hours 2026-03-31 withdrawn',
      ]);
      await expect(
        releaser.withdraw({ site: 'withdrawn', dataset: 'other' }, because, null),
      ).rejects.toThrow('there is nothing to withdraw');
    });

    it('names the versions of the plan of its time, and what a new one does not know is not measured', async () => {
      const plan = await measured('changed', ['2026-03-31'], HOURS);
      const { fromMs } = dayOf(plan, '2026-03-31');
      const [first, ...others] = plan.areas;
      await desk().publish(
        stationPlan({
          ...{ site: 'changed', version: 2, ...HOURS },
          inForceFrom: new Date(fromMs + 12 * 3_600_000).toISOString(),
          areas: [...others, { ...first!, id: 'new', name: label }],
        }),
      );
      await (await desk().releaser()).runDue({ site: 'changed' }, run);
      const [manifest] = await manifests('changed');
      expect(manifest?.planVersions).toEqual([1, 2]);
      const rows = await rowsOf(desk(), manifest!);
      const absent = rows.filter(({ area }) => area === 'new');
      expect(absent).toHaveLength(24);
      expect(JSON.stringify(absent[8])).toContain('not-measured');
    });
  });
}
