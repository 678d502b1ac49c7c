// Brings a fresh clone to a built tree, and does nothing where that is already so.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

// The same as "engines" in package.json.
const [major, minor] = process.versions.node.split('.').map(Number);
if (!((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24)) {
  console.error(`hitonami needs Node 20.19, 22.12, 24 or newer; this is ${process.version}.`);
  process.exit(1);
}

function run(command, args, options = {}) {
  const stdio = ['ignore', 'inherit', 'inherit'];
  const result = spawnSync(command, args, { cwd: root, stdio, ...options });
  if (result.error) throw result.error;
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** The npm that runs this script, where one does: it needs no shell and no look at the PATH. */
function runNpm(args) {
  const cli = process.env['npm_execpath'];
  if (cli?.endsWith('npm-cli.js')) run(process.execPath, [cli, ...args]);
  else run('npm', args, { shell: process.platform === 'win32' });
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * True where exactly what the lock file names is there. npm writes its own record of what it installed as the last
 * thing, so that an installation that was broken off has none. Contents are compared, not times: a clone, a copy and a
 * cache all change those.
 */
function isInstalled() {
  const wanted = readLock('package-lock.json');
  const installed = readLock('node_modules/.package-lock.json');
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    if (!path.startsWith('node_modules/')) return true;
    const found = installed[path];
    // An optional package is left out where it is for another platform.
    if (found === undefined) return optional === true;
    const isSame =
      found.version === version && found.integrity === integrity && found.link === link;
    return isSame && existsSync(join(root, path));
  });
}

/** tsc trusts its notes of the last build, also where someone removed what it had built. */
function isOutputGone() {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
  return references.some(
    ({ path }) =>
      existsSync(join(root, path, 'tsconfig.tsbuildinfo')) &&
      !existsSync(join(root, path, 'dist/index.js')),
  );
}

if (!isInstalled()) {
  console.error('hitonami: installing dependencies (once)');
  runNpm(['ci', '--include=dev', '--no-progress', '--loglevel=error']);
}
/** The web application's sources as one number, kept beside what was built from them. */
function webFingerprint() {
  const hash = createHash('sha256');
  const files = [
    'services/console/web',
    'services/console/src/contract',
    'package-lock.json',
  ].flatMap((path) =>
    path.endsWith('.json')
      ? [path]
      : readdirSync(join(root, path), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  for (const file of files.sort()) hash.update(`${file}\0`).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function buildWeb() {
  const note = join(root, 'services/console/dist-web/.made-from');
  const fingerprint = webFingerprint();
  if (existsSync(note) && readFileSync(note, 'utf8') === fingerprint) return;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  run(process.execPath, [vite, 'build', 'services/console/web', '--logLevel', 'warn']);
  writeFileSync(note, fingerprint);
}

const tsc = join(root, 'node_modules/typescript/bin/tsc');
run(process.execPath, [tsc, '-b', ...(isOutputGone() ? ['--force'] : [])]);
buildWeb();
// The empty database of the embedded records, made once: making it anew in each folder takes seconds.
run(process.execPath, [join(root, 'packages/records/bin/make-template.mjs')]);
