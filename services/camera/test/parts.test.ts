import { readConfig } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { Backoff } from '../src/backoff.js';
import { completeConfig, type CameraConfig } from '../src/camera-config.js';
import { cameraConfigOf, cameraSchema } from '../src/index.js';
import { ffmpegArguments } from '../src/ffmpeg-source.js';
import { FrameQueue, type CapturedFrame } from '../src/frame-queue.js';
import { hideCredentials, hideCredentialsIn } from '../src/hide-credentials.js';

const frame = (sequence: number): CapturedFrame => ({
  sequence,
  capturedUs: 0,
  image: Buffer.alloc(1),
});
const never = new AbortController().signal;
const config: CameraConfig = {
  site: 's',
  camera: 'c',
  source: 'rtsp://user:pa:ss@10.0.0.1/stream',
  ingestor: { host: '127.0.0.1', port: 1 },
  framesPerS: 5,
  mode: 'live',
};

describe('the queue between capture and sending', () => {
  it('live: the newest wins, and what it displaced is given up', async () => {
    const shed: number[] = [];
    const queue = new FrameQueue('live', 1, (f) => shed.push(f.sequence));
    for (const n of [1, 2, 3]) await queue.put(frame(n));
    expect((await queue.take(never))?.sequence).toBe(3);
    expect(shed).toEqual([1, 2]);
  });

  it('lossless: the giver waits for room, and nothing is given up', async () => {
    const queue = new FrameQueue('lossless', 2, () => expect.fail('shed'));
    const given: number[] = [];
    const giving = (async () => {
      for (const n of [1, 2, 3, 4]) {
        await queue.put(frame(n));
        given.push(n);
      }
      queue.close();
    })();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(given).toEqual([1, 2]);
    const taken: number[] = [];
    for (let f = await queue.take(never); f; f = await queue.take(never)) taken.push(f.sequence);
    await giving;
    expect(taken).toEqual([1, 2, 3, 4]);
  });

  it('a taker that is called off takes nothing', async () => {
    const queue = new FrameQueue('lossless', 2, () => undefined);
    const calledOff = new AbortController();
    const taking = queue.take(calledOff.signal);
    calledOff.abort();
    expect(await taking).toBeUndefined();
    await queue.put(frame(1));
    expect((await queue.take(never))?.sequence).toBe(1);
  });
});

describe('the waits before trying again', () => {
  it('double to their bound, are shortened by chance, and begin anew after a success', () => {
    const longest = new Backoff(100, 1_000, () => 0);
    expect(Array.from({ length: 6 }, () => longest.next())).toEqual([
      100, 200, 400, 800, 1000, 1000,
    ]);
    longest.reset();
    expect(longest.next()).toBe(100);
    expect(new Backoff(100, 1_000, () => 1).next()).toBe(50);
  });
});

describe('the ffmpeg command', () => {
  it('takes RTSP over TCP, at the frame rate, no wider than asked', () => {
    const line = ffmpegArguments(completeConfig({ ...config, video: { maxWidth: 640 } })).join(' ');
    expect(line).toContain('-rtsp_transport tcp -i rtsp://user:pa:ss@10.0.0.1/stream');
    expect(line).toContain("-vf fps=5,scale='min(640,iw)':-2");
    expect(line).toContain('-f image2pipe pipe:1');
  });

  it('never takes a path for an option or another protocol', () => {
    for (const source of ['-y', 'concat:a|b', "it's; rm.mp4"]) {
      const args = ffmpegArguments(completeConfig({ ...config, source }));
      expect(args[args.indexOf('-i') + 1]).toMatch(/^file:\//);
      expect(args[args.indexOf('-protocol_whitelist') + 1]).toBe('file');
    }
  });
});

describe('credentials in a source', () => {
  it('are never shown', () => {
    expect(hideCredentials(config.source)).toBe('rtsp://***@10.0.0.1/stream');
    expect(hideCredentials('/a/b@c.mp4')).toBe('/a/b@c.mp4');
    const said = `${config.source}: 401; tried user:pa:ss`;
    expect(hideCredentialsIn(said, config.source)).toBe(
      'rtsp://***@10.0.0.1/stream: 401; tried ***',
    );
  });
});

describe('the configuration', () => {
  const environment = {
    HITONAMI_CAMERA_SITE: 'shibuya',
    HITONAMI_CAMERA_ID: 'gate-1',
    HITONAMI_CAMERA_SOURCE: 'rtsp://camera/stream',
  };

  it('is read from the environment, with its defaults', () => {
    expect(cameraConfigOf(readConfig(cameraSchema, environment))).toMatchObject({
      site: 'shibuya',
      camera: 'gate-1',
      ingestor: { host: '127.0.0.1', port: 50051 },
      framesPerS: 5,
      mode: 'live',
      limits: { maxAgeMs: 1000, inFlightMax: 2, frameBytesMax: 4_194_304 },
    });
  });

  it.each([
    ['archive/last-year.mp4', true],
    ['file:///archive/last-year.mp4', true],
    ['concat:a.ts|b.ts', true],
    ['rtsp://camera.example.org/stream', false],
  ])('says of %s whether it was recorded before: %s', (source, isRecorded) => {
    const read = readConfig(cameraSchema, { ...environment, HITONAMI_CAMERA_SOURCE: source });
    expect(cameraConfigOf(read)).toMatchObject({ isRecorded });
  });

  it('takes a replay with its start', () => {
    const replay = {
      ...environment,
      HITONAMI_CAMERA_SOURCE: 'clip.mp4',
      HITONAMI_CAMERA_MODE: 'lossless',
      HITONAMI_CAMERA_START: '2026-04-01T08:00:00+09:00',
      HITONAMI_CAMERA_FRAMES_PER_S: '2.5',
    };
    const read = cameraConfigOf(readConfig(cameraSchema, replay));
    expect(read).toMatchObject({ framesPerS: 2.5, startUs: Date.UTC(2026, 2, 31, 23) * 1_000 });
  });

  it.each([
    [{ HITONAMI_CAMERA_SITE: '' }, 'HITONAMI_CAMERA_SITE is not set'],
    [{ HITONAMI_CAMERA_FRAMES_PER_S: '160' }, 'must be a number from 0.2 to 100'],
    [{ HITONAMI_CAMERA_MODE: 'lossless' }, 'a stream cannot be sent lossless'],
    [{ HITONAMI_CAMERA_START: 'today' }, 'must be a time with its zone'],
    [
      { HITONAMI_CAMERA_START: '2026-04-01T08:00:00Z' },
      'has no meaning with HITONAMI_CAMERA_MODE=live',
    ],
    [{ HITONAMI_CAMERA_SORCE: 'x' }, 'did you mean HITONAMI_CAMERA_SOURCE?'],
  ])('refuses %j', (change, message) => {
    expect(() => readConfig(cameraSchema, { ...environment, ...change })).toThrow(message);
  });

  it.each([
    [{ framesPerS: NaN }, 'framesPerS'],
    [{ source: '' }, 'source'],
    [{ mode: 'lossless' as const, source: 'clip.mp4' }, 'needs startUs'],
    [{ startUs: 5 }, 'startUs has no meaning'],
    [{ limits: { inFlightMax: 0 } }, 'limits.inFlightMax'],
  ])('refuses %j in code too', (change, message) => {
    expect(() => completeConfig({ ...config, ...change })).toThrow(message);
  });
});
