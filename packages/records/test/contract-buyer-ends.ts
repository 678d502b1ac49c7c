import { describe, expect, it } from 'vitest';
import { buyerState, DELETION_DAYS, type BuyerEnd, type Records } from '../src/index.js';
import type { Database } from '../src/sql/port.js';
import { buyersOf, DAY_MS, later, NOW } from './buyers.js';

/** How contracts end, what is to be deleted then, and what buyers are told. */
export function buyerEndsContract(records: () => Records, database: () => Database): void {
  const { accept, accepted, makeKey, offer, outcome } = buyersOf(records);

  const endsOf = (buyer: number, at: Date) => records().buyerEnds.list(buyer, at);
  const confirm = (buyer: number, { id: end }: BuyerEnd, person: string, at: Date) =>
    records().buyerEnds.confirm(buyer, { end, person, at });

  describe('the end of a contract', () => {
    it('is there from the instant on that somebody says so; everything is to be deleted, and somebody says that it is', async () => {
      const site = 'ends';
      const { id, key, contract } = await accepted({ validUntil: later(10) }, site);
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
      await expect(makeKey(id, contract, {}, later(1))).rejects.toMatchObject({ detail: 'ended' });
      await expect(offer(id, {}, site)).rejects.toMatchObject({ detail: 'ended' });
      const ends = await endsOf(id, later(1));
      expect(ends).toMatchObject([
        {
          ...{ buyer: id, version: 1, reason: 'revoked', datasets: ['sequences'] },
          ...{ endedAt: later(1), confirmBy: later(1 + DELETION_DAYS), confirmedAt: null },
        },
      ]);
      const confirmed = { confirmedAt: later(3), confirmedBy: 'h' };
      expect(await confirm(id, ends[0]!, 'h', later(3))).toMatchObject(confirmed);
      expect(await confirm(id, ends[0]!, 'again', later(4))).toMatchObject(confirmed);
      expect((await records().buyers.get(site, id))?.ends).toMatchObject([confirmed]);
      await expect(confirm(id + 1, ends[0]!, 'x', later(4))).rejects.toMatchObject({
        detail: 'in-force',
      });
    });

    it('is noted once when its time is over, and is due, then overdue, until it is confirmed', async () => {
      const site = 'run-out';
      const { id } = await accepted({ validUntil: later(10) }, site);
      const open = async (at: Date) =>
        (await records().buyerEnds.open(at)).find((one) => one.site === site);
      expect(await records().buyerEnds.note(new Date(later(10).getTime() - 1), id)).toEqual([]);
      // Late, and by two at once: it ended when it did.
      const noted = await Promise.all([1, 2].map(() => records().buyerEnds.note(later(12), id)));
      expect(noted.flat()).toMatchObject([
        { reason: 'run-out', endedAt: later(10), confirmBy: later(10 + DELETION_DAYS) },
      ]);
      const [end] = await endsOf(id, later(12));
      expect(await open(later(12))).toEqual({ site, due: 1, overdue: 0 });
      const day = later(10 + DELETION_DAYS);
      expect(await open(new Date(day.getTime() - 1))).toMatchObject({ due: 1, overdue: 0 });
      expect(await open(day)).toMatchObject({ due: 0, overdue: 1 });
      // The operator who ends it afterwards changes nothing of it.
      await records().buyers.end(site, id, { reason: 'x', user: 'aoi', at: later(41) });
      expect(await endsOf(id, later(41))).toHaveLength(1);
      await confirm(id, end!, 'h', later(45));
      expect(await open(later(45))).toBeUndefined();
    });

    it('asks for no deletion of what a newer contract gives again, and for all that it does not', async () => {
      const { id } = await accepted({ datasets: ['sequences', 'ways'], validUntil: later(10) });
      await records().buyerEnds.note(later(10), id);
      const renewed = await offer(id, { datasets: ['ways'], validUntil: later(50) });
      await accept(id, renewed, later(11));
      expect(await endsOf(id, later(11))).toMatchObject([
        { reason: 'run-out', datasets: ['sequences'], version: 1 },
      ]);
      await accept(id, await offer(id, { validUntil: later(90) }), later(12));
      // The second was replaced while it was in force: what it alone had is to be deleted.
      const [replaced, first] = await endsOf(id, later(12));
      expect(replaced).toMatchObject({ reason: 'replaced', datasets: ['ways'], version: 2 });
      expect(first).toMatchObject({ datasets: ['ways'] });
      await accept(
        id,
        await offer(id, { datasets: ['sequences', 'ways'], validUntil: later(90) }),
        later(13),
      );
      const lapsed = await endsOf(id, later(13));
      expect(lapsed.map(({ datasets }) => datasets)).toEqual([[], []]);
      await expect(confirm(id, lapsed[0]!, 'h', later(14))).rejects.toMatchObject({
        detail: 'in-force',
      });
    });

    it('of a dataset that is withdrawn is noted for who may have it, once, in the middle of a contract', async () => {
      const site = 'withdrawn';
      const { id } = await accepted({ datasets: ['sequences', 'ways'] }, site);
      const { id: other } = await accepted({ datasets: ['ways'] }, site);
      const gone = (at: Date) =>
        records().buyerEnds.noteWithdrawn({ site, dataset: 'sequences', at }, later(2));
      // Who accepted afterwards was never given any of it.
      expect(await gone(later(-1))).toEqual([]);
      expect(await gone(later(1))).toMatchObject([
        { buyer: id, reason: 'withdrawn', datasets: ['sequences'], endedAt: later(1) },
      ]);
      expect(await gone(later(1))).toEqual([]);
      expect(await endsOf(other, later(2))).toEqual([]);
      const [end] = await endsOf(id, later(2));
      await confirm(id, end!, 'h', later(3));
      // Two confirmations of one contract stand beside each other.
      await records().buyers.end(site, id, { reason: 'x', user: 'aoi', at: later(4) });
      const [whole] = await endsOf(id, later(4));
      expect(whole).toMatchObject({ reason: 'revoked', confirmedAt: null });
      await confirm(id, whole!, 'i', later(5));
      const both = await endsOf(id, later(5));
      expect(both.map(({ confirmedBy }) => confirmedBy)).toEqual(['i', 'h']);
    });

    it('that was confirmed before ends were noted stays confirmed', async () => {
      const { id, contract } = await accepted({ validUntil: later(10) });
      await database().query(
        `INSERT INTO buyer_deeds (buyer_id, version, deed, person, at, sha256) VALUES ($1, 1, 'deletion-confirmed', 'h', $2, $3)`,
        [id, later(11), contract.sha256],
      );
      expect(await records().buyerEnds.note(later(20), id)).toMatchObject([
        { confirmedBy: 'h', confirmedAt: later(11) },
      ]);
    });
  });

  describe('telling buyers', () => {
    const hook = { url: 'https://buyer.example/hook', secret: 'a-secret-of-many-characters' };
    const release = (site: string, madeAt: Date) => ({
      ...{ site, dataset: 'sequences', period: '2026-11-22', version: 1, madeAt },
    });
    const claim = (now: Date) =>
      records().buyerDeliveries.claim({ leaseMs: 60_000, limit: 50, now });
    const soon = (): Date => new Date(Date.now() + 1_000);

    it('of a release is for who asked for it before, has a contract that lists it, and once', async () => {
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

    it('of a release is given up for who has ended or has no webhook any more', async () => {
      const site = 'given-up';
      const [ended, silent] = [
        await accepted({ validUntil: later(3_000) }, site),
        await accepted({ validUntil: later(3_000) }, site),
      ];
      for (const { id } of [ended, silent]) await records().buyers.setWebhook(id, hook);
      expect(await records().buyerDeliveries.announce(release(site, soon()), soon())).toBe(2);
      await records().buyers.end(site, ended.id, { reason: 'x', user: 'aoi', at: NOW });
      await records().buyers.setWebhook(silent.id, undefined);
      expect((await claim(soon())).filter((one) => one.site === site)).toMatchObject([
        { kind: 'end', buyer: ended.id },
      ]);
      for (const [{ id }, kinds] of [
        [ended, ['end', 'release']],
        [silent, ['release']],
      ] as const) {
        const list = await records().buyerDeliveries.list(id);
        expect(list.map(({ kind }) => kind)).toEqual(kinds);
        expect(list.at(-1)).toMatchObject({ state: 'given-up' });
      }
    });

    it('of an end is for who has a webhook then, once, and says which it is', async () => {
      const site = 'end-told';
      const { id } = await accepted({ validUntil: later(3_000) }, site);
      const { id: silent } = await accepted({ validUntil: later(3_000) }, site);
      await records().buyers.setWebhook(id, hook);
      const at = soon();
      for (const buyer of [id, silent])
        await records().buyers.end(site, buyer, { reason: 'x', user: 'aoi', at });
      await records().buyerEnds.note(at, id);
      const [end] = await endsOf(id, at);
      const mine = (await claim(soon())).filter((one) => one.site === site);
      expect(mine).toMatchObject([{ ...hook, kind: 'end', end: end!.id, buyer: id, tries: 1 }]);
      expect(await records().buyerDeliveries.list(silent)).toEqual([]);
      const waiting = async () =>
        (await records().buyerDeliveries.waiting()).find((one) => one.site === site);
      expect(await waiting()).toEqual({ site, count: 1, since: at });
      // Who takes the webhook away is told nothing more.
      await records().buyers.setWebhook(id, undefined);
      expect(
        (await claim(new Date(Date.now() + DAY_MS))).filter((one) => one.site === site),
      ).toEqual([]);
      expect(await waiting()).toBeUndefined();
    });
  });
}
