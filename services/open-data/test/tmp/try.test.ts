import { it } from 'vitest';
import {
  startShop,
  startCustomer,
  Visitor,
  SITE,
  offer,
  APPLICATION,
  linkIn,
} from '../buyers-support.js';
import { startBrowser, accessibilityFaults } from '../../../../test/browser/browser.js';
it('try', async () => {
  const shop = await startShop();
  try {
    const m = await shop.release('2026-11-20');
    console.log(m.files.map((f) => f.name + ' ' + f.bytes));
    const c = await startCustomer(shop);
    console.log(c);
    const v = new Visitor(shop.url);
    const list = await v.fetch('/api/buyers/files', c.key);
    console.log(list.status, list.text.slice(0, 800));
    const applied = await v.post(`/en/${SITE}/buyers`, APPLICATION);
    const link2 = linkIn(applied.text);
    const id2 = (await shop.records.buyers.byToken(link2.split('/').at(-1)!))!.buyer.id;
    await offer(shop, id2, {});
    const browser = await startBrowser();
    for (const [size, w] of [
      ['d', 1280],
      ['p', 390],
    ] as const)
      for (const lang of ['ja', 'en']) {
        const ctx = await browser.newContext({ viewport: { width: w, height: 900 } });
        const page = await ctx.newPage();
        for (const [name, path] of [
          ['form', `/${lang}/${SITE}/buyers`],
          ['in-force', c.link.replace('/en/', `/${lang}/`)],
          ['offered', link2.replace('/en/', `/${lang}/`)],
        ]) {
          await page.goto(shop.url + path);
          await page.screenshot({ path: `/tmp/shot-${name}-${size}-${lang}.png`, fullPage: true });
          console.log(
            name,
            size,
            lang,
            await accessibilityFaults(page),
            await page.evaluate('document.documentElement.scrollWidth - innerWidth'),
          );
        }
        await ctx.close();
      }
    await browser.close();
  } finally {
    await shop.stop();
  }
}, 60000);
