import { setTimeout as pause } from 'node:timers/promises';
import { Readable } from 'node:stream';
import type { ReleaseManifest } from '@hitonami/model';
import { createMetrics } from '@hitonami/service';
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import { BuyerGate, wantedBytes } from '../src/buyers/gate.js';
import { buyerMetrics } from '../src/buyers/metrics.js';
import { monthEndMs } from '../src/buyers/refusals.js';
import {
  fileOf,
  KEY_FORM,
  monthOf,
  noted,
  SITE,
  SOLD,
  startCustomer,
  visitorOf,
  type Shop,
} from './buyers-support.js';
import { silent } from './support.js';

/** What is fetched with a key is counted, noted, held to the quota, and cut off at the end. */
export function buyersFetchSuite(shop: () => Shop, sold: () => ReleaseManifest): void {
  const visitor = () => visitorOf(shop());

  describe('what is fetched', () => {
    it('is counted as it travelled, a file once a day, and noted in the audit log with who has it', async () => {
      const { id, key, keyId } = await startCustomer(shop());
      const { path, bytes, name } = fileOf(sold());
      const month = () => monthOf(shop(), id);
      const plain = { 'accept-encoding': 'identity' };
      const whole = await visitor().fetch(path, key, plain);
      await eventually('it is counted', async () => (await month()).bytes === bytes);
      const part = await visitor().fetch(path, key, { ...plain, range: 'bytes=0-99' });
      expect(part.status).toBe(206);
      await eventually('the part too', async () => (await month()).bytes === bytes + 100);
      const etag = whole.headers.get('etag') ?? '';
      expect((await visitor().fetch(path, key, { 'if-none-match': etag })).status).toBe(304);
      await eventually('nothing', async () => (await month()).bytes === bytes + 100);
      expect(await month()).toMatchObject({ downloads: 1 });
      const subject = `${SITE}/${SOLD.id}/2026-10-01/v1/${name}`;
      const entries = (await noted(shop(), 'buyer.deliver', subject)).filter(({ detail }) =>
        detail.includes(`buyer ${id} `),
      );
      expect(entries).toHaveLength(1);
      expect(entries[0]?.detail).toContain(`key ${keyId}`);
      expect(entries[0]?.detail).toContain(`for ${SOLD.purpose}`);
      // How many came how far is told to Prometheus; who has what is not.
      const told = await shop().metrics.text();
      for (const outcome of ['whole', 'part', 'unchanged'])
        expect(told).toMatch(
          new RegExp(`hitonami_buyers_deliveries_total{outcome="${outcome}"} [1-9]`),
        );
      expect(told).not.toContain('あおい');
    });

    it('ends with the quota: 429 until the month is over, however many begin at once', async () => {
      const { key } = await startCustomer(shop(), { downloadsPerMonth: 3 });
      const statuses = await Promise.all(
        sold().files.map(async ({ format }) => {
          const { path } = fileOf(sold(), format);
          return (await visitor().fetch(path, key, { range: 'bytes=0-9' })).status;
        }),
      );
      expect(statuses.filter((status) => status === 206)).toHaveLength(3);
      expect(statuses.filter((status) => status === 429)).toHaveLength(sold().files.length - 3);
      const spent = await startCustomer(shop(), { bytesPerMonth: 1_000 });
      const refused = await visitor().fetch(fileOf(sold()).path, spent.key, {
        accept: 'application/json',
      });
      expect(refused.status).toBe(429);
      const waitS = Number(refused.headers.get('retry-after'));
      expect(waitS).toBeGreaterThan(0);
      expect(waitS).toBeLessThanOrEqual(31 * 86_400);
      expect(refused.text).toMatch(/They renew at 1 \w+ \d{4} at 00:00 \(Asia\/Tokyo\)/);
      expect(refused.text).toContain('of this key');
      expect(
        (await visitor().fetch(fileOf(sold()).path, spent.key, { range: 'bytes=0-99' })).status,
      ).toBe(206);
    });

    it('ends with the quota of its key, and with that of the contract: each is said', async () => {
      const { key, link } = await startCustomer(
        shop(),
        { downloadsPerMonth: 2 },
        { downloads: '1' },
      );
      const files = sold().files.map(({ format }) => fileOf(sold(), format).path);
      const ask = async (path: string, with_: string) => {
        const { status, text, headers } = await visitor().fetch(path, with_, {
          range: 'bytes=0-9',
        });
        if (status === 206) return [status];
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
        return [
          status,
          /of this key|of the contract/.exec(text)?.[0],
          /このキーの|契約の/.exec(text)?.[0],
        ];
      };
      expect(await ask(files[0] ?? '', key)).toEqual([206]);
      expect(await ask(files[1] ?? '', key)).toEqual([429, 'of this key', 'このキーの']);
      const made = await visitor().post(`${link}/key`, { ...KEY_FORM, downloads: '2' });
      const other = /hitonami_[\w-]{43}/.exec(made.text)?.[0] ?? '';
      expect(await ask(files[1] ?? '', other)).toEqual([206]);
      expect(await ask(files[2] ?? '', other)).toEqual([429, 'of the contract', '契約の']);
      const { text } = await visitor().fetch('/api/buyers/files', other);
      expect(JSON.parse(text)).toMatchObject({
        ...{
          quota: { downloadsLeft: 0 },
          key: { downloadsLeft: 1 },
          contract: { downloadsLeft: 0 },
        },
      });
    });

    it('is cut off where the key is revoked in the middle, and counted as far as it came', async () => {
      const { id, key, keyId } = await startCustomer(shop());
      const other = await startCustomer(shop());
      const gate = new BuyerGate(shop().records, silent, buyerMetrics(createMetrics('test')));
      const file = fileOf(sold());
      // A file that never ends, behind the real gate.
      const app = Fastify();
      app.get('/endless', async (request, reply) => {
        if ((await gate.allow(request, sold(), file)) !== 'granted') return reply.code(403).send();
        let bytesSent = 0;
        const endless = Readable.from(
          (async function* () {
            for (;;) {
              yield 'x'.repeat(100);
              bytesSent += 100;
              await pause(5);
            }
          })(),
        );
        reply.raw.once('close', () => {
          endless.destroy();
          gate.delivered(request, sold(), { file, bytesSent, status: 200, isWhole: false });
        });
        return reply.send(endless);
      });
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      const download = async (with_: string) => {
        const answer = await fetch(`${url}/endless`, {
          headers: { authorization: `Bearer ${with_}` },
        });
        const reader = answer.body?.getReader();
        await reader?.read();
        return { answer, reader };
      };
      const cut = await download(key);
      const kept = await download(other.key);
      await gate.look();
      expect((await cut.reader?.read())?.done).toBe(false);
      await shop().records.buyerKeys.revoke(id, keyId, { user: 'chief' });
      await gate.look();
      await expect(
        (async () => {
          while ((await cut.reader?.read())?.done === false);
        })(),
      ).rejects.toThrow();
      expect((await kept.reader?.read())?.done).toBe(false);
      await kept.reader?.cancel();
      await eventually('what travelled is counted, and no more is set aside', async () => {
        const days = { from: '2020-01-01', to: '2090-01-01', buyer: id };
        const [row] = await shop().records.buyerKeys.usage(SITE, days);
        const month = await monthOf(shop(), id);
        return row !== undefined && row.bytes > 0 && row.bytes === month.bytes;
      });
      await app.close();
    });

    it('is measured by what was asked for', () => {
      const wanted = (range?: string, more = {}) =>
        wantedBytes({ headers: { ...(range !== undefined && { range }), ...more } }, 1_000);
      expect(wanted()).toBe(1_000);
      expect(wanted('bytes=0-99')).toBe(100);
      expect(wanted('bytes=900-')).toBe(100);
      expect(wanted('bytes=900-5000')).toBe(100);
      expect(wanted('bytes=-50')).toBe(50);
      for (const odd of ['bytes=5-1', 'bytes=-', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=2000-'])
        expect(wanted(odd), odd).toBe(1_000);
      expect(wanted('bytes=0-0', { 'if-range': '"x"' })).toBe(1_000);
    });

    it('renews with the local month, over the end of a year and in February', () => {
      const end = (at: string) => new Date(monthEndMs(Date.parse(at), 'Asia/Tokyo')).toISOString();
      expect(end('2026-12-31T14:59:59Z')).toBe('2026-12-31T15:00:00.000Z');
      expect(end('2026-12-31T15:00:00Z')).toBe('2027-01-31T15:00:00.000Z');
      expect(end('2027-02-10T00:00:00Z')).toBe('2027-02-28T15:00:00.000Z');
    });
  });
}
