import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { findEmbeddedWarehouse } from '@hitonami/warehouse';

/** The folder of the embedded warehouse within a data folder. */
export const WAREHOUSE_FOLDER = 'warehouse';

/** The database in it. */
export const WAREHOUSE_DATABASE = 'hitonami';

/** All that hitonami makes in a data folder. */
const OWN_ENTRIES: readonly string[] = ['log', WAREHOUSE_FOLDER, 'records', 'publisher', 'public'];

/** @throws HitonamiError `INPUT` where it cannot be made */
export async function makeDataFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new HitonamiError(
      'INPUT',
      `the data folder ${folder} cannot be made: ${(cause as Error).message}; name one that can be written with --data`,
      { cause },
    );
  });
}

/**
 * Removes the log, the warehouse and the records of an earlier run.
 * @throws HitonamiError `INPUT` for a folder that holds anything else, or that a running system uses: nothing is removed
 */
export async function emptyDataFolder(folder: string): Promise<void> {
  const foreign = (await entriesOf(folder)).find((entry) => !OWN_ENTRIES.includes(entry));
  if (foreign !== undefined) {
    throw new HitonamiError(
      'INPUT',
      `${folder} holds '${foreign}', which is not hitonami's, and would have to be emptied: give an empty folder with --data`,
    );
  }
  const url = await findEmbeddedWarehouse(join(folder, WAREHOUSE_FOLDER));
  if (url !== undefined) {
    throw new HitonamiError(
      'INPUT',
      `a running system uses ${folder} (its warehouse answers at ${url}): stop it, or give another folder with --data`,
    );
  }
  for (const entry of OWN_ENTRIES) await rm(join(folder, entry), { recursive: true, force: true });
}

/** @throws HitonamiError `INPUT` for a folder that holds a log or warehouse already */
export async function requireUnused(folder: string): Promise<void> {
  const used = (await entriesOf(folder)).find((entry) => OWN_ENTRIES.includes(entry));
  if (used !== undefined) {
    throw new HitonamiError(
      'INPUT',
      `${folder} holds the ${used} of an earlier run: give an empty folder with --data`,
    );
  }
}

/** Whether a folder holds anything that hitonami made. Never rejects. */
export async function isUsed(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch(() => []);
  return entries.some((entry) => OWN_ENTRIES.includes(entry));
}

/** @throws HitonamiError `INPUT` for what is there and cannot be read as a folder */
async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new HitonamiError(
      'INPUT',
      `the data folder ${folder} cannot be read: ${(cause as Error).message}; name another with --data`,
      { cause },
    );
  }
}
