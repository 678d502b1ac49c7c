import { describe, expect, it } from 'vitest';
import { BUYER_KEY_PREFIX, type BuyerKeyGrant, type Records } from '../src/index.js';
import type { Database } from '../src/sql/port.js';
import { buyersOf, later, NOW } from './buyers.js';

/** What keys open and count. */
export function buyerKeysContract(records: () => Records, database: () => Database): void {
  const { offer, accept, makeKey, accepted, take, outcome } = buyersOf(records);

  describe('keys of buyers', () => {
    it('open the named datasets for the named purposes at the one site, and are in no table', async () => {
      const { key, keyId } = await accepted();
      expect(key).toMatch(new RegExp(`^${BUYER_KEY_PREFIX}[\\w-]{43}$`));
      const [row] = await database().query<object>('SELECT * FROM buyer_keys WHERE id = $1', [
        keyId,
      ]);
      expect(JSON.stringify(row)).not.toContain(key.slice(0, -4));
      expect(await take(key)).toMatchObject({ outcome: 'granted', isNoted: false });
      expect(await outcome(key, { dataset: 'other' })).toBe('not-listed');
      expect(await outcome(key, { purpose: 'other' })).toBe('other-purpose');
      expect(await outcome(key, { site: 'elsewhere' })).toBe('not-listed');
      for (const wrong of [
        '',
        'x',
        `${key}x`,
        key.slice(1),
        `${BUYER_KEY_PREFIX}${'x'.repeat(999)}`,
      ])
        expect(await outcome(wrong), wrong).toBe('no-key');
      expect(await records().buyerKeys.door(key, NOW)).toMatchObject({
        key: { id: keyId, purpose: 'sale', datasets: ['sequences'] },
        contract: { version: 1 },
      });
    });

    it('are for some of what the contract has, and open no other of it', async () => {
      const { id, contract, keyId, key } = await accepted({
        ...{ datasets: ['sequences', 'lines', 'ways'], purposes: ['sale', 'research'] },
      });
      const some = { datasets: ['lines', 'ways', 'lines'], purpose: 'research' };
      const other = await makeKey(id, contract, {
        ...some,
        downloadsPerMonth: 2,
        bytesPerMonth: 9,
      });
      const [newest, oldest] = await records().buyerKeys.list(id);
      expect(newest).toMatchObject({
        ...{ id: other.id, datasets: ['lines', 'ways'], purpose: 'research' },
        ...{ downloadsPerMonth: 2, bytesPerMonth: 9, revokedAt: null },
      });
      expect(oldest).toMatchObject({ id: keyId, datasets: contract.datasets, purpose: 'sale' });
      const research = { purpose: 'research', bytes: 1 };
      expect(await outcome(other.key, { ...research, dataset: 'lines' })).toBe('granted');
      expect(await outcome(other.key, { ...research, dataset: 'sequences' })).toBe('not-of-key');
      expect(await outcome(other.key, { ...research, dataset: 'nothing' })).toBe('not-listed');
      // The contract has both purposes, each key one.
      expect(await outcome(other.key, { dataset: 'lines', bytes: 1 })).toBe('other-purpose');
      expect(await outcome(key, { dataset: 'lines' })).toBe('granted');
      expect(await outcome(key, { dataset: 'lines', ...research })).toBe('other-purpose');
    });

    it('are not made for what the contract does not have, for nothing, or for more than it gives', async () => {
      const { id, contract } = await accepted();
      for (const [change, detail] of [
        [{ datasets: ['sequences', 'lines'] }, 'not-in-contract'],
        [{ purpose: 'research' }, 'not-in-contract'],
        [{ purpose: '' }, 'purpose'],
        [{ datasets: [] }, 'datasets'],
        [{ downloadsPerMonth: 4 }, 'over-quota'],
        [{ bytesPerMonth: 1_001 }, 'over-quota'],
        [{ downloadsPerMonth: 0 }, 'downloads'],
        [{ bytesPerMonth: 0.5 }, 'bytes'],
      ] as const)
        await expect(
          makeKey(id, contract, change as Partial<BuyerKeyGrant>),
          JSON.stringify(change),
        ).rejects.toMatchObject({ code: 'INPUT', detail });
      expect(await records().buyerKeys.list(id)).toHaveLength(1);
    });

    it('of before keys were for something open what the contract gives, with its quota', async () => {
      const { id, key } = await accepted({ datasets: ['sequences', 'lines'] });
      await database().query(
        `UPDATE buyer_keys SET datasets = NULL, purpose = NULL, downloads_per_month = NULL, bytes_per_month = NULL WHERE buyer_id = $1`,
        [id],
      );
      expect(await outcome(key, { dataset: 'lines' })).toBe('granted');
      expect(await outcome(key, { dataset: 'lines', bytes: 2_000 })).toBe('bytes-spent');
      expect(await outcome(key, { dataset: 'ways' })).toBe('not-listed');
      await expect(
        database().query('UPDATE buyer_keys SET purpose = $2 WHERE buyer_id = $1', [id, 'sale']),
      ).rejects.toMatchObject({ code: 'INPUT' });
    });

    it('are three at most, open nothing once revoked, and tell downloads under way that they are closed', async () => {
      const { id, contract, key, keyId } = await accepted();
      const second = await makeKey(id, contract);
      await makeKey(id, contract);
      await expect(makeKey(id, contract)).rejects.toMatchObject({
        detail: 'keys-many',
      });
      const revoked = { user: 'aoi', at: later(1) };
      expect(await records().buyerKeys.revoke(id + 1, keyId, revoked)).toBeUndefined();
      expect(await records().buyerKeys.revoke(id, keyId, revoked)).toMatchObject({
        revokedBy: 'aoi',
      });
      expect(await outcome(key)).toBe('revoked');
      expect(await outcome(second.key)).toBe('granted');
      const closed = (at: Date) => records().buyerKeys.closed([keyId, second.id, 999_999], at);
      expect(await closed(NOW)).toEqual(new Set([keyId, 999_999]));
      expect(await closed(later(365))).toEqual(new Set([keyId, second.id, 999_999]));
      await records().buyers.end('shibuya', id, { reason: 'x', user: 'aoi', at: NOW });
      expect(await closed(NOW)).toEqual(new Set([keyId, second.id, 999_999]));
    });

    it('follow the newest contract that was accepted', async () => {
      const { id, key } = await accepted();
      const offered = await offer(id, { datasets: ['lines', 'ways'] });
      expect(await outcome(key)).toBe('granted');
      await accept(id, offered);
      expect(await outcome(key)).toBe('not-listed');
      // A key opens no more than it was made for.
      expect(await outcome(key, { dataset: 'lines' })).toBe('not-of-key');
      const next = await makeKey(id, offered, { datasets: ['lines'] });
      expect(await outcome(next.key, { dataset: 'lines' })).toBe('granted');
    });
  });

  describe('what buyers fetch', () => {
    it('counts a file once a day in however many parts, and its bytes as they travelled', async () => {
      const { id, key } = await accepted();
      const parts = [await take(key, { bytes: 60 }), await take(key, { bytes: 40 })];
      expect(parts).toMatchObject([{ isNoted: false }, { isNoted: false }]);
      expect(await records().buyerKeys.month(id, '2026-11')).toEqual({ downloads: 1, bytes: 100 });
      for (const part of parts)
        if (part.outcome === 'granted') {
          await records().buyerKeys.settle(part.reservation, 30);
          await records().buyerKeys.noted(part.reservation);
        }
      expect(await take(key, { bytes: 0 })).toMatchObject({ isNoted: true });
      expect(await records().buyerKeys.month(id, '2026-11')).toEqual({ downloads: 1, bytes: 60 });
      expect(await take(key, { day: '2026-11-23' })).toMatchObject({ isNoted: false });
      expect(await records().buyerKeys.month(id, '2026-11')).toMatchObject({ downloads: 2 });
    });

    it('is no download where nothing was sent', async () => {
      const { id, key } = await accepted({ downloadsPerMonth: 1 });
      const taken = await take(key);
      expect(await outcome(key, { file: 'other.csv' })).toBe('downloads-spent');
      if (taken.outcome === 'granted') await records().buyerKeys.settle(taken.reservation, 0);
      expect(await records().buyerKeys.month(id, '2026-11')).toEqual({ downloads: 0, bytes: 0 });
      expect(await outcome(key, { file: 'other.csv' })).toBe('granted');
    });

    it('ends with the quota of the month, of downloads and of bytes, and begins again with the next', async () => {
      const { key } = await accepted({ downloadsPerMonth: 2, bytesPerMonth: 250 });
      expect(await outcome(key, { bytes: 251 })).toBe('bytes-spent');
      expect(await outcome(key)).toBe('granted');
      expect(await outcome(key, { bytes: 151 })).toBe('bytes-spent');
      expect(await outcome(key, { file: '2', bytes: 150 })).toBe('granted');
      expect(await outcome(key, { file: '3', bytes: 0 })).toBe('downloads-spent');
      expect(await outcome(key, { file: '3', bytes: 1, day: '2026-11-30' })).toBe(
        'downloads-spent',
      );
      expect(await outcome(key, { file: '3', day: '2026-12-01' })).toBe('granted');
    });

    it('ends with the quota of its key, and with that of the contract, whichever is spent first', async () => {
      const { id, contract, key } = await accepted({ downloadsPerMonth: 3, bytesPerMonth: 1_000 });
      const small = await makeKey(id, contract, { downloadsPerMonth: 1, bytesPerMonth: 300 });
      const spent = async (of: string, bytes: number, file = 'a.csv') => {
        const taken = await take(of, { bytes, file });
        return 'of' in taken ? [taken.outcome, taken.of, taken.month] : taken.outcome;
      };
      const none = { downloads: 0, bytes: 0 };
      expect(await spent(small.key, 301)).toEqual(['bytes-spent', 'key', none]);
      expect(await spent(small.key, 300)).toBe('granted');
      const all = { downloads: 1, bytes: 300 };
      expect(await spent(small.key, 0, 'b.csv')).toEqual(['downloads-spent', 'key', all]);
      // What one has used, the other still has of the contract, and no more.
      expect(await spent(key, 701, 'b.csv')).toEqual(['bytes-spent', 'contract', all]);
      expect(await spent(key, 700, 'b.csv')).toBe('granted');
      expect(await spent(key, 1, 'c.csv')).toMatchObject(['bytes-spent', 'contract', {}]);
      const months = await records().buyerKeys.monthByKey(id, '2026-11');
      expect(months.get(small.id)).toEqual(all);
      expect(months.size).toBe(2);
      expect(await records().buyerKeys.month(id, '2026-11')).toEqual({
        downloads: 2,
        bytes: 1_000,
      });
    });

    it('never passes the quota, however many downloads begin at once and with whichever key', async () => {
      const { id, contract, key } = await accepted({ downloadsPerMonth: 4 });
      const other = (await makeKey(id, contract)).key;
      const taken = await Promise.all(
        Array.from({ length: 16 }, (_, i) => outcome(i % 2 ? key : other, { file: `f${i}` })),
      );
      expect(taken.filter((one) => one === 'granted')).toHaveLength(4);
      expect(await records().buyerKeys.month(id, '2026-11')).toMatchObject({ downloads: 4 });
    });

    it('is listed by day, file and key for the invoice, and of a download that nobody ended nothing is', async () => {
      const site = 'invoiced';
      const { id, key, keyId } = await accepted({}, site);
      const done = await take(key, { site });
      if (done.outcome === 'granted') await records().buyerKeys.settle(done.reservation, 77);
      await take(key, { site, file: 'lost.csv' });
      const days = { from: '2026-11-01', to: '2026-11-30' };
      const [row, ...more] = await records().buyerKeys.usage(site, days);
      expect(more).toEqual([]);
      expect(row).toMatchObject({
        ...{
          buyer: id,
          organisation: '株式会社あおい',
          key: keyId,
          purpose: 'sale',
          day: '2026-11-22',
        },
        ...{ dataset: 'sequences', period: '2026-11-21', version: 1, file: 'data.csv' },
        ...{ requests: 1, bytes: 77 },
      });
      const usage = (change: object) => records().buyerKeys.usage(site, { ...days, ...change });
      expect(await usage({ after: row!.id })).toEqual([]);
      expect(await usage({ buyer: id + 1 })).toEqual([]);
      expect(await usage({ to: '2026-11-21' })).toEqual([]);
      expect(await records().buyerKeys.month(id, '2026-11')).toMatchObject({ downloads: 2 });
      await records().buyerKeys.tidy(new Date(NOW.getTime() + 5 * 3_600_000));
      expect(await records().buyerKeys.month(id, '2026-11')).toMatchObject({ downloads: 2 });
      await records().buyerKeys.tidy(new Date(NOW.getTime() + 6 * 3_600_000));
      expect(await records().buyerKeys.month(id, '2026-11')).toEqual({ downloads: 1, bytes: 77 });
    });
  });
}
