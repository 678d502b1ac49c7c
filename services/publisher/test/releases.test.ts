/**
 * Releases from the warehouse to the public folder, on the real embedded parts: what comes out when, and what happens where the
 * warehouse goes away, a run stops half-way, a purpose or a budget refuses, a clock changes, or a plan.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReleaseManifest, SitePlan } from '@hitonami/model';
import { openPublishedFolder } from '@hitonami/releases';
import { dataset, stationPlan, writeDay } from '../../../test/support/measured-days.js';
import { label } from '../../../test/support/plans.js';
import type { ReleaseLine } from '../src/index.js';
import { periodOf } from '../src/releases/periods.js';
import { awayAfter, openDesk, type PublisherDesk } from './desk.js';

let desk: PublisherDesk;
beforeAll(async () => {
  desk = await openDesk('publisher');
}, 60_000);
afterAll(() => desk.stop());

const signal = new AbortController().signal;
const run = { user: null, signal, beat: () => undefined };
const MINUTE_MS = 60_000;

const dayOf = (plan: SitePlan, name: string) => {
  const [day] = periodOf({ id: 'any', period: 'day' }, name, plan.timeZone).days;
  return day!;
};

/** A plan of a site of its own on the log, with these days measured; the clock stands a quarter of an hour after the last. */
async function measured(
  site: string,
  days: string[],
  changes: Record<string, unknown> = {},
  walks = 0,
) {
  const plan = stationPlan({ site, ...changes });
  await desk.publish(plan);
  for (const day of days) await writeDay(desk.warehouse, plan, dayOf(plan, day), { walks });
  desk.nowMs = dayOf(plan, days.at(-1)!).toMs + 15 * MINUTE_MS;
  return plan;
}

const short = (lines: readonly ReleaseLine[]) =>
  lines.map(({ dataset: id, period, outcome }) => `${id} ${period} ${outcome}`);

async function manifests(site: string): Promise<ReleaseManifest[]> {
  const published = openPublishedFolder(join(desk.data, 'public'));
  return (await published.look()).releases.filter((one) => one.site === site);
}

