import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createGrpcClient, type PositionBatch } from '@hitonami/service';
import { lineFrom, planText, rectangle, testMarket } from '../support/plans.js';
import { FORGETFUL } from '../support/service-process.js';

// `hitonami up` on a small station, and the sensor that sees it: what a browser then shows has come the whole road.

const cli = join(import.meta.dirname, '../../services/cli/bin/hitonami.js');
const START_MS = 60_000;
const PERIOD_MS = 200;
const AGAIN_MS = 500;

/** What a person with bad intentions might call an area. */
export const HOSTILE_NAME = '<img src=x onerror=alert(1)>';

/** Two halls, of which a sensor sees the first; seven people in it make an alert. Its movements are sold. */
export function stationPlan(): string {
  const areas = [
    ['hall', { ja: '中央ホール', en: 'Main hall' }, 0],
    ['annex', { ja: HOSTILE_NAME, en: HOSTILE_NAME }, 12],
  ] as const;
  return planText({
    ...testMarket(),
    windowS: 5,
    name: { ja: '試験駅', en: 'Test station' },
    areas: areas.map(([id, name, x]) => ({
      ...{ id, name, floor: 'f1', kind: 'walkway' },
      polygon: rectangle(x, 0, x + 10, 10),
      dangerBands: { stable: 1, capacity: 1.5, unstable: 2, congested: 30 },
      actionCard: 'too-full',
    })),
    lines: [
      {
        id: 'middle',
        floor: 'f1',
        name: { ja: '中央', en: 'Middle' },
        line: lineFrom([5, 1], [5, 9]),
      },
    ],
    cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10) }],
    actionCards: [
      {
        id: 'too-full',
        title: { ja: '混雑時', en: 'Too full' },
        steps: [{ ja: '改札の入場を制限する', en: 'Limit the gates' }],
      },
    ],
  });
}

export interface TestStation {
  /** The console, with the token that makes the first administrator. */
  link: string;
  url: string;
  /** The public's pages. */
  publicUrl: string;
  /** So many people stand close together from now on; they sway a little. */
  people: number;
  /** The station stands still, as a machine that hangs, and goes on. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<number | null>;
}

export async function startTestStation(): Promise<TestStation> {
  const folder = await mkdtemp(join(tmpdir(), 'hitonami-browser-'));
  const plan = join(folder, 'site.json');
  await writeFile(plan, stationPlan());
  const ports = ['--listen', '--metrics', '--console', '--public'].flatMap((key) => [
    key,
    '127.0.0.1:0',
  ]);
  const child = spawn(
    process.execPath,
    [
      cli,
      'up',
      plan,
      '--data',
      join(folder, 'data'),
      ...ports,
      '--warehouse-port',
      '0',
      '--model',
      'none',
    ],
    { env: { PATH: process.env['PATH'], ...FORGETFUL }, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = await new Promise<string>((resolve, reject) => {
    let text = '';
    const late = setTimeout(
      () => reject(new Error(`the station did not start:\n${text}`)),
      START_MS,
    );
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (!text.includes('stop with Ctrl+C')) return;
      clearTimeout(late);
      resolve(text);
    });
    child.once('exit', () => reject(new Error(`the station ended:\n${text}`)));
  });
  const link = /console: (\S+)/.exec(output)?.[1] ?? '';
  const port = Number(/counts: 127\.0\.0\.1:(\d+)/.exec(output)?.[1]);
  const client = createGrpcClient({ door: 'PositionIngest', address: { host: '127.0.0.1', port } });
  let stream = openStream();
  // A machine under load may miss the keepalive: a sensor opens its stream again, and so does this one.
  function openStream(): ReturnType<typeof client.stream> {
    return client
      .stream()
      .on('data', () => undefined)
      .on('error', () => setTimeout(() => (stream = openStream()), AGAIN_MS).unref());
  }
  const station = { people: 3 };
  let sequence = 0;
  const sending = setInterval(() => stream.write(batch(sequence++, station.people)), PERIOD_MS);
  return Object.assign(station, {
    link,
    url: new URL(link).origin,
    publicUrl: /pages: (\S+)/.exec(output)?.[1] ?? '',
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async stop() {
      clearInterval(sending);
      stream.removeAllListeners('error').on('error', () => undefined);
      stream.end();
      client.close();
      child.kill('SIGINT');
      const code = await exited;
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  });
}

function batch(sequence: number, people: number): PositionBatch {
  const at = Array.from({ length: people }, (_, i) => i);
  const sway = Math.sin(sequence / 10) / 10;
  return {
    ...{ site: 'test', camera: 'c1', sequence, capturedUs: Date.now() * 1000 },
    ...{ periodUs: PERIOD_MS * 1000, blind: false, floor: '', confidence: [], kind: [] },
    xM: at.map((i) => 3 + 0.5 * (i % 4) + sway),
    yM: at.map((i) => 3 + 0.5 * Math.floor(i / 4)),
    vxMS: [],
    vyMS: [],
    track: at.map((i) => String(i + 1)),
  };
}
