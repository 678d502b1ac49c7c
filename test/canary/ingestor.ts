/** A real ingestor as a process in folders of its own, and a sender of frames to it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGrpcClient, writeWithBackpressure, type Receipt } from '@hitonami/service';
import { run } from '../support/command.js';
import { FORGETFUL, freePort } from '../support/service-process.js';

export const CLI = join(import.meta.dirname, '../../services/cli/bin/hitonami.js');
const PLAN = join(import.meta.dirname, '../../test/plans/tud-stadtmitte.site.json');
const PRELOAD = join(import.meta.dirname, '../../test/canary/preload.mjs');
const SITE = 'tud-stadtmitte';
const CAMERA = 'camera';
const READY_MS_MAX = 60_000;
export const PERIOD_MS = 200;

/** Where a process under test may write. */
export interface Folders {
  readonly data: string;
  /** Its TMPDIR. */
  readonly temporary: string;
  /** Where it runs: also where a core dump would lie. */
  readonly working: string;
  readonly plan: string;
}

export async function foldersIn(root: string): Promise<Folders> {
  const [data, temporary, working] = ['data', 'tmp', 'cwd'].map((name) => join(root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [data, temporary, working]) mkdirSync(folder, { recursive: true });
  const plan = join(root, 'site.json');
  await copyFile(PLAN, plan);
  return { data, temporary, working, plan };
}

export interface ProcessUnderTest {
  readonly pid: number;
  readonly child: ChildProcess;
  /** Everything that it has written to its two outputs. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
}

/** Starts `hitonami …` in these folders, with core dumps allowed by the limit, so that only it itself prevents one. */
export function startHitonami(
  { temporary, working }: Folders,
  args: readonly string[],
  environment: Record<string, string>,
): ProcessUnderTest {
  const shell = ['-c', 'ulimit -c unlimited 2>/dev/null; exec "$@"', 'sh'];
  const child = spawn('sh', [...shell, process.execPath, CLI, ...args], {
    env: {
      PATH: process.env['PATH'],
      TMPDIR: temporary,
      NODE_OPTIONS: `--import=${PRELOAD}`,
      ...FORGETFUL,
      ...environment,
    },
    cwd: working,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { pid: child.pid ?? 0, child, output: () => output, exited };
}

export async function untilReady({ child, output }: ProcessUnderTest, url: string): Promise<void> {
  for (const started = Date.now(); ; await sleep(100)) {
    const isReady = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (child.exitCode !== null || Date.now() - started > READY_MS_MAX) {
      child.kill('SIGKILL');
      throw new Error(`it did not become ready:\n${output()}`);
    }
  }
}

export interface Ingestor extends ProcessUnderTest {
  readonly doors: { host: string; port: number };
  readonly metricsUrl: string;
}

/** Publishes the plan to a new embedded log in these folders, and starts an ingestor there. */
export async function startIngestor(
  folders: Folders,
  environment: Record<string, string> = {},
): Promise<Ingestor> {
  const log = { HITONAMI_LOG: 'embedded', HITONAMI_DATA: folders.data };
  const published = await run(['publish', folders.plan], log);
  if (published.code !== 0) throw new Error(`the plan was not published: ${published.complaints}`);
  const doors = { host: '127.0.0.1', port: await freePort() };
  const metricsUrl = `http://127.0.0.1:${await freePort()}`;
  const ingestor = startHitonami(folders, ['run', 'ingestor'], {
    ...log,
    HITONAMI_GRPC_ADDRESS: `127.0.0.1:${doors.port}`,
    HITONAMI_METRICS_ADDRESS: new URL(metricsUrl).host,
    ...environment,
  });
  await untilReady(ingestor, `${metricsUrl}/readyz`);
  return { ...ingestor, doors, metricsUrl };
}

/** One connection with one stream of frames. */
export interface Sender {
  /** @returns the receipt; undefined where the stream ended first */
  send(image: Buffer, head?: FrameHead): Promise<Receipt | undefined>;
  close(): void;
}

interface FrameHead {
  readonly camera?: string;
  readonly capturedUs?: number;
}

let sequence = 0;

export async function connect(doors: Ingestor['doors']): Promise<Sender> {
  // A process that stands still for a look at its memory is not to lose its sender.
  const limits = { keepaliveMs: 60_000, keepaliveTimeoutMs: 60_000, messageBytesMax: 2 ** 26 };
  const client = createGrpcClient({ door: 'FrameIngest', address: doors, limits });
  await client.waitUntilConnected(20_000);
  const stream = client.stream();
  const waiting = new Map<number, (receipt: Receipt | undefined) => void>();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    for (const resolve of waiting.values()) resolve(undefined);
    waiting.clear();
  };
  stream.on('data', (receipt: Receipt) => {
    waiting.get(receipt.sequence)?.(receipt);
    waiting.delete(receipt.sequence);
  });
  stream.on('error', end).on('end', end);
  return {
    send: async (image, head = {}) => {
      if (isOver) return undefined;
      const own = sequence++;
      const receipt = new Promise<Receipt | undefined>((resolve) => waiting.set(own, resolve));
      const frame = {
        site: SITE,
        camera: head.camera ?? CAMERA,
        sequence: own,
        capturedUs: head.capturedUs ?? Date.now() * 1000,
        periodUs: PERIOD_MS * 1000,
        image,
      };
      await writeWithBackpressure(stream, frame).catch(end);
      return receipt;
    },
    close: () => {
      end();
      stream.cancel();
      client.close();
    },
  };
}