/** Everything below the public folder of a site's releases. */
function filesOf(site: string): string[] {
  return readdirSync(join(desk.data, 'public'), { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.includes(site),
  );
}

async function rowsOf(manifest: ReleaseManifest): Promise<Record<string, unknown>[]> {
  const file = manifest.files.find(({ format }) => format === 'jsonl');
  const path = await desk.published.fileOf(manifest, file?.name ?? '');
  return readFileSync(path!, 'utf8')
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const QUARTERS = { datasets: [dataset('quarters')] };

describe('what is due', () => {
  it('is every whole period that was measured, once: the newest day first, a month when it is over', async () => {
    const datasets = [dataset('quarters'), dataset('months', { stepS: 86_400, period: 'month' })];
    await measured('due', ['2026-03-30', '2026-03-31'], { datasets });
    const releaser = await desk.releaser();
    const lines = await releaser.runDue({ site: 'due' }, run);
    expect(short(lines)).toEqual([
      'quarters 2026-03-31 released',
      'quarters 2026-03-30 released',
      'months 2026-03 released',
    ]);
    expect(short(await releaser.runDue({ site: 'due' }, run))).toEqual([
      'quarters 2026-03-31 already',
      'quarters 2026-03-30 already',
      'months 2026-03 already',
    ]);
    const [months, quarters] = await manifests('due');
    // The days of the month of which nothing was measured are there, and say so.
    expect(months).toMatchObject({ period: '2026-03', quality: { cells: 31 * 7 } });
    expect(quarters).toMatchObject({ version: 1, quality: { cells: 96 * 7 }, planVersions: [1] });
    const notes = await desk.records.audit.list({ limit: 3 });
    expect(notes.map(({ action, subject }) => `${action} ${subject}`)).toContain(
      'release.publish due/quarters/2026-03-31',
    );
  });

  it('is nothing before the day is over and rolled up', async () => {
    const plan = await measured('early', ['2026-03-31'], QUARTERS);
    const { toMs } = dayOf(plan, '2026-03-31');
    const releaser = await desk.releaser();
    const outcome = async (nowMs: number) => {
      desk.nowMs = nowMs;
      return short(await releaser.runDue({ site: 'early' }, run));
    };
    expect(await outcome(toMs - 1)).toEqual(['quarters 2026-03-31 running']);
    expect(await outcome(toMs + 5 * MINUTE_MS)).toEqual(['quarters 2026-03-31 running']);
    await desk.warehouse
      .rows(
        "ALTER TABLE area_measures DELETE WHERE site = 'early' AND length_s = 60 SETTINGS mutations_sync = 2",
      )
      .catch(() => undefined);
    // The aggregator is behind; after two hours nothing that is on the log could still come.
    expect(await outcome(toMs + 60 * MINUTE_MS)).toEqual(['quarters 2026-03-31 running']);
    expect(await outcome(toMs + 121 * MINUTE_MS)).toEqual(['quarters 2026-03-31 released']);
  });

  it('withholds what fewer than k may be behind, and says of every cell how well it was seen', async () => {
    await measured('cells', ['2026-03-31'], QUARTERS);
    await (await desk.releaser()).runDue({ site: 'cells' }, run);
    const [manifest] = await manifests('cells');
    const rows = await rowsOf(manifest!);
    const told = rows.filter((row) => row['absent'] == null && row['absent_because'] == null);
    expect(rows).toHaveLength(96 * 7);
    expect(told.length).toBeGreaterThan(50);
    for (const row of told.filter(({ area }) => area !== '*'))
      expect(row['occupancy_max_persons'] ?? 99).toBeGreaterThanOrEqual(10);
    expect(manifest!.quality.protectedCells).toBeGreaterThan(100);
    expect(rows.every((row) => typeof row['coverage'] === 'number')).toBe(true);
  });

  it('is a day of 23 hours where a clock goes forward, and one of 25 where it goes back', async () => {
    const datasets = [dataset('hours', { stepS: 3_600 }), dataset('days', { stepS: 86_400 })];
    await measured('clocks', ['2026-03-29', '2026-10-25'], {
      ...{ timeZone: 'Europe/Berlin', datasets },
    });
    await (await desk.releaser()).runDue({ site: 'clocks' }, run);
    const all = await manifests('clocks');
    const hours = all.filter((one) => one.dataset.id === 'hours');
    expect(hours.map(({ period, quality }) => [period, quality.cells])).toEqual([
      ...[
        ['2026-03-29', 23 * 7],
        ['2026-10-25', 25 * 7],
      ],
    ]);
    for (const days of all.filter((one) => one.dataset.id === 'days')) {
      const [row] = await rowsOf(days);
      expect(row?.['duration_s']).toBe((days.toMs - days.fromMs) / 1000);
      // Measured throughout: what is summed from hours is a whole day, however long.
      expect(row?.['coverage']).toBeGreaterThan(0.9);
    }
  });
});

describe('a run that does not come to its end', () => {
  it('leaves nothing visible where the warehouse goes away in its middle, and is made up for', async () => {
    await measured('away', ['2026-03-30', '2026-03-31'], {
      datasets: [dataset('months', { stepS: 3_600, period: 'month' })],
    });
    // Of the two days that were measured, one is read.
    const halfWay = await desk.releaser(awayAfter(desk.warehouse, 4));
    const [failed] = await halfWay.runDue({ site: 'away' }, run);
    expect(failed).toMatchObject({ outcome: 'failed' });
    expect(failed?.because?.en).toContain('the warehouse does not answer');
    expect(await manifests('away')).toEqual([]);
    expect(filesOf('away').filter((path) => path.endsWith('.csv'))).toEqual([]);
    const behind = await desk.metrics.registry.getSingleMetric('hitonami_publisher_behind_seconds');
    const seen = await behind?.get();
    expect(seen?.values.find(({ labels }) => labels['site'] === 'away')?.value).toBe(5 * 60);
    const again = await (await desk.releaser()).runDue({ site: 'away' }, run);
    expect(short(again)).toEqual(['months 2026-03 released']);
  });

  it('stops between two days when it is asked to, and begins anew', async () => {
    await measured('stopped', ['2026-03-30', '2026-03-31'], {
      datasets: [dataset('months', { stepS: 3_600, period: 'month' })],
    });
    const stopping = new AbortController();
    const releaser = await desk.releaser();
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
      datasets: [dataset('quarters'), dataset('months', { stepS: 86_400, period: 'month' })],
    });
    const releaser = await desk.releaser();
    const lines = await releaser.runDue({ site: 'young' }, run);
    expect(short(lines)).toEqual([
      'quarters 2026-03-31 released',
      'quarters 2026-03-30 refused',
      'months 2026-03 refused',
    ]);
    expect(lines[1]?.because?.en).toContain('begins on 2026-03-31');
  });

  it('is what is told with noise by another dataset', async () => {
    await measured(
      'twice',
      ['2026-03-31'],
      {
        datasets: [
          dataset('noisy', {
            subject: 'lines',
            stepS: 3_600,
            noise: { mechanism: 'laplace', epsilon: 1 },
          }),
          dataset('exact', { subject: 'movements', stepS: 3_600 }),
          dataset('apart', { subject: 'movements', stepS: 3_600, places: ['a03', 'a04', 'a05'] }),
        ],
      },
      6_000,
    );
    const lines = await (await desk.releaser()).runDue({ site: 'twice' }, run);
    const exact = lines.find((line) => line.dataset === 'exact');
    expect(exact).toMatchObject({ outcome: 'refused' });
    expect(exact?.because?.en).toContain("'noisy' tells with noise what 'exact' tells exactly");
    expect(lines.find((line) => line.dataset === 'apart')?.outcome).toBe('released');
  });

  it('is a period of which nothing was measured, a dataset that there is not, and a site', async () => {
    await measured('asked', ['2026-03-31'], QUARTERS);
    const releaser = await desk.releaser();
    const [line] = await releaser.runDue({ site: 'asked', period: '2026-02-01' }, run);
    expect(line).toMatchObject({ outcome: 'refused' });
    expect(line?.because?.en).toContain('nothing was measured in 2026-02-01');
    await expect(releaser.runDue({ site: 'asked', dataset: 'other' }, run)).rejects.toThrow(
      "'other' is no dataset of 'asked'; it has quarters",
    );
    await expect(releaser.runDue({ site: 'nowhere' }, run)).rejects.toThrow('nowhere');
  });
});

