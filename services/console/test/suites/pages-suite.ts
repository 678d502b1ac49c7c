import type { Browser, Page } from 'playwright-core';
import { publishPlan } from '@hitonami/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, startBrowser } from '../../../../test/browser/browser.js';
import { eventually } from '../../../../test/support/event-log.js';
import { testPlan } from '../../../../test/support/plans.js';
import { requireOrSkip } from '../../../../test/support/require.js';
import { Client, PASSWORD, STATION, type Console } from '../support.js';

const hasBrowser = requireOrSkip(
  'pages of the console',
  browserPath !== undefined,
  'needs chromium',
);
const NAME = { ja: '潮風市中央駅 東西自由通路', en: 'Shiokaze Central, east–west passage' };
/** On both sides of each width at which the header changes, and of common screens. */
const WIDTHS = [320, 390, 703, 705, 1247, 1249, 1280, 1440, 1920];
const SWITCH = { en: 'EN', ja: '日' };

/** Pages in a real browser, of sites of which no picture comes. */
export function pagesSuite(desk: () => Console): void {
  describe.skipIf(!hasBrowser)('in the browser', () => {
    let chief: Client;
    let browser: Browser;
    let page: Page;
    const pageOf = async ({ cookie }: Client): Promise<Page> => {
      const context = await browser.newContext({ locale: 'en-US' });
      const [, name = '', value = ''] = /^([^=]+)=(.*)$/.exec(cookie) ?? [];
      await context.addCookies([{ name, value, url: desk().url }]);
      return context.newPage();
    };
    beforeAll(async () => {
      chief = await desk().as('administrator');
      const plan = testPlan({ ...STATION, site: 'central', name: NAME });
      await publishPlan(desk().log, JSON.stringify(plan), Date.now() * 1000);
      await eventually(
        'the other site',
        async () => (await chief.get('/sites/central/plan')).status === 200,
      );
      browser = await startBrowser();
      page = await pageOf(chief);
      await page.goto(`${desk().url}/sites/central`);
    }, 60_000);
    afterAll(() => browser.close());

    it.each(['en', 'ja'] as const)(
      'the header fits any width in %s, with several sites, every view and no live picture',
      async (language) => {
        await page.setViewportSize({ width: 1920, height: 800 });
        await page.getByRole('button', { name: SWITCH[language] }).first().click();
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
        await page.locator('.bar-menu > summary').click();
      },
      30_000,
    );

    it('who acts for somebody outside reads what to take instead, and asks for nothing that was measured', async () => {
      const body = { name: 'who looks in', password: PASSWORD, role: 'viewer', recipient: 'city' };
      expect((await chief.send('POST', '/users', body)).status).toBe(201);
      const guest = new Client(() => desk().url);
      await guest.enter('/session', { name: body.name, password: PASSWORD });
      page = await pageOf(guest);
      await page.goto(`${desk().url}/sites/station/plan`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      const views = page.getByRole('navigation', { name: 'Views' }).getByRole('link');
      await expect.poll(() => views.allTextContents()).toEqual(['Plan', 'Calendar']);
      const asked: string[] = [];
      page.on('request', (request) => asked.push(new URL(request.url()).pathname));
      for (const view of ['', '/system']) {
        await page.goto(`${desk().url}/sites/station${view}`);
        await page.getByText("and 'City' is neither; take the datasets").waitFor();
        expect(await page.locator('.banner, .connection').count()).toBe(0);
      }
      await page.getByRole('button', { name: SWITCH.ja }).first().click();
      await page.getByText('公開データ、運営者との契約によるデータセット').waitFor();
      expect(asked.filter((path) => /\/(live|headcount|stream)$/.test(path))).toEqual([]);
    }, 30_000);
  });
}
