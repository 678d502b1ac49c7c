import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserPath, startBrowser } from '../browser/browser.js';
import { run } from '../support/command.js';
import { nodeBinary } from '../support/node-versions.js';
import { requireOrSkip } from '../support/require.js';

// What `npm start` runs, on this Node and on a newer one, until the table shows a first closed window. On the newer one with a
// scenario of fewer cameras and people: it asks whether every part runs there, not how fast.

/** A row of the table: area, kind, people now, measured and true density, level of service, speed, coverage. */
const windowOf = (area: string): RegExp =>
  new RegExp(`${area} +walkway +\\d+ +\\d+\\.\\d\\d +\\d+\\.\\d\\d +[A-F] +\\d+\\.\\d\\d +\\d+ %`);
const newer = nodeBinary(26);
const CONSOLE = /Console: (\S+) \(name (\S+), password (\S+)\)/;
const PUBLIC = /What the public sees: (\S+)/;

const hasBrowser = requireOrSkip(
  'the console of the demo in a browser',
  browserPath !== undefined,
  'needs chromium',
);

/** Signs in as the terminal says, and looks at the live plan; then at what the public is told. */
async function lookAtPages(terminal: string): Promise<void> {
  const [, url = '', name = '', password = ''] = CONSOLE.exec(terminal) ?? [];
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(40_000);
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(url);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel(/^Password(?!,)/).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.waitForURL('**/sites/*');
    await page
      .getByText(/last picture \d/)
      .first()
      .waitFor();
    await page
      .getByText(/[1-9]\d* people in sight/)
      .first()
      .waitFor();
    await page
      .getByRole('row', { name: /West hall/ })
      .first()
      .waitFor();
    await page.getByRole('button', { name: '日', exact: true }).first().click();
    await page
      .getByRole('row', { name: /西ホール/ })
      .first()
      .waitFor();
    await page.goto(PUBLIC.exec(terminal)?.[1] ?? '');
    const destroyed = page.locator('dl.figures > div', { hasText: 'Pictures destroyed' });
    const count = async (): Promise<string | null> => {
      await page.reload();
      return destroyed.locator('dd').textContent();
    };
    await expect.poll(count, { timeout: 30_000, interval: 1_000 }).toMatch(/^[1-9][\d,]*$/);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}

describe.each([
  {
    name: `this Node (${process.version})`,
    ...{ node: process.execPath, isWatched: hasBrowser, scenario: [] },
    ...{ area: 'West hall 西ホール', line: 'Ticket gates 改札' },
  },
  {
    name: 'Node 26',
    ...{ node: newer, isWatched: false },
    scenario: ['--scenario', 'two-way-corridor', '--people', '0.3'],
    ...{ area: 'Passage, middle 通路中央', line: 'Middle 中央' },
  },
])('the demo on $name', ({ node, isWatched, scenario, area, line }) => {
  const firstWindow = windowOf(area);
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hitonami-smoke-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.skipIf(node === undefined)(
    'shows density beside the true one, level of service and flow, answers SQL and shows its console meanwhile, and stops when it is asked',
    async () => {
      const data = join(folder, 'data');
      const options = node === undefined ? {} : { node };
      let terminal = '';
      let showWindow = (): void => undefined;
      const isShown = new Promise<void>((resolve) => (showWindow = resolve));
      const statement = 'SELECT count() > 0 FROM area_measures_read';
      const asking = isShown.then(() =>
        run(
          ['sql', '--data', data, '--format', 'TSV', '--purpose', 'crowd-safety', statement],
          {},
          options,
        ),
      );
      const looking = isShown.then(() => (isWatched ? lookAtPages(terminal) : undefined));
      // The demo is not interrupted before it has been asked and looked at.
      const shown = await run(
        ['demo', '--data', data, '--console', '127.0.0.1:0', ...scenario],
        {},
        {
          ...options,
          interruptAt: firstWindow,
          interruptAfter: Promise.all([asking, looking]),
          onOutput: (output) => {
            terminal = output;
            if (firstWindow.test(output)) showWindow();
          },
        },
      );
      expect(shown.complaints).toBe('');
      expect(shown.output).toMatch(firstWindow);
      expect(shown.output).toMatch(new RegExp(`${line} +\\d+ +\\d+`));
      expect(shown.code).toBe(0);
      expect(await asking).toEqual({ code: 0, output: '1\n', complaints: '' });
      await looking;
    },
    120_000,
  );
});
