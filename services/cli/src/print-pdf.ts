import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { HitonamiError } from '@hitonami/model';
import { temporaryFolder } from './temporary-folder.js';

/** Where a Chromium may be, by name on the path or in the usual place. */
const CHROMIUMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const VERSION_MS_MAX = 15_000;
const PRINT_MS_MAX = 60_000;
/** What a browser may complain before the rest is not listened to, characters. */
const COMPLAINTS_MAX = 2_000;

/** The first Chromium that runs; undefined where there is none. */
export async function findChromium(
  candidates: readonly string[] = CHROMIUMS,
): Promise<string | undefined> {
  for (const candidate of candidates) {
    const { code } = await runToEnd(candidate, ['--version'], VERSION_MS_MAX);
    if (code === 0) return candidate;
  }
  return undefined;
}

/**
 * Prints a page of HTML; its own style says how large the sheets are. Chromium says that it is done also where it wrote
 * nothing: only the file counts.
 * @throws HitonamiError `UNAVAILABLE` where Chromium does not print
 */
export async function printPdf(chromium: string, htmlFile: string, pdfFile: string): Promise<void> {
  const profile = await temporaryFolder('print');
  try {
    await rm(pdfFile, { force: true });
    const { complaints } = await runToEnd(
      chromium,
      [
        '--headless',
        '--disable-gpu',
        '--disable-extensions',
        // Chromium's sandbox does not start for root, as in a container; the page is our own and runs nothing.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        `--user-data-dir=${profile}`,
        '--no-pdf-header-footer',
        `--print-to-pdf=${resolve(pdfFile)}`,
        pathToFileURL(resolve(htmlFile)).href,
      ],
      PRINT_MS_MAX,
    );
    if (!existsSync(pdfFile))
      throw new HitonamiError(
        'UNAVAILABLE',
        `${chromium} did not print ${htmlFile}: ${complaints.trim().split('\n').at(-1) ?? ''}`,
      );
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function runToEnd(
  command: string,
  args: readonly string[],
  timeoutMs: number,
): Promise<{ code: number | null; complaints: string }> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let complaints = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (complaints.length < COMPLAINTS_MAX) complaints += text;
    });
    child.once('error', (error) => {
      done({ code: null, complaints: error.message });
    });
    child.once('close', (code) => {
      done({ code, complaints });
    });
  });
}
