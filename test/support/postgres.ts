import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { requireOrSkip } from './require.js';

const START_MS_MAX = 30_000;
const USER = 'hitonami';

/** A real PostgreSQL of its own, on a socket in a temporary folder, that forgets everything at the end. */
export interface Postgres {
  /** A new, empty database. @returns its URL */
  createDatabase(): Promise<string>;
  /** A role that may sign in and owns nothing. @returns the database's URL for it */
  createRole(name: string, databaseUrl: string): Promise<string>;
  /** As a machine that goes down: every connection breaks. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** The end: stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Whether PostgreSQL is installed here; says in one line where it is not. */
export function hasPostgres(): boolean {
  return requireOrSkip(
    'PostgreSQL',
    binaries() !== undefined,
    'install the Debian package postgresql',
  );
}

export async function startPostgres(): Promise<Postgres> {
  const bin = binaries();
  if (bin === undefined) throw new Error('PostgreSQL is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'hitonami-pg-'));
  const who = await otherThanRoot(folder);
  const data = join(folder, 'data');
  const initdb = ['-D', data, '-U', USER, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-locale'];
  await run(join(bin, 'initdb'), initdb, who);
  let server: ChildProcess | undefined;
  let databases = 0;
  const psql = (statement: string): Promise<void> =>
    run(join(bin, 'psql'), ['-h', folder, '-U', USER, '-qc', statement, 'postgres'], who);

  const start = async (): Promise<void> => {
    // Nothing needs to outlive the machine; and only who can open the folder gets in.
    const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=', '-c', 'max_connections=50'];
    const started = spawn(join(bin, 'postgres'), ['-D', data, '-k', folder, ...settings], {
      ...who,
      cwd: folder,
      stdio: 'ignore',
    });
    server = started;
    const untilMs = performance.now() + START_MS_MAX;
    while (!(await isReady(psql))) {
      if (performance.now() > untilMs || started.exitCode !== null)
        throw new Error('PostgreSQL does not start');
      await sleep(50);
    }
  };
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    server = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const exited = once(running, 'exit');
    running.kill(signal);
    await exited;
  };
  const remove = async (): Promise<void> => {
    await stop('SIGQUIT');
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    async createDatabase() {
      const name = `d${++databases}`;
      await psql(`CREATE DATABASE ${name}`);
      return `postgres://${USER}@localhost/${name}?host=${encodeURIComponent(folder)}`;
    },
    async createRole(name, databaseUrl) {
      await psql(`CREATE ROLE ${name} LOGIN`);
      return databaseUrl.replace(`//${USER}@`, `//${name}@`);
    },
    crash: () => stop('SIGQUIT'),
    start,
    remove,
  };
}

async function isReady(psql: (statement: string) => Promise<void>): Promise<boolean> {
  try {
    await psql('SELECT 1');
    return true;
  } catch {
    return false;
  }
}

/** On the path, or where Debian puts each version, the newest first. */
function binaries(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => +b - +a) : [];
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  return folders.find((folder) =>
    ['initdb', 'postgres', 'psql'].every((name) => existsSync(join(folder, name))),
  );
}

/** PostgreSQL refuses to run as root: then it is `nobody`, to whom the folder is given. */
async function otherThanRoot(folder: string): Promise<{ uid: number; gid: number } | object> {
  if (process.getuid?.() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  const [, , uid, gid] = (line ?? 'nobody:x:65534:65534').split(':').map(Number);
  const who = { uid: uid ?? 65_534, gid: gid ?? 65_534 };
  await chown(folder, who.uid, who.gid);
  await chmod(folder, 0o700);
  return who;
}

async function run(command: string, args: readonly string[], who: object): Promise<void> {
  const child = spawn(command, args, { ...who, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} failed: ${told.trim()}`);
}
