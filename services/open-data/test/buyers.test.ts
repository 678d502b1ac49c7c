/**
 * Who has data under a contract, as they meet it: an application, a contract, keys, files, messages, the end. Every door is
 * tried with what is wrong, late, too much and hostile.
 */
import { createHash } from 'node:crypto';
import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { localDay, type ReleaseManifest } from '@hitonami/model';
import { verifyWebhook, WEBHOOK_IDEMPOTENCY_KEY, WEBHOOK_SIGNATURE } from '@hitonami/service';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../../../test/support/event-log.js';
import { accessibilityFaults, browserPath, startBrowser } from '../../../test/browser/browser.js';
import { requireOrSkip } from '../../../test/support/require.js';
import { BuyerGate, wantedBytes } from '../src/buyers/gate.js';
import { monthEndMs } from '../src/buyers/refusals.js';
import {
  isPublicAddress,
  postSigned,
  publicLookup,
  targetProblem,
} from '../src/buyers/webhook-target.js';
import {
  acceptance,
  APPLICATION,
  linkIn,
  offer,
  plan,
  SITE,
  SOLD,
  startCustomer,
  startShop,
  Visitor,
  type Shop,
} from './buyers-support.js';
import { silent } from './support.js';

const hasBrowser = requireOrSkip(
  'chromium',
  browserPath !== undefined,
  'install it (apt-get install chromium)',
);

const hasOpenssl = requireOrSkip(
  'openssl',
  spawnSync('openssl', ['version']).status === 0,
  'install openssl',
);

let shop: Shop;
let sold: ReleaseManifest;
let open: ReleaseManifest;
const FREE = { ...SOLD, id: 'free', subject: 'movements', audience: 'open' } as const;

beforeAll(async () => {
  shop = await startShop({ HITONAMI_BUYERS_PRIVATE_WEBHOOKS: 'yes' });
  sold = await shop.release('2026-10-01');
  open = await shop.release('2026-10-01', 0, { ...FREE, licence: 'CC0-1.0' });
}, 60_000);
afterAll(() => shop.stop());

const visitor = (): Visitor => new Visitor(shop.url);
const fileOf = ({ site, dataset, period, version, files }: ReleaseManifest, format = 'csv') => {
  const file = files.find((one) => one.format === format);
  if (file === undefined) throw new Error(`no ${format}`);
  return { ...file, path: `/files/${site}/${dataset.id}/${period}/v${version}/${file.name}` };
};
const idOf = async (link: string): Promise<number> =>
  (await shop.records.buyers.byToken(link.split('/').at(-1) ?? ''))?.buyer.id ?? 0;
const noted = async (action: string, subject: string) =>
  (await shop.records.audit.list({ limit: 200 })).filter(
    (entry) => entry.action === action && entry.subject === subject,
  );

const monthOf = (buyer: number) =>
  shop.records.buyerKeys.month(buyer, localDay(Date.now(), plan.timeZone).slice(0, 7));

describe('an application', () => {
  it('is made in either language, and leads to a page that its sender alone has', async () => {
    const form = await visitor().get(`/ja/${SITE}/buyers`);
    for (const words of [SOLD.title.ja, '50,000円', '統計情報', '再識別', '第三者への提供'])
      expect(form.text).toContain(words);
    // Open data needs no contract.
    expect(form.text).not.toContain(plan.datasets[0]?.title.ja);
    const sent = await visitor().post(`/en/${SITE}/buyers`, APPLICATION);
    expect(sent.status).toBe(201);
    const link = linkIn(sent.text);
    const page = await visitor().get(link);
    expect(page.text).toContain('the contract is being prepared');
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page.text).not.toMatch(/<script|<b>/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    const id = await idOf(link);
    expect(await noted('buyer.apply', `${SITE}/${id}`)).toHaveLength(1);
    for (const wrong of [`${link}x`, link.replace(SITE, 'elsewhere'), `${link}/contract-1.txt`])
      expect((await visitor().get(wrong)).status, wrong).toBe(404);
  });

  it('gives back what was written where it cannot be taken, and takes nothing of a machine or another site', async () => {
    const { records } = shop;
    const before = (await records.buyers.list(SITE)).length;
    for (const change of [
      { organisation: ' \u202e' },
      { organisation: 'x'.repeat(201) },
      { contact: '' },
      { intent: 'x'.repeat(2_001) },
      { wanted: 'crowding-15-min' },
      { wanted: 'nothing' },
    ]) {
      const refused = await visitor().post(`/en/${SITE}/buyers`, { ...APPLICATION, ...change });
      expect(refused.status, JSON.stringify(change).slice(0, 50)).toBe(400);
      expect(refused.text).toContain('role="alert"');
    }
    const path = `/en/${SITE}/buyers`;
    expect((await visitor().post(path, '%ff%fe=%&&&=;')).status).toBe(400);
    expect((await visitor().post(path, { intent: 'x'.repeat(40_000) })).status).toBe(413);
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await visitor().post(path, APPLICATION, headers)).status).toBe(403);
    const trapped = await visitor().post(path, { ...APPLICATION, website: 'x' });
    expect([trapped.status, linkIn(trapped.text) !== '']).toEqual([200, true]);
    expect(await records.buyers.list(SITE)).toHaveLength(before);
  });

  it('is rationed by address', async () => {
    const one = visitor();
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++)
      statuses.push((await one.post(`/en/${SITE}/buyers`, APPLICATION)).status);
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429]);
  });
});

