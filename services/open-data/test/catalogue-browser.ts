import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { accessibilityFaults, browserPath, startBrowser } from '../../../test/browser/browser.js';
import { requireOrSkip } from '../../../test/support/require.js';
import { somebody, type Desk } from './support.js';

const hasBrowser = requireOrSkip(
  'chromium',
  browserPath !== undefined,
  'install it (apt-get install chromium)',
);
/** Where a person may look at what the pages look like. */
const SHOTS = fileURLToPath(new URL('../../../.cache/screenshots/open-data', import.meta.url));

/** The catalogue as people see it; each page in both languages, one on a phone and one on a desk. */
export function catalogueBrowserSuite(
  what: () => { desk: Desk; site: string; paths: readonly string[] },
): void {
  describe.skipIf(!hasBrowser)('in a browser', () => {
    let browser: Browser;
    beforeAll(async () => {
      mkdirSync(SHOTS, { recursive: true });
      browser = await startBrowser();
    });
    afterAll(() => browser.close());

    it.each([
      ['ja', { width: 390, height: 844 }],
      ['en', { width: 1280, height: 800 }],
    ] as const)(
      'every page of the catalogue is accessible, fits, and runs nothing (%s)',
      async (language, viewport) => {
        const { desk, site, paths } = what();
        const context = await browser.newContext({
          viewport,
          javaScriptEnabled: true,
          extraHTTPHeaders: { 'x-forwarded-for': somebody() },
        });
        const page = await context.newPage();
        const faults: string[] = [];
        page.on('console', (message) => {
          // What is gone is said to be; everything else that is refused is a fault.
          if (message.type() === 'error' && !message.text().includes('410'))
            faults.push(message.text());
        });
        for (const path of paths) {
          const start = path.startsWith('/embed')
            ? `${desk.url}/embed/${language}/${site}`
            : `${desk.url}/${language}/${site}`;
          await page.goto(`${start}${path.replace('/embed', '')}`);
          // What differs on a wide screen is where things are.
          if (language === 'ja' || path === '/data/crowding-15-min')
            expect(await accessibilityFaults(page), path).toEqual([]);
          const spare = await page.evaluate<number>(
            'document.documentElement.scrollWidth - innerWidth',
          );
          expect(spare, `${path} is wider than the screen`).toBeLessThanOrEqual(0);
          const name = path.replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
          await page.screenshot({
            path: `${SHOTS}/${name || 'site'}-${language}-${viewport.width}.png`,
          });
        }
        await context.close();
        expect(faults).toEqual([]);
      },
      60_000,
    );
  });
}
