import { describe, expect, it } from 'vitest';
import { accessibilityFaults, browserPath, startBrowser } from '../../../test/browser/browser.js';
import { requireOrSkip } from '../../../test/support/require.js';
import { idOf, offer, SITE, SOLD, visitorOf, type Shop } from './buyers-support.js';

const hasBrowser = requireOrSkip(
  'chromium',
  browserPath !== undefined,
  'install it (apt-get install chromium)',
);

/** The pages of buyers by hand. */
export function buyersBrowserSuite(shop: () => Shop): void {
  const visitor = () => visitorOf(shop());

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
        await page.goto(`${shop().url}/ja/${SITE}/buyers`);
        await check('the form');
        await page.getByLabel(SOLD.title.ja).check();
        await page.getByLabel('団体名').fill('みどり大学');
        await page.getByLabel('連絡先').fill('midori@example.org');
        await page.getByLabel('利用目的').fill('研究');
        await page.getByRole('button', { name: '申し込む' }).click();
        await page.locator('.link a').click();
        const id = await idOf(shop(), new URL(page.url()).pathname);
        await offer(shop(), id);
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
}
