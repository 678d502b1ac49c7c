import { rmSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';

/**
 * A fresh folder among the system's temporary files.
 * @throws HitonamiError `INPUT` where none can be made
 */
export async function temporaryFolder(what: string): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), `hitonami-${what}-`));
  } catch (cause) {
    throw new HitonamiError(
      'INPUT',
      `no temporary folder can be made: ${(cause as Error).message}; name one that can be written with TMPDIR`,
      { cause },
    );
  }
}

/** Works with such a folder, and removes it however the work ends, also by Ctrl+C. For a command that does not listen for it. */
export async function withTemporaryFolder<T>(
  what: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder(what);
  const onSignal = (signal: NodeJS.Signals): void => {
    try {
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    } finally {
      // Nobody listens any more: it ends as it would have without this.
      process.kill(process.pid, signal);
    }
  };
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    return await work(folder);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await rm(folder, { recursive: true, force: true });
  }
}
