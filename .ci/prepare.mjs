// Brings a fresh clone to a built tree, and does nothing where that is already so.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`hitonami needs Node 20.19 or newer; this is ${process.version}.`);
  process.exit(1);
}

function run(command, args) {
  const result = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** npm writes this file last: it is missing or older than the lock file when an installation is. */
function isInstalled() {
  const mark = `${root}node_modules/.package-lock.json`;
  const lock = `${root}package-lock.json`;
  if (!existsSync(mark)) return false;
  return statSync(mark).mtimeMs >= statSync(lock).mtimeMs;
}

if (!isInstalled()) {
  console.error('hitonami: installing dependencies (once)');
  run(process.platform === 'win32' ? 'npm.cmd' : 'npm', ['ci', '--no-progress', '--loglevel=error']);
}
run(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-b']);
