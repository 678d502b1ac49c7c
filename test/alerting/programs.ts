import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { eventually } from '../support/event-log.js';
import { freePort } from '../support/service-process.js';
import { folders, ruleFiles } from './rule-files.js';

/** A program that runs for a test. */
export interface Program {
  readonly url: string;
  stop(): Promise<void>;
}

/** One delivery of Alertmanager, as its receiver got it. */
export interface Notification {
  atMs: number;
  path: string;
  status: 'firing' | 'resolved';
  alerts: {
    status: 'firing' | 'resolved';
    labels: Record<string, string>;
    annotations: Record<string, string>;
    startsAt: string;
  }[];
}

async function startProgram(
  name: string,
  args: string[],
  url: string,
  readyPath: string,
): Promise<Program> {
  const child = spawn(name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (said = (said + text).slice(-4_000)));
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(late);
  };
  try {
    await eventually(`${name} is ready`, () => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${said}`);
      return fetch(url + readyPath).then(
        ({ ok }) => ok,
        () => false,
      );
    });
  } catch (error) {
    await stop();
    throw new Error(`${name} did not start:\n${said}`, { cause: error });
  }
  return { url, stop };
}

/** One delivery of the aggregator's own webhook. */
export interface FastMessage {
  atMs: number;
  subject: string;
  severity: string;
  state: string;
  /** When the alert became what it is, event time. */
  at: string;
}

export interface Receiver extends Program {
  readonly notifications: Notification[];
  readonly fast: FastMessage[];
}

/** Where the aggregator's own webhook goes; everything else is of Alertmanager. */
export const FAST_PATH = '/fast';

/** Takes what Alertmanager and the aggregator deliver. */
export async function startReceiver(): Promise<Receiver> {
  const notifications: Notification[] = [];
  const fast: FastMessage[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const told = JSON.parse(body) as unknown;
      const [atMs, path] = [Date.now(), request.url ?? ''];
      if (path === FAST_PATH) fast.push({ ...(told as FastMessage), atMs });
      else notifications.push({ ...(told as Notification), atMs, path });
      response.end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    notifications,
    fast,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Alertmanager with the configuration that is shipped; its three receivers are paths of one address. */
export async function startAlertmanager(folder: string, receiverUrl: string): Promise<Program> {
  const shipped = await readFile(join(folders.deploy, 'alertmanager/alertmanager.yml'), 'utf8');
  const file = join(folder, 'alertmanager.yml');
  await writeFile(file, shipped.replaceAll(/http:\/\/(\w+)\.invalid\//g, `${receiverUrl}/$1`));
  const address = `127.0.0.1:${await freePort()}`;
  return startProgram(
    'prometheus-alertmanager',
    [
      `--config.file=${file}`,
      `--storage.path=${join(folder, 'alertmanager')}`,
      `--web.listen-address=${address}`,
      '--cluster.listen-address=',
    ],
    `http://${address}`,
    '/-/ready',
  );
}

interface PrometheusConfig {
  rule_files: string[];
  alerting: { alertmanagers: unknown[] };
  scrape_configs: { job_name: string; dns_sd_configs?: unknown; static_configs?: unknown[] }[];
}

/**
 * Prometheus with the configuration and rules that are shipped, but for where its targets are and for how long an alert
 * is kept: `keepFiringFor`, so that the test need not wait.
 */
export async function startPrometheus(
  folder: string,
  where: { station: string; alertmanager: string; consoleUrl: string; keepFiringFor: string },
): Promise<Program> {
  const rules = join(folder, 'rules');
  await mkdir(rules);
  for (const file of ruleFiles) {
    const text = await readFile(file, 'utf8');
    const scaled = text.replaceAll(
      /keep_firing_for: \w+/g,
      `keep_firing_for: ${where.keepFiringFor}`,
    );
    await writeFile(join(rules, basename(file)), scaled);
  }
  const shipped = await readFile(join(folders.deploy, 'prometheus/prometheus.yml'), 'utf8');
  const config = parse(shipped.replaceAll('${CONSOLE_URL}', where.consoleUrl), {
    merge: true,
  }) as PrometheusConfig;
  const target = (url: string): unknown[] => [{ targets: [new URL(url).host] }];
  config.alerting.alertmanagers = [{ static_configs: target(where.alertmanager) }];
  for (const job of config.scrape_configs) {
    delete job.dns_sd_configs;
    // All services are one process here.
    job.static_configs = [];
    if (job.job_name === 'hitonami-crowd') job.static_configs = target(where.station);
    if (job.job_name === 'alertmanager') job.static_configs = target(where.alertmanager);
  }
  const file = join(folder, 'prometheus.yml');
  await writeFile(file, stringify(config));
  const address = `127.0.0.1:${await freePort()}`;
  return startProgram(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=${address}`,
      `--web.external-url=http://${address}`,
      `--web.user-assets=${folders.runbooks}`,
      '--rules.alert.resend-delay=15s',
    ],
    `http://${address}`,
    '/-/ready',
  );
}
