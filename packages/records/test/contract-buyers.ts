import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  APPLICATION_KEPT_DAYS,
  BUYER_KEY_PREFIX,
  buyerState,
  contractFile,
  ENDED_KEPT_DAYS,
  type BuyerContract,
  type BuyerGrant,
  type BuyerTaken,
  type BuyerWant,
  type NewBuyer,
  type Records,
} from '../src/index.js';
import type { Database } from '../src/sql/port.js';

const DAY_MS = 86_400_000;
const NOW = new Date('2026-11-22T08:00:00Z');
const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

/** Who has data under a contract: from the application to the deletion. */
export function buyersContract(records: () => Records, database: () => Database): void {
  let made = 0;
  const application = (change: Partial<NewBuyer> = {}): NewBuyer => ({
    ...{
      site: 'shibuya',
      language: 'ja',
      organisation: '株式会社あおい',
      contact: 'a@example.org',
    },
    ...{ intent: '店舗の計画', wanted: ['sequences'], token: `a-token-that-is-secret-${made++}` },
    ...{ at: NOW, ...change },
  });
  const grant = (change: Partial<BuyerGrant> = {}) => ({
    ...{ datasets: ['sequences'], purposes: ['sale'], downloadsPerMonth: 3, bytesPerMonth: 1_000 },
    ...{ validUntil: later(365), textJa: '契約', textEn: 'A contract', user: 'aoi', at: NOW },
    ...change,
  });
  const accept = (buyer: number, { version, sha256 }: BuyerContract, at = NOW) =>
    records().buyers.accept(buyer, { version, sha256, person: '青井 花子', at });
  /** A buyer whose contract is in force. */
  const accepted = async (change: Partial<BuyerGrant> = {}, site = 'shibuya') => {
    const { id } = await records().buyers.apply(application({ site }));
    const contract = (await records().buyers.offer(site, id, grant(change))) as BuyerContract;
    await accept(id, contract);
    const { key, id: keyId } = await records().buyerKeys.make(id, NOW);
    return { id, contract, key, keyId };
  };
  const want = (change: Partial<BuyerWant> = {}): BuyerWant => ({
    ...{ site: 'shibuya', dataset: 'sequences', purpose: 'sale', period: '2026-11-21', version: 1 },
    ...{ file: 'data.csv', bytes: 100, day: '2026-11-22', ...change },
  });
  const take = (key: string, change: Partial<BuyerWant> = {}, at = NOW): Promise<BuyerTaken> =>
    records().buyerKeys.take(key, want(change), at);
  const outcome = async (...given: Parameters<typeof take>) => (await take(...given)).outcome;

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

    it('have ended from the instant on that somebody says so or the time is over, and confirm the deletion', async () => {
      const site = 'ends';
      const { id, key, contract } = await accepted({ validUntil: later(10) }, site);
      await expect(
        records().buyers.confirmDeletion(id, { person: 'x', at: NOW }),
      ).rejects.toMatchObject({ detail: 'in-force' });
      const inTime = { site };
      expect(await outcome(key, inTime, new Date(later(10).getTime() - 1))).toBe('granted');
      expect(await outcome(key, inTime, later(10))).toBe('ended');
      const given = { reason: '転売', user: 'aoi', at: later(1) };
      expect(await records().buyers.end('elsewhere', id, given)).toBeUndefined();
      expect(await records().buyers.end(site, id, given)).toMatchObject({ endedBy: 'aoi' });
      await records().buyers.end(site, id, { ...given, user: 'other', at: later(2) });
      const { buyer, contracts } = (await records().buyers.get(site, id))!;
      expect(buyer).toMatchObject({ endedBy: 'aoi', endedAt: later(1), endReason: '転売' });
      expect(buyerState(buyer, contracts, later(1))).toBe('ended');
      expect(await outcome(key, inTime, later(1))).toBe('ended');
      await expect(records().buyerKeys.make(id, later(1))).rejects.toMatchObject({
        detail: 'ended',
      });
      await expect(records().buyers.offer(site, id, grant())).rejects.toMatchObject({
        detail: 'ended',
      });
      const confirmed = await records().buyers.confirmDeletion(id, { person: 'h', at: later(3) });
      expect(confirmed).toMatchObject({ version: contract.version, deletionConfirmedBy: 'h' });
      expect(
        await records().buyers.confirmDeletion(id, { person: 'again', at: later(4) }),
      ).toMatchObject({ deletionConfirmedAt: later(3), deletionConfirmedBy: 'h' });
    });

    it('are listed and counted by site, the newest first', async () => {
      const site = 'listed';
      const ids: number[] = [];
      for (let n = 0; n < 3; n++)
        ids.push((await records().buyers.apply(application({ site }))).id);
      await records().buyers.offer(site, ids[0]!, grant());
      expect(await records().buyers.openCount(site)).toBe(2);
      expect(await records().buyers.countSince(site, NOW)).toBe(3);
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
      expect(await outcome(key, { purpose: 'other' })).toBe('not-listed');
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
        key: keyId,
        contract: { version: 1 },
      });
    });

    it('are three at most, open nothing once revoked, and tell downloads under way that they are closed', async () => {
      const { id, key, keyId } = await accepted();
      const second = await records().buyerKeys.make(id, NOW);
      await records().buyerKeys.make(id, NOW);
      await expect(records().buyerKeys.make(id, NOW)).rejects.toMatchObject({
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
      const next = grant({ datasets: ['lines'] });
      const offered = (await records().buyers.offer('shibuya', id, next)) as BuyerContract;
      expect(await outcome(key)).toBe('granted');
      await accept(id, offered);
      expect(await outcome(key)).toBe('not-listed');
      expect(await outcome(key, { dataset: 'lines' })).toBe('granted');
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

    it('never passes the quota, however many downloads begin at once and with whichever key', async () => {
      const { id, key } = await accepted({ downloadsPerMonth: 4 });
      const other = (await records().buyerKeys.make(id, NOW)).key;
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
        ...{ buyer: id, organisation: '株式会社あおい', key: keyId, day: '2026-11-22' },
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

  describe('telling buyers of a release', () => {
    const hook = { url: 'https://buyer.example/hook', secret: 'a-secret-of-many-characters' };
    const release = (site: string, madeAt: Date) => ({
      ...{ site, dataset: 'sequences', period: '2026-11-22', version: 1, madeAt },
    });
    const claim = (now: Date) =>
      records().buyerDeliveries.claim({ leaseMs: 60_000, limit: 50, now });
    const soon = (): Date => new Date(Date.now() + 1_000);

    it('is for who asked for it before, has a contract that lists it, and once', async () => {
      const site = 'told';
      const { id } = await accepted({ validUntil: later(3_000) }, site);
      await accepted({ datasets: ['other'], validUntil: later(3_000) }, site);
      const announce = (at: Date) => records().buyerDeliveries.announce(release(site, at), soon());
      expect(await announce(soon())).toBe(0);
      await records().buyers.setWebhook(id, hook);
      expect(await announce(new Date(Date.now() - DAY_MS))).toBe(0);
      expect(await announce(soon())).toBe(1);
      expect(await announce(soon())).toBe(0);
      const mine = async (at: Date) => (await claim(at)).filter((one) => one.site === site);
      expect(await mine(soon())).toMatchObject([
        { ...hook, buyer: id, tries: 1, dataset: 'sequences' },
      ]);
      // Until the lease is over nobody else has it.
      expect(await mine(soon())).toEqual([]);
      const again = await mine(new Date(Date.now() + 120_000));
      expect(again).toMatchObject([{ tries: 2 }]);
      const done = { state: 'delivered', fault: '', at: NOW } as const;
      await records().buyerDeliveries.note(again[0]!.id, done);
      expect(await mine(later(300))).toEqual([]);
      expect(await records().buyerDeliveries.list(id)).toMatchObject([{ ...done, tries: 2 }]);
    });

    it('is given up for who has ended or has no webhook any more', async () => {
      const site = 'given-up';
      const [ended, silent] = [
        await accepted({ validUntil: later(3_000) }, site),
        await accepted({ validUntil: later(3_000) }, site),
      ];
      for (const { id } of [ended, silent]) await records().buyers.setWebhook(id, hook);
      expect(await records().buyerDeliveries.announce(release(site, soon()), soon())).toBe(2);
      await records().buyers.end(site, ended.id, { reason: 'x', user: 'aoi', at: NOW });
      await records().buyers.setWebhook(silent.id, undefined);
      expect((await claim(soon())).filter((one) => one.site === site)).toEqual([]);
      for (const { id } of [ended, silent])
        expect(await records().buyerDeliveries.list(id)).toMatchObject([{ state: 'given-up' }]);
    });
  });
}
