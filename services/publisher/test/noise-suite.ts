/**
 * Releases with noise: what they spend is debited first, what was drawn is kept, and where the budget is spent nothing is told.
 */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LEDGER_SPENT } from '@hitonami/records';
import { openPublicFolder, type PublicFolder } from '@hitonami/releases';
import { releaseReads } from '@hitonami/warehouse';
import { dataset } from '../../../test/support/measured-days.js';
import { periodOf } from '../src/releases/periods.js';
import { releasePeriod, type ReleaseTask } from '../src/releases/release.js';
import { run, silent, type PublisherDesk } from './desk.js';

const DAY = '2026-03-31';
const noisy = (id: string, epsilon: number) =>
  dataset(id, {
    ...{ subject: 'lines', stepS: 3_600 },
    noise: { mechanism: 'laplace', epsilon, contributionsMax: 4 },
  });

export function noiseSuite(desk: () => PublisherDesk): void {
  const measured = (site: string, datasets: object[]) =>
    desk().measured(site, [DAY], { datasets }, { walks: 2_000 });

  describe('a release with noise', () => {
    it('is of every cell of the plan, debited from the day, and says its error and not what was withheld', async () => {
      await measured('debited', [noisy('passages', 0.5)]);
      const [line] = await (await desk().releaser()).runDue({ site: 'debited' }, run);
      expect(line).toMatchObject({ outcome: 'released' });
      const [manifest] = await desk().released('debited');
      expect(manifest?.quality).toMatchObject({ cells: 24 * 2 });
      expect(manifest?.quality.protectedCells).toBeUndefined();
      expect(manifest?.protection).toMatchObject({
        rule: 'noise',
        epsilon: 0.5,
        contributionsMax: 4,
      });
      // Laplace of scale 4 / 0.5: three of four counts are within eleven, nineteen of twenty within 24.
      expect(manifest?.protection.error95).toBeGreaterThan(15);
      expect(manifest?.protection.error95).toBeLessThan(40);
      expect(await desk().records.ledger.spent('debited', DAY)).toBe(0.5);
    });

    it('is refused where the budget of the day is spent, by whichever dataset', async () => {
      await measured('spent', [noisy('first', 1), noisy('second', 1)]);
      const releaser = await desk().releaser();
      const lines = await releaser.runDue({ site: 'spent' }, run);
      expect(lines.map(({ outcome }) => outcome)).toEqual(['released', 'refused']);
      expect(lines[1]?.because?.en).toContain('the privacy budget of spent for 2026-03-31 is 1.68');
      expect(await desk().records.ledger.spent('spent', DAY)).toBe(1);
      expect(await desk().released('spent')).toHaveLength(1);
      // A correction spends too.
      const because = { ja: '誤り', en: 'wrong' };
      const wanted = { site: 'spent', dataset: 'first', period: DAY };
      expect(await releaser.correct(wanted, because, run)).toMatchObject({ outcome: 'refused' });
      expect(LEDGER_SPENT).toBe('budget-spent');
    });

    it('draws once: a run that goes on writes what the one before had drawn, and debits nothing', async () => {
      const plan = await measured('kept', [noisy('passages', 0.5)]);
      const [first] = plan.datasets;
      const inner = openPublicFolder(join(desk().data, 'public'));
      const drawn: string[] = [];
      /** The disk is full when a file is written: the first time. */
      let isFull = true;
      const folder: PublicFolder = {
        ...inner,
        begin: async (draft) => {
          const writer = await inner.begin(draft);
          return Object.assign(Object.create(writer) as typeof writer, {
            version: writer.version,
            keep: (name: string, bytes: Uint8Array) => {
              drawn.push(Buffer.from(bytes).toString());
              return writer.keep(name, bytes);
            },
            kept: (name: string) => writer.kept(name),
            leave: () => writer.leave(),
            finish: (quality: { isCountOfProtectedTold: boolean }) => writer.finish(quality),
            write: (cells: Parameters<typeof writer.write>[0]) =>
              isFull ? Promise.reject(new Error('no room')) : writer.write(cells),
          });
        },
      };
      const parts = {
        ...{ folder, records: desk().records, logger: silent },
        // Noise is its own protection.
        protect: () => Promise.reject(new Error('nothing here is suppressed')),
        reads: releaseReads(desk().warehouse),
        random: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
        toldTravellers: () => Promise.resolve([]),
      };
      const task: ReleaseTask = {
        ...{ plan, dataset: first!, user: null, signal: run.signal, releases: [] },
        versions: [{ plan, fromMs: 0 }],
        period: periodOf(first!, DAY, plan.timeZone),
        measuredDays: new Set([DAY]),
      };
      await expect(releasePeriod(parts, task)).rejects.toThrow('no room');
      expect(await desk().released('kept')).toEqual([]);
      expect(await desk().records.ledger.spent('kept', DAY)).toBe(0.5);
      isFull = false;
      const manifest = await releasePeriod(parts, task);
      expect(drawn).toHaveLength(1);
      expect(await desk().records.ledger.spent('kept', DAY)).toBe(0.5);
      const told: unknown[] = [];
      for await (const cells of inner.told(manifest)) told.push(...cells);
      const counts = (cells: unknown[]) =>
        (cells as { measures: { count?: number } }[]).map(({ measures }) => measures.count ?? null);
      expect(counts(told)).toEqual(counts(JSON.parse(drawn[0]!) as unknown[]));
    });
  });
}