describe('a contract', () => {
  it('is read, and accepted as it was read, under a name; what it says can be checked for ever', async () => {
    const sent = await visitor().post(`/en/${SITE}/buyers`, APPLICATION);
    const link = linkIn(sent.text);
    const id = await idOf(link);
    await offer(shop, id);
    const page = await visitor().get(link);
    expect(page.text).toContain('Nobody is re-identified. &lt;i&gt;');
    const text = await visitor().get(`${link}/contract-1.txt`);
    expect(text.headers.get('content-type')).toContain('text/plain');
    const given = acceptance(page.text);
    expect(createHash('sha256').update(text.text).digest('hex')).toBe(given['sha256']);
    const accept = (change: Record<string, string>, headers = {}) =>
      visitor().post(`${link}/accept`, { ...given, ...change }, headers);
    for (const change of [
      { person: ' ' },
      { person: 'x'.repeat(101) },
      { agree: '' },
      { sha256: '0'.repeat(64) },
      { version: '2' },
      { version: 'x' },
    ])
      expect((await accept(change)).status, JSON.stringify(change)).toBe(400);
    expect((await accept({}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await visitor().post(`${link}/key`, {})).text).toContain('No contract is in force');
    // A version that was offered meanwhile is not accepted by who read the one before.
    await offer(shop, id, { textEn: 'Nobody is re-identified, ever.' });
    expect((await accept({})).text).toContain('The contract has changed');
    const newest = acceptance((await visitor().get(link)).text);
    expect((await visitor().post(`${link}/accept`, newest)).status).toBe(303);
    const { contracts } = (await shop.records.buyers.get(SITE, id))!;
    expect(contracts.map(({ acceptedBy }) => acceptedBy)).toEqual(['青井 花子', null]);
    const [entry] = await noted('buyer.accept', `${SITE}/${id}`);
    expect(entry?.detail).toContain(newest['sha256']);
  });

  it('ends: the page says so, asks for the deletion, and keeps who confirmed it', async () => {
    const { id, link, key } = await startCustomer(shop);
    const path = `${link}/confirm-deletion`;
    const given = { person: '青井 花子', agree: 'yes' };
    expect((await visitor().post(path, given)).text).toContain('has not ended yet');
    await shop.records.buyers.end(SITE, id, { reason: 'resold <b>', user: 'chief' });
    expect((await visitor().fetch('/api/buyers/files', key)).status).toBe(403);
    const page = await visitor().get(link);
    expect(page.text).toContain('resold &lt;b&gt;');
    expect(page.text).toContain('delete all data');
    expect((await visitor().post(path, { person: 'x' })).status).toBe(400);
    expect((await visitor().post(path, given)).status).toBe(303);
    expect((await visitor().get(link)).text).toMatch(/Deletion confirmed:[\s\S]*青井 花子/);
    expect(await noted('buyer.deleted', `${SITE}/${id}`)).toHaveLength(1);
  });
});

describe('a key', () => {
  it('is shown once, three at most, and opens nothing once it is revoked', async () => {
    const { link, key, keyId } = await startCustomer(shop);
    expect((await visitor().get(link)).text).not.toContain(key);
    const { path } = fileOf(sold);
    expect((await visitor().fetch(path, key)).status).toBe(200);
    for (let n = 0; n < 2; n++) expect((await visitor().post(`${link}/key`, {})).status).toBe(200);
    expect((await visitor().post(`${link}/key`, {})).text).toContain('There are at most 3 keys.');
    expect((await visitor().post(`${link}/revoke-key`, { key: '999999' })).status).toBe(400);
    await visitor().post(`${link}/revoke-key`, { key: String(keyId) });
    const refused = await visitor().fetch(path, key);
    expect([refused.status, refused.headers.get('www-authenticate')?.slice(0, 6)]).toEqual([
      401,
      'Bearer',
    ]);
  });

  it('of another buyer is not revoked by who guesses its number', async () => {
    const [mine, other] = [await startCustomer(shop), await startCustomer(shop)];
    await visitor().post(`${mine.link}/revoke-key`, { key: String(other.keyId) });
    expect((await visitor().fetch('/api/buyers/files', other.key)).status).toBe(200);
  });

  it('lists what it may fetch, with checksums and what is left, page by page', async () => {
    const { key } = await startCustomer(shop, { downloadsPerMonth: 7 });
    const { status, text } = await visitor().fetch('/api/buyers/files', key);
    expect(status).toBe(200);
    const list = JSON.parse(text) as {
      quota: object;
      next: string | null;
      releases: { dataset: string; createdAt: string; files: { url: string; sha256: string }[] }[];
    };
    expect(list.quota).toMatchObject({ downloadsLeft: 7 });
    expect(list.next).toBeNull();
    expect(list.releases.map(({ dataset }) => dataset)).toEqual([SOLD.id]);
    const [first] = list.releases;
    expect(first?.files.map(({ sha256 }) => sha256)).toEqual(sold.files.map((f) => f.sha256));
    const file = await visitor().fetch(first?.files[0]?.url ?? '', key);
    expect(createHash('sha256').update(file.text).digest('hex')).toBe(first?.files[0]?.sha256);
    const since = async (at: string) =>
      (await visitor().fetch(`/api/buyers/files?since=${encodeURIComponent(at)}`, key)).text;
    expect(JSON.parse(await since(first?.createdAt ?? ''))).toMatchObject({ releases: [] });
    expect(await since('yesterday')).toContain('is no instant');
  });

  it('that is missing, wrong, or of no use here is refused in both languages', async () => {
    const { path } = fileOf(sold);
    const { key } = await startCustomer(shop);
    const ended = await startCustomer(shop);
    await shop.records.buyers.end(SITE, ended.id, { reason: 'x', user: 'chief' });
    const other = await startCustomer(shop);
    await offer(shop, other.id, { datasets: ['other'] });
    await visitor().post(
      `${other.link}/accept`,
      acceptance((await visitor().get(other.link)).text),
    );
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
      const head = await fetch(new URL(path, shop.url), { method: 'HEAD', headers });
      expect(head.status).toBe(status);
    }
    // A key in the address ends in logs: it is none.
    expect((await visitor().get(`${path}?key=${key}`)).status).toBe(401);
    const api = await visitor().fetch('/api/buyers/files', 'hitonami_guess');
    expect(api.headers.get('content-type')).toContain('application/problem+json');
    expect(JSON.parse(api.text)).toMatchObject({ status: 401, title: 'Unauthorized' });
    // What is open is for everybody.
    expect((await visitor().get(fileOf(open).path)).status).toBe(200);
  });

  it('is slowed down where it asks too often, from wherever it asks', () => {
    const gate = new BuyerGate(shop.records, silent);
    const waits = Array.from({ length: 241 }, () => gate.ration('one'));
    expect(waits.map((waitS) => waitS > 0).indexOf(true)).toBe(240);
    expect(gate.ration('another')).toBe(0);
  });
});

