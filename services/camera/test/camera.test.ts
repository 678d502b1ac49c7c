import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGrpcServer } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { lentOrSkip } from '../../../test/support/require.js';
import { clipPictures, runCamera, type CameraConfig, type CameraSummary } from '../src/index.js';
import { silent, startPeer, until } from './support/peer.js';
import {
  START_US,
  base,
  cleanups,
  expectConsistent,
  folder,
  hasFfmpeg,
  oneTo,
  peerOf,
  pictures,
} from './support/bench.js';

const REAL_CLIP = fileURLToPath(
  new URL('../../../../shared/data/tud-campus/clip.mp4', import.meta.url),
);
const hasClip = lentOrSkip(
  'a real clip',
  existsSync(REAL_CLIP),
  `put one at ../shared/data/tud-campus`,
);

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

  it.skipIf(!hasFfmpeg).each([
    ['whole.mp4', ['-movflags', '+faststart']],
    ['whole.ts', []],
    ['whole.mkv', []],
    ['whole.avi', []],
  ])(
    'half of %s is not taken for all of it, though ffmpeg itself ends content; the whole is',
    async (name, options) => {
      const whole = join(folder, name);
      const drawn = ['-f', 'lavfi', '-i', 'testsrc=size=320x240:rate=10', '-t', '6'];
      execFileSync('ffmpeg', ['-v', 'error', ...drawn, '-c:v', 'mpeg2video', ...options, whole]);
      const bytes = readFileSync(whole);
      const half = join(folder, `half-${name}`);
      writeFileSync(half, bytes.subarray(0, bytes.length / 2));
      const count = async (source: string): Promise<number> => {
        let pictures = 0;
        const { signal } = new AbortController();
        for await (const picture of clipPictures(source, {}, signal)) pictures += +!!picture.length;
        return pictures;
      };
      expect(await count(whole)).toBe(60);
      const fault = { code: 'INPUT', message: expect.stringContaining('damaged or cut short') };
      await expect(count(half)).rejects.toMatchObject(fault);
      const peer = await peerOf();
      await expect(run({ source: half, ingestor: peer.address })).rejects.toMatchObject(fault);
    },
  );

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
