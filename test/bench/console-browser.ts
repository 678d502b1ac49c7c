import { existsSync } from 'node:fs';
import { chromium, type CDPSession, type Page } from 'playwright-core';
import type { Figure } from './measure.js';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const SCREEN = { width: 1280, height: 720 };
/** What is loaded and laid out first is not measured. */
const SETTLE_MS = 3_000;

/**
 * How the live plan is drawn by a browser that has no graphics card: frames a second, of 30 that are asked for, and what one
 * costs the page's own thread. Undefined where no Chromium is installed.
 */
export async function browserFigures(
  address: string,
  cookie: string,
  seconds: number,
): Promise<Figure[]> {
  const found = await frames(address, cookie, seconds);
  const on = `${String(SCREEN.width)}×${String(SCREEN.height)}, no graphics card`;
  return [
    {
      ...{ key: 'console_browser_frames_per_s', value: found?.perS, unit: '1/s' },
      what: `frames of the live plan in Chromium, ${on}; 30 are asked for`,
    },
    {
      ...{ key: 'console_browser_main_ms_per_frame', value: found?.mainMs, unit: 'ms' },
      what: '… what a frame costs the thread of the page, all of its work counted',
    },
  ];
}

async function frames(
  address: string,
  cookie: string,
  seconds: number,
): Promise<{ perS: number; mainMs: number } | undefined> {
  const executablePath = BROWSERS.find((path) => existsSync(path));
  if (executablePath === undefined) return undefined;
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const context = await browser.newContext({ viewport: SCREEN });
    const [name = '', value = ''] = cookie.split('=', 2);
    await context.addCookies([{ name, value, url: new URL(address).origin }]);
    const page = await context.newPage();
    await page.goto(address);
    await page.waitForSelector('.live-canvas canvas', { timeout: 60_000 });
    await page.waitForTimeout(SETTLE_MS);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    const before = await counted(page, session);
    await page.waitForTimeout(seconds * 1_000);
    const after = await counted(page, session);
    const count = after.frames - before.frames;
    return {
      perS: count / (after.atS - before.atS),
      mainMs: (1_000 * (after.busyS - before.busyS)) / count,
    };
  } finally {
    await browser.close();
  }
}

async function counted(
  page: Page,
  session: CDPSession,
): Promise<{ frames: number; busyS: number; atS: number }> {
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? NaN;
  const drawn = await page.evaluate(
    () => (globalThis as unknown as { hitonamiFrames?: number }).hitonamiFrames ?? 0,
  );
  return { frames: drawn, busyS: value('TaskDuration'), atS: performance.now() / 1_000 };
}
