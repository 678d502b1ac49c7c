import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatIssue, HitonamiError, readPlan, type SitePlan } from '@hitonami/model';
import { allNotices, auditFiguresOf } from '@hitonami/privacy';
import { TOPIC_NAMES, topicSpecs } from '@hitonami/service';
import { findChromium, printPdf } from '../print-pdf.js';
import { readText } from '../read-text.js';

const MS_PER_HOUR = 3_600_000;
/** Documents that are printed at once. */
const PRINTERS = 2;

export interface NoticeOptions {
  out: string;
  /** The plan that the last notice was made from. */
  before?: string;
  /** Address of the public page. */
  url?: string;
  /** The report that `hitonami audit` wrote. */
  audit?: string;
  pdf: boolean;
}

/** `hitonami notice site.json --out folder`: every notice that a plan gives, in both languages, as HTML and PDF. */
export async function notice(
  planFile: string,
  options: NoticeOptions,
  print: (line: string) => void,
): Promise<void> {
  const plan = await planOf(planFile);
  const before = options.before === undefined ? undefined : await planOf(options.before);
  const audit =
    options.audit === undefined ? undefined : auditFiguresOf(await readText(options.audit), plan);
  const notices = allNotices({ plan, before, audit, url: options.url, logHours: logHours() });
  await write(() => mkdir(options.out, { recursive: true }), options.out);
  const files: string[] = [];
  for (const { name, language, html } of notices) {
    const file = join(options.out, `${name}.${language}.html`);
    await write(() => writeFile(file, html), file);
    files.push(file);
  }
  print(`${notices.length} documents in ${options.out}: ${planFile}, version ${plan.version}`);
  if (options.pdf) await printAll(files, print);
  if (options.url === undefined)
    print('without --url no notice has a QR code: give the address of the public page');
  if (audit === undefined)
    print('without --audit the notices say that nothing was measured: run hitonami audit');
}

async function printAll(files: readonly string[], print: (line: string) => void): Promise<void> {
  const chromium = await findChromium();
  if (chromium === undefined) {
    print('no PDF was made, which needs Chromium: install it, or print the HTML from a browser');
    return;
  }
  const waiting = [...files];
  const printer = async (): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift())
      await printPdf(chromium, file, file.replace(/\.html$/, '.pdf'));
  };
  await Promise.all(Array.from({ length: PRINTERS }, printer));
  print(`each of them as PDF too, printed by ${chromium}`);
}

/** How long positions stay on the log, hours. */
function logHours(): number {
  const spec = topicSpecs().find(({ name }) => name === TOPIC_NAMES.observations);
  return (spec?.retentionMs ?? Number.POSITIVE_INFINITY) / MS_PER_HOUR;
}

async function planOf(file: string): Promise<SitePlan> {
  const { plan, issues } = readPlan(await readText(file));
  if (plan) return plan;
  throw new HitonamiError('PLAN', `${file} is not valid:\n${issues.map(formatIssue).join('\n')}`);
}

async function write(work: () => Promise<unknown>, file: string): Promise<void> {
  await work().catch((cause: unknown) => {
    throw new HitonamiError('INPUT', `${file} cannot be written: ${(cause as Error).message}`, {
      cause,
    });
  });
}