describe('a release that is out', () => {
  it('never changes: a correction is a new version with its reason, and knows what was told', async () => {
    const plan = await measured('corrected', ['2026-03-31'], QUARTERS);
    const releaser = await desk.releaser();
    await releaser.runDue({ site: 'corrected' }, run);
    const [first] = await manifests('corrected');
    const because = { ja: '計数の誤りを直しました', en: 'a count was wrong' };
    await expect(
      releaser.correct(
        { dataset: 'quarters', period: '2026-03-30', site: plan.site },
        because,
        run,
      ),
    ).rejects.toThrow('there is nothing to correct');
    const wanted = { site: plan.site, dataset: 'quarters', period: '2026-03-31' };
    const line = await releaser.correct(wanted, because, { ...run, user: 'os:aoi' });
    expect(line).toMatchObject({ outcome: 'released', version: 2 });
    const [again, second] = await manifests('corrected');
    expect(again).toEqual(first);
    expect(second).toMatchObject({ version: 2, correction: because });
    // Nothing was measured anew, so nothing that was withheld is told now, and nothing that was told is withheld.
    expect(await rowsOf(second!)).toEqual(await rowsOf(first!));
    const [note] = await desk.records.audit.list({ limit: 1 });
    expect(note).toMatchObject({ user: 'os:aoi', action: 'release.publish' });
    expect(note?.detail).toContain('a correction: a count was wrong');
  });

  it('goes with its dataset when that is withdrawn, and is not made again', async () => {
    await measured('withdrawn', ['2026-03-31'], QUARTERS);
    const releaser = await desk.releaser();
    await releaser.runDue({ site: 'withdrawn' }, run);
    const because = { ja: '公開をやめました', en: 'no longer published' };
    const wanted = { site: 'withdrawn', dataset: 'quarters' };
    expect(await releaser.withdraw(wanted, because, 'os:aoi')).toMatchObject({
      outcome: 'withdrawn',
    });
    expect(await manifests('withdrawn')).toEqual([]);
    expect(short(await releaser.runDue({ site: 'withdrawn' }, run))).toEqual([
      'quarters 2026-03-31 withdrawn',
    ]);
    await expect(
      releaser.withdraw({ site: 'withdrawn', dataset: 'other' }, because, null),
    ).rejects.toThrow('there is nothing to withdraw');
  });

  it('names the versions of the plan of its time, and what a new one does not know is not measured', async () => {
    const plan = await measured('changed', ['2026-03-31'], QUARTERS);
    const { fromMs } = dayOf(plan, '2026-03-31');
    const [first, ...others] = plan.areas;
    await desk.publish(
      stationPlan({
        ...{ site: 'changed', version: 2, ...QUARTERS },
        inForceFrom: new Date(fromMs + 12 * 3_600_000).toISOString(),
        areas: [...others, { ...first!, id: 'new', name: label }],
      }),
    );
    await (await desk.releaser()).runDue({ site: 'changed' }, run);
    const [manifest] = await manifests('changed');
    expect(manifest?.planVersions).toEqual([1, 2]);
    const rows = await rowsOf(manifest!);
    const absent = rows.filter(({ area }) => area === 'new');
    expect(absent).toHaveLength(96);
    expect(JSON.stringify(absent[40])).toContain('not-measured');
  });
});
