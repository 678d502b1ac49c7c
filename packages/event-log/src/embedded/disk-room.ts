import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_FILE } from './file-check.js';

/** As much as one group commit may write twice over, bytes. */
const PROBE_BYTES = 16 * 1024 * 1024;
const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

/**
 * Whether the store's file could grow: tried, with a file beside it that reaches as far. So it tells a full disk, a
 * used-up quota and a limit on file sizes alike from a disk that fails. Asked only after a write has failed.
 */
export async function hasRoom(folder: string): Promise<boolean> {
  const path = join(folder, `room-probe-${process.pid}`);
  try {
    const { size } = await stat(join(folder, DATA_FILE));
    const probe = await open(path, 'w');
    try {
      const { bytesWritten } = await probe.write(Buffer.alloc(PROBE_BYTES), 0, PROBE_BYTES, size);
      return bytesWritten === PROBE_BYTES;
    } finally {
      await probe.close();
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return !NO_ROOM.has(code);
  } finally {
    await rm(path, { force: true });
  }
}
