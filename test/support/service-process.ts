import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

const cli = join(import.meta.dirname, '../../services/cli/bin/hitonami.js');
const READY_TIMEOUT_MS = 40_000;

/** With it in the environment a command is the process that was started, and starts no other in its place. */
export const FORGETFUL = { GLIBC_TUNABLES: 'glibc.malloc.perturb=165' };

/** A service in a process of its own, as `hitonami run` starts it. */
export interface ServiceProcess {
  readonly metricsUrl: string;
  /** The value of a metric's first series that has these labels; undefined where there is none. */
  metric(name: string, labels?: Record<string, string>): Promise<number | undefined>;
  /** Ends it as a crash or the kernel would, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop. @returns its exit code */
  stop(): Promise<number | null>;
}

/** A TCP port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a service and waits until it says that it is ready. */
export async function startServiceProcess(
  service: string,
  environment: Record<string, string>,
): Promise<ServiceProcess> {
  const port = await freePort();
  const metricsUrl = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, [cli, 'run', service], {
    env: {
      PATH: process.env['PATH'],
      ...FORGETFUL,
      ...environment,
      HITONAMI_METRICS_ADDRESS: `127.0.0.1:${port}`,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(-8_000)));
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await untilReady(
    child,
    `${metricsUrl}/readyz`,
    () => `${service} did not become ready:\n${output}`,
  );
  return {
    metricsUrl,
    metric: async (name, labels = {}) =>
      readMetric(await (await fetch(`${metricsUrl}/metrics`)).text(), name, labels),
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
    },
    stop: async () => {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function untilReady(
  child: ChildProcess,
  url: string,
  complaint: () => string,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  for (;;) {
    const isReady = await fetch(url).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isReady) return;
    if (child.exitCode !== null || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(complaint());
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function readMetric(
  text: string,
  name: string,
  labels: Record<string, string>,
): number | undefined {
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const has = Object.entries(labels).every(([key, value]) =>
      match[2]?.includes(`${key}="${value}"`),
    );
    if (has) return Number(match[3]);
  }
  return undefined;
}
