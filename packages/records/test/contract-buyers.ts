import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  APPLICATION_KEPT_DAYS,
  buyerState,
  contractFile,
  ENDED_KEPT_DAYS,
  type BuyerContract,
  type BuyerGrant,
  type NewBuyer,
  type Records,
} from '../src/index.js';
import type { Database } from '../src/sql/port.js';
import { buyersOf, later, NOW } from './buyers.js';

/** Who has data under a contract: from the application to the end of what is kept. */
export function buyersContract(records: () => Records, database: () => Database): void {
  const { application, grant, accept, accepted } = buyersOf(records);

  describe('buyers', () => {
    it('apply, are offered a contract, accept its text under a name, and may be offered another', async () => {
      const given = application();
      const { id } = await records().buyers.apply(given);
      const file = async () => (await records().buyers.byToken(given.token))!;
      const state = async () => {
        const { buyer, contracts } = await file();
        return buyerState(buyer, contracts, NOW);
      };
      expect(await state()).toBe('applied');
      expect(JSON.stringify(await file())).not.toContain(given.token);
      const first = (await records().buyers.offer('shibuya', id, grant())) as BuyerContract;
      expect(await state()).toBe('offered');
      expect(first.sha256).toBe(
        createHash('sha256').update(contractFile('契約', 'A contract')).digest('hex'),
      );
      expect(await accept(id, first)).toMatchObject({ acceptedBy: '青井 花子', acceptedAt: NOW });
      expect(await accept(id, first, later(1))).toMatchObject({ acceptedAt: NOW });
      expect(await state()).toBe('accepted');
      const second = await records().buyers.offer('shibuya', id, grant({ downloadsPerMonth: 9 }));
      expect(second).toMatchObject({ version: 2, acceptedAt: null });
      expect((await file()).contracts.map(({ version }) => version)).toEqual([2, 1]);
      expect(await state()).toBe('accepted');
    });

    it('cannot accept what they did not read: another text, an older version, an offer whose time is over', async () => {
      const { id } = await records().buyers.apply(application());
      const old = (await records().buyers.offer('shibuya', id, grant())) as BuyerContract;
      const newest = (await records().buyers.offer(
        'shibuya',
        id,
        grant({ validUntil: later(30) }),
      )) as BuyerContract;
      const isOther = { code: 'INPUT', detail: 'other-text' };
      await expect(accept(id, old)).rejects.toMatchObject(isOther);
      await expect(accept(id, { ...newest, sha256: 'x' })).rejects.toMatchObject(isOther);
      await expect(accept(999_999, newest)).rejects.toMatchObject(isOther);
      await expect(accept(id, newest, later(30))).rejects.toMatchObject({ detail: 'ended' });
      await expect(records().buyers.accept(id, { ...newest, person: ' ' })).rejects.toMatchObject({
        detail: 'person',
      });
    });

    it('are listed and counted by site, the newest first', async () => {
      const site = 'listed';
      const ids: number[] = [];
      for (let n = 0; n < 3; n++)
        ids.push((await records().buyers.apply(application({ site }))).id);
      await records().buyers.offer(site, ids[0]!, grant());
      expect(await records().buyers.openCount(site)).toBe(2);
      const { id } = await accepted({ validUntil: later(1) }, site);
      const counts = async (at: Date) =>
        (await records().buyers.counts(at)).find((one) => one.site === site);
      expect(await counts(NOW)).toEqual({ site, contracts: 1, applications: 2, keys: 1 });
      // What is over counts no more, nor do its keys.
      expect(await counts(later(1))).toMatchObject({ contracts: 0, keys: 0 });
      await records().buyers.end(site, id, { reason: 'x', user: 'aoi', at: NOW });
      expect(await counts(NOW)).toMatchObject({ contracts: 0, keys: 0 });
      expect(await records().buyers.countSince(site, NOW)).toBe(4);
      expect(await records().buyers.countSince(site, later(1))).toBe(0);
      const listed = await records().buyers.list(site, { before: ids[2]!, limit: 5 });
      expect(listed.map(({ buyer, contracts }) => [buyer.id, contracts.length])).toEqual([
        [ids[1], 0],
        [ids[0], 1],
      ]);
      expect(await records().buyers.get('elsewhere', ids[0]!)).toBeUndefined();
      expect(await records().buyers.byToken('guess')).toBeUndefined();
    });

    it('have contracts and acceptances that nobody changes, by SQL neither', async () => {
      await accepted();
      for (const statement of [
        `UPDATE buyer_contracts SET text_en = 'other'`,
        'DELETE FROM buyer_contracts',
        'UPDATE buyer_deeds SET at = now()',
        'DELETE FROM buyer_deeds',
        'TRUNCATE buyer_deeds',
        'DELETE FROM buyers',
        'UPDATE buyer_ends SET confirm_by = now()',
        'DELETE FROM buyer_ends',
      ])
        await expect(database().query(statement), statement).rejects.toMatchObject({
          detail: 'append_only',
        });
    });

    it('are refused oversized, empty, or without a secret', async () => {
      for (const [change, detail] of [
        [{ organisation: ' ' }, 'organisation'],
        [{ organisation: 'x'.repeat(201) }, 'organisation'],
        [{ contact: 'a\nb' }, 'contact'],
        [{ intent: 'x'.repeat(2_001) }, 'intent'],
        [{ wanted: Array.from({ length: 51 }, (_, i) => `d${i}`) }, 'wanted'],
        [{ token: 'guess' }, 'token'],
      ] as const)
        await expect(
          records().buyers.apply(application(change as Partial<NewBuyer>)),
        ).rejects.toMatchObject({ code: 'INPUT', detail });
      const { id } = await records().buyers.apply(application());
      for (const [change, detail] of [
        [{ datasets: [] }, 'datasets'],
        [{ downloadsPerMonth: 0 }, 'downloads'],
        [{ bytesPerMonth: 1.5 }, 'bytes'],
        [{ validUntil: NOW }, 'validUntil'],
      ] as const)
        await expect(
          records().buyers.offer('shibuya', id, grant(change as Partial<BuyerGrant>)),
        ).rejects.toMatchObject({ code: 'INPUT', detail });
    });

    it('are forgotten who never accepted, after a year; the others seven years after the end', async () => {
      const site = 'aged';
      const applied = await records().buyers.apply(application({ site }));
      const { id } = await accepted({ validUntil: later(10) }, site);
      const has = async (buyer: number) => (await records().buyers.get(site, buyer)) !== undefined;
      await records().buyers.tidy(later(APPLICATION_KEPT_DAYS - 1));
      expect(await has(applied.id)).toBe(true);
      await records().buyers.tidy(later(APPLICATION_KEPT_DAYS));
      expect([await has(applied.id), await has(id)]).toEqual([false, true]);
      await records().buyers.tidy(later(ENDED_KEPT_DAYS + 9));
      expect(await has(id)).toBe(true);
      expect(await records().buyers.tidy(later(ENDED_KEPT_DAYS + 10))).toBeGreaterThan(0);
      expect(await has(id)).toBe(false);
    });
  });
}
