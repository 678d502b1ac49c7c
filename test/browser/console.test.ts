import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { requireOrSkip } from '../support/require.js';
import { accessibilityFaults, browserPath, startBrowser } from './browser.js';
import { HOSTILE_NAME, startTestStation, type TestStation } from './station.js';

// The console in a real browser, on a real station: what an operator, an engineer and an administrator do there.

const hasBrowser = requireOrSkip(
  'the console in a browser',
  browserPath !== undefined,
  'needs chromium',
);
const PASSWORD = 'a-long-enough-password';
const WAIT_MS = 30_000;
vi.setConfig({ testTimeout: 60_000 });

/** The buttons of the header. */
const SWITCH = { English: 'EN', 日本語: '日' };

/** Every view that is in the navigation, by its path under the site. */
const VIEWS = [
  '',
  '/areas',
  '/areas/hall',
  '/flows',
  '/history',
  '/alerts',
  '/handover',
  '/system',
  '/plan',
  '/reports',
  '/calendar',
  '/inquiries',
  '/buyers',
  '/users',
  '/audit',
];

/** Pixels that lie beyond the right edge of the window. */
function cutOff(page: Page): Promise<number> {
  return page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
}

describe.skipIf(!hasBrowser)('the console', () => {
  let station: TestStation;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the page itself complained of. */
  const complaints: string[] = [];

  beforeAll(async () => {
    [station, browser] = await Promise.all([startTestStation(), startBrowser()]);
    context = await browser.newContext({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
    page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => {
      complaints.push(`a script ran: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }, 120_000);
  afterAll(async () => {
    await browser.close();
    expect(await station.stop()).toBe(0);
  }, 60_000);

  const site = (path: string): string => `${station.url}/sites/test${path}`;
  const open = async (view: string): Promise<void> => {
    await page.goto(site(view));
    await page.getByRole('main').getByRole('heading').first().waitFor();
    // A view that still loads has nothing in it to find fault with.
    await expect.poll(() => page.locator('.waiting').count(), { timeout: WAIT_MS }).toBe(0);
  };
  const signIn = async (on: Page, name: string): Promise<void> => {
    await on.goto(station.url);
    await on.getByLabel('Name').fill(name);
    await on.getByLabel(/^Password(?!,)/).fill(PASSWORD);
    await on.getByRole('button', { name: 'Sign in', exact: true }).click();
    await on.waitForURL(site(''));
  };

  it('lets the first administrator in by the link of the terminal, once', async () => {
    await page.goto(station.link);
    await page.getByLabel('Name').fill('sato');
    await page.getByLabel(/^Password(?!,)/).fill(PASSWORD);
    await page.getByLabel('Password, again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Make the administrator' }).click();
    await page.waitForURL(site(''));
    const again = await browser.newPage({ locale: 'en-US' });
    await again.goto(station.link);
    await again.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await again.close();
  });

  it('shows who is where within a second, and an area that nobody sees is not an empty one', async () => {
    await page.goto(site(''));
    await page
      .getByText(/last picture 0\.\d s ago/)
      .first()
      .waitFor();
    const hall = page.getByRole('row', { name: /Main hall/ }).first();
    await hall.waitFor();
    await vi.waitFor(async () => {
      expect(await hall.getByRole('cell').last().textContent()).toBe('3');
    }, WAIT_MS);
    const annex = page.getByRole('row').filter({ hasText: HOSTILE_NAME }).first();
    expect(await annex.textContent()).toMatch(/not seen/i);
    expect(complaints).toEqual([]);
  });

  it('sells under a contract: who applies at the public’s pages is offered one, accepts it, makes a key, and is seen with it', async () => {
    const visitor = await browser.newContext({ locale: 'en-US' });
    const outside = await visitor.newPage();
    await outside.goto(new URL('/en/test/buyers', station.publicUrl).href);
    await outside.getByLabel('Ways').check();
    await outside.getByLabel('Organisation').fill(HOSTILE_NAME);
    await outside.getByLabel('Contact').fill('midori@example.org');
    await outside.getByLabel('What it is for').fill('Where a lift is missing.\n'.repeat(3));
    await outside.getByRole('button', { name: 'Apply' }).click();
    await outside.locator('.link a').click();
    await page.goto(site('/buyers'));
    const card = page.getByRole('article');
    await card.getByText('Waits for a contract').waitFor();
    await card.getByRole('button', { name: 'Offer a contract' }).click();
    await card.getByRole('button', { name: 'See the text' }).click();
    await card.getByRole('region', { name: 'The text of the contract (English)' }).waitFor();
    expect(await accessibilityFaults(page), 'the offer').toEqual([]);
    await card.getByRole('button', { name: 'Offer it' }).click();
    await card.getByText('Version 1 is offered.').waitFor();
    await outside.reload();
    await outside.getByLabel('Your name').fill('Midori');
    await outside.getByLabel(/read the whole contract/).check();
    await outside.getByRole('button', { name: 'Accept' }).click();
    await outside.getByRole('button', { name: 'Make a key' }).click();
    await outside.locator('.words code').first().waitFor();
    await visitor.close();
    await page.reload();
    await card.getByText('In force').waitFor();
    await card.getByText('ends in').waitFor();
    expect(await card.getByRole('heading', { level: 2 }).textContent()).toContain(HOSTILE_NAME);
    expect(complaints).toEqual([]);
  });

  it.each([
    ['English', 1280],
    ['日本語', 390],
  ] as const)(
    'has every view in %s at %d pixels: nothing serious for who cannot see or point, nothing cut off to the side',
    async (language, width) => {
      await page.goto(site(''));
      await page.getByRole('button', { name: SWITCH[language], exact: true }).first().click();
      await page.setViewportSize({ width, height: 800 });
      for (const view of VIEWS) {
        await open(view);
        const where = `${view || '/'} in ${language} at ${width}`;
        expect(await accessibilityFaults(page), where).toEqual([]);
        expect(await cutOff(page), where).toBeLessThanOrEqual(0);
        expect(await page.locator('html').getAttribute('lang'), where).toBe(
          language === 'English' ? 'en' : 'ja',
        );
      }
      expect(complaints).toEqual([]);
    },
    90_000,
  );

  it('cuts nothing off on a wall of 3840 pixels', async () => {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.goto(site(''));
    await page.getByRole('button', { name: SWITCH.English, exact: true }).first().click();
    await page.setViewportSize({ width: 3840, height: 2160 });
    for (const view of ['', '/areas/hall', '/alerts']) {
      await open(view);
      expect(await cutOff(page), view).toBeLessThanOrEqual(0);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
  }, 90_000);

  it('tells of an alert on every page within seconds, with what to do; it is acknowledged, and its steps are logged', async () => {
    await page.goto(site('/system'));
    station.people = 16;
    await page
      .getByText(/Dangerously crowded|Crowded/)
      .first()
      .waitFor();
    await page.goto(site('/alerts'));
    await page
      .getByRole('link', { name: /Main hall/ })
      .first()
      .click();
    const detail = page.getByRole('article');
    await detail.getByRole('button', { name: 'Acknowledge' }).click();
    await detail.getByText(/sato/).first().waitFor();
    await detail.getByRole('checkbox', { name: 'Limit the gates' }).click();
    await vi.waitFor(async () => {
      expect(await detail.getByRole('checkbox', { name: 'Limit the gates' }).isChecked()).toBe(
        true,
      );
    }, WAIT_MS);
    await page.reload();
    await page.getByRole('article').getByText(/sato/).first().waitFor();
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    station.people = 3;
  }, 60_000);

  it('edits the plan: what is wrong is said and cannot be saved, what is right becomes the next version', async () => {
    await page.goto(site('/plan'));
    await page
      .getByRole('button', { name: /Main hall/ })
      .first()
      .click();
    const name = page.getByLabel(/Name.*English/);
    await name.fill('');
    await page.getByRole('region', { name: 'To mend' }).waitFor();
    await name.fill('Great hall');
    await page.getByRole('button', { name: 'Save…' }).click();
    await page.getByLabel('Why it is changed').fill('a better name');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved as version 2.').waitFor();
    const answer = await page.request.get(`${station.url}/api/v1/sites/test/plans`);
    expect(await answer.json()).toContainEqual(
      expect.objectContaining({ version: 2, savedBy: 'sato', note: 'a better name' }),
    );
  }, 60_000);

  it('shows a viewer no more than a viewer may do, and the server refuses what is tried all the same', async () => {
    const { csrfToken } = (await (
      await page.request.get(`${station.url}/api/v1/session`)
    ).json()) as { csrfToken: string };
    const made = await page.request.post(`${station.url}/api/v1/users`, {
      headers: { 'x-csrf-token': csrfToken, origin: station.url },
      data: { name: 'tanaka', password: PASSWORD, role: 'viewer' },
    });
    expect(made.status()).toBe(201);
    const other = await browser.newContext({ locale: 'en-US' });
    const viewer = await other.newPage();
    await signIn(viewer, 'tanaka');
    await viewer.goto(site('/alerts'));
    await viewer.getByRole('heading').first().waitFor();
    expect(await viewer.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0);
    await viewer.locator('summary', { hasText: 'tanaka' }).click();
    await viewer.getByText('Change the password').first().click();
    await viewer.getByLabel('Present password').fill(PASSWORD);
    await viewer.getByLabel(/^New password/).fill(`${PASSWORD}-2`);
    await viewer.getByRole('button', { name: 'Change the password' }).click();
    await viewer.getByText('The password is changed.').waitFor();
    const session = (await (await viewer.request.get(`${station.url}/api/v1/session`)).json()) as {
      csrfToken: string;
    };
    const tried = await viewer.request.post(`${station.url}/api/v1/sites/test/plans`, {
      headers: { 'x-csrf-token': session.csrfToken, origin: station.url },
      data: { plan: {}, note: 'x', basedOn: 2 },
    });
    expect([tried.status(), ((await tried.json()) as { error: string }).error]).toEqual([
      403,
      'forbidden',
    ]);
    await other.close();
  });

  it('says that the connection is lost, keeps what it shows, and comes back by itself', async () => {
    await page.goto(site(''));
    await page
      .getByText(/last picture 0\.\d s ago/)
      .first()
      .waitFor();
    station.freeze();
    await page
      .getByText(/[Cc]onnection lost|no new picture/)
      .first()
      .waitFor();
    station.thaw();
    await page
      .getByText(/last picture 0\.\d s ago/)
      .first()
      .waitFor();
  }, 60_000);

  it('asks to sign in again when the session has ended', async () => {
    await context.clearCookies();
    await page.goto(site('/areas'));
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });
});
