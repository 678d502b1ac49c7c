import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { publishPlan } from '@hitonami/service';
import { expect, it } from 'vitest';
import { eventually, openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { afterTest, batch, openPositions, station } from './support.js';

// The disk under the embedded log has no room: the ingestor runs as a process with a limit on file sizes, which is then
// lifted from outside. (In blocks of 512 bytes: 2 MB. Only the soft limit, so that it can be lifted.)

const PEOPLE = 2_000;

it('a full disk under the log: batches are rejected with the reason, and taken again once there is room', async () => {
  const folder = temporaryFolder('log-full');
  afterTest(folder.remove);
  const log = await openTestLog(folder.path);
  await publishPlan(log, station(), Date.now() * 1000);
  await log.close();

  const program = fileURLToPath(new URL('ingestor-process.mjs', import.meta.url));
  const child = spawn(
    'sh',
    ['-c', `ulimit -S -f 4096; exec "$0" "$1"`, process.execPath, program],
    {
      // LMDB writes a stack to standard error for every refusal.
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {
        HITONAMI_DATA: folder.path,
        HITONAMI_GRPC_ADDRESS: '127.0.0.1:0',
        HITONAMI_METRICS_ADDRESS: '127.0.0.1:0',
        HITONAMI_LOG_LEVEL: 'fatal',
        HITONAMI_TICKS: 'off',
      },
    },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  afterTest(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const port = await eventually('it listens', () => /listening (\d+)/.exec(lines.join('\n'))?.[1]);

  const door = openPositions({ address: { host: '127.0.0.1', port: Number(port) } });
  const column = Array.from({ length: PEOPLE }, (_, i) => i % 10);
  const track = column.map((_, i) => String(i));
  const send = (n: number) => door.ask(batch(n, { xM: column, yM: column, track }));
  // About 70 KB each, so that it is full after some thirty.
  let n = 0;
  let receipt = await send(n++);
  expect(receipt.outcome).toBe('processed');
  while (receipt.processed && n < 100) receipt = await send(n++);
  expect(receipt.rejected?.reason).toBe('REJECT_REASON_INTERNAL');
  expect(receipt.rejected?.detail).toMatch(
    /the event log did not take it.*no room left on its disk/,
  );

  execFileSync('prlimit', ['--pid', String(child.pid), '--fsize=unlimited']);
  expect((await send(n++)).processed).toEqual({ people: PEOPLE });

  child.kill('SIGTERM');
  expect(await ended).toBe(0);
}, 60_000);
