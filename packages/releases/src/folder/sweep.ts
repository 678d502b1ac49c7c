import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATASET_AUDIENCES, HitonamiError } from '@hitonami/model';
import { lockFolder, type LockTimes } from '@hitonami/process';
import { isAbsent } from '../files/disk.js';
import { isId, isPeriod, workFolder, type PeriodPlace } from './layout.js';

/**
 * Removes what runs that were killed left: their files, which no run goes on with, and what they kept of releases that are not
 * gone on with. What is being written is left alone.
 *
 * @returns how many periods had any
 */
export async function sweepWork(
  root: string,
  mayGoOn: (place: PeriodPlace) => boolean,
  lockTimes?: LockTimes,
): Promise<number> {
  let swept = 0;
  for await (const place of placesWithin(root)) {
    const work = workFolder(root, place);
    const isLeft = (name: string): boolean =>
      name.startsWith('run-') || (name.startsWith('kept-v') && !mayGoOn(place));
    if (!(await names(work)).some(isLeft)) continue;
    if (await removeLocked(work, isLeft, lockTimes)) swept += 1;
  }
  return swept;
}

async function removeLocked(
  work: string,
  isLeft: (name: string) => boolean,
  lockTimes: LockTimes | undefined,
): Promise<boolean> {
  let lock;
  try {
    lock = await lockFolder(work, () => new HitonamiError('UNAVAILABLE', 'in use'), lockTimes);
  } catch (error) {
    if (error instanceof HitonamiError) return false;
    throw error;
  }
  try {
    for (const name of (await names(work)).filter(isLeft))
      await rm(join(work, name), { recursive: true, force: true });
    return true;
  } finally {
    await lock.release();
  }
}

async function* placesWithin(root: string): AsyncGenerator<PeriodPlace> {
  for (const audience of DATASET_AUDIENCES) {
    const top = join(root, '.work', audience);
    for (const site of (await names(top)).filter(isId))
      for (const dataset of (await names(join(top, site))).filter(isId))
        for (const period of (await names(join(top, site, dataset))).filter(isPeriod))
          yield { audience, site, dataset, period };
  }
}

async function names(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
