/**
 * The README's picture of the console, taken from the running demo:
 *   npm start                                                    (in another terminal)
 *   node test/browser/picture.mjs http://127.0.0.1:8080 demo PASSWORD services/console/demo/live.png
 */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** The line rates are those of the last minute. */
const SETTLED_MS = 60_000;

const [, , url, name, password, file, path = ''] = process.argv;
if (file === undefined) {
  console.error('usage: picture.mjs <url> <name> <password> <file.png> [path under the site]');
  process.exit(2);
}
const browser = await chromium.launch({
  executablePath: PLACES.find((place) => existsSync(place)),
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({
  viewport: { width: 1280, height: 760 },
  locale: 'en-US',
  colorScheme: 'dark',
});
await page.goto(url);
await page.getByLabel('Name').fill(name);
await page.getByLabel(/^Password/).fill(password);
await page.getByRole('button', { name: 'Sign in', exact: true }).click();
await page.waitForURL('**/sites/*');
if (path !== '') await page.goto(`${page.url()}/${path}`);
await page.waitForTimeout(SETTLED_MS);
await page.screenshot({ path: file });
await browser.close();
