import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import {
  Health,
  createGrpcServer,
  createMetrics,
  readConfig,
  startService,
} from '@hitonami/service';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { lentOrSkip, requireOrSkip } from '../../../test/support/require.js';
import {
  cameraSchema,
  cameraService,
  runCamera,
  type CameraConfig,
  type CameraSummary,
} from '../src/index.js';
import { startRtspCamera } from './support/rtsp.js';
import { silent, startPeer, startProxy, until, type Peer } from './support/peer.js';

const hasFfmpeg = requireOrSkip(
  'ffmpeg',
  spawnSync('ffmpeg', ['-version']).status === 0,
  'install ffmpeg (a Debian package) to test the camera agent on videos',
);
const REAL_CLIP = fileURLToPath(
  new URL('../../../../shared/data/tud-campus/clip.mp4', import.meta.url),
);
const hasClip = lentOrSkip(
  'a real clip',
  existsSync(REAL_CLIP),
  `put one at ../shared/data/tud-campus`,
);

const START_US = 1_775_000_000_000_000;
const folder = mkdtempSync(join(tmpdir(), 'hitonami-camera-'));
const clip = join(folder, "it's a clip.mp4");
const pictures = join(folder, 'pictures');

beforeAll(() => {
  if (!hasFfmpeg) return;
  const make = (...args: string[]): void => {
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=320x240:rate=10',
      ...args,
    ]);
  };
  make('-t', '6', '-c:v', 'mpeg4', clip);
  make('-t', '6', '-c:v', 'mpeg2video', '-f', 'mpegts', join(folder, 'stream.ts'));
  mkdirSync(pictures);
  make('-frames:v', '12', join(pictures, 'p%d.png'));
  writeFileSync(join(pictures, 'notes.txt'), 'not a picture');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function peerOf(...args: Parameters<typeof startPeer>): Promise<Peer> {
  const peer = await startPeer(...args);
  cleanups.push(() => peer.stop());
  return peer;
}

