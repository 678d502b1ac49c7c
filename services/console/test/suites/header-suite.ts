import type { Browser, Page } from 'playwright-core';
import { publishPlan } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, startBrowser } from '../../../../test/browser/browser.js';
import { eventually } from '../../../../test/support/event-log.js';
import { testPlan } from '../../../../test/support/plans.js';
import { requireOrSkip } from '../../../../test/support/require.js';
import { STATION, type Client, type Console } from '../support.js';

const hasBrowser = requireOrSkip(
  'the header of the console',
  browserPath !== undefined,
  'needs chromium',
);
const NAME = { ja: '潮風市中央駅 東西自由通路', en: 'Shiokaze Central, east–west passage' };
/** On both sides of each width at which the header changes, and of common screens. */
const WIDTHS = [320, 390, 703, 705, 1024, 1247, 1249, 1280, 1366, 1440, 1600, 1920];

/** The bar over every page, where there is most to show in it: several sites, a role with every view, and no live picture. */
export function headerSuite(desk: () => Console): void {
  describe.skipIf(!hasBrowser)('the header', () => {
    let chief: Client;
    let browser: Browser;
    let page: Page;
    beforeAll(async () => {
      chief = await desk().as('administrator');
      const plan = testPlan({ ...STATION, site: 'central', name: NAME });
      await publishPlan(desk().log, JSON.stringify(plan), Date.now() * 1000);
      await eventually(
        'the other site',
        async () => (await chief.get('/sites/central/plan')).status === 200,
      );
      browser = await startBrowser();
      const context = await browser.newContext({ locale: 'en-US' });
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(chief.cookie) ?? [];
      await context.addCookies([{ name, value, url: desk().url }]);
      page = await context.newPage();
    }, 60_000);
    afterAll(() => browser.close());

    it.each(['en', 'ja'])(
      'fits any width in %s, whatever it has to say',
      async (language) => {
        await page.setViewportSize({ width: 1920, height: 800 });
        await page.goto(`${desk().url}/sites/central`);
        await page
          .getByRole('button', { name: language === 'en' ? 'EN' : '日' })
          .first()
          .click();
        await page.locator('.connection.is-late').waitFor();
        const tooWide: Record<number, number> = {};
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 800 });
          const over = await page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          if (over > 0) tooWide[width] = over;
        }
        expect(tooWide).toEqual({});
        // What opens from the header opens within the window.
        await page.setViewportSize({ width: 320, height: 800 });
        await page.locator('.bar-menu > summary').click();
        const sheet = await page.locator('.bar-menu .menu-sheet').boundingBox();
        expect(sheet?.x).toBeGreaterThanOrEqual(0);
      },
      30_000,
    );
  });
}
