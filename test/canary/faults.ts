/** What goes wrong while canaries come in, and what is then found of them in everything that was written or sent. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Receipt } from '@hitonami/service';
import sharp from 'sharp';
import {
  connect,
  foldersIn,
  PERIOD_MS,
  startIngestor,
  type Folders,
  type Ingestor,
  type Sender,
} from './ingestor.js';
import { CANARY_HEIGHT, CANARY_WIDTH, type Canary } from './picture.js';
import type { Account, Find, LeakSearch } from './search.js';

const FRAMES = 6;

export interface Fault {
  readonly name: string;
  readonly environment?: Record<string, string>;
  /** Instead of sending the canary as it is. */
  readonly send?: (sender: Sender, canary: Canary) => Promise<(Receipt | undefined)[]>;
  /** Done to the process while frames are on their way. */
  readonly strike?: (ingestor: Ingestor, folders: Folders) => Promise<void> | void;
  /** How the process must then have ended: its exit code, or null for a signal's. Default 0, when asked to stop. */
  readonly code?: number | null;
}

export const FAULTS: readonly Fault[] = [
  { name: 'none' },
  { name: 'everything is logged', environment: { HITONAMI_LOG_LEVEL: 'trace' } },
  {
    name: 'pictures broken, cut, huge, of other kinds, for other cameras',
    environment: { HITONAMI_LOG_LEVEL: 'trace' },
    send: sendBroken,
  },
  {
    name: 'the sender vanishes in the middle of a frame',
    environment: { HITONAMI_LOG_LEVEL: 'trace' },
    send: async (sender, { jpeg }) => {
      const first = sendAll(sender, jpeg);
      await sleep(3 * PERIOD_MS);
      sender.close();
      return first;
    },
  },
  { name: 'no detector', environment: { HITONAMI_MODEL: 'none', HITONAMI_LOG_LEVEL: 'trace' } },
  { name: 'each worker dies of its third picture', environment: { CANARY_FAULT: 'worker' } },
  {
    name: 'the disk is full',
    // The limit is the soft one, as for any file of this process.
    strike: ({ pid }) => void execFileSync('prlimit', ['--pid', String(pid), '--fsize=4096:']),
  },
  { name: 'the log is slow', strike: holdLog },
  {
    name: 'an error that nobody catches',
    strike: ({ child }) => void child.kill('SIGUSR2'),
    code: 1,
  },
  { name: 'killed', strike: ({ child }) => void child.kill('SIGKILL'), code: null },
  {
    name: 'aborted, with core dumps allowed',
    strike: ({ child }) => void child.kill('SIGABRT'),
    code: null,
  },
];

export interface FaultResult {
  readonly fault: string;
  /** How many receipts said what; `none` where the stream ended first. */
  readonly receipts: Readonly<Record<string, number>>;
  readonly places: readonly Account[];
  readonly finds: readonly Find[];
}

