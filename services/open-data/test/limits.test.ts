/** What is too much at once, and what is too much in a minute: said with how long to wait, and felt by nobody else. */
import { connect, type Socket } from 'node:net';
import type { ReleaseManifest } from '@hitonami/model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../../test/support/event-log.js';
import {
  fileOf,
  SOLD,
  SITE,
  startCustomer,
  startShop,
  visitorOf,
  type Sent,
  type Shop,
} from './buyers-support.js';

/** As the README says. */
const DOWNLOADS_AT_ONCE = 500;
const REQUESTS_A_MINUTE = 900;
const KEY_REQUESTS_A_MINUTE = 240;
/** Requests one behind the other on a connection that nobody reads: all but the first few of them stay under way. */
const ON_A_LINE = 50;

let callers = 0;
/** An address of which nobody has asked before, and none of the visitors' does. */
const somebody = (): string => `198.18.${callers >> 8}.${callers++ & 255}`;

let shop: Shop;
let large: ReleaseManifest;
let sold: ReleaseManifest;
beforeAll(async () => {
  shop = await startShop();
  const open = { ...SOLD, id: 'open-ways', audience: 'open', licence: 'CC0-1.0' } as const;
  large = await shop.release('2026-10-01', 6_000, open);
  sold = await shop.release('2026-10-01');
}, 60_000);
afterAll(() => shop.stop());

const visitor = () => visitorOf(shop);

describe('downloads at once', () => {
  const lines: Socket[] = [];
  afterAll(() => {
    for (const line of lines) line.destroy();
  });
  /** Begins downloads, and reads nothing of them. */
  const begin = (path: string, count: number): void => {
    const { hostname, port } = new URL(shop.url);
    for (let left = count; left > 0; left -= ON_A_LINE) {
      const line = connect(Number(port), hostname).pause();
      line.on('error', () => undefined);
      const request = () =>
        `GET ${path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${somebody()}\r\n\r\n`;
      line.write(Array.from({ length: Math.min(left, ON_A_LINE) }, request).join(''));
      lines.push(line);
    }
  };

  it(`are ${DOWNLOADS_AT_ONCE} at most: one more is told when to come again, and all else goes on`, async () => {
    const { path } = fileOf(large, 'jsonl');
    const { key } = await startCustomer(shop);
    const probe = () => visitor().get(path, { range: 'bytes=0-9' });
    const underWay = async (): Promise<number> =>
      Number(/^hitonami_public_downloads (\d+)$/m.exec(await shop.metrics.text())?.[1]);
    begin(path, 400);
    await eventually('some', async () => (await underWay()) > 300);
    expect((await probe()).status).toBe(206);
    /** What is told when there are too many. The first few on a line end, where the kernel takes them, and make room: more come. */
    const refusedBy = (ask: () => Promise<Sent>): Promise<Sent> =>
      eventually('too many', async () => {
        begin(path, 4 * ON_A_LINE);
        const answers = await Promise.all([ask(), ask(), ask()]);
        most = Math.max(most, await underWay());
        return answers.find(({ status }) => status === 503);
      });
    let most = 0;
    const plain = { 'accept-encoding': 'identity', accept: 'application/json' };
    const refused = await refusedBy(() => visitor().get(path, plain));
    expect(refused.headers.get('retry-after')).toBe('10');
    expect(JSON.parse(refused.text)).toMatchObject({
      message: {
        ja: expect.stringContaining('しばらくしてから') as string,
        en: expect.stringContaining('Please try again later') as string,
      },
    });
    await refusedBy(() => visitor().fetch(fileOf(sold).path, key));
    expect(most).toBeGreaterThan(DOWNLOADS_AT_ONCE * 0.9);
    expect(most).toBeLessThanOrEqual(DOWNLOADS_AT_ONCE);
    const begunMs = performance.now();
    for (const other of [`/en/${SITE}/`, `/ja/${SITE}/data/`, '/catalog.ttl', '/style.css'])
      expect((await visitor().get(other)).status, other).toBe(200);
    const etag = { 'if-none-match': `"${fileOf(large, 'jsonl').sha256}"` };
    expect((await visitor().get(path, etag)).status).toBe(304);
    expect((await visitor().fetch('/api/buyers/files', key)).status).toBe(200);
    expect(performance.now() - begunMs).toBeLessThan(5_000);
    // Those who were there first are served, and whoever goes away makes room.
    for (const line of lines) line.destroy();
    await eventually('room', async () => (await underWay()) === 0);
    expect((await probe()).status).toBe(206);
    expect((await visitor().fetch(fileOf(sold).path, key)).status).toBe(200);
  }, 40_000);
});

describe('requests in a minute', () => {
  it(`of programs are ${REQUESTS_A_MINUTE} from one address: pages are counted apart, and others are not slowed`, async () => {
    const one = visitor();
    const path = `/api/v1/${SITE}/now.json`;
    let answered = 0;
    while (answered < REQUESTS_A_MINUTE) {
      const all = await Promise.all(Array.from({ length: 50 }, () => one.get(path)));
      expect(all.every(({ status }) => status === 200)).toBe(true);
      answered += all.length;
    }
    for (const too of [path, '/catalog.ttl', fileOf(large).path]) {
      const refused = await one.get(too);
      expect(refused.status, too).toBe(429);
      const waitS = Number(refused.headers.get('retry-after'));
      expect(waitS).toBeGreaterThan(0);
      expect(waitS).toBeLessThanOrEqual(60);
      expect(refused.text).toMatch(/短い間に多く|Too much was sent in a short time/);
    }
    expect((await one.get(`/en/${SITE}/data/`)).status).toBe(200);
    expect((await visitor().get(path)).status).toBe(200);
  }, 30_000);

  it(`with one key are ${KEY_REQUESTS_A_MINUTE}, from wherever: another key of the same buyer goes on`, async () => {
    const { key } = await startCustomer(shop);
    const other = await startCustomer(shop);
    const { path } = fileOf(sold);
    const ask = (with_: string, method = 'GET') =>
      fetch(new URL(path, shop.url), {
        method,
        headers: { authorization: `Bearer ${with_}`, 'x-forwarded-for': somebody() },
      });
    for (let n = 0; n < KEY_REQUESTS_A_MINUTE; n += 20) {
      const all = await Promise.all(Array.from({ length: 20 }, () => ask(key, 'HEAD')));
      expect(all.every(({ status }) => status === 200)).toBe(true);
    }
    for (const at of [path, '/api/buyers/files']) {
      const refused = await visitor().fetch(at, key);
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(refused.text).toContain('Too many requests with this key');
      expect(refused.text).toContain('要求が多すぎます');
    }
    expect((await ask(other.key)).status).toBe(200);
    expect(await shop.metrics.text()).toContain(
      'hitonami_buyers_refusals_total{reason="too-fast"} 2',
    );
  }, 30_000);
});
