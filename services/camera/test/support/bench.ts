import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { requireOrSkip } from '../../../../test/support/require.js';
import type { CameraConfig, CameraSummary } from '../../src/index.js';
import { startPeer, type Peer } from './peer.js';

// What the tests of camera agents share: videos and pictures in a folder, and ingestors that are stopped after each test.

export const hasFfmpeg = requireOrSkip(
  'ffmpeg',
  spawnSync('ffmpeg', ['-version']).status === 0,
  'install ffmpeg (a Debian package) to test the camera agent on videos',
);
export const START_US = 1_775_000_000_000_000;
export const folder = mkdtempSync(join(tmpdir(), 'hitonami-camera-'));
export const clip = join(folder, "it's a clip.mp4");
export const pictures = join(folder, 'pictures');

/** Has ffmpeg draw its test picture, `size=…:rate=…`, into what the other arguments say. */
function drawTestPicture(kind: string, ...args: string[]): void {
  const input = ['-f', 'lavfi', '-i', `testsrc=${kind}`];
  execFileSync('ffmpeg', ['-v', 'error', ...input, ...args]);
}

beforeAll(() => {
  if (!hasFfmpeg) return;
  const kind = 'size=320x240:rate=10';
  drawTestPicture(kind, '-t', '6', '-c:v', 'mpeg4', clip);
  const stream = ['-c:v', 'mpeg2video', '-f', 'mpegts', join(folder, 'stream.ts')];
  drawTestPicture(kind, '-t', '6', ...stream);
  mkdirSync(pictures);
  drawTestPicture(kind, '-frames:v', '12', join(pictures, 'p%d.png'));
  writeFileSync(join(pictures, 'notes.txt'), 'not a picture');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

export const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

export async function peerOf(...args: Parameters<typeof startPeer>): Promise<Peer> {
  const peer = await startPeer(...args);
  cleanups.push(() => peer.stop());
  return peer;
}

export const base = (
  peer: Pick<Peer, 'address'>,
  change: Partial<CameraConfig> = {},
): CameraConfig => ({
  site: 'test',
  camera: 'c1',
  source: clip,
  ingestor: peer.address,
  framesPerS: 5,
  mode: 'lossless',
  startUs: START_US,
  ...change,
  limits: { backoffFirstMs: 20, backoffMaxMs: 200, ...change.limits },
});

export const live = (
  peer: Pick<Peer, 'address'>,
  change: Partial<CameraConfig> = {},
): CameraConfig => {
  const { startUs: _, ...config } = base(peer, { mode: 'live', framesPerS: 20, ...change });
  return config;
};

export const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

export function expectConsistent(s: CameraSummary): void {
  expect(s.captured).toBe(s.sent + s.shedHere);
  expect(s.sent).toBe(s.processed + s.shedThere + s.rejected + s.unanswered);
  expect(s.shed).toBe(s.shedHere + s.shedThere);
}

/** A video that outlasts any test. */
export function loop(): string {
  const path = join(folder, 'long.mp4');
  if (!existsSync(path)) drawTestPicture('size=160x120:rate=20', '-t', '60', '-c:v', 'mpeg4', path);
  return path;
}
