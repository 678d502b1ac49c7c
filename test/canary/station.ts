/** A whole station as `hitonami up` runs it: doors, detector, log, aggregator, warehouse, records, console. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultResult } from './faults.js';
import { tally } from './faults.js';
import { connect, foldersIn, PERIOD_MS, startHitonami, untilReady } from './ingestor.js';
import type { Canary } from './picture.js';
import type { LeakSearch } from './search.js';
import { freePort } from '../support/service-process.js';

/** Long enough for a window of ten seconds to close and to be written. */
const FRAMES_MS = 16_000;
const SITE = 'tud-stadtmitte';
const PASSWORD = 'canary-canary-canary';

export interface StationFault {
  readonly name: string;
  readonly signal: 'SIGTERM' | 'SIGKILL';
}

export const STATION_FAULTS: readonly StationFault[] = [
  { name: 'a whole station, no fault', signal: 'SIGTERM' },
  { name: 'a whole station, killed', signal: 'SIGKILL' },
];

export async function runStationThrough(
  fault: StationFault,
  canary: Canary,
  search: LeakSearch,
): Promise<FaultResult> {
  const root = mkdtempSync(join(tmpdir(), 'hitonami-canary-'));
  search.startAnew();
  try {
    const folders = await foldersIn(root);
    const ports = [await freePort(), await freePort(), await freePort(), await freePort()];
    const [door = 0, metricsPort = 0, consolePort = 0, warehousePort = 0] = ports;
    const station = startHitonami(
      folders,
      [
        ...['up', folders.plan, '--data', folders.data],
        ...['--listen', `127.0.0.1:${door}`, '--metrics', `127.0.0.1:${metricsPort}`],
        ...['--console', `127.0.0.1:${consolePort}`, '--warehouse-port', String(warehousePort)],
      ],
      {},
    );
    const answers = [];
    try {
      await untilReady(station, `http://127.0.0.1:${metricsPort}/readyz`);
      while (!station.output().includes('stop with Ctrl+C')) await sleep(100);
      const sender = await connect({ host: '127.0.0.1', port: door });
      for (const started = Date.now(); Date.now() - started < FRAMES_MS; await sleep(PERIOD_MS))
        answers.push(sender.send(Buffer.from(canary.jpeg)));
      const metrics = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
      await search.look('metrics', '/metrics', Buffer.from(await metrics.arrayBuffer()));
      await lookAtConsole(search, `http://127.0.0.1:${consolePort}`, station.output());
      await lookAtWarehouse(search, `http://127.0.0.1:${warehousePort}`);
      station.child.kill(fault.signal);
      sender.close();
    } finally {
      await sleep(0);
      if (station.child.exitCode === null) station.child.kill('SIGTERM');
    }
    await station.exited;
    const receipts = await Promise.all(answers);
    await search.look('receipts', 'receipts', Buffer.from(JSON.stringify(receipts)));
    await search.look('standard output and error', 'output', Buffer.from(station.output()));
    await search.lookInFolder('data folder', folders.data);
    await search.lookInFolder('temporary folder', folders.temporary);
    await search.lookInFolder('working folder, core dumps', folders.working);
    return {
      fault: fault.name,
      receipts: tally(receipts),
      places: search.accounts,
      finds: [...search.finds],
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Its pages, and whatever its API answers to an administrator's GET. */
async function lookAtConsole(search: LeakSearch, url: string, output: string): Promise<void> {
  const token = /token=(\S+)/.exec(output)?.[1];
  const made = await fetch(`${url}/api/v1/session/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ token, name: 'canary', password: PASSWORD }),
  });
  if (!made.ok) throw new Error(`no administrator could be made: ${await made.text()}`);
  const cookie = made.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ');
  const get = async (path: string): Promise<Buffer> => {
    const answer = await fetch(url + path, {
      headers: { cookie },
      // A stream of events does not end.
      signal: AbortSignal.timeout(10_000),
    });
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream');
    return isStream ? await firstOf(answer) : Buffer.from(await answer.arrayBuffer());
  };
  const described = JSON.parse((await get('/api/v1/openapi.json')).toString()) as {
    paths: Record<string, Record<string, unknown>>;
  };
  for (const [path, methods] of Object.entries(described.paths)) {
    if (!('get' in methods)) continue;
    const full = (path.startsWith('/api/') ? path : `/api/v1${path}`).replaceAll(
      /\{(\w+)\}/g,
      (_, name: string) => IDS[name] ?? 'pavement',
    );
    const now = new Date().toISOString();
    const past = new Date(Date.now() - 3_600_000).toISOString();
    for (const query of ['', `?from=${past}&to=${now}&length=10`])
      await search.look('console', full, await get(full + query));
  }
  for (const page of ['/', '/sites', `/sites/${SITE}/live`])
    await search.look('console', page, await get(page));
}

const IDS: Record<string, string> = {
  site: SITE,
  camera: 'camera',
  line: 'across',
  floor: 'street',
};

async function firstOf(answer: Response): Promise<Buffer> {
  const pieces: Buffer[] = [];
  const reader = answer.body?.getReader();
  const until = Date.now() + 1_500;
  while (reader && Date.now() < until) {
    const { value } = await Promise.race([
      reader.read(),
      sleep(500).then(() => ({ value: undefined })),
    ]);
    if (value) pieces.push(Buffer.from(value as Uint8Array));
  }
  await reader?.cancel().catch(() => undefined);
  return Buffer.concat(pieces);
}

/** Every row of every table, also of those that the engine keeps for itself. */
async function lookAtWarehouse(search: LeakSearch, url: string): Promise<void> {
  const ask = async (sql: string): Promise<Buffer> => {
    const answer = await fetch(`${url}/?query=${encodeURIComponent(sql)}`);
    if (!answer.ok) throw new Error(`the warehouse refused ${sql}: ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  };
  const tables = await ask(
    "SELECT database || '.' || name FROM system.tables WHERE engine LIKE '%MergeTree' FORMAT TSVRaw",
  );
  const names = tables.toString().split('\n').filter(Boolean);
  if (!names.some((name) => name.startsWith('hitonami.')))
    throw new Error('the warehouse is empty');
  for (const name of names)
    await search.look('warehouse', name, await ask(`SELECT * FROM ${name} FORMAT TSVRaw`));
}
