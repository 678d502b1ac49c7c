import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lentOrSkip } from './require.js';

/** A disk in memory that can be filled up. */
export interface SmallDisk {
  readonly path: string;
  /** False: nobody but root may mount one; it was said in one line. */
  readonly isThere: boolean;
  /** Takes all room but so much, bytes. */
  fill(leaving: number): void;
  /** Gives back what `fill` took. */
  makeRoom(): void;
  free(): number;
  remove(): void;
}

/** @param name of its folder @param mebibytes of the whole */
export function smallDisk(name: string, mebibytes: number): SmallDisk {
  const path = join(tmpdir(), `hitonami-${name}-${process.pid}`);
  const ballast = join(path, 'ballast');
  const isThere = mount(path, mebibytes);
  const free = (): number => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  };
  return {
    path,
    isThere: lentOrSkip('a disk that fills up', isThere, 'mounting a small tmpfs needs root'),
    fill: (leaving) => {
      writeFileSync(ballast, Buffer.alloc(free() - leaving));
    },
    makeRoom: () => {
      rmSync(ballast);
    },
    free,
    remove: () => {
      if (!isThere) return;
      execFileSync('umount', ['-l', path]);
      rmSync(path, { recursive: true });
    },
  };
}

function mount(path: string, mebibytes: number): boolean {
  try {
    mkdirSync(path);
    const size = `size=${mebibytes}m`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'tmpfs', path], { stdio: 'ignore' });
    return true;
  } catch {
    rmSync(path, { recursive: true, force: true });
    return false;
  }
}
