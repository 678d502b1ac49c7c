import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { messageOf } from '../faults.js';

/** Names that LMDB gives its files in the folder. */
export const DATA_FILE = 'data.mdb';

const PAGE_HEADER_BYTES = 24;
const META_BYTES = 168;
const MAGIC = 0xbeefc0de;
const PAGE_SIZE_AT = 48;
const LAST_PAGE_AT = 144;
/** LMDB leaves the last pages of the file unwritten where they are free; no transaction of ours frees more than this. */
const UNWRITTEN_TAIL_BYTES = 32 * 1024 * 1024;

/**
 * Looks at the store's file before LMDB maps it: a foreign or cut file would end the process with a segmentation fault
 * (seen with 3.5.6) instead of an error. A missing or empty file is a new log.
 * @throws HitonamiError `LOG`, detail `CORRUPT` or `UNREADABLE`
 */
export function checkStoreFile(folder: string): void {
  const path = join(folder, DATA_FILE);
  let fd: number;
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is not a folder');
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return;
    fd = openSync(path, 'r');
  } catch (cause) {
    throw new HitonamiError(
      'LOG',
      `cannot open the event log in "${folder}": ${messageOf(cause)}. Name a folder that this process may write to`,
      { cause, detail: 'UNREADABLE' },
    );
  }
  try {
    const size = fstatSync(fd).size;
    if (size === 0) return;
    const head = Buffer.alloc(META_BYTES);
    const got = readSync(fd, head, 0, META_BYTES, 0);
    const why = got < META_BYTES ? 'it is cut short' : whyBad(head, size);
    if (why !== undefined)
      throw new HitonamiError(
        'LOG',
        `the event log in "${folder}" is damaged: ${DATA_FILE} is not a whole LMDB file, ${why}. ` +
          'Restore the folder from a copy, or start with an empty one',
        { detail: 'CORRUPT' },
      );
  } finally {
    closeSync(fd);
  }
}

function whyBad(head: Buffer, size: number): string | undefined {
  if (head.readUInt32LE(PAGE_HEADER_BYTES) !== MAGIC) return 'its first page has no LMDB mark';
  const pageSize = head.readUInt32LE(PAGE_SIZE_AT);
  const powerOfTwo = pageSize !== 0 && (pageSize & (pageSize - 1)) === 0;
  if (!powerOfTwo || pageSize < 256 || pageSize > 65_536) return `its page size is ${pageSize}`;
  if (size < 2 * pageSize) return 'it is cut short';
  const needed = (Number(head.readBigUInt64LE(LAST_PAGE_AT)) + 1) * pageSize;
  if (size + UNWRITTEN_TAIL_BYTES < needed) return `it has ${size} of ${needed} bytes`;
  return undefined;
}
