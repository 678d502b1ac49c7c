/**
 * What is left of a picture in the whole memory of a process, not only in the buffers that the pool owns: a child
 * process detects in a picture, and its parent looks through all that the child may write to, in /proc.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { requireOrSkip } from '../../../test/support/require.js';
import { brightnessDetector, modelFolder } from './tiny-model.js';

const files = modelFolder();
afterAll(() => {
  files.remove();
});

const PIECES = 40;
const PIECE_BYTES = 24;
const CHUNK_BYTES = 16 * 1024 * 1024;

function piecesOf(bytes: Buffer): Buffer[] {
  return Array.from({ length: PIECES }, (_, i) => {
    const at = Math.floor(((i + 0.5) * bytes.length) / PIECES);
    return bytes.subarray(at, at + PIECE_BYTES);
  });
}

/** How many of the pieces are somewhere in the memory that a process may write to. */
function piecesIn(pid: number, pieces: readonly Buffer[]): number {
  const memory = openSync(`/proc/${String(pid)}/mem`, 'r');
  const chunk = Buffer.alloc(CHUNK_BYTES + PIECE_BYTES);
  const seen = new Set<Buffer>();
  for (const line of readFileSync(`/proc/${String(pid)}/maps`, 'utf8').split('\n')) {
    const [, from, to] = /^(\w+)-(\w+) rw/.exec(line) ?? [];
    if (from === undefined || to === undefined) continue;
    const end = parseInt(to, 16);
    for (let at = parseInt(from, 16); at < end; at += CHUNK_BYTES) {
      let length: number;
      try {
        length = readSync(memory, chunk, 0, Math.min(chunk.length, end - at), at);
      } catch {
        // Some mappings are a device's and cannot be read; no picture is there.
        continue;
      }
      const view = chunk.subarray(0, length);
      for (const piece of pieces) if (!seen.has(piece) && view.includes(piece)) seen.add(piece);
    }
  }
  closeSync(memory);
  return seen.size;
}

const isGlibc =
  process.platform === 'linux' &&
  'glibcVersionRuntime' in (process.report.getReport() as { header: object }).header;

describe.skipIf(
  !requireOrSkip('what memory keeps of a picture', isGlibc, 'needs Linux with glibc'),
)('a process that has detected', () => {
  it('holds no piece of the picture where freed memory is overwritten', async () => {
    const noise = Buffer.from(
      Uint8Array.from({ length: 768 * 576 * 3 }, () => Math.random() * 256),
    );
    const jpeg = await sharp(noise, { raw: { width: 768, height: 576, channels: 3 } })
      .blur(1.2)
      .jpeg({ quality: 90 })
      .toBuffer();
    const decoded = await sharp(jpeg).raw().toBuffer();
    const picture = files.put('noise.jpg', jpeg);
    const model = files.put('brightness.onnx', brightnessDetector());
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('memory-child.mjs', import.meta.url)), model, picture],
      {
        env: { ...process.env, GLIBC_TUNABLES: 'glibc.malloc.perturb=165' },
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    const ended = once(child, 'exit');
    await once(child.stdout, 'data');
    const { pid } = child;
    expect(pid).toBeDefined();
    expect(piecesIn(pid ?? 0, piecesOf(jpeg))).toBe(0);
    expect(piecesIn(pid ?? 0, piecesOf(decoded))).toBe(0);
    // The look itself sees what is there: this process holds the picture.
    expect(piecesIn(process.pid, piecesOf(decoded))).toBe(PIECES);
    child.stdin.end('end\n');
    await ended;
  }, 60_000);
});