/** Runs an ingestor through the fault and looks for the canary everywhere. */
export async function runThrough(
  fault: Fault,
  canary: Canary,
  search: LeakSearch,
): Promise<FaultResult> {
  const root = mkdtempSync(join(tmpdir(), 'hitonami-canary-'));
  search.startAnew();
  try {
    const folders = await foldersIn(root);
    const ingestor = await startIngestor(folders, fault.environment);
    let answers: (Receipt | undefined)[];
    try {
      const sender = await connect(ingestor.doors);
      const sending = (fault.send ?? sendPlain)(sender, canary);
      await sleep(2 * PERIOD_MS);
      const striking = fault.strike?.(ingestor, folders);
      answers = await sending;
      await striking;
      const metrics = await fetch(`${ingestor.metricsUrl}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
      await search.look('metrics', '/metrics', Buffer.from(metrics));
      sender.close();
    } finally {
      ingestor.child.kill('SIGTERM');
    }
    const code = await ingestor.exited;
    if (code !== (fault.code ?? 0) && fault.code !== null)
      throw new Error(`${fault.name}: it ended with ${code}:\n${ingestor.output()}`);
    await search.look('receipts', 'receipts', Buffer.from(JSON.stringify(answers)));
    await search.look('standard output and error', 'output', Buffer.from(ingestor.output()));
    await search.lookInFolder('data folder', folders.data);
    await search.lookInFolder('temporary folder', folders.temporary);
    await search.lookInFolder('working folder, core dumps', folders.working);
    return {
      fault: fault.name,
      receipts: tally(answers),
      places: search.accounts,
      finds: [...search.finds],
    };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** How many of each outcome there were. */
export function tally(answers: readonly (Receipt | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const outcome = answer?.outcome ?? 'none';
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

async function sendPlain(sender: Sender, { jpeg }: Canary): Promise<(Receipt | undefined)[]> {
  return sendAll(sender, jpeg);
}

/** The same picture again and again, at the camera's pace. */
async function sendAll(sender: Sender, jpeg: Buffer): Promise<(Receipt | undefined)[]> {
  const answers: Promise<Receipt | undefined>[] = [];
  for (let i = 0; i < FRAMES; i++) {
    answers.push(sender.send(Buffer.from(jpeg)));
    await sleep(PERIOD_MS);
  }
  return Promise.all(answers);
}

/** Everything that a picture can have wrong with it, one after the other. */
async function sendBroken(sender: Sender, canary: Canary): Promise<(Receipt | undefined)[]> {
  const answers: (Receipt | undefined)[] = [];
  const { jpeg, rgb } = canary;
  const raw = { width: CANARY_WIDTH, height: CANARY_HEIGHT, channels: 3 } as const;
  const as = (format: 'png' | 'webp' | 'gif' | 'tiff'): Promise<Buffer> =>
    sharp(rgb, { raw })
      .toFormat(format, format === 'webp' ? { lossless: true } : {})
      .toBuffer();
  const png = await as('png');
  const pictures = [
    jpeg.subarray(0, jpeg.length / 2),
    jpeg.subarray(0, 700),
    withByte(jpeg, jpeg.length / 2, 0xff, 0xd9, 0xff, 0x00),
    withByte(jpeg, 4, 0xff, 0xff),
    hugeSize(jpeg),
    png,
    withByte(png, png.length / 2, 1, 2, 3, 4),
    await as('webp'),
    await as('gif'),
    await as('tiff'),
    rgb,
    await sharp(jpeg).resize(320, 240).jpeg().toBuffer(),
    Buffer.concat([jpeg, Buffer.alloc(9 * 1024 * 1024)]),
    Buffer.alloc(0),
  ];
  for (const picture of pictures) answers.push(await sender.send(Buffer.from(picture)));
  answers.push(await sender.send(Buffer.from(jpeg), { camera: 'nobody' }));
  answers.push(await sender.send(Buffer.from(jpeg), { camera: jpeg.toString('latin1') }));
  answers.push(await sender.send(Buffer.from(jpeg), { capturedUs: (Date.now() + 60_000) * 1000 }));
  // Ends the stream.
  answers.push(await sender.send(Buffer.concat([jpeg, Buffer.alloc(17 * 1024 * 1024)])));
  return answers;
}

function withByte(bytes: Buffer, at: number, ...values: number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(values, Math.floor(at));
  return copy;
}

/** A JPEG whose header tells of 65,500 × 65,500 pixels. */
function hugeSize(jpeg: Buffer): Buffer {
  const frame = jpeg.indexOf(Buffer.from([0xff, 0xc0]));
  const copy = Buffer.from(jpeg);
  copy.writeUInt16BE(65_500, frame + 5);
  copy.writeUInt16BE(65_500, frame + 7);
  return copy;
}

const HOLD_MS = 3_000;

/** Another process writes to the log's files and does not come to an end of it: everyone else has to wait. */
async function holdLog(_: Ingestor, { data }: Folders): Promise<void> {
  const program = join(import.meta.dirname, '../../test/canary/hold-log.mjs');
  const args = [program, join(data, 'log'), String(HOLD_MS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('the log could not be held');
}
