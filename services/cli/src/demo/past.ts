import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';
import { addDays, HitonamiError, localDay, localInstantMs, type SitePlan } from '@hitonami/model';
import { temporaryFolder } from '../temporary-folder.js';

/** Of the past day the hour of the morning's peak is simulated: its start, local time. */
const FROM_H = 8;
const LENGTH_S = 3_600;
/** A day that ended less than this ago may still be settling: the one before is taken, ms. */
const SETTLED_MS = 3_600_000;

/** What the process that simulates the past is told. */
export interface PastOrder {
  /** Name of the scenario. */
  readonly scenario: string;
  /** Its log lives here, and is of no use afterwards. */
  readonly folder: string;
  readonly warehouseUrl: string;
  /** Start of the hour, ms. */
  readonly fromMs: number;
  readonly lengthS: number;
}

/** The last peak hour of a day that is over at the site. @returns its start, ms */
export function pastHourMs({ timeZone }: Pick<SitePlan, 'timeZone'>, nowMs: number): number {
  const day = addDays(localDay(nowMs - SETTLED_MS, timeZone), -1);
  return localInstantMs(day, FROM_H, timeZone);
}

/**
 * Simulates an hour of yesterday behind the demo, in a process of its own that stands back for everything else, so that
 * the catalogue has a day to release: of the demo's own only whole days are, and none is over.
 *
 * @throws HitonamiError `UNAVAILABLE` where it did not come to its end; the signal's reason where it is aborted
 */
export async function simulatePast(
  order: Omit<PastOrder, 'folder' | 'lengthS'> & { lengthS?: number },
  signal: AbortSignal,
): Promise<void> {
  const folder = await temporaryFolder('past');
  try {
    signal.throwIfAborted();
    const told: PastOrder = { lengthS: LENGTH_S, ...order, folder };
    const child = fork(join(import.meta.dirname, 'past-process.js'), [JSON.stringify(told)], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-1_000);
    });
    const kill = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', kill);
    try {
      if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
      const [code] = (await once(child, 'exit')) as [number | null];
      signal.throwIfAborted();
      if (code !== 0) throw new HitonamiError('UNAVAILABLE', complaints.trim());
    } finally {
      signal.removeEventListener('abort', kill);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
