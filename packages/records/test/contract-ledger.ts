import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEDGER_OTHERWISE, LEDGER_SPENT, type LedgerDebit, type Records } from '../src/index.js';
import type { Database } from '../src/sql/port.js';

/** The privacy budget of each day of data. */
export function ledgerContract(records: () => Records, database: () => Database): void {
  describe('the ledger', () => {
    let sites = 0;
    const newSite = (): string => `ledger-${sites++}`;
    const of = (change: Partial<LedgerDebit> = {}): LedgerDebit => ({
      ...{ site: 'shibuya', day: '2026-10-05', dataset: 'areas', period: '2026-10-05', version: 1 },
      ...{ epsilon: 0.5, budget: 1.68, ...change },
    });
    const debit = (change: Partial<LedgerDebit>): Promise<'debited' | 'already'> =>
      records().ledger.debit(of(change));
    const isSpent = { code: 'INPUT', detail: LEDGER_SPENT };

    it('sums over datasets and versions, and refuses what would pass the budget of the day', async () => {
      const site = newSite();
      expect(await debit({ site })).toBe('debited');
      expect(await debit({ site, version: 2 })).toBe('debited');
      expect(await debit({ site, dataset: 'lines' })).toBe('debited');
      await expect(debit({ site, dataset: 'movements' })).rejects.toMatchObject(isSpent);
      expect(await records().ledger.spent(site, '2026-10-05')).toBe(1.5);
      expect(await debit({ site, dataset: 'movements', epsilon: 0.18 })).toBe('debited');
      await expect(debit({ site, dataset: 'sequences', epsilon: 0.000001 })).rejects.toMatchObject(
        isSpent,
      );
      expect(await debit({ site, day: '2026-10-06' })).toBe('debited');
      expect(await debit({ site: newSite() })).toBe('debited');
      const listed = await records().ledger.list(site, '2026-10-05');
      expect(listed.map(({ dataset, version, epsilon }) => [dataset, version, epsilon])).toEqual([
        ['areas', 1, 0.5],
        ['areas', 2, 0.5],
        ['lines', 1, 0.5],
        ['movements', 1, 0.18],
      ]);
    });

    it('spends once for a release that is made again, under a smaller budget too, and only with the same ε', async () => {
      const site = newSite();
      await debit({ site });
      expect(await debit({ site })).toBe('already');
      expect(await debit({ site, budget: 0.1 })).toBe('already');
      await expect(debit({ site, epsilon: 0.4 })).rejects.toMatchObject({
        ...{ code: 'INPUT', detail: LEDGER_OTHERWISE },
      });
      expect(await records().ledger.spent(site, '2026-10-05')).toBe(0.5);
    });

    it('debits all days of a release or none, and what is missing of them when it goes on', async () => {
      const site = newSite();
      const days = Array.from(
        { length: 31 },
        (_, i) => `2026-10-${String(i + 1).padStart(2, '0')}`,
      );
      await debit({ site, dataset: 'lines', day: '2026-10-31', epsilon: 1.5 });
      const month = { site, day: days, period: '2026-10', epsilon: 0.3 };
      await expect(debit(month)).rejects.toThrow('2026-10-31');
      expect(await records().ledger.spent(site, '2026-10-01')).toBe(0);
      expect(await debit({ ...month, day: days.slice(0, 3) })).toBe('debited');
      expect(await debit({ ...month, budget: 2 })).toBe('debited');
      expect(await debit(month)).toBe('already');
      for (const day of ['2026-10-01', '2026-10-04'])
        expect(await records().ledger.spent(site, day)).toBe(0.3);
    });

    it('is never overdrawn by debits at the same time, and counts the same one once', async () => {
      const site = newSite();
      const outcomes = await Promise.allSettled(
        Array.from({ length: 24 }, (_, i) =>
          debit({ site, dataset: `d${Math.floor(i / 2)}`, epsilon: 0.1, budget: 0.5 }),
        ),
      );
      const count = (what: string): number =>
        outcomes.filter((one) => (one.status === 'fulfilled' ? one.value : 'refused') === what)
          .length;
      expect([count('debited'), count('already'), count('refused')]).toEqual([5, 5, 14]);
      expect(await records().ledger.spent(site, '2026-10-05')).toBe(0.5);
    });

    it('adds decimals exactly: ten times a tenth is one', async () => {
      const site = newSite();
      for (let n = 0; n < 10; n++) await debit({ site, version: n + 1, epsilon: 0.1, budget: 1 });
      expect(await records().ledger.spent(site, '2026-10-05')).toBe(1);
      await expect(debit({ site, version: 11, epsilon: 0.01, budget: 1 })).rejects.toMatchObject(
        isSpent,
      );
    });

    it('takes every decimal as it is written, and what is finer to the safe side', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 10_000_000 }), async (millionths) => {
          const site = newSite();
          const epsilon = Number(`${millionths}e-6`);
          await debit({ site, epsilon, budget: epsilon });
          expect(await records().ledger.spent(site, '2026-10-05')).toBe(epsilon);
        }),
        { numRuns: 20 },
      );
      const site = newSite();
      await expect(debit({ site, epsilon: 1 / 3, budget: 1 / 3 })).rejects.toMatchObject(isSpent);
      await debit({ site, epsilon: 1 / 3 });
      expect(await records().ledger.spent(site, '2026-10-05')).toBe(0.333334);
    });

    it('refuses what is no debit', async () => {
      for (const [change, detail] of [
        [{ day: '2026-02-30' }, 'day'],
        [{ day: [] }, 'day'],
        [{ day: Array.from({ length: 32 }, (_, i) => `2026-01-${i}`) }, 'day'],
        [{ version: 0 }, 'version'],
        [{ version: 1.5 }, 'version'],
        [{ epsilon: 0 }, 'epsilon'],
        [{ epsilon: -1 }, 'epsilon'],
        [{ epsilon: Number.NaN }, 'epsilon'],
        [{ budget: Number.POSITIVE_INFINITY }, 'budget'],
        [{ dataset: '' }, 'dataset'],
        [{ period: 'x\u0000' }, 'period'],
      ] as const)
        await expect(debit({ site: 'refused', ...change })).rejects.toMatchObject({
          ...{ code: 'INPUT', detail },
        });
      expect(await records().ledger.spent('refused', '2026-10-05')).toBe(0);
    });

    it('is only added to, by SQL neither', async () => {
      await debit({ site: newSite() });
      for (const statement of [
        'UPDATE ledger SET epsilon_millionths = 1',
        'DELETE FROM ledger',
        'TRUNCATE ledger',
      ])
        await expect(database().query(statement)).rejects.toMatchObject({ detail: 'append_only' });
    });
  });
}
