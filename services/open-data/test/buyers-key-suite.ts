import { createHash } from 'node:crypto';
import type { ReleaseManifest } from '@hitonami/model';
import { createMetrics } from '@hitonami/service';
import type { FastifyRequest } from 'fastify';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { BuyerGate } from '../src/buyers/gate.js';
import { buyerMetrics } from '../src/buyers/metrics.js';
import {
  acceptance,
  fileOf,
  FREE,
  KEY_FORM,
  MORE,
  noted,
  offer,
  SITE,
  SOLD,
  startCustomer,
  STUDIED,
  visitorOf,
  type Customer,
  type Shop,
} from './buyers-support.js';
import { silent } from './support.js';

/** What a key opens, and what is said where it does not. */
export function buyersKeySuite(
  shop: () => Shop,
  releases: () => { sold: ReleaseManifest; open: ReleaseManifest },
): void {
  const visitor = () => visitorOf(shop());
  const sold = () => releases().sold;
  const open = () => releases().open;
  /** One more version of a customer's contract, in force. */
  const accepted = async ({ id, link }: Customer, change: object): Promise<void> => {
    await offer(shop(), id, change);
    const page = await visitor().get(link);
    await visitor().post(`${link}/accept`, acceptance(page.text));
  };

  describe('a key', () => {
    it('is shown once, three at most, and opens nothing once it is revoked', async () => {
      const { link, key, keyId } = await startCustomer(shop());
      expect((await visitor().get(link)).text).not.toContain(key);
      const { path } = fileOf(sold());
      expect((await visitor().fetch(path, key)).status).toBe(200);
      const make = () => visitor().post(`${link}/key`, KEY_FORM);
      for (let n = 0; n < 2; n++) expect((await make()).status).toBe(200);
      expect((await make()).text).toContain('There are at most 3 keys.');
      expect((await visitor().post(`${link}/revoke-key`, { key: '999999' })).status).toBe(400);
      await visitor().post(`${link}/revoke-key`, { key: String(keyId) });
      const refused = await visitor().fetch(path, key);
      expect([refused.status, refused.headers.get('www-authenticate')?.slice(0, 6)]).toEqual([
        401,
        'Bearer',
      ]);
    });

    it('is made for datasets and one purpose of the contract, with a quota of its own, and for nothing else', async () => {
      const customer = await startCustomer(shop());
      await accepted(customer, {
        datasets: [SOLD.id, MORE.id, STUDIED.id],
        purposes: [SOLD.purpose, 'study'],
      });
      const { id, link } = customer;
      const page = (await visitor().get(link)).text;
      for (const words of ['Research', 'More ways', 'Ways to study', 'at most 1,000'])
        expect(page).toContain(words);
      const make = (change: Record<string, string>) =>
        visitor().post(`${link}/key`, { ...KEY_FORM, ...change });
      for (const [change, words] of [
        [{ purpose: '' }, 'Please name one purpose'],
        [{ purpose: 'safety' }, 'Please name one purpose'],
        [{ dataset: '' }, 'not in the contract'],
        [{ dataset: FREE.id }, 'not in the contract'],
        [{ dataset: STUDIED.id }, 'not given for'],
        [{ downloads: '1001' }, 'more than the contract gives'],
        [{ megabytes: '1000.000001' }, 'more than the contract gives'],
        [{ downloads: '0' }, 'numbers from 1'],
        [{ megabytes: '0.0000001' }, 'numbers from 1'],
        [{ megabytes: '１０' }, 'numbers from 1'],
      ] as const) {
        const refused = await make(change);
        const what = JSON.stringify(change);
        expect([refused.status, refused.text.includes(words)], what).toEqual([400, true]);
      }
      const form = new URLSearchParams({ ...KEY_FORM, downloads: '2', megabytes: '0.5' });
      form.append('dataset', MORE.id);
      expect((await visitor().post(`${link}/key`, form.toString())).status).toBe(200);
      const [made] = await shop().records.buyerKeys.list(id);
      expect(made).toMatchObject({
        ...{ datasets: [SOLD.id, MORE.id], purpose: SOLD.purpose },
        ...{ downloadsPerMonth: 2, bytesPerMonth: 500_000 },
      });
      const [entry] = await noted(shop(), 'buyer.key', `${SITE}/${id}`);
      expect(entry?.detail).toBe(
        `key ${made?.id ?? 0} made for ${SOLD.id}, ${MORE.id}, for ${SOLD.purpose}: 2 downloads and 500000 bytes a month`,
      );
      expect((await visitor().get(link)).text).toMatch(
        /This month 0 \/ 2 downloads, 0 \/ 500,000 bytes/,
      );
    });

    it('opens nothing of the contract that it was not made for, and says which', async () => {
      const customer = await startCustomer(shop());
      const more = await shop().release('2026-10-01', 20, MORE);
      await accepted(customer, { datasets: [SOLD.id, MORE.id], purposes: [SOLD.purpose, 'study'] });
      const { key, link } = customer;
      const ask = async (of: ReleaseManifest, with_: string) => {
        const { status, text } = await visitor().fetch(fileOf(of).path, with_);
        return [status, status === 200 ? '' : (JSON.parse(text) as { detail: string }).detail];
      };
      await eventually(
        'the release',
        async () => (await visitor().fetch(fileOf(more).path, key)).status !== 404,
      );
      expect(await ask(more, key)).toEqual([
        403,
        expect.stringContaining('not made for this dataset'),
      ]);
      const list = async (with_: string) =>
        JSON.parse((await visitor().fetch('/api/buyers/files', with_)).text) as {
          key: object;
          releases: { dataset: string }[];
        };
      expect((await list(key)).releases.map(({ dataset }) => dataset)).not.toContain(MORE.id);
      const form = { ...KEY_FORM, dataset: MORE.id, downloads: '5', megabytes: '1' };
      const made = await visitor().post(`${link}/key`, form);
      const other = /hitonami_[\w-]{43}/.exec(made.text)?.[0] ?? '';
      expect(await ask(more, other)).toEqual([200, '']);
      expect(await ask(sold(), other)).toEqual([403, expect.stringContaining('not made for')]);
      expect((await list(other)).key).toMatchObject({ datasets: [MORE.id], purpose: SOLD.purpose });
      // The plan gives it for another purpose from now on than the one that the key has.
      const studied = { ...more, dataset: { ...more.dataset, purpose: 'study' } };
      const refusal = await new BuyerGate(
        shop().records,
        silent,
        buyerMetrics(createMetrics('test')),
      ).allow(
        { headers: { authorization: `Bearer ${other}` }, method: 'HEAD' } as FastifyRequest,
        studied,
        fileOf(more),
      );
      expect(refusal).toMatchObject({
        status: 403,
        words: { en: expect.stringContaining('not given for the purpose of this key') as string },
      });
    });

    it('of another buyer is not revoked by who guesses its number', async () => {
      const [mine, other] = [await startCustomer(shop()), await startCustomer(shop())];
      await visitor().post(`${mine.link}/revoke-key`, { key: String(other.keyId) });
      expect((await visitor().fetch('/api/buyers/files', other.key)).status).toBe(200);
    });

    it('lists what it may fetch, with checksums and what is left, page by page', async () => {
      const { key } = await startCustomer(shop(), { downloadsPerMonth: 7 });
      const { status, text } = await visitor().fetch('/api/buyers/files', key);
      expect(status).toBe(200);
      const list = JSON.parse(text) as {
        quota: object;
        next: string | null;
        releases: {
          dataset: string;
          createdAt: string;
          files: { url: string; sha256: string }[];
        }[];
      };
      expect(list.quota).toMatchObject({ downloadsLeft: 7 });
      expect(list.next).toBeNull();
      expect(list.releases.map(({ dataset }) => dataset)).toEqual([SOLD.id]);
      const [first] = list.releases;
      expect(first?.files.map(({ sha256 }) => sha256)).toEqual(sold().files.map((f) => f.sha256));
      const file = await visitor().fetch(first?.files[0]?.url ?? '', key);
      expect(createHash('sha256').update(file.text).digest('hex')).toBe(first?.files[0]?.sha256);
      const since = async (at: string) =>
        (await visitor().fetch(`/api/buyers/files?since=${encodeURIComponent(at)}`, key)).text;
      expect(JSON.parse(await since(first?.createdAt ?? ''))).toMatchObject({ releases: [] });
      expect(await since('yesterday')).toContain('is no instant');
    });

    it('that is missing, wrong, or of no use here is refused in both languages', async () => {
      const { path } = fileOf(sold());
      const { key } = await startCustomer(shop());
      const ended = await startCustomer(shop());
      await shop().records.buyers.end(SITE, ended.id, { reason: 'x', user: 'chief' });
      const other = await startCustomer(shop());
      await accepted(other, { datasets: ['other'] });
      for (const [authorization, status, words] of [
        ['', 401, 'takes a contract'],
        [`Basic ${key}`, 401, 'takes a contract'],
        ['Bearer hitonami_guess', 401, 'not known'],
        [`Bearer ${key}x`, 401, 'not known'],
        [`Bearer ${ended.key}`, 403, 'has ended'],
        [`Bearer ${other.key}`, 403, 'not in your contract'],
      ] as const) {
        const headers = { authorization };
        const refused = await visitor().get(path, headers);
        expect([refused.status, refused.text.includes(words)], words).toEqual([status, true]);
        expect(refused.headers.get('content-type')).toContain('application/problem+json');
        expect(refused.text).toMatch(/[ぁ-ん]/);
        const browser = { ...headers, accept: 'text/html', 'accept-language': 'ja' };
        const page = await visitor().get(path, browser);
        expect([page.status, /<html lang="ja">/.test(page.text)]).toEqual([status, true]);
        if (status === 401) continue;
        // Looking at the headers alone is no way around.
        const head = await fetch(new URL(path, shop().url), { method: 'HEAD', headers });
        expect(head.status).toBe(status);
      }
      // A key in the address ends in logs: it is none.
      expect((await visitor().get(`${path}?key=${key}`)).status).toBe(401);
      const api = await visitor().fetch('/api/buyers/files', 'hitonami_guess');
      expect(api.headers.get('content-type')).toContain('application/problem+json');
      expect(JSON.parse(api.text)).toMatchObject({ status: 401, title: 'Unauthorized' });
      // What is open is for everybody.
      expect((await visitor().get(fileOf(open()).path)).status).toBe(200);
    });

    it('is slowed down where it asks too often, from wherever it asks', () => {
      const gate = new BuyerGate(shop().records, silent, buyerMetrics(createMetrics('test')));
      const waits = Array.from({ length: 241 }, () => gate.ration('one'));
      expect(waits.map((waitS) => waitS > 0).indexOf(true)).toBe(240);
      expect(gate.ration('another')).toBe(0);
    });
  });
}
