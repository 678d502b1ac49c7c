import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Health, createMetrics, readConfig, startService } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { cameraSchema, cameraService, runCamera } from '../src/index.js';
import { startRtspCamera } from './support/rtsp.js';
import { silent, startPeer, startProxy, until } from './support/peer.js';
import {
  cleanups,
  expectConsistent,
  folder,
  hasFfmpeg,
  live,
  loop,
  peerOf,
} from './support/bench.js';

describe.skipIf(!hasFfmpeg)('live', () => {
  it('gives up frames for newer ones where the ingestor is slow, and says how many', async () => {
    const peer = await peerOf(async () => {
      await sleep(200);
      return { processed: { people: 0 } };
    });
    const config = live(peer, { limits: { maxAgeMs: 300 } });
    const summary = await runCamera(config, { logger: silent });
    expectConsistent(summary);
    expect(summary.captured).toBeGreaterThan(100);
    expect(summary.shedHere).toBeGreaterThan(50);
    expect(summary.processed).toBeGreaterThan(15);
    const sequences = peer.seen.map((f) => f.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    // Up to a buffer of the transport may age on the way beyond the limit at sending.
    for (const f of peer.seen) expect(f.ageMs).toBeLessThan(300 + 300);
  });

  it('begins with what is new where the ingestor comes late, and ends in order when stopped', async () => {
    const early = await startPeer();
    await early.stop();
    const stop = new AbortController();
    const config = live(early, { limits: { maxAgeMs: 200, connectTimeoutMs: 300 } });
    const running = runCamera(config, { logger: silent, signal: stop.signal });
    // Long enough for several frames to grow old, also on a busy machine.
    await sleep(2_000);
    const peer = await peerOf(undefined, early.address.port);
    await until(() => peer.seen.length > 10);
    stop.abort();
    const summary = await running;
    expect(peer.seen[0]?.ageMs).toBeLessThan(1_000);
    expect(summary.shedHere).toBeGreaterThan(0);
    expectConsistent(summary);
  });

  it('notices within seconds that the ingestor hangs, and goes on over a new connection', async () => {
    const peer = await peerOf();
    const proxy = await startProxy(peer.address);
    cleanups.push(() => proxy.close());
    const stop = new AbortController();
    const events: string[] = [];
    const running = runCamera(live(proxy, { source: loop() }), {
      logger: silent,
      signal: stop.signal,
      onEvent: ({ kind }) => events.push(kind),
    });
    await until(() => peer.seen.length > 5);
    proxy.hang();
    const hungMs = Date.now();
    const before = peer.seen.length;
    await until(() => events.includes('disconnected'));
    expect(Date.now() - hungMs).toBeLessThan(8_000);
    await until(() => peer.seen.length > before + 5);
    stop.abort();
    const summary = await running;
    expect(summary.unanswered).toBeGreaterThan(0);
    expectConsistent(summary);
    const sequences = peer.seen.map((f) => f.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  }, 20_000);

  it('takes RTSP with a password, and opens it again when the camera restarts', async () => {
    const camera = await startRtspCamera();
    cleanups.push(() => camera.close());
    const peer = await peerOf();
    const stop = new AbortController();
    const running = runCamera(live(peer, { source: camera.url, framesPerS: 10 }), {
      logger: silent,
      signal: stop.signal,
    });
    await until(() => peer.seen.length >= 5);
    camera.cut();
    const before = peer.seen.length;
    await until(() => peer.seen.length >= before + 5);
    stop.abort();
    const summary = await running;
    expectConsistent(summary);
    expect(camera.requests.filter((r) => r === 'PLAY')).toHaveLength(2);
    for (const f of peer.seen) expect(f.startsAs).toBe('ffd8ff');
  }, 30_000);

  it('replaces the ffmpeg of a stream, which keeps pieces of pictures, without a gap', async () => {
    const camera = await startRtspCamera();
    cleanups.push(() => camera.close());
    const peer = await peerOf();
    const stop = new AbortController();
    const failures: unknown[] = [];
    const limits = { readerLifeMs: 500, handOverMs: 10_000 };
    const running = runCamera(live(peer, { source: camera.url, framesPerS: 10, limits }), {
      logger: silent,
      signal: stop.signal,
      onEvent: (e) => e.kind === 'source failed' && failures.push(e.error),
    });
    await until(() => camera.requests.filter((r) => r === 'PLAY').length >= 4);
    // The one that goes and its successor, and never a third.
    expect(camera.watchers()).toBeLessThanOrEqual(2);
    const before = peer.seen.length;
    await until(() => peer.seen.length >= before + 5);
    stop.abort();
    expectConsistent(await running);
    expect(failures).toEqual([]);
    const capturedUs = peer.seen.map((f) => f.capturedUs);
    expect(capturedUs).toEqual([...new Set(capturedUs)].sort((a, b) => a - b));
    await until(() => camera.watchers() === 0);
  }, 30_000);

  it('replaces it with a gap where the camera lets only one read, and says so', async () => {
    const camera = await startRtspCamera(1);
    cleanups.push(() => camera.close());
    const peer = await peerOf();
    const stop = new AbortController();
    const failures: string[] = [];
    // It has to live until it has looked at the stream and given pictures.
    const limits = { readerLifeMs: 4_000, handOverMs: 500 };
    const running = runCamera(live(peer, { source: camera.url, framesPerS: 10, limits }), {
      logger: silent,
      signal: stop.signal,
      onEvent: (e) => e.kind === 'source failed' && failures.push(e.error.message),
    });
    await until(() => failures.length >= 1);
    const before = peer.seen.length;
    await until(() => peer.seen.length >= before + 3);
    stop.abort();
    expectConsistent(await running);
    expect(failures[0]).toContain('does the camera allow two readers for a moment?');
  }, 30_000);

  it('opens a stream again that ends, and numbers on', async () => {
    let connections = 0;
    const media = readFileSync(join(folder, 'stream.ts'));
    const server = createServer((socket) => {
      connections++;
      socket.on('error', () => undefined).end(media.subarray(0, media.length / 3));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const peer = await peerOf();
    const stop = new AbortController();
    const running = runCamera(live(peer, { source: `tcp://127.0.0.1:${port}` }), {
      logger: silent,
      signal: stop.signal,
    });
    await until(() => connections >= 3 && peer.seen.length > 2);
    stop.abort();
    expectConsistent(await running);
    const sequences = peer.seen.map((f) => f.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('opens a stream again that stalls', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const peer = await peerOf();
    const stop = new AbortController();
    const failures: string[] = [];
    const config = live(peer, {
      source: `tcp://user:secret@127.0.0.1:${port}`,
      limits: { stallMs: 300 },
    });
    const running = runCamera(config, {
      logger: silent,
      signal: stop.signal,
      onEvent: (e) => e.kind === 'source failed' && failures.push(e.error.message),
    });
    await until(() => failures.length >= 2);
    stop.abort();
    await running;
    expect(failures.join()).not.toContain('secret');
  });

  it('counts into the metrics of its service, and stops with it', async () => {
    const peer = await peerOf();
    const config = readConfig(cameraSchema, {
      HITONAMI_CAMERA_SITE: 'test',
      HITONAMI_CAMERA_ID: 'c1',
      HITONAMI_CAMERA_SOURCE: loop(),
      HITONAMI_CAMERA_INGESTOR: `127.0.0.1:${peer.address.port}`,
      HITONAMI_CAMERA_FRAMES_PER_S: '20',
    });
    const metrics = createMetrics('test');
    const running = await startService(cameraService(), config, {
      logger: silent,
      metrics,
      health: new Health(),
    });
    await until(() => peer.seen.length > 5);
    expect((await running.stop()).state).toBe('stopped');
    const text = await metrics.text();
    expect(text).toMatch(/hitonami_camera_frames_total\{.*outcome="processed".*\} [1-9]/);
    expect(text).toMatch(/hitonami_camera_connected\{.*\} [01]/);
  });
});
