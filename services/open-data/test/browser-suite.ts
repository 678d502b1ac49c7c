import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser, Page } from 'playwright-core';
import { accessibilityFaults, browserPath, startBrowser } from '../../../test/browser/browser.js';
import { requireOrSkip } from '../../../test/support/require.js';
import { somebody, type Desk } from './support.js';

const hasBrowser = requireOrSkip(
  'chromium',
  browserPath !== undefined,
  'install it (apt-get install chromium)',
);
const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } };

/** The pages as somebody sees them who scanned the code on a poster. */
export function browserSuite(what: () => { desk: Desk; site: string }): void {
  describe.skipIf(!hasBrowser)('in a browser without scripts', () => {
    let browser: Browser;
    let page: Page;
    const faults: string[] = [];
    beforeAll(async () => {
      browser = await startBrowser();
    });
    afterAll(() => browser.close());

    const open = async (size: keyof typeof SIZES): Promise<void> => {
      const context = await browser.newContext({
        viewport: SIZES[size],
        extraHTTPHeaders: { 'x-forwarded-for': somebody() },
      });
      page = await context.newPage();
      page.on('console', (message) => {
        if (message.type() === 'error') faults.push(message.text());
      });
    };

    it.each(['phone', 'desktop'] as const)(
      'every page is accessible and fits a %s',
      async (size) => {
        const { desk, site } = what();
        await open(size);
        const paths = ['', 'ask', 'figures', 'audit-heads', 'notices/explanation'];
        // What differs on a wide screen is seen on the first.
        for (const path of size === 'phone' ? paths : paths.slice(0, 1)) {
          await page.goto(`${desk.url}/ja/${site}/${path}`);
          expect(await accessibilityFaults(page), path).toEqual([]);
          const spare = await page.evaluate<number>(
            'document.documentElement.scrollWidth - innerWidth',
          );
          expect(spare, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
        }
        await page.context().close();
        // Refused by the content security policy, or not found.
        expect(faults).toEqual([]);
      },
      40_000,
    );

    it('a question is asked, and its answer found, by hand', async () => {
      const { desk, site } = what();
      await open('phone');
      await page.goto(`${desk.url}/en/${site}/`);
      await page.getByRole('link', { name: 'Ask a question' }).click();
      await page.getByLabel('Your question').fill('Do you film the toilets?\n<img src=x>');
      await page.getByRole('button', { name: 'Send' }).click();
      const link = page.locator('.link a');
      await link.waitFor();
      const [kept] = await desk.records.inquiries.list(site, { limit: 1 });
      await desk.records.inquiries.answer(site, kept!.id, { answer: 'No.\nNever.', user: 'aoi' });
      await link.click();
      expect(await page.locator('.words').allInnerTexts()).toEqual([
        'Do you film the toilets?\n<img src=x>',
        'No.\nNever.',
      ]);
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.getByRole('link', { name: '日本語' }).click();
      expect(await page.locator('h1').innerText()).toContain('受付番号');
      await page.context().close();
    });
  });
}
