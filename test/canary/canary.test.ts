/**
 * The canary suite in its cheap form: one ingestor in its memory, and one through most of what can go wrong with a picture.
 * `npm run canary` is the whole one.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../support/require.js';
import { FAULTS, runThrough, type Fault } from './faults.js';
import { CLI, connect, foldersIn, startIngestor, type Ingestor } from './ingestor.js';
import { drawCanary, drawOther } from './picture.js';
import { FORGOTTEN_MS, lookIntoIngestor } from './remembering.js';
import { LeakSearch } from './search.js';
import { familyOf } from './memory.js';

/** Long enough for a picture to have come in, and not to be done with. */
const ABORT_AFTER_MS = 30;

const isGlibc =
  process.platform === 'linux' &&
  'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header;
const canLook = requireOrSkip('the canary suite', isGlibc, 'needs Linux with glibc');

describe.skipIf(!canLook)('of a frame', () => {
  const root = mkdtempSync(join(tmpdir(), 'hitonami-canary-'));
  let ingestor: Ingestor | undefined;
  let others: Buffer[];
  beforeAll(async () => {
    others = [await drawOther(1), await drawOther(2)];
    ingestor = await startIngestor(await foldersIn(root));
  });
  afterAll(async () => {
    ingestor?.child.kill('SIGTERM');
    expect(await ingestor?.exited).toBe(0);
    rmSync(root, { recursive: true, force: true });
  });

  it.each([
    ['idle', false],
    ['load', true],
  ] as const)(
    'no 24 bytes of any form are in the ingestor’s memory after its receipt (%s)',
    async (mode, isGrey) => {
      if (ingestor === undefined) throw new Error('there is no ingestor');
      const options = { mode, isGrey, afterMs: FORGOTTEN_MS };
      const { traces, searchedBytes } = await lookIntoIngestor(ingestor, others, options);
      expect(traces).toEqual([]);
      expect(searchedBytes).toBeGreaterThan(50e6);
    },
    60_000,
  );

  it('nothing is in anything written or sent, also where pictures are broken, and there is no core dump', async () => {
    const canary = await drawCanary();
    const search = await LeakSearch.of(canary);
    const broken = FAULTS.find(({ name }) => name.startsWith('pictures broken'));
    let isSent!: () => void;
    const sent = new Promise<void>((resolve) => (isSent = resolve));
    const fault: Fault = {
      ...broken,
      name: 'broken pictures, and then it is aborted in the middle of one',
      send: async (sender, secret) => {
        const answers = await broken?.send?.(sender, secret);
        isSent();
        return answers ?? [];
      },
      strike: async ({ child, doors }) => {
        await sent;
        const again = await connect(doors);
        void again.send(Buffer.from(canary.jpeg));
        await sleep(ABORT_AFTER_MS);
        child.kill('SIGABRT');
        again.close();
      },
      code: null,
    };
    const { finds, places, receipts } = await runThrough(fault, canary, search);
    expect(finds).toEqual([]);
    const searched = new Map(places.map(({ place, bytes }) => [place, bytes]));
    // Not even registers: those of AVX-512 hold hundreds of bytes of pixels.
    expect(places.find(({ place }) => place === 'working folder, core dumps')?.things).toBe(0);
    // Nothing at all is written there: the container has no such folder.
    expect(places.find(({ place }) => place === 'temporary folder')?.things).toBe(0);
    expect(searched.get('data folder')).toBeGreaterThan(10_000);
    expect(searched.get('standard output and error')).toBeGreaterThan(500);
    expect(receipts['rejected']).toBeGreaterThan(5);
  }, 60_000);
});

describe.skipIf(!canLook)('a command into which pictures come', () => {
  it('has freed memory overwritten and no core dumps, and ends with whoever started it', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hitonami-canary-'));
    const { data, plan } = await foldersIn(root);
    const ports = ['--listen', '--metrics', '--console'].flatMap((key) => [key, '127.0.0.1:0']);
    const args = ['up', plan, '--data', data, '--model', 'none', '--warehouse-port', '0', ...ports];
    // As anybody would start it: nothing in the environment.
    const front = spawn(process.execPath, [CLI, ...args], {
      env: { PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    try {
      const behind = await eventually(() => familyOf(front.pid ?? 0)[1]);
      const environment = readFileSync(`/proc/${behind}/environ`, 'latin1');
      expect(environment).toContain('GLIBC_TUNABLES=glibc.malloc.perturb=165');
      const filter = await eventually(() => {
        const bits = readFileSync(`/proc/${behind}/coredump_filter`, 'latin1').trim();
        return /^0+$/.test(bits) ? bits : undefined;
      });
      expect(filter).toBe('00000000');
      // One byte is also obeyed where the kernel hands the dump to a program.
      expect(readFileSync(`/proc/${behind}/limits`, 'latin1')).toMatch(
        /core file size +1 +1 +bytes/,
      );
      front.kill('SIGKILL');
      await eventually(() => (isGone(behind) ? true : undefined));
    } finally {
      front.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    }
  }, 40_000);
});

function isGone(pid: number): boolean {
  try {
    // A process that nobody has waited for yet has ended too.
    return readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ');
  } catch {
    return true;
  }
}

async function eventually<T>(look: () => T | undefined): Promise<T> {
  for (const started = Date.now(); ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() - started > 20_000) throw new Error('it did not come about');
  }
}
