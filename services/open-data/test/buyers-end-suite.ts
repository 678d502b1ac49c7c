import { createMetrics, verifyWebhook } from '@hitonami/service';
import { openPublishedFolder } from '@hitonami/releases';
import { DELETION_DAYS } from '@hitonami/records';
import type { ReleaseManifest } from '@hitonami/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { Announcer } from '../src/buyers/announcer.js';
import { buyerMetrics } from '../src/buyers/metrics.js';
import { Receiver } from './receiver.js';
import {
  acceptance,
  fileOf,
  MORE,
  noted,
  offer,
  SITE,
  SOLD,
  startCustomer,
  visitorOf,
  type Customer,
  type Shop,
} from './buyers-support.js';
import { silent } from './support.js';

const DAY_MS = 86_400_000;

/** How a contract ends: who is told, what is to be deleted, and who has said that it is. */
export function buyersEndSuite(shop: () => Shop, sold: () => ReleaseManifest): void {
  const visitor = () => visitorOf(shop());
  const GIVEN = { person: '青井 花子', agree: 'yes' };

  describe('the end of a contract', () => {
    let receiver: Receiver;
    beforeAll(async () => {
      receiver = await Receiver.listen();
    });
    afterAll(() => receiver.stop());

    /** @returns the secret that signs what they are told */
    const listen = async ({ link }: Customer): Promise<string> => {
      const made = await visitor().post(`${link}/webhook`, { webhook: receiver.url });
      return /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] ?? '';
    };
    const told = ({ id }: Customer) =>
      receiver.messages
        .map((message) => ({
          ...message,
          told: JSON.parse(message.body) as Record<string, unknown> & { buyer?: number },
        }))
        .filter((message) => message.told.buyer === id);
    const openEnd = async ({ link }: Customer) => {
      const { text } = await visitor().get(link);
      return /name="end" value="(\d+)"/.exec(text)?.[1] ?? '';
    };

    it('shuts the door, is shown with its reason, and asks for the deletion until somebody confirms it', async () => {
      const customer = await startCustomer(shop());
      const { id, link, key } = customer;
      const path = `${link}/confirm-deletion`;
      expect((await visitor().post(path, GIVEN)).text).toContain('has not ended yet');
      await shop().records.buyers.end(SITE, id, { reason: 'resold <b>', user: 'chief' });
      expect((await visitor().fetch('/api/buyers/files', key)).status).toBe(403);
      const page = await visitor().get(link);
      expect(page.text).toContain('resold &lt;b&gt;');
      expect(page.text).toContain('delete all data');
      expect(page.text).toContain('To be confirmed by');
      const end = await openEnd(customer);
      expect((await visitor().post(path, { person: 'x', end })).status).toBe(400);
      expect((await visitor().post(path, { ...GIVEN, end: '999999' })).status).toBe(400);
      const other = await startCustomer(shop());
      const theirs = `${other.link}/confirm-deletion`;
      expect((await visitor().post(theirs, { ...GIVEN, end })).status).toBe(400);
      expect((await visitor().post(path, { ...GIVEN, end })).status).toBe(303);
      expect((await visitor().get(link)).text).toMatch(/Deletion confirmed:[\s\S]*青井 花子/);
      expect(await openEnd(customer)).toBe('');
      expect(await noted(shop(), 'buyer.deleted', `${SITE}/${id}`)).toHaveLength(1);
    });

    it('is told to their webhook, signed, with what to delete and by when that is to be confirmed', async () => {
      const customer = await startCustomer(shop());
      const secret = await listen(customer);
      await shop().records.buyers.end(SITE, customer.id, { reason: 'resold', user: 'chief' });
      await eventually('word of the end', () => told(customer).length > 0, 15_000);
      const [message] = told(customer);
      expect(verifyWebhook(secret, message?.signature, message?.body ?? '')).toBe(true);
      const file = await shop().records.buyers.get(SITE, customer.id);
      const [end] = file?.ends ?? [];
      expect(message?.told).toMatchObject({
        ...{ type: 'contract.ended', site: SITE, reason: 'revoked', datasets: [SOLD.id] },
        endedAt: end?.endedAt.toISOString(),
        contract: { version: 1, sha256: file?.contracts[0]?.sha256 },
        deletion: {
          confirmBy: end?.confirmBy.toISOString(),
          message: {
            ja: expect.stringContaining('消去') as string,
            en: expect.stringContaining('delete all data') as string,
          },
        },
      });
      const days = ((end?.confirmBy.getTime() ?? 0) - (end?.endedAt.getTime() ?? 0)) / DAY_MS;
      expect(days).toBe(DELETION_DAYS);
      expect(message?.key).toBe(`contract.ended/${SITE}/${customer.id}/${end?.id ?? 0}`);
      // Why the operator ended it may name somebody: it is at the contract page alone.
      expect(message?.body).not.toContain('resold');
      await eventually('that it is noted', async () => {
        const [delivery] = await shop().records.buyerDeliveries.list(customer.id);
        expect(delivery).toMatchObject({ kind: 'end', end: end?.id });
        return delivery?.state === 'delivered';
      });
    }, 30_000);

    it('comes by itself when its time is over, is told once, and is late when nobody has confirmed it', async () => {
      const customer = await startCustomer(shop());
      await listen(customer);
      const [contract] = (await shop().records.buyers.get(SITE, customer.id))?.contracts ?? [];
      const overMs = contract?.validUntil.getTime() ?? 0;
      const metrics = createMetrics('test');
      const announcer = () =>
        new Announcer({
          ...{ records: shop().records, folder: openPublishedFolder(shop().publicPath) },
          ...{ url: shop().url, logger: silent, allowsPrivate: true },
          metrics: buyerMetrics(metrics),
        });
      await announcer().look(overMs - 1);
      expect(told(customer)).toEqual([]);
      for (let n = 0; n < 2; n++) await announcer().look(overMs + n);
      expect(told(customer).map((one) => one.told)).toMatchObject([
        { reason: 'run-out', endedAt: new Date(overMs).toISOString() },
      ]);
      const count = async (atMs: number): Promise<string> => {
        await buyerMetrics(metrics).count(shop().records, new Date(atMs));
        return metrics.text();
      };
      const overdue = async (atMs: number): Promise<number> =>
        Number(
          new RegExp(`buyers_deletions{site="${SITE}",state="overdue"} (\\d+)`).exec(
            await count(atMs),
          )?.[1],
        );
      const lateMs = overMs + DELETION_DAYS * DAY_MS;
      const before = await overdue(lateMs - 1);
      expect(await overdue(lateMs)).toBe(before + 1);
      const [end] = await shop().records.buyerEnds.list(customer.id, new Date(lateMs));
      const given = { end: end?.id ?? 0, person: 'h', at: new Date(lateMs + 1) };
      await shop().records.buyerEnds.confirm(customer.id, given);
      expect(await overdue(lateMs + 2)).toBe(before);
    }, 30_000);

    it('is one of a dataset alone where that is withdrawn: the rest stays, and this is to be deleted', async () => {
      const customer = await startCustomer(shop());
      const { id, link, key } = customer;
      const secret = await listen(customer);
      await shop().release('2026-10-05', 20, MORE);
      await offer(shop(), id, { datasets: [SOLD.id, MORE.id] });
      await visitor().post(`${link}/accept`, acceptance((await visitor().get(link)).text));
      const withdrawnMs = Date.now() + 1;
      const because = { ja: '誤り', en: 'It was wrong' };
      await shop().folder.withdraw({ site: SITE, dataset: MORE.id, withdrawnMs, because });
      await eventually('word of it', () => told(customer).length > 0, 15_000);
      const [message] = told(customer);
      expect(verifyWebhook(secret, message?.signature, message?.body ?? '')).toBe(true);
      expect(message?.told).toMatchObject({ reason: 'withdrawn', datasets: [MORE.id] });
      expect((await visitor().fetch(fileOf(sold()).path, key)).status).toBe(200);
      const page = (await visitor().get(link)).text;
      for (const words of ['The contract in force', 'This dataset was withdrawn', MORE.title.en])
        expect(page).toContain(words);
      const end = await openEnd(customer);
      const confirmed = await visitor().post(`${link}/confirm-deletion`, { ...GIVEN, end });
      expect(confirmed.status).toBe(303);
      const [entry] = await noted(shop(), 'buyer.deleted', `${SITE}/${id}`);
      expect(entry?.detail).toBe(
        `all data of ${MORE.id} under version 2 of the contract is deleted, says 青井 花子`,
      );
    }, 30_000);
  });
}
