import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../../test/support/command.js';
import { planText } from '../../../test/support/plans.js';

// What becomes of a command where it cannot write what it has to say.

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-output-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const cli = join(import.meta.dirname, '../bin/hitonami.js');

/** Runs `hitonami …` with what the shell does with its output. */
async function piped(args: readonly string[], pipe: string) {
  const child = spawn(
    'bash',
    ['-c', `"$0" "$@" ${pipe}; exit \${PIPESTATUS[0]}`, process.execPath, cli, ...args],
    { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, complaints };
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

describe('what nobody reads', () => {
  it.skipIf(!existsSync('/dev/full'))(
    'because the disk is full is told, and fails the command',
    async () => {
      const plan = await file('site.json', planText());
      const { code, complaints } = await piped(['check', plan], '> /dev/full');
      expect(complaints).toMatch(/^hitonami: the output cannot be written: .*ENOSPC.*\n$/);
      expect(code).toBe(1);
    },
    30_000,
  );

  it('because its reader has gone is no fault', async () => {
    const plan = await file('site.json', planText());
    const walk = await file('walk.csv', 'time,id,x,y\n0,1,2,3\n0.4,1,2,3.2\n0.8,1,2,3.4\n');
    const args = ['replay', walk, '--plan', plan, '--start', '2026-04-01T00:00:00Z'];
    const { code, complaints } = await piped([...args, '--format', 'jsonl'], '| true');
    expect(complaints).toMatch(/^kept in .*\n$/);
    expect(code).toBe(0);
  }, 60_000);
});

it.each([['sql', 'SELECT 1'], ['stored'], ['audit']])(
  '%s names what an address must be',
  async (...args) => {
    const { code, complaints } = await run([...args, '--url', 'notaurl']);
    expect(complaints).toMatch(/--url <url>.*notaurl.*must be an http:\/\/ or https:\/\/ address/);
    expect(code).toBe(1);
  },
  30_000,
);

describe('temporary folders', () => {
  const scenario = ['evaluate', '--scenario', 'quiet-morning', '--seconds', '10'];

  it.each([[['models', 'fetch', 'yolox-nano', '--from', 'http://127.0.0.1:1/']], [scenario]])(
    'that cannot be made are told of in a sentence: %s',
    async (args) => {
      const TMPDIR = join(folder, 'nowhere');
      const { code, complaints } = await run([...args, '--models', folder], { TMPDIR });
      expect(complaints).toMatch(/^hitonami: .*ENOENT.*nowhere.*TMPDIR/);
      expect(complaints).not.toMatch(/\n +at /);
      expect(code).toBe(1);
    },
    30_000,
  );

  it('are gone after Ctrl+C', async () => {
    const TMPDIR = await mkdtemp(join(folder, 'tmp-'));
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const from = `http://127.0.0.1:${(server.address() as AddressInfo).port}/m.onnx`;
    const asked = once(server, 'request');
    const args = ['models', 'fetch', 'yolox-nano', '--models', TMPDIR, '--from', from];
    const env = { PATH: process.env['PATH'], TMPDIR };
    const child = spawn(process.execPath, [cli, ...args], { env, stdio: 'ignore' });
    const ended = once(child, 'close');
    await asked;
    expect(await readdir(TMPDIR)).toHaveLength(1);
    child.kill('SIGINT');
    await ended;
    server.closeAllConnections();
    server.close();
    expect(await readdir(TMPDIR)).toEqual([]);
  }, 30_000);
});
