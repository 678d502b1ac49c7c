/**
 * Who has data under a contract, as they meet it: an application, a contract, keys, files, messages, the end. Every door is
 * tried with what is wrong, late, too much and hostile.
 */
import { createHash } from 'node:crypto';
import type { ReleaseManifest } from '@hitonami/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyersBrowserSuite } from './buyers-browser-suite.js';
import { buyersEndSuite } from './buyers-end-suite.js';
import { buyersFetchSuite } from './buyers-fetch-suite.js';
import { buyersKeySuite } from './buyers-key-suite.js';
import { buyersMessageSuite } from './buyers-message-suite.js';
import {
  acceptance,
  APPLICATION,
  fileOf,
  FREE,
  idOf,
  linkIn,
  noted,
  offer,
  plan,
  SITE,
  SOLD,
  startCustomer,
  startShop,
  visitorOf,
  type Shop,
} from './buyers-support.js';

let shop: Shop;
let sold: ReleaseManifest;
let open: ReleaseManifest;

beforeAll(async () => {
  shop = await startShop({ HITONAMI_BUYERS_PRIVATE_WEBHOOKS: 'yes' });
  sold = await shop.release('2026-10-01');
  open = await shop.release('2026-10-01', 0, FREE);
}, 60_000);
afterAll(() => shop.stop());

const visitor = () => visitorOf(shop);

describe('an application', () => {
  it('is found from the notice and from what is open, and leads back to both, in both languages', async () => {
    for (const language of ['ja', 'en']) {
      const base = `/${language}/${SITE}`;
      for (const [from, to] of [
        ['/', '/buyers'],
        ['/', '/data/'],
        ['/data/', '/buyers'],
        ['/buyers', '/data/'],
        ['/buyers', '/'],
      ] as const)
        expect((await visitor().get(base + from)).text, from).toContain(`href="${base}${to}"`);
    }
  });

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
    const id = await idOf(shop, link);
    expect(await noted(shop, 'buyer.apply', `${SITE}/${id}`)).toHaveLength(1);
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
    const id = await idOf(shop, link);
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
    const [entry] = await noted(shop, 'buyer.accept', `${SITE}/${id}`);
    expect(entry?.detail).toContain(newest['sha256']);
  });
});

buyersKeySuite(
  () => shop,
  () => ({ sold, open }),
);
buyersFetchSuite(
  () => shop,
  () => sold,
);
buyersMessageSuite(() => shop);
buyersEndSuite(
  () => shop,
  () => sold,
);
buyersBrowserSuite(() => shop);

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
