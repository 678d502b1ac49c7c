import { verifyWebhook } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { Receiver } from './receiver.js';
import { idOf, SITE, SOLD, startCustomer, visitorOf, type Shop } from './buyers-support.js';

/** What buyers are told at their webhook. */
export function buyersMessageSuite(shop: () => Shop): void {
  const visitor = () => visitorOf(shop());

  describe('word of a new release', () => {
    let receiver: Receiver;
    let hook: string;
    beforeAll(async () => {
      receiver = await Receiver.listen();
      hook = receiver.url;
    });
    afterAll(() => receiver.stop());
    const released = (day: string) => receiver.messages.filter(({ body }) => body.includes(day));

    it('comes signed, once, says where the files are and how to check them, and has no data', async () => {
      const { link } = await startCustomer(shop());
      const made = await visitor().post(`${link}/webhook`, { webhook: hook });
      const secret = /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] ?? '';
      const release = await shop().release('2026-10-02');
      await eventually('the message', () => released('2026-10-02').length > 0, 15_000);
      const [message] = released('2026-10-02');
      const { body = '', signature } = message ?? {};
      expect(verifyWebhook(secret, signature, body)).toBe(true);
      expect(verifyWebhook(secret, signature, body.replace('2026-10-02', '2026-10-03'))).toBe(
        false,
      );
      expect(verifyWebhook(`${secret.slice(1)}x`, signature, body)).toBe(false);
      expect(verifyWebhook(secret, signature, body, Date.now() / 1000 + 301)).toBe(false);
      expect(message?.key).toBe(`release/${SITE}/${SOLD.id}/2026-10-02/v1`);
      const told = JSON.parse(body) as Record<string, unknown> & { files: { sha256: string }[] };
      expect(told).toMatchObject({
        ...{ type: 'release', site: SITE, dataset: SOLD.id, period: '2026-10-02', version: 1 },
        correction: null,
      });
      expect(told.files.map(({ sha256 }) => sha256)).toEqual(release.files.map((f) => f.sha256));
      expect(body.length).toBeLessThan(5_000);
      // The release of before the webhook was set up is not told.
      expect(released('2026-10-01')).toEqual([]);
      await eventually('that it is noted', async () =>
        (await visitor().get(link)).text.includes('delivered'),
      );
      expect((await visitor().get(link)).text).not.toContain(secret);
    }, 30_000);

    it('is tried again while nobody takes it, also over a restart, follows no redirect, and stops with the contract', async () => {
      const customer = await startCustomer(shop());
      const ended = await startCustomer(shop());
      for (const { link } of [customer, ended])
        await visitor().post(`${link}/webhook`, { webhook: hook });
      receiver.isUp = false;
      const before = receiver.tries;
      await shop().release('2026-10-03');
      const first = () => shop().records.buyerDeliveries.list(customer.id);
      await eventually(
        'a try that failed',
        async () => (await first())[0]?.fault === 'it answered 302',
        15_000,
      );
      expect((await first())[0]).toMatchObject({ state: 'waiting', tries: 1 });
      expect((await first())[0]?.at.getTime()).toBeGreaterThan(Date.now() + 30_000);
      expect(receiver.tries).toBeGreaterThanOrEqual(before + 2);
      await shop().records.buyers.end(SITE, ended.id, { reason: 'x', user: 'chief' });
      // Time passes: what waits is due.
      for (const { id } of [customer, ended])
        for (const { id: delivery, fault, kind } of await shop().records.buyerDeliveries.list(id))
          if (kind === 'release')
            await shop().records.buyerDeliveries.note(delivery, {
              ...{ state: 'waiting', fault, at: new Date() },
            });
      receiver.isUp = true;
      await shop().restart();
      await eventually('it is taken', () => released('2026-10-03').length > 0, 15_000);
      await eventually('that it is noted', async () => (await first())[0]?.state === 'delivered');
      expect((await first())[0]).toMatchObject({ tries: 2 });
      expect(await shop().records.buyerDeliveries.list(ended.id)).toMatchObject([
        { kind: 'end' },
        { kind: 'release', state: 'given-up' },
      ]);
      const keys = released('2026-10-03').map(({ key }) => key);
      expect(new Set(keys).size).toBe(1);
      const told = await shop().metrics.text();
      for (const outcome of ['sent', 'failed', 'given-up'])
        expect(told).toContain(
          `hitonami_buyers_webhooks_total{kind="release",outcome="${outcome}"}`,
        );
      expect(told).toMatch(/webhooks_total{kind="release",outcome="failed"} [1-9]/);
    }, 40_000);

    it('is refused to an address that is none, with words', async () => {
      const { id, link } = await startCustomer(shop());
      for (const webhook of [
        'hook',
        'http://buyer.example/',
        `https://a.example/${'x'.repeat(600)}`,
      ]) {
        const refused = await visitor().post(`${link}/webhook`, { webhook });
        expect([refused.status, refused.text.includes('role="alert"')]).toEqual([400, true]);
      }
      const { link: other } = await startCustomer(shop());
      await visitor().post(`${other}/webhook`, { webhook: hook });
      await visitor().post(`${other}/webhook`, { webhook: '' });
      for (const buyer of [id, await idOf(shop(), other)])
        expect((await shop().records.buyers.get(SITE, buyer))?.buyer.webhookUrl).toBeNull();
    });
  });
}
