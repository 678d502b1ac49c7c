import { randomUUID } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HitonamiError } from '@hitonami/model';
import { isGone, thisProcess, type ProcessIdentity } from '@hitonami/process';
import { linkOnce } from './disk.js';

export interface LockTimes {
  /** The holder shows that it lives this often, ms. */
  readonly signOfLifeMs: number;
  /** A holder on another machine or in another container that gave no sign for this long is gone, ms. */
  readonly silenceMaxMs: number;
}
const TIMES_DEFAULT: LockTimes = { signOfLifeMs: 2_000, silenceMaxMs: 10_000 };
const TRIES_MAX = 10;

interface Holder extends ProcessIdentity {
  readonly released: boolean;
}

export interface FolderLock {
  /** Whether another took over, since this process slept so long that it looked dead. */
  isLost(): boolean;
  release(): Promise<void>;
}

/**
 * Makes this caller the only one who writes a folder. Files `owner-<n>` say who; the highest number counts, and `link` makes each
 * number once, so that two who find the same dead owner cannot both follow it. A second caller of the same process is refused too.
 *
 * @throws HitonamiError `UNAVAILABLE` (`in-use`) where the owner lives
 */
export async function lockFolder(
  folder: string,
  times: LockTimes = TIMES_DEFAULT,
): Promise<FolderLock> {
  const me = thisProcess();
  const draft = join(folder, `draft-${randomUUID()}`);
  try {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const last = highest(folder);
      if (last > 0) await refuseWhereAlive(folder, last, me, times);
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
  throw inUse('several publishers begin at once');
}

function hold(folder: string, mine: number, me: ProcessIdentity, times: LockTimes): FolderLock {
  const file = ownerFile(folder, mine);
  const sign = setInterval(() => {
    const now = new Date();
    // A sign that fails is missed by others alone, who then ask whether the process lives.
    utimes(file, now, now).catch(() => undefined);
  }, times.signOfLifeMs);
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

function inUse(who: string): HitonamiError {
  return new HitonamiError(
    'UNAVAILABLE',
    `this release is being written by ${who}: wait for its end, or stop it`,
    { canRetry: true, detail: 'in-use' },
  );
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Holder;
  } catch {
    // Taken away by a newer owner, whose file the next look finds, or harmed: it names nobody.
    return undefined;
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
