import { randomUUID } from 'node:crypto';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';
import { isGone, thisProcess, type ProcessIdentity } from '@hitonami/process';
import { z } from 'zod';
import type { ReleaseLine } from './releases/releaser.js';

/**
 * A command beside a publisher that runs asks it through files in the data folder: the publisher has the records and the public
 * folder, and does all that is done to them.
 */
const FOLDER = 'publisher';
const RUNNING = 'running.json';
const REQUESTS = 'requests';
/** The publisher shows that it lives this often, and one elsewhere that gave no sign for long is gone, ms. */
const SIGN_MS = 2_000;
const SILENCE_MAX_MS = 10_000;
/** An answer is looked for this often, and waited for this long, ms: a release of a month may take its time. */
const LOOK_MS = 300;
const ANSWER_MS_MAX = 60 * 60_000;
/** Requests that wait, and bytes of one. */
const WAITING_MAX = 100;
const REQUEST_BYTES_MAX = 64 * 1024;
/** Answers that nobody came for are removed after this, ms. */
const ANSWER_KEPT_MS = 24 * 3_600_000;

const both = z.strictObject({ ja: z.string().min(1).max(2_000), en: z.string().min(1).max(2_000) });
const request = z.strictObject({
  kind: z.literal(['release', 'correct', 'withdraw']),
  site: z.string().max(100).optional(),
  dataset: z.string().max(100).optional(),
  period: z.string().max(20).optional(),
  because: both.optional(),
  /** Whom the machine says that the command was run by. */
  user: z.string().min(1).max(200),
});

export type PublisherRequest = z.output<typeof request>;

/** What became of it. */
export type PublisherAnswer =
  | { readonly lines: readonly ReleaseLine[] }
  | { readonly fault: { readonly code: string; readonly message: string } };

/** Says in the data folder that a publisher runs. @returns how to stop saying so */
export async function sayRunning(data: string): Promise<() => Promise<void>> {
  const folder = join(data, FOLDER);
  await mkdir(join(folder, REQUESTS), { recursive: true });
  const file = join(folder, RUNNING);
  await writeFile(file, JSON.stringify(thisProcess()));
  const timer = setInterval(() => {
    const now = new Date();
    // A sign that fails is missed by a command, which then says so.
    utimes(file, now, now).catch(() => undefined);
  }, SIGN_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await rm(file, { force: true });
  };
}

/** Whether a publisher runs that takes requests in this data folder. */
export async function isPublisherRunning(data: string): Promise<boolean> {
  const file = join(data, FOLDER, RUNNING);
  try {
    const holder = JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity;
    const me = thisProcess();
    if (isGone(holder, me)) return false;
    // Elsewhere a process cannot be asked: whoever lives shows it.
    return holder.place === me.place || Date.now() - (await stat(file)).mtimeMs < SILENCE_MAX_MS;
  } catch {
    return false;
  }
}

/**
 * Leaves a request, and waits for its answer.
 *
 * @throws HitonamiError what the publisher says went wrong; `UNAVAILABLE` where it ends or does not answer
 */
export async function askPublisher(
  data: string,
  asked: PublisherRequest,
): Promise<readonly ReleaseLine[]> {
  const folder = join(data, FOLDER, REQUESTS);
  const waiting = await readdir(folder);
  if (waiting.length >= WAITING_MAX)
    throw new HitonamiError('UNAVAILABLE', `${WAITING_MAX} requests wait in ${folder} already`);
  const path = join(folder, randomUUID());
  await writeWhole(`${path}.request`, JSON.stringify(request.parse(asked)));
  const untilMs = performance.now() + ANSWER_MS_MAX;
  while (performance.now() < untilMs) {
    await sleep(LOOK_MS);
    const text = await readFile(`${path}.answer`, 'utf8').catch(() => undefined);
    if (text !== undefined) {
      await rm(`${path}.answer`, { force: true });
      const answer = JSON.parse(text) as PublisherAnswer;
      if ('lines' in answer) return answer.lines;
      throw new HitonamiError(answer.fault.code as HitonamiError['code'], answer.fault.message);
    }
    if (!(await isPublisherRunning(data))) {
      await rm(`${path}.request`, { force: true });
      throw new HitonamiError(
        'UNAVAILABLE',
        'the publisher ended before it had answered: start it again, and it goes on with what is due',
      );
    }
  }
  throw new HitonamiError('UNAVAILABLE', 'the publisher has not answered within an hour');
}

/** Answers what commands have left, the oldest first. @returns how many */
export async function answerRequests(
  data: string,
  answer: (asked: PublisherRequest) => Promise<readonly ReleaseLine[]>,
): Promise<number> {
  const folder = join(data, FOLDER, REQUESTS);
  const found: { path: string; atMs: number }[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const atMs = (await stat(path).catch(() => undefined))?.mtimeMs;
    if (atMs === undefined) continue;
    if (name.endsWith('.request')) found.push({ path, atMs });
    else if (Date.now() - atMs > ANSWER_KEPT_MS) await rm(path, { force: true });
  }
  for (const { path } of found.sort((a, b) => a.atMs - b.atMs)) {
    const answered = await answerOne(path, answer);
    await rm(path, { force: true });
    await writeWhole(path.replace(/\.request$/, '.answer'), JSON.stringify(answered));
  }
  return found.length;
}

async function answerOne(
  path: string,
  answer: (asked: PublisherRequest) => Promise<readonly ReleaseLine[]>,
): Promise<PublisherAnswer> {
  try {
    if ((await stat(path)).size > REQUEST_BYTES_MAX) throw new Error('it is too large');
    return { lines: await answer(request.parse(JSON.parse(await readFile(path, 'utf8')))) };
  } catch (error) {
    const code = error instanceof HitonamiError ? error.code : 'INPUT';
    return { fault: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(`${path}.unfinished`, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.unfinished`, path);
}
