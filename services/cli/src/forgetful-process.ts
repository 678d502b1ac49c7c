import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';

/** Memory that is given back is overwritten with this byte (glibc 2.26 and newer; read at the start of a process). */
const OVERWRITE_FREED = 'glibc.malloc.perturb=165';
/** Told to the process that is started in this one's place: whose end is its own. */
const KEEPER_KEY = 'KEEPER_OF_HITONAMI';
/** What comes to this process is meant for the one in its place. */
const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGWINCH'] as const;

type Environment = Record<string, string | undefined>;

/** What pictures come into and stays up. */
export function seesPictures([command, service]: readonly string[]): boolean {
  if (command === 'up' || command === 'demo') return true;
  return command === 'run' && ['ingestor', 'camera', 'console'].includes(service ?? '');
}

/**
 * Makes this process one that leaves no picture behind: there is no core dump of it and its children, and memory that its
 * libraries give back is overwritten. The latter can only be asked of a process that starts, so where the environment does
 * not ask for it another is started in this one's place. @returns its exit code; undefined where this process is to go on
 * itself
 */
export async function beForgetful(environment: Environment): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  leaveNoCore();
  if (environment[KEEPER_KEY] !== undefined) endWithKeeper(Number(environment[KEEPER_KEY]));
  // No child of this process is meant.
  Reflect.deleteProperty(environment, KEEPER_KEY);
  const tunables = environment['GLIBC_TUNABLES'] ?? '';
  if (tunables.includes('glibc.malloc.perturb=') || !isGlibc()) return undefined;
  const GLIBC_TUNABLES = [tunables, OVERWRITE_FREED].filter(Boolean).join(':');
  const args = [...process.execArgv, ...process.argv.slice(1)];
  return inItsPlace(args, { ...environment, GLIBC_TUNABLES });
}

/**
 * No core dump at all: a limit of one byte is too little for any file, and the one limit that the kernel also obeys where
 * a program takes the dump (fs/coredump.c; 0 it does not). Where it cannot be set, a dump holds no kind of memory, but
 * still the registers: on a processor with AVX-512 up to 2 kB a thread, in which pixels stay for long.
 */
function leaveNoCore(): void {
  spawnSync('prlimit', ['--pid', String(process.pid), '--core=1:1'], { stdio: 'ignore' });
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // A kernel built without core dumps has no such file.
  }
}

function isGlibc(): boolean {
  return /\/(ld-linux|libc\.so\.6)/.test(readFileSync('/proc/self/maps', 'utf8'));
}

async function inItsPlace(args: readonly string[], environment: Environment): Promise<number> {
  // Of its own group: what the terminal sends comes here once and is forwarded, and does not reach it twice.
  const child = spawn(process.execPath, args, {
    env: { ...environment, [KEEPER_KEY]: String(process.pid) },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, forward);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']);
    });
  });
}

/** Should whoever is in front end without a word, as by the kernel's hand, so does this one: it would be an orphan. */
function endWithKeeper(keeper: number): void {
  const end = (): void => void process.kill(process.pid, 'SIGKILL');
  process.once('disconnect', end);
  process.channel?.unref();
  // It has ended already: whoever has no parent any more is another's child.
  if (process.ppid !== keeper) end();
}
