import { randomUUID } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { link, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isGone, thisProcess, type ProcessIdentity } from './process-identity.js';

export interface LockTimes {
  /** The holder shows that it lives this often, ms. */
  readonly signOfLifeMs: number;
  /** A holder on another machine or in another container that gave no sign for this long is gone, ms. */
  readonly silenceMaxMs: number;
}
const TIMES_DEFAULT: LockTimes = { signOfLifeMs: 2_000, silenceMaxMs: 10_000 };
const TRIES_MAX = 10;

interface Holder extends ProcessIdentity {
  /** The holder has closed. */
  readonly released: boolean;
}

export interface FolderLock {
  /** Whether another took over, since this process slept so long that it looked dead. */
  isLost(): boolean;
  release(): Promise<void>;
}

/**
 * Makes this process the owner of a folder. Files `owner-<n>` say who; the highest number counts and is never deleted, so
 * that two who find the same dead owner cannot both follow it: `link` makes each number once.
 *
 * @param inUse the error that is thrown where the owner lives, of whoever that is; a second caller of this process is one
 */
export async function lockFolder(
  folder: string,
  inUse: (who: string) => Error,
  times: LockTimes = TIMES_DEFAULT,
): Promise<FolderLock> {
  const me = thisProcess();
  const draft = join(folder, `draft-${randomUUID()}`);
  try {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const last = highest(folder);
      if (last > 0) await refuseWhereAlive(folder, last, me, inUse, times);
      await writeFile(draft, JSON.stringify({ ...me, released: false } satisfies Holder));
      const mine = last + 1;
      if (!(await linkOnce(draft, ownerFile(folder, mine)))) continue;
      if (highest(folder) !== mine) {
        // The folder was read while it changed: a higher number was there all along.
        await rm(ownerFile(folder, mine), { force: true });
        continue;
      }
      for (const n of numbers(folder))
        if (n < mine) await rm(ownerFile(folder, n), { force: true });
      return hold(folder, mine, me, times);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw inUse('several processes that begin at once');
}

function hold(
  folder: string,
  mine: number,
  me: ProcessIdentity,
  { signOfLifeMs }: LockTimes,
): FolderLock {
  const file = ownerFile(folder, mine);
  const sign = setInterval(() => {
    const now = new Date();
    // A sign that fails is missed by others, and by nobody where the process is seen to live.
    utimes(file, now, now).catch(() => undefined);
  }, signOfLifeMs);
  sign.unref();
  let released: Promise<void> | undefined;
  return {
    isLost: () => highest(folder) !== mine,
    release: () => {
      clearInterval(sign);
      return (released ??= markReleased(file, me));
    },
  };
}

async function markReleased(file: string, me: ProcessIdentity): Promise<void> {
  const next = `${file}.released`;
  await writeFile(next, JSON.stringify({ ...me, released: true } satisfies Holder));
  await rename(next, file);
}

async function refuseWhereAlive(
  folder: string,
  n: number,
  me: ProcessIdentity,
  inUse: (who: string) => Error,
  { signOfLifeMs, silenceMaxMs }: LockTimes,
): Promise<void> {
  const file = ownerFile(folder, n);
  const holder = await readHolder(file);
  if (holder === undefined || holder.released || isGone(holder, me)) return;
  const who = `process ${holder.pid} on ${holder.place.split(' ')[0] ?? ''}`;
  if (holder.place === me.place) throw inUse(who);
  // Elsewhere a process cannot be asked: whoever lives shows it.
  const before = modifiedMs(file);
  const untilMs = performance.now() + silenceMaxMs;
  while (performance.now() < untilMs) {
    await sleep(signOfLifeMs / 4);
    if (modifiedMs(file) !== before) throw inUse(who);
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    // Taken away by a newer owner, whose file the next look finds, or harmed: it names nobody.
    return undefined;
  }
}

async function linkOnce(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function ownerFile(folder: string, n: number): string {
  return join(folder, `owner-${n}`);
}

function numbers(folder: string): number[] {
  return readdirSync(folder).flatMap((name) => {
    const n = /^owner-([0-9]+)$/.exec(name)?.[1];
    return n === undefined ? [] : [Number(n)];
  });
}

function highest(folder: string): number {
  return numbers(folder).reduce((most, n) => Math.max(most, n), 0);
}

function modifiedMs(file: string): number {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return NaN;
  }
}
