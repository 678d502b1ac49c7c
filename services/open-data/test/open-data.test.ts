/**
 * What the public sees and may say: notices, figures, questions. Every door is tried with what is malformed, oversized,
 * hostile and too much, and with the parts behind it away.
 */
import { writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { RISK_REPORT_FORMAT } from '@hitonami/privacy';
import { scenario } from '@hitonami/simulator';
import { readConfig } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../../../test/support/event-log.js';
import { openDataSchema } from '../src/index.js';
import { browserSuite } from './browser-suite.js';
import { somebody, startDesk, type Desk } from './support.js';

const { plan } = scenario('rush-hour');
const SITE = plan.site;
const FIGURES = {
  ...{ received: 1234, destroyed: 1233, processed: 1200, shed: 30, rejected: 3 },
  sinceMs: 1_700_000_000_000,
};

let desk: Desk;
let reports: ReturnType<typeof temporaryFolder>;

beforeAll(async () => {
  reports = temporaryFolder('risk-reports');
  const report = join(reports.path, 'risk-report.json');
  const findings = [{ id: 'rebuilt', value: 0.93, isEstimated: true }];
  const madeAt = '2026-03-01T00:00:00Z';
  writeFileSync(
    report,
    JSON.stringify({ format: RISK_REPORT_FORMAT, site: SITE, madeAt, findings }),
  );
  desk = await startDesk({
    HITONAMI_RISK_REPORTS: `${report},${join(reports.path, 'gone.json')}`,
  });
}, 60_000);
afterAll(async () => {
  await desk.stop();
  reports.remove();
});

interface Asked {
  from?: string;
  headers?: Record<string, string>;
}

async function get(path: string, { from = somebody(), headers = {} }: Asked = {}) {
  const answer = await fetch(desk.url + path, {
    headers: { 'x-forwarded-for': from, ...headers },
    redirect: 'manual',
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

async function send(
  kind: 'ask' | 'opinion',
  form: Record<string, string> | string,
  { from = somebody(), headers = {} }: Asked = {},
  language = 'en',
) {
  const answer = await fetch(`${desk.url}/${language}/${SITE}/${kind}`, {
    method: 'POST',
    headers: {
      'x-forwarded-for': from,
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
    },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const linkIn = (text: string): string => /\/en\/[a-z-]+\/answers\/[\w-]+/.exec(text)?.[0] ?? '';

describe('before there is a plan', () => {
  it('says so, and has no site', async () => {
    const page = await get('/en/');
    expect([page.status, page.text.includes('Nothing is measured yet.')]).toEqual([200, true]);
    expect((await get(`/en/${SITE}/`)).status).toBe(404);
    expect((await send('ask', { text: 'x' })).status).toBe(404);
  });
});

describe('notices', () => {
  beforeAll(async () => {
    await desk.publish(plan);
    await eventually('the plan', async () => (await get(`/en/${SITE}/`)).status === 200);
  });

  it('are found from the root, in the language that the browser would rather have', async () => {
    const to = async (path: string, accepted?: string) =>
      (await get(path, { headers: accepted ? { 'accept-language': accepted } : {} })).headers.get(
        'location',
      );
    expect(await to('/', 'ja,en;q=0.5')).toBe('/ja/');
    expect(await to('/', 'en-GB,en;q=0.9,ja;q=0.1')).toBe('/en/');
    expect(await to('/', 'fr')).toBe('/en/');
    expect(await to('/en/')).toBe(`/en/${SITE}/`);
    expect(await to(`/ja/${SITE}`)).toBe(`/ja/${SITE}/`);
  });

  it('show what the plan says, and every document for the public', async () => {
    const page = await get(`/ja/${SITE}/`);
    for (const words of [
      '混雑時の安全',
      '潮風鉄道（架空）',
      '直ちに消',
      '最長78分',
      '推定約93%',
      '質問する',
    ])
      expect(page.text).toContain(words);
    for (const name of ['page', 'explanation', 'register', 'prior-notice', 'poster', 'sticker']) {
      const document = await get(`/en/${SITE}/notices/${name}`);
      expect(document.status).toBe(200);
      expect(document.text).toContain(`${desk.url}/en/${SITE}/`);
      expect(document.headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; style-src 'sha256-/,
      );
    }
  });

  it('keep to themselves what is for the staff, and what is not there', async () => {
    for (const path of [
      'notices/briefing',
      'notices/assessment',
      'notices/page?version=9',
      'notices/constructor',
      'nothing',
      'answers/short',
      `answers/${'x'.repeat(500)}`,
      '%00',
    ])
      expect((await get(`/en/${SITE}/${path}`)).status, path).toBeGreaterThanOrEqual(400);
    for (const path of ['/fr/', `/fr/${SITE}/`, '/en/elsewhere/', '/../etc/passwd'])
      expect((await get(path)).status, path).toBe(404);
  });

  it('say what will be while no camera may send yet', async () => {
    const site = 'tomorrow';
    const governance = {
      ...plan.governance,
      stages: plan.governance.stages.map((stage) => ({ ...stage, startsOn: '2999-01-01' })),
    };
    await desk.publish({ ...plan, site, governance });
    const page = await eventually('the other site', async () => {
      const found = await get(`/en/${site}/`);
      return found.status === 200 && found;
    });
    expect(page.text).toContain('From 1 January 2999');
    // The audit of another site is not told for this one.
    expect(page.text).toContain('not been measured yet');
    expect((await get('/ja/')).text).toContain(`/ja/${site}/`);
  });

  it('tell of a change before it is in force, and what it is', async () => {
    await desk.publish({
      ...plan,
      version: 2,
      inForceFrom: new Date(Date.now() + 86_400_000).toISOString(),
      operator: { ...plan.operator, contact: 'later@example.org' },
    });
    await eventually('the change', async () =>
      (await get(`/en/${SITE}/`)).text.includes('Read what changes'),
    );
    const next = await get(`/en/${SITE}/notices/prior-notice?version=2`);
    expect(next.text).toContain('later@example.org');
    expect(next.text).toContain('What changes from the notice before');
    expect((await get(`/en/${SITE}/`)).text).not.toContain('later@example.org');
  });

  it('have strict headers, no script, and load nothing from elsewhere', async () => {
    const paths = ['', 'figures', 'ask', 'opinion', 'audit-heads', 'notices/page', 'gone'];
    for (const path of paths) {
      const { headers, text } = await get(`/en/${SITE}/${path}`);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toMatch(/default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/);
      expect(policy).not.toMatch(/unsafe|script/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('set-cookie')).toBeNull();
      expect(text).not.toMatch(/<script|javascript:| style="| on[a-z]+="/i);
      expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    }
  });
});

describe('figures of frames', () => {
  const told = async () => {
    const { text } = await get(`/en/${SITE}/figures`);
    return [...text.matchAll(/<dd>([^<]*)<\/dd>/g)].map(([, value]) => value);
  };

  it('are unknown while the publisher does not know them, and never 0', async () => {
    expect(await told()).toEqual(Array(5).fill('unknown'));
    expect((await get(`/ja/${SITE}/`)).text).toContain('いまは数を確かめられません');
  });

  it('are those of the site, since the ingestor was started', async () => {
    await desk.tell(SITE, { figures: FIGURES });
    await eventually('the figures', async () => (await told())[0] !== 'unknown');
    expect(await told()).toEqual(['1,234', '1,233', '1,200', '30', '3']);
    expect((await get(`/en/${SITE}/figures`)).text).toContain('15 November 2023');
  });

  it('are unknown again once nobody counts them any more, or they are none', async () => {
    for (const figures of [
      { ...FIGURES, atMs: Date.now() - 600_000 },
      { ...FIGURES, received: 'many' },
    ]) {
      await desk.tell(SITE, { figures: FIGURES });
      await eventually('the figures', async () => (await told())[0] !== 'unknown');
      await desk.tell(SITE, { figures });
      await eventually('that they are unknown', async () => (await told())[0] === 'unknown');
    }
  });
});

describe('questions and opinions', () => {
  it('are kept, numbered, and answered behind a secret link', async () => {
    const text = '何を撮っていますか？\n<script>alert(1)</script>" onload=x';
    const sent = await send('ask', { text, contact: 'me@example.org' });
    expect(sent.status).toBe(201);
    const link = linkIn(sent.text);
    const [kept] = await desk.records.inquiries.list(SITE, { limit: 1 });
    expect(kept).toMatchObject({
      kind: 'inquiry',
      language: 'en',
      text,
      contact: 'me@example.org',
    });
    expect(sent.text).toContain(`<strong>${kept!.id}</strong>`);
    const open = await get(link);
    expect(open.text).toContain('There is no answer yet');
    expect(open.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=x');
    expect(open.text).not.toContain('me@example.org');
    await desk.records.inquiries.answer(SITE, kept!.id, { answer: 'Nothing <b>', user: 'aoi' });
    const answered = (await get(link)).text;
    expect(answered).toContain('Nothing &lt;b&gt;');
    expect(answered).not.toContain('aoi');
    expect((await get(link.replace(SITE, 'elsewhere'))).status).toBe(404);
    expect((await get(`${link}x`)).status).toBe(404);
  });

  it('need no name and no contact', async () => {
    expect((await send('opinion', { text: 'good' }, {}, 'ja')).text).toContain(
      'ご意見を受け付けました',
    );
    const [kept] = await desk.records.inquiries.list(SITE, { limit: 1 });
    expect(kept).toMatchObject({ kind: 'opinion', language: 'ja', contact: '' });
  });

  it('give back what was written where it cannot be taken', async () => {
    const long = '<b>'.repeat(700);
    const refused = await send('ask', { text: long, contact: '"><i>' });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('it has 2100');
    expect(refused.text).toContain('&lt;b&gt;');
    expect(refused.text).toContain('value="&quot;&gt;&lt;i&gt;"');
    expect((await send('ask', { text: ' \n\u202e' })).status).toBe(400);
    expect((await send('ask', { text: 'x', contact: 'x'.repeat(201) })).status).toBe(400);
    expect((await send('ask', '')).status).toBe(400);
    expect((await send('ask', '%ff%fe=%&&&=;')).status).toBe(400);
  });

  it('are refused oversized, in another form, from another site', async () => {
    expect((await send('ask', { text: 'x'.repeat(40_000) })).status).toBe(413);
    const json = { headers: { 'content-type': 'application/json' } };
    expect((await send('ask', '{"text":"x"}', json)).status).toBe(400);
    for (const headers of [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ])
      expect((await send('ask', { text: 'x' }, { headers })).status).toBe(403);
    const own = { origin: desk.url, 'sec-fetch-site': 'same-origin' };
    expect((await send('ask', { text: 'from here' }, { headers: own })).status).toBe(201);
  });

  it('of a machine that fills in what nobody sees are thanked for and forgotten', async () => {
    const before = await desk.records.inquiries.openCount(SITE);
    const sent = await send('opinion', { text: 'buy', website: 'https://spam.example' });
    expect([sent.status, sent.text.includes('Thank you')]).toEqual([200, true]);
    expect(await desk.records.inquiries.openCount(SITE)).toBe(before);
  });

  it('are rationed by address, and by network where that is IPv6', async () => {
    const statuses = async (addresses: readonly string[]) =>
      (
        await Promise.all(addresses.map((from) => send('opinion', { text: 'again' }, { from })))
      ).map(({ status }) => status);
    expect((await statuses(Array<string>(6).fill('198.51.100.7'))).sort()).toEqual([
      ...Array<number>(5).fill(201),
      429,
    ]);
    const network = [1, 2, 3, 4, 5, 6].map((n) => `2001:db8:0:1::${n}`);
    expect((await statuses(network)).filter((status) => status === 429)).toHaveLength(1);
    const refused = await send('opinion', { text: 'x' }, { from: '198.51.100.7' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await desk.metrics.text()).toMatch(
      /hitonami_public_inquiries_total\{kind="opinion",outcome="too-many"\} [1-9]/,
    );
  });

  it('cannot be guessed at, nor pages asked for without end', async () => {
    const guess = (from: string) => get(`/en/${SITE}/answers/${'y'.repeat(32)}`, { from });
    const tries = await Promise.all(Array.from({ length: 61 }, () => guess('198.51.100.9')));
    expect(tries.filter(({ status }) => status === 404)).toHaveLength(60);
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(1);
    const pages = await Promise.all(
      Array.from({ length: 301 }, () => get('/style.css', { from: '198.51.100.10' })),
    );
    expect(pages.filter(({ status }) => status === 429)).toHaveLength(1);
  });

  it('end with a sentence where what comes is no request', async () => {
    const raw = (path: string, method = 'GET') =>
      new Promise<number>((resolve, reject) => {
        const { hostname, port } = new URL(desk.url);
        httpRequest(
          { hostname, port, path, method, headers: { 'x-forwarded-for': somebody() } },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          },
        )
          .once('error', reject)
          .end();
      });
    expect(await raw(`/en/${SITE}/%E0%A4%A`)).toBe(400);
    expect(await raw(`/en/${SITE}/ask`, 'DELETE')).toBe(404);
    expect(await raw(`/en/${'x'.repeat(2_000)}/`)).toBe(414);
  });
});

describe('the audit log’s daily heads', () => {
  it('are shown as they were published', async () => {
    expect((await get(`/en/${SITE}/audit-heads`)).text).toContain('None has been published yet.');
    await desk.records.audit.append({
      ...{ user: 'aoi', action: 'positions.read', subject: SITE, detail: '', address: '' },
    });
    const head = await desk.records.audit.publishHead();
    await desk.tell(SITE, { auditHeads: [head] });
    const page = await eventually('the head', async () => {
      const found = await get(`/ja/${SITE}/audit-heads`);
      return found.text.includes(head!.hash) && found;
    });
    expect(page.text).not.toContain('aoi');
  });
});

browserSuite(() => ({ desk, site: SITE }));

describe('when a part is away', () => {
  it('notices stay, and what was written is given back, when the records are gone', async () => {
    await desk.records.close();
    expect((await get(`/en/${SITE}/`)).status).toBe(200);
    const sent = await send('ask', { text: 'a long thought' });
    expect(sent.status).toBe(503);
    expect(sent.text).toContain('a long thought');
    expect(sent.text).toContain('was not sent');
    expect((await get(`/en/${SITE}/audit-heads`)).status).toBe(200);
    expect((await get(`/en/${SITE}/answers/${'z'.repeat(32)}`)).status).toBe(503);
  });
});

describe('the configuration', () => {
  it.each([
    [{ HITONAMI_PUBLIC_ADDRESS: 'here' }, /HITONAMI_PUBLIC_ADDRESS/],
    [{ HITONAMI_PUBLIC_URL: 'ftp://x' }, /HITONAMI_PUBLIC_URL/],
    [{ HITONAMI_PUBLIC_PROXIES: '0.0.0.0/0' }, /HITONAMI_PUBLIC_PROXIES/],
    // There is no way to the log from here.
    [{ HITONAMI_LOG: 'embedded' }, /HITONAMI_LOG/],
    [{ HITONAMI_WAREHOUSE_URL: 'http://x' }, /HITONAMI_WAREHOUSE_URL/],
  ])('names the key that is wrong: %j', (environment, key) => {
    expect(() => readConfig(openDataSchema, environment as never)).toThrow(key);
  });
});
