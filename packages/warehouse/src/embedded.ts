import { type ChildProcess, fork } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HitonamiError } from '@hitonami/model';
import { readAddress } from './engine/address.js';
import type { EngineMessage, EngineOptions } from './engine/messages.js';
import { isAlive } from './engine/spool.js';

/** Longest time to open the folder, ms. */
const START_MS_MAX = 60_000;
/** Pause before the first restart; doubles with each failure in a row, ms. */
const RESTART_FIRST_MS = 100;
const RESTART_MS_MAX = 10_000;
/** Failures in a row after which it is not started again. */
const RESTARTS_MAX = 8;
/** An engine that lived for so long counts as healthy again, ms. */
const HEALTHY_MS = 60_000;
/** After this the process is killed, ms; longer than the engine's own two periods of grace. */
const STOP_MS_MAX = 15_000;
/** Longest answer of an engine that lives, ms. */
const PING_MS_MAX = 2_000;
/** What is kept of the engine's own complaints, characters. */
const STDERR_MAX = 4_000;

export interface EmbeddedWarehouseOptions {
  /** Owned by one process at a time; made where it is missing. */
  folder: string;
  /** TCP port on 127.0.0.1; 0 (the default) takes any that is free. */
  port?: number;
  /** Asked of every client. Default: none, for whoever can reach this machine's loopback can read the folder anyway. */
  password?: string;
  /** Told when the engine's process ended by itself, and whether it is started again. */
  onCrash?: (what: { reason: string; restartsInMs: number | undefined }) => void;
}

export interface EmbeddedWarehouse {
  /** Stays the same over restarts. */
  readonly url: string;
  /** Version of the ClickHouse engine. */
  readonly version: string;
  /** The engine's process now; undefined between a crash and the restart. */
  readonly pid: number | undefined;
  /** Lets running requests end, then ends the process. May be called more than once. */
  stop(): Promise<void>;
}

type Ready = Extract<EngineMessage, { kind: 'ready' }>;

/**
 * Starts the ClickHouse engine (chDB) in a process of its own, which owns the folder and answers the ClickHouse HTTP
 * interface on loopback. An engine that crashes is started again; what was running then fails with an error that may
 * be retried.
 */
export async function startEmbeddedWarehouse(
  options: EmbeddedWarehouseOptions,
): Promise<EmbeddedWarehouse> {
  const keeper = new Keeper(options);
  await keeper.start();
  return keeper;
}

/** The address of the engine that owns a folder, if one lives; an address left behind by a dead one is not told. */
export async function findEmbeddedWarehouse(folder: string): Promise<string | undefined> {
  const address = await readAddress(resolve(folder));
  if (address === undefined || !isAlive(address.pid)) return undefined;
  try {
    const answer = await fetch(`${address.url}/ping`, { signal: AbortSignal.timeout(PING_MS_MAX) });
    await answer.text();
    return answer.headers.get('x-hitonami-instance') === address.instance ? address.url : undefined;
  } catch {
    return undefined;
  }
}

class Keeper implements EmbeddedWarehouse {
  readonly #options: EmbeddedWarehouseOptions;
  readonly #engine: EngineOptions;
  #child: ChildProcess | undefined;
  #ready: Ready = { kind: 'ready', url: '', port: 0, version: '' };
  #failures = 0;
  #isReady = false;
  #timer: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: EmbeddedWarehouseOptions) {
    this.#options = options;
    this.#engine = {
      folder: resolve(options.folder),
      port: options.port ?? 0,
      password: options.password ?? '',
    };
  }

  get url(): string {
    return this.#ready.url;
  }

  get version(): string {
    return this.#ready.version;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async start(): Promise<void> {
    const child = fork(
      fileURLToPath(new URL('./engine/main.js', import.meta.url)),
      [JSON.stringify(this.#engine)],
      {
        // The engine runs its queries on libuv's threads; files and pipes need some beside them.
        // eslint-disable-next-line no-restricted-properties -- passed on unread: a child needs its library paths
        env: { ...process.env, UV_THREADPOOL_SIZE: '8' },
        execArgv: [],
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      },
    );
    this.#child = child;
    this.#isReady = false;
    const startedMs = Date.now();
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-STDERR_MAX);
    });
    try {
      this.#ready = await readiness(child, this.#engine.folder, () => complaints);
    } catch (error) {
      this.#child = undefined;
      child.kill('SIGKILL');
      throw error;
    }
    this.#isReady = true;
    // A restart has to come back under the address that clients hold.
    this.#engine.port = this.#ready.port;
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      if (this.#stopping !== undefined) return;
      if (Date.now() - startedMs > HEALTHY_MS) this.#failures = 0;
      const ended = signal === null ? `ended with code ${String(code)}` : `was ended by ${signal}`;
      this.#restartLater(complaints === '' ? ended : `${ended}: ${complaints.trim()}`);
    });
  }

  #restartLater(reason: string): void {
    this.#failures += 1;
    const isLast = this.#failures > RESTARTS_MAX;
    const waitMs = Math.min(RESTART_FIRST_MS * 2 ** (this.#failures - 1), RESTART_MS_MAX);
    this.#options.onCrash?.({ reason, restartsInMs: isLast ? undefined : waitMs });
    if (isLast) return;
    this.#timer = setTimeout(() => {
      this.start().catch((error: unknown) => {
        if (this.#stopping === undefined) this.#restartLater(String(error));
      });
    }, waitMs);
  }

  async #stop(): Promise<void> {
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    // One that is only just coming back does not listen yet, and has nothing to lose.
    if (this.#isReady && child.connected) child.send('stop', () => undefined);
    else child.kill('SIGKILL');
    const hardly = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await gone;
    clearTimeout(hardly);
  }
}

function readiness(child: ChildProcess, folder: string, complaints: () => string): Promise<Ready> {
  return new Promise((done, fail) => {
    const slow = setTimeout(() => {
      fail(
        new HitonamiError(
          'UNAVAILABLE',
          `the embedded warehouse in ${folder} did not open within ${START_MS_MAX / 1000} s`,
        ),
      );
    }, START_MS_MAX);
    child.once('message', (message: EngineMessage) => {
      clearTimeout(slow);
      if (message.kind === 'ready') done(message);
      else fail(failure(message, folder, complaints()));
    });
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      clearTimeout(slow);
      fail(
        new HitonamiError(
          'UNAVAILABLE',
          `the embedded warehouse in ${folder} ended (${String(signal ?? code)}) before it was ready: ${complaints().trim()}`,
        ),
      );
    });
  });
}

function failure(
  message: Extract<EngineMessage, { kind: 'failed' }>,
  folder: string,
  complaints: string,
): HitonamiError {
  const options = { detail: message.code, canRetry: false };
  if (message.owner !== undefined) {
    return new HitonamiError(
      'WAREHOUSE',
      `the warehouse folder ${folder} is in use by process ${message.owner.pid}, which answers at ${message.owner.url}: ` +
        'use that address, or stop that process',
      options,
    );
  }
  if (message.code === 'EADDRINUSE') {
    return new HitonamiError(
      'CONFIG',
      `the warehouse's port is in use (${message.text}): choose another, or 0 for any`,
      options,
    );
  }
  return new HitonamiError(
    'WAREHOUSE',
    `the embedded warehouse in ${folder} cannot be opened: ${[message.text, complaints.trim()].join(' ')}`,
    options,
  );
}
