import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { doorException } from './exception.js';

const PREFIX = 'hitonami-warehouse-';
/** Where Linux keeps files in memory. */
const MEMORY_FOLDER = '/dev/shm';

/**
 * A private folder in memory (where there is one) for bodies on their way into the engine and for the named pipes
 * by which results come out of it. All bodies together stay within a budget. Removed on close; what a killed process
 * left behind is removed by the next start.
 */
export class Spool {
  readonly folder: string;
  readonly pipes: readonly string[];
  #free: number;
  #files = 0;

  constructor(bytesMax: number, pipeCount: number) {
    const root = rootFolder(bytesMax);
    removeLeftovers(root);
    this.folder = mkdtempSync(join(root, `${PREFIX}${process.pid}-`));
    this.#free = bytesMax;
    this.pipes = Array.from({ length: pipeCount }, (_, index) => join(this.folder, `out-${index}`));
    // Node has no call for this; mkfifo is part of POSIX.
    execFileSync('mkfifo', ['-m', '600', ...this.pipes], { stdio: 'pipe' });
  }

  /** A path for the next body. */
  nextPath(): string {
    this.#files += 1;
    return join(this.folder, `in-${this.#files}`);
  }

  /** Takes `bytes` from the budget; to be given back with `release`. */
  reserve(bytes: number): void {
    if (bytes > this.#free) {
      throw doorException(202, 'The memory for waiting inserts is used up; try again');
    }
    this.#free -= bytes;
  }

  release(bytes: number): void {
    this.#free += bytes;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Memory where it may be written and has room for the whole budget: containers often give it 64 MB. */
function rootFolder(bytesMax: number): string {
  try {
    accessSync(MEMORY_FOLDER, constants.W_OK);
    const { bavail, bsize } = statfsSync(MEMORY_FOLDER);
    if (bavail * bsize >= bytesMax) return MEMORY_FOLDER;
  } catch {
    // Not Linux, or not for us: files on disk do as well, only slower.
  }
  return tmpdir();
}

function removeLeftovers(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = new RegExp(`^${PREFIX}(\\d+)-`).exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid))) {
      rmSync(join(root, name), { recursive: true, force: true });
    }
  }
}

/** Whether a process of that number exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