const base = (peer: Pick<Peer, 'address'>, change: Partial<CameraConfig> = {}): CameraConfig => ({
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

const live = (peer: Pick<Peer, 'address'>, change: Partial<CameraConfig> = {}): CameraConfig => {
  const { startUs: _, ...config } = base(peer, { mode: 'live', framesPerS: 20, ...change });
  return config;
};

const oneTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

function expectConsistent(s: CameraSummary): void {
  expect(s.captured).toBe(s.sent + s.shedHere);
  expect(s.sent).toBe(s.processed + s.shedThere + s.rejected + s.unanswered);
  expect(s.shed).toBe(s.shedHere + s.shedThere);
}

describe('pictures made in this process', () => {
  it('are sent in their order, from nothing but their stream, until it ends', async () => {
    const peer = await peerOf();
    const made = async function* (): AsyncGenerator<Buffer> {
      for (const size of [5, 6, 7]) yield await Promise.resolve(Buffer.alloc(size, 0xff));
    };
    const summary = await runCamera(base(peer, { source: 'a simulator', pictures: made }), {
      logger: silent,
    });
    expect(peer.seen.map((f) => f.bytes)).toEqual([5, 6, 7]);
    expect(summary).toMatchObject({ captured: 3, processed: 3 });
  });
});

describe.skipIf(!hasFfmpeg)('a lossless replay', () => {
  it('sends every frame at the frame rate, in order, with the time that the start and the rate give', async () => {
    const peer = await peerOf();
    const receipts: number[] = [];
    const summary = await runCamera(base(peer), {
      logger: silent,
      onReceipt: (r) => receipts.push(r.sequence),
    });
    expect(summary).toMatchObject({
      captured: 30,
      sent: 30,
      processed: 30,
      shed: 0,
      people: 30,
      reconnects: 0,
    });
    expectConsistent(summary);
    expect(receipts).toEqual(oneTo(30));
    expect(peer.seen.map((f) => f.capturedUs)).toEqual(
      oneTo(30).map((n) => START_US + (n - 1) * 200_000),
    );
    for (const f of peer.seen) expect([f.startsAs, f.periodUs]).toEqual(['ffd8ff', 200_000]);
  });

  it('sends every picture of the video once where it is not to be resampled', async () => {
    const peer = await peerOf();
    await runCamera(base(peer, { video: { resample: false } }), { logger: silent });
    expect(peer.seen.map((f) => f.sequence)).toEqual(oneTo(60));
  });

  it('keeps no more frames unanswered than it may, however slow the ingestor is', async () => {
    const peer = await peerOf(async () => {
      await sleep(10);
      return { processed: { people: 0 } };
    });
    const summary = await runCamera(base(peer, { limits: { inFlightMax: 3 } }), { logger: silent });
    expect(peer.mostWaiting).toBe(3);
    expect(summary.processed).toBe(30);
  });

  it('sends a folder of pictures as they are, in the order of the numbers in their names', async () => {
    const peer = await peerOf();
    await runCamera(base(peer, { source: pictures }), { logger: silent });
    expect(peer.seen.map((f) => f.startsAs)).toEqual(oneTo(12).map(() => '89504e'));
    const sizes = oneTo(12).map((n) => readFileSync(join(pictures, `p${n}.png`)).length);
    expect(peer.seen.map((f) => f.bytes)).toEqual(sizes);
  });

  it('loses and doubles nothing when the ingestor is killed and comes back, twice', async () => {
    let peer = await peerOf(async () => {
      await sleep(5);
      return { processed: { people: 1 } };
    });
    const { port } = peer.address;
    const receipts: number[] = [];
    const running = runCamera(base(peer), {
      logger: silent,
      onReceipt: (r) => receipts.push(r.sequence),
    });
    for (const after of [5, 15]) {
      await until(() => receipts.length >= after);
      await peer.stop();
      await sleep(100);
      peer = await peerOf(undefined, port);
    }
    const summary = await running;
    expect(receipts).toEqual(oneTo(30));
    expect(summary.reconnects).toBeGreaterThanOrEqual(1);
    expect(summary.sent).toBe(30);
    expectConsistent(summary);
  });

  it('takes a stream that ends between two frames for a disconnect, not for the end of the replay', async () => {
    let ends = 0;
    const server = await createGrpcServer({
      address: { host: '127.0.0.1', port: 0 },
      logger: silent,
      implementations: {
        FrameIngest: async (stream) => {
          for await (const { site, camera, sequence } of stream) {
            stream.write({ site, camera, sequence, processed: { people: 1 } });
            if (sequence === 7 && ends++ === 0) return;
          }
        },
      },
    });
    cleanups.push(() => server.stop(0));
    const config = base(server, { limits: { inFlightMax: 1 } });
    const summary = await runCamera(config, { logger: silent });
    expect(summary).toMatchObject({ sent: 30, processed: 30, shed: 0, reconnects: 1 });
  });

  it('sends frames again that a stopping ingestor gave up', async () => {
    let isStopping = true;
    const peer = await peerOf(({ sequence }) => {
      if (sequence === 4 && isStopping) {
        isStopping = false;
        return { shed: { reason: 'SHED_REASON_STOPPING' } };
      }
      return { processed: { people: 1 } };
    });
    const summary = await runCamera(base(peer), { logger: silent });
    expect(summary).toMatchObject({ sent: 30, processed: 30, shed: 0 });
    expect(summary.resent).toBeGreaterThanOrEqual(1);
  });

  it('fails where the ingestor sheds for its queue, since the replay is then not lossless', async () => {
    const peer = await peerOf(({ sequence }) =>
      sequence === 3
        ? { shed: { reason: 'SHED_REASON_NEWER_FRAME' } }
        : { processed: { people: 1 } },
    );
    await expect(runCamera(base(peer), { logger: silent })).rejects.toThrow(
      /shed frame 3 of a lossless replay/,
    );
  });

  it('counts rejected frames and goes on', async () => {
    const peer = await peerOf(({ sequence }) =>
      sequence % 2 === 0
        ? { rejected: { reason: 'REJECT_REASON_UNDECODABLE', detail: 'broken' } }
        : { processed: { people: 2 } },
    );
    const summary = await runCamera(base(peer), { logger: silent });
    expect(summary).toMatchObject({ processed: 15, rejected: 15, people: 30 });
  });

  it('gives up, saying why, where nobody answers for too long', async () => {
    const peer = await startPeer();
    await peer.stop();
    const config = base(peer, { limits: { giveUpAfterMs: 300, connectTimeoutMs: 200 } });
    await expect(runCamera(config, { logger: silent })).rejects.toThrow(
      /got nowhere for 300 ms: Nobody answers at 127.0.0.1/,
    );
  });

  it('gives up a connection that takes frames and answers none', async () => {
    let answers = 0;
    const peer = await peerOf(() => (answers++ < 3 ? undefined : { processed: { people: 1 } }));
    const config = base(peer, { limits: { receiptTimeoutMs: 200 } });
    const summary = await runCamera(config, { logger: silent });
    expect(summary).toMatchObject({ processed: 30, unanswered: 0 });
    expect(summary.reconnects).toBeGreaterThanOrEqual(1);
  });
});

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

/** A video that outlasts any test. */
function loop(): string {
  const path = join(folder, 'long.mp4');
  if (!existsSync(path)) {
    const source = 'testsrc=size=160x120:rate=20';
    execFileSync('ffmpeg', [
      '-v',
      'error',
      '-f',
      'lavfi',
      '-i',
      source,
      '-t',
      '60',
      '-c:v',
      'mpeg4',
      path,
    ]);
  }
  return path;
}

describe('what cannot work', () => {
  const nowhere = { address: { host: '127.0.0.1', port: 9 } };
  const run = (change: Partial<CameraConfig>): Promise<CameraSummary> =>
    runCamera(base(nowhere, change), { logger: silent });

  it('says that ffmpeg is missing, and what to do', async () => {
    const path = join(folder, 'any.mp4');
    writeFileSync(path, 'x');
    await expect(run({ source: path, video: { ffmpeg: '/no/such/ffmpeg' } })).rejects.toMatchObject(
      {
        code: 'CONFIG',
        message: expect.stringContaining(
          "the program '/no/such/ffmpeg' was not found; install ffmpeg",
        ) as string,
      },
    );
  });

  it.skipIf(!hasFfmpeg)('says what ffmpeg said of a file that is no video', async () => {
    const path = join(folder, 'broken.mp4');
    writeFileSync(path, Buffer.alloc(5_000, 'nonsense'));
    await expect(run({ source: path })).rejects.toMatchObject({
      code: 'INPUT',
      message: expect.stringMatching(
        /has no picture that can be read: ffmpeg ended.*Invalid data/s,
      ) as string,
    });
  });

  it('names a path that is not there', async () => {
    await expect(run({ source: '/no/such/clip.mp4' })).rejects.toThrow(
      '/no/such/clip.mp4 cannot be read',
    );
  });

  it('names a folder without pictures, and a picture that is too large', async () => {
    const empty = mkdtempSync(join(folder, 'empty-'));
    await expect(run({ source: empty })).rejects.toThrow('holds no .jpg, .png or .webp picture');
    writeFileSync(join(empty, 'a.jpg'), Buffer.alloc(2_000));
    await expect(run({ source: empty, limits: { frameBytesMax: 1_000 } })).rejects.toThrow(
      /a\.jpg has 2000 bytes, more than the limit of 1000/,
    );
  });

  it.skipIf(!hasFfmpeg)('names the limit where a picture of a video is larger', async () => {
    await expect(run({ limits: { frameBytesMax: 2_000 } })).rejects.toThrow(
      'a picture of the source has more than 2000 bytes',
    );
  });

  it.skipIf(!hasFfmpeg)('ends at once where the server has no such door', async () => {
    const server = await createGrpcServer({
      address: { host: '127.0.0.1', port: 0 },
      logger: silent,
      implementations: {},
    });
    cleanups.push(() => server.stop(0));
    await expect(runCamera(base(server), { logger: silent })).rejects.toMatchObject({
      code: 'CONFIG',
    });
  });

  it.skipIf(!hasFfmpeg)('stopped before it connected, it ends with a summary', async () => {
    const stop = new AbortController();
    const running = runCamera(base(nowhere), { logger: silent, signal: stop.signal });
    await sleep(200);
    stop.abort();
    const summary = await running;
    expect(summary.sent).toBe(0);
    expectConsistent(summary);
  });
});

describe.skipIf(!hasFfmpeg || !hasClip)('a real clip', () => {
  it('comes out picture by picture', async () => {
    const peer = await peerOf();
    const config = base(peer, { source: REAL_CLIP, framesPerS: 20, video: { resample: false } });
    const summary = await runCamera(config, { logger: silent });
    expect(summary).toMatchObject({ captured: 71, processed: 71 });
  });
});