describe('what is fetched', () => {
  it('is counted as it travelled, a file once a day, and noted in the audit log with who has it', async () => {
    const { id, key, keyId } = await startCustomer(shop);
    const { path, bytes, name } = fileOf(sold);
    const month = () => monthOf(id);
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
    const entries = (await noted('buyer.deliver', subject)).filter(({ detail }) =>
      detail.includes(`buyer ${id} `),
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]?.detail).toContain(`key ${keyId}`);
    expect(entries[0]?.detail).toContain(`for ${SOLD.purpose}`);
  });

  it('ends with the quota: 429 until the month is over, however many begin at once', async () => {
    const { key } = await startCustomer(shop, { downloadsPerMonth: 3 });
    const statuses = await Promise.all(
      sold.files.map(async ({ format }) => {
        const { path } = fileOf(sold, format);
        return (await visitor().fetch(path, key, { range: 'bytes=0-9' })).status;
      }),
    );
    expect(statuses.filter((status) => status === 206)).toHaveLength(3);
    expect(statuses.filter((status) => status === 429)).toHaveLength(sold.files.length - 3);
    const spent = await startCustomer(shop, { bytesPerMonth: 1_000 });
    const refused = await visitor().fetch(fileOf(sold).path, spent.key, {
      accept: 'application/json',
    });
    expect(refused.status).toBe(429);
    const waitS = Number(refused.headers.get('retry-after'));
    expect(waitS).toBeGreaterThan(0);
    expect(waitS).toBeLessThanOrEqual(31 * 86_400);
    expect(refused.text).toMatch(/They renew at 1 \w+ \d{4} at 00:00 \(Asia\/Tokyo\)/);
    expect(
      (await visitor().fetch(fileOf(sold).path, spent.key, { range: 'bytes=0-99' })).status,
    ).toBe(206);
  });

  it('is cut off where the key is revoked in the middle, and counted as far as it came', async () => {
    const { id, key, keyId } = await startCustomer(shop);
    const other = await startCustomer(shop);
    const gate = new BuyerGate(shop.records, silent);
    const file = fileOf(sold);
    // A file that never ends, behind the real gate.
    const app = Fastify();
    app.get('/endless', async (request, reply) => {
      if ((await gate.allow(request, sold, file)) !== 'granted') return reply.code(403).send();
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
        gate.delivered(request, sold, { file, bytesSent, status: 200 });
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
    await shop.records.buyerKeys.revoke(id, keyId, { user: 'chief' });
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
      const [row] = await shop.records.buyerKeys.usage(SITE, days);
      const month = await monthOf(id);
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

describe('word of a new release', () => {
  interface Message {
    readonly body: string;
    readonly signature: string | undefined;
    readonly key: string | undefined;
  }
  /** Somebody's endpoint, that takes what comes only while it is up. */
  class Receiver {
    readonly messages: Message[] = [];
    readonly server: Server;
    isUp = true;
    tries = 0;

    constructor() {
      this.server = createServer((request, response) => {
        let body = '';
        request.on('data', (chunk: Buffer) => (body += chunk.toString()));
        request.on('end', () => {
          this.tries += 1;
          const { headers } = request;
          const one = (name: string) => headers[name] as string | undefined;
          if (this.isUp)
            this.messages.push({
              ...{ body, signature: one(WEBHOOK_SIGNATURE), key: one(WEBHOOK_IDEMPOTENCY_KEY) },
            });
          response.writeHead(this.isUp ? 204 : 302, { location: 'http://127.0.0.1:1/' }).end();
        });
      });
    }

    async listen(): Promise<string> {
      await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
      return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/hook?token=x`;
    }
  }
  let receiver: Receiver;
  let hook: string;
  beforeAll(async () => {
    receiver = new Receiver();
    hook = await receiver.listen();
  });
  afterAll(() => receiver.server.close());
  const released = (day: string) => receiver.messages.filter(({ body }) => body.includes(day));

  it('comes signed, once, says where the files are and how to check them, and has no data', async () => {
    const { link } = await startCustomer(shop);
    const made = await visitor().post(`${link}/webhook`, { webhook: hook });
    const secret = /<code>([\w-]{43})<\/code>/.exec(made.text)?.[1] ?? '';
    const release = await shop.release('2026-10-02');
    await eventually('the message', () => released('2026-10-02').length > 0, 15_000);
    const [message] = released('2026-10-02');
    const { body = '', signature } = message ?? {};
    expect(verifyWebhook(secret, signature, body)).toBe(true);
    expect(verifyWebhook(secret, signature, body.replace('2026-10-02', '2026-10-03'))).toBe(false);
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
    expect((await visitor().get(link)).text).toContain('delivered');
    expect((await visitor().get(link)).text).not.toContain(secret);
  }, 30_000);

  it('is tried again while nobody takes it, also over a restart, follows no redirect, and stops with the contract', async () => {
    const customer = await startCustomer(shop);
    const ended = await startCustomer(shop);
    for (const { link } of [customer, ended])
      await visitor().post(`${link}/webhook`, { webhook: hook });
    receiver.isUp = false;
    const before = receiver.tries;
    await shop.release('2026-10-03');
    const first = () => shop.records.buyerDeliveries.list(customer.id);
    await eventually(
      'a try that failed',
      async () => (await first())[0]?.fault === 'it answered 302',
      15_000,
    );
    expect((await first())[0]).toMatchObject({ state: 'waiting', tries: 1 });
    expect((await first())[0]?.at.getTime()).toBeGreaterThan(Date.now() + 30_000);
    expect(receiver.tries).toBeGreaterThanOrEqual(before + 2);
    await shop.records.buyers.end(SITE, ended.id, { reason: 'x', user: 'chief' });
    // Time passes: what waits is due.
    for (const { id } of [customer, ended])
      for (const { id: delivery, fault } of await shop.records.buyerDeliveries.list(id))
        await shop.records.buyerDeliveries.note(delivery, {
          ...{ state: 'waiting', fault, at: new Date() },
        });
    receiver.isUp = true;
    await shop.restart();
    await eventually('it is taken', () => released('2026-10-03').length > 0, 15_000);
    expect((await first())[0]).toMatchObject({ state: 'delivered', tries: 2 });
    expect(await shop.records.buyerDeliveries.list(ended.id)).toMatchObject([
      { state: 'given-up' },
    ]);
    const keys = released('2026-10-03').map(({ key }) => key);
    expect(new Set(keys).size).toBe(1);
  }, 40_000);

  it('goes to no address within a house, however it is written, unless told so', () => {
    const strict = { allowsPrivate: false };
    for (const [url, problem] of [
      ['https://buyer.example/hook', undefined],
      ['https://8.8.8.8/hook', undefined],
      ['https://[2606:4700::1111]/hook', undefined],
      ['hook', 'not-url'],
      ['http://buyer.example/hook', 'not-https'],
      ['ftp://buyer.example/', 'not-https'],
      ['javascript:alert(1)', 'not-https'],
      ['https://user:pass@buyer.example/', 'has-password'],
      ['https://localhost/', 'private'],
      ['https://records/', 'private'],
      ['https://printer.local/', 'private'],
      ['https://metadata.google.internal/', 'private'],
      ['https://127.0.0.1/', 'private'],
      ['https://2130706433/', 'private'],
      ['https://0x7f.1/', 'private'],
      ['https://10.1.2.3/', 'private'],
      ['https://172.31.0.1/', 'private'],
      ['https://192.168.0.1/', 'private'],
      ['https://169.254.169.254/latest/meta-data', 'private'],
      ['https://100.64.0.1/', 'private'],
      ['https://0.0.0.0/', 'private'],
      ['https://255.255.255.255/', 'private'],
      ['https://[::1]/', 'private'],
      ['https://[::]/', 'private'],
      ['https://[::ffff:10.0.0.1]/', 'private'],
      ['https://[64:ff9b::a00:1]/', 'private'],
      ['https://[2002:a00:1::]/', 'private'],
      ['https://[fe80::1]/', 'private'],
      ['https://[fd00::1]/', 'private'],
    ] as const)
      expect(targetProblem(url, strict), url).toBe(problem);
    const kind = { allowsPrivate: true };
    expect(targetProblem('https://10.1.2.3/', kind)).toBeUndefined();
    expect(targetProblem('http://127.0.0.1:8080/', kind)).toBeUndefined();
    expect(targetProblem('http://10.1.2.3/', kind)).toBe('not-https');
    expect(isPublicAddress('no address')).toBe(false);
  });

  it('is not connected to a name that stands for an address within the house', async () => {
    const found = await new Promise<Error | null>((resolve) => {
      publicLookup('localhost', {}, (error) => resolve(error));
    });
    expect(found?.message).toContain('not public');
    const server = createServer().listen(0, 'localhost');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const connected = new Promise((resolve, reject) => {
      httpRequest({ host: 'localhost', port, lookup: publicLookup }, resolve)
        .once('error', reject)
        .end();
    });
    await expect(connected).rejects.toThrow('not public');
    server.close();
  });

  it.skipIf(!hasOpenssl)('is not told to who cannot show whom they are', async () => {
    const folder = temporaryFolder('tls');
    const make =
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem';
    execFileSync('openssl', make.split(' '), { cwd: folder.path, stdio: 'ignore' });
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) =>
      readFileSync(join(folder.path, name)),
    );
    let told = 0;
    const server = createTlsServer({ key, cert }, (_, response) => {
      told += 1;
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const message = { url, secret: 'x'.repeat(32), body: {}, idempotencyKey: 'x' };
    const { signal } = new AbortController();
    await expect(postSigned(message, { allowsPrivate: true }, signal)).rejects.toMatchObject({
      ...{ code: 'UNAVAILABLE', canRetry: true, message: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    expect(told).toBe(0);
    server.close();
    folder.remove();
  });

  it('is refused to an address that is none, with words', async () => {
    const { id, link } = await startCustomer(shop);
    for (const webhook of [
      'hook',
      'http://buyer.example/',
      `https://a.example/${'x'.repeat(600)}`,
    ]) {
      const refused = await visitor().post(`${link}/webhook`, { webhook });
      expect([refused.status, refused.text.includes('role="alert"')]).toEqual([400, true]);
    }
    const { link: other } = await startCustomer(shop);
    await visitor().post(`${other}/webhook`, { webhook: hook });
    await visitor().post(`${other}/webhook`, { webhook: '' });
    for (const buyer of [id, await idOf(other)])
      expect((await shop.records.buyers.get(SITE, buyer))?.buyer.webhookUrl).toBeNull();
  });
});

describe.skipIf(!hasBrowser)('in a browser without scripts', () => {
  it('somebody applies, accepts and gets a key by hand, on a phone', async () => {
    const browser = await startBrowser();
    try {
      const context = await browser.newContext({
        viewport: { width: 390, height: 844 },
        extraHTTPHeaders: { 'x-forwarded-for': '203.0.113.252' },
      });
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
      const check = async (what: string): Promise<void> => {
        expect(await accessibilityFaults(page), what).toEqual([]);
        const wide = 'document.documentElement.scrollWidth - innerWidth';
        expect(await page.evaluate<number>(wide), what).toBeLessThanOrEqual(0);
      };
      await page.goto(`${shop.url}/ja/${SITE}/buyers`);
      await check('the form');
      await page.getByLabel(SOLD.title.ja).check();
      await page.getByLabel('団体名').fill('みどり大学');
      await page.getByLabel('連絡先').fill('midori@example.org');
      await page.getByLabel('利用目的').fill('研究');
      await page.getByRole('button', { name: '申し込む' }).click();
      await page.locator('.link a').click();
      const id = await idOf(new URL(page.url()).pathname);
      await offer(shop, id);
      await page.reload();
      await check('the offer');
      await page.getByLabel('お名前').fill('緑川');
      await page.getByLabel('契約の全文を読み').check();
      await page.getByRole('button', { name: '同意する' }).click();
      await page.getByRole('heading', { name: '有効な契約' }).waitFor();
      await check('the contract in force');
      await page.getByRole('button', { name: 'キーを発行する' }).click();
      const key = await page.locator('.words code').first().innerText();
      expect((await visitor().fetch('/api/buyers/files', key)).status).toBe(200);
      expect(faults).toEqual([]);
    } finally {
      await browser.close();
    }
  }, 40_000);
});

describe('when the records are away', () => {
  it('nothing that is sold is given, and what was written is given back', async () => {
    const { key } = await startCustomer(shop);
    await shop.records.close();
    expect((await visitor().fetch(fileOf(sold).path, key)).status).toBe(503);
    expect((await visitor().fetch('/api/buyers/files', key)).status).toBe(503);
    expect((await visitor().get(fileOf(open).path)).status).toBe(200);
    const sent = await visitor().post(`/en/${SITE}/buyers`, APPLICATION);
    expect([sent.status, sent.text.includes('was not sent')]).toEqual([503, true]);
    expect(sent.text).toContain('aoi@example.org');
  });
});
