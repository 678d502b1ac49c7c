import { HitonamiError } from '@hitonami/model';
import { type InferencePool, startInferencePool } from '@hitonami/vision';
import type { Worker } from 'node:worker_threads';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brightnessDetector, modelFolder } from './tiny-model.js';

const SIDE = 64;
const models = modelFolder();
const modelPath = models.put('brightness.onnx', brightnessDetector(SIDE));
afterAll(() => {
  models.remove();
});

type Rgb = readonly [number, number, number];

/** A black picture with one square of 8 × 8 pixels. */
function square(left: number, top: number, colour: Rgb = [255, 255, 255], side = SIDE): Sharp {
  const pixels = Buffer.alloc(side * side * 3);
  for (let y = top; y < top + 8; y++) {
    for (let x = left; x < left + 8; x++) pixels.set(colour, (y * side + x) * 3);
  }
  return sharp(pixels, { raw: { width: side, height: side, channels: 3 } });
}

const png = (left: number, top: number, colour?: Rgb): Promise<Buffer> =>
  square(left, top, colour).png().toBuffer();

/** A grey JPEG full of detail, for what needs a picture that takes its time. */
async function largeJpeg(side = 3000): Promise<Buffer> {
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  return sharp({ create: { width: side, height: side, channels: 3, background: 'black', noise } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function errorOf(promise: Promise<unknown>): Promise<HitonamiError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HitonamiError);
  return error as HitonamiError;
}

/** The worker threads that are started while `body` runs. */
async function withThreads<T>(body: (threads: Worker[]) => Promise<T>): Promise<T> {
  const threads: Worker[] = [];
  const onWorker = (worker: Worker): void => void threads.push(worker);
  process.on('worker', onWorker);
  try {
    return await body(threads);
  } finally {
    process.off('worker', onWorker);
  }
}

describe('an inference pool', () => {
  let pool: InferencePool;
  beforeAll(async () => {
    pool = await startInferencePool({ modelPath, workers: 2 });
  });
  afterAll(async () => {
    await pool.close();
  });

  it('finds what the model sees, in the pixels of the picture', async () => {
    const found = await pool.detect(await png(16, 32), { threshold: 0.9 });
    expect(found).toMatchObject({ width: SIDE, height: SIDE, count: 1 });
    expect([...found.boxes]).toEqual([16, 32, 24, 40]);
    expect([...found.kinds]).toEqual([0]);
    expect(found.scores[0]).toBeCloseTo(1, 5);
    expect(found.saturation).toBeCloseTo(1 / 300, 6);
    expect(found.timing.totalMs).toBeGreaterThan(0);
  });

  it('gives the network its channels in the order of its family: blue first', async () => {
    const blue = await pool.detect(await png(0, 0, [0, 0, 255]), { threshold: 0.9 });
    const red = await pool.detect(await png(0, 0, [255, 0, 0]), { threshold: 0.9 });
    expect([blue.count, red.count]).toEqual([1, 0]);
  });

  it('reports only what stands inside the region', async () => {
    const region = [
      [0, 0],
      [64, 0],
      [64, 36],
      [0, 36],
    ] as const;
    const outside = await pool.detect(await png(16, 32), { threshold: 0.9, region });
    const inside = await pool.detect(await png(16, 24), { threshold: 0.9, region });
    expect([outside.count, inside.count]).toEqual([0, 1]);
  });

  it('keeps the proportions of a picture, and the padding out of the answer', async () => {
    // Twice as wide as high: it fills the upper half of the network's input.
    const wide = await square(32, 32, [255, 255, 255], 128)
      .extract({ left: 0, top: 0, width: 128, height: 64 })
      .resize(256, 128, { kernel: 'nearest' })
      .png()
      .toBuffer();
    const found = await pool.detect(wide, { threshold: 0.2 });
    expect(found).toMatchObject({ width: 256, height: 128, count: 1 });
    expect([...found.boxes]).toEqual([64, 64, 96, 96]);
  });

  it('serves more calls at once than it has workers, each with its own answer', async () => {
    const places = Array.from(
      { length: 40 },
      (_, i) => [(i % 8) * 8, Math.floor(i / 8) * 8] as const,
    );
    const pictures = await Promise.all(places.map(([left, top]) => png(left, top)));
    const answers = await Promise.all(pictures.map((one) => pool.detect(one, { threshold: 0.9 })));
    expect(answers.map(({ boxes }) => [boxes[0], boxes[1]])).toEqual(places);
  });

  it('takes the same picture as JPEG, PNG or WebP, grey, with alpha, 16 bit, CMYK or turned by Exif', async () => {
    const variants: Record<string, Buffer> = {
      jpeg: await square(16, 32).jpeg({ quality: 100 }).toBuffer(),
      progressive: await square(16, 32).jpeg({ quality: 100, progressive: true }).toBuffer(),
      webp: await square(16, 32).webp({ lossless: true }).toBuffer(),
      grey: await square(16, 32).greyscale().jpeg({ quality: 100 }).toBuffer(),
      'grey png': await square(16, 32).toColourspace('b-w').png().toBuffer(),
      'with alpha': await square(16, 32).ensureAlpha().png().toBuffer(),
      palette: await square(16, 32).png({ palette: true }).toBuffer(),
      '16 bit': await square(16, 32).toColourspace('rgb16').png().toBuffer(),
      cmyk: await square(16, 32).toColourspace('cmyk').jpeg({ quality: 100 }).toBuffer(),
      turned: await square(32, 40)
        .withMetadata({ orientation: 6 })
        .jpeg({ quality: 100 })
        .toBuffer(),
      'turned png': await square(32, 40).withMetadata({ orientation: 6 }).png().toBuffer(),
    };
    for (const [name, image] of Object.entries(variants)) {
      const { count, boxes } = await pool.detect(image, { threshold: 0.8 });
      expect([name, count, ...boxes]).toEqual([name, 1, 16, 32, 24, 40]);
    }
  });

  it('shows the padding’s grey where a picture is transparent', async () => {
    const clear = sharp({
      create: {
        width: SIDE,
        height: SIDE,
        channels: 4,
        background: { r: 255, g: 255, b: 255, alpha: 0 },
      },
    });
    const found = await pool.detect(await clear.png().toBuffer(), { threshold: 0 });
    expect(found.scores[0]).toBeCloseTo(114 / 255, 2);
  });

  describe('given what is no picture', () => {
    const whole = square(16, 32).jpeg({ quality: 90 }).toBuffer();
    /** A JPEG's start and frame header: 10 000 × 10 000 pixels. */
    const hugeJpeg = Buffer.from(
      'ffd8ffc0001108271027100301110002110103110100ffda000c03010002110311003f00',
      'hex',
    );
    /** PNG signature and IHDR: 10 000 × 10 000, 8 bit RGB, and nothing after it. */
    const hugePng = Buffer.from(
      '89504e470d0a1a0a0000000d4948445200002710000027100802000000',
      'hex',
    );
    /** An extended WebP whose canvas is 10 000 × 10 000. */
    const hugeWebp = Buffer.from(
      '524946461600000057454250565038580a000000000000000f27000f2700',
      'hex',
    );
    const cases: Record<string, [Promise<Buffer> | Buffer, string, RegExp]> = {
      'nothing at all': [Buffer.alloc(0), 'UNDECODABLE', /empty/],
      'random bytes': [
        Buffer.from('no picture, whatever the sender says'),
        'UNDECODABLE',
        /neither/,
      ],
      'a JPEG cut short': [
        whole.then((b) => b.subarray(0, Math.floor(b.length * 0.7))),
        'UNDECODABLE',
        /decode/,
      ],
      'a JPEG cut at its header': [whole.then((b) => b.subarray(0, 40)), 'UNDECODABLE', /decode/],
      'a PNG cut short': [
        png(8, 8).then((b) => b.subarray(0, b.length - 30)),
        'UNDECODABLE',
        /decode/,
      ],
      'an SVG': [
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
        'UNDECODABLE',
        /neither/,
      ],
      'a GIF': [square(8, 8).gif().toBuffer(), 'UNDECODABLE', /neither/],
      'a JPEG header of 100 megapixels': [hugeJpeg, 'TOO_LARGE', /10000×10000/],
      'a PNG header of 100 megapixels': [hugePng, 'TOO_LARGE', /10000×10000/],
      'a WebP header of 100 megapixels': [hugeWebp, 'TOO_LARGE', /10000×10000/],
      'more bytes than the limit': [
        Buffer.alloc(8 * 1024 * 1024 + 1, 7),
        'TOO_LARGE',
        /8388609 bytes/,
      ],
    };
    it.each(Object.entries(cases))(
      'refuses %s, and finds the next',
      async (_, [given, detail, words]) => {
        const image = Buffer.from(await given);
        const error = await errorOf(pool.detect(image));
        expect(error).toMatchObject({ code: 'INPUT', detail, canRetry: false });
        expect(error.message).toMatch(words);
        expect(image.every((byte) => byte === 0)).toBe(true);
        expect((await pool.detect(await png(40, 8), { threshold: 0.9 })).count).toBe(1);
      },
    );
  });

  it('refuses a threshold or a region that cannot be meant', async () => {
    expect(await errorOf(pool.detect(await png(0, 0), { threshold: 1.5 }))).toMatchObject({
      code: 'CONFIG',
    });
    const region = [[0, 0]] as const;
    expect(await errorOf(pool.detect(await png(0, 0), { region }))).toMatchObject({
      code: 'CONFIG',
    });
  });

  it('forgets: the caller’s bytes and every buffer of the pool are zero afterwards', async () => {
    const large = await largeJpeg(1200);
    const images = Array.from({ length: 12 }, () => Buffer.from(large));
    const underWay = Promise.all(images.map((image) => pool.detect(image)));
    // While pictures are under way the same count is not zero: it does see them.
    const during = await pool.residue();
    expect(during.reduce((sum, { notZero }) => sum + notZero, 0)).toBeGreaterThan(0);
    await underWay;
    await errorOf(pool.detect(Buffer.from(large.subarray(0, 5000))));

    expect(images.every((image) => image.every((byte) => byte === 0))).toBe(true);
    const after = await pool.residue();
    const decoded = after.filter(({ buffer }) => buffer.includes('decoded'));
    expect(decoded.some(({ bytes }) => bytes === SIDE * SIDE * 3)).toBe(true);
    expect(after.filter(({ notZero }) => notZero > 0)).toEqual([]);
  });
});

describe('a pool under pressure', () => {
  it('refuses at once what its queue has no room for, overwrites it, and serves the rest', async () => {
    const pool = await startInferencePool({ modelPath, workers: 1, limits: { queueMax: 2 } });
    const images = await Promise.all(Array.from({ length: 6 }, () => png(8, 8)));
    const calls = images.map((image) => pool.detect(image, { threshold: 0.9 }));
    const error = await errorOf(calls[5] ?? Promise.resolve());
    expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: 'QUEUE_FULL', canRetry: true });
    const served = await Promise.all(calls.slice(0, 5));
    expect(served.every(({ count }) => count === 1)).toBe(true);
    expect(images.every((image) => image.every((byte) => byte === 0))).toBe(true);
    await pool.close();
  });

  it('replaces a worker that is lost: its calls fail and say so, the next succeeds', () =>
    withThreads(async (threads) => {
      const pool = await startInferencePool({ modelPath, workers: 1 });
      const images = await Promise.all(Array.from({ length: 3 }, () => png(8, 8)));
      const calls = images.map((image) => pool.detect(image));
      threads[0]?.postMessage('nonsense');
      for (const call of calls) {
        expect(await errorOf(call)).toMatchObject({ code: 'UNAVAILABLE', detail: 'WORKER_LOST' });
      }
      expect(images.every((image) => image.every((byte) => byte === 0))).toBe(true);
      expect((await pool.detect(await png(8, 8), { threshold: 0.9 })).count).toBe(1);
      expect([pool.restarts, threads.length]).toEqual([1, 2]);
      await pool.close();
    }));

  it('gives up after too many losses, and says so to whoever calls or waits', () =>
    withThreads(async (threads) => {
      const pool = await startInferencePool({ modelPath, workers: 1, limits: { restartsMax: 0 } });
      const images = await Promise.all(Array.from({ length: 5 }, () => png(8, 8)));
      const calls = images.map((image) => pool.detect(image));
      threads[0]?.postMessage('nonsense');
      const details = await Promise.all(calls.map(async (call) => (await errorOf(call)).detail));
      expect(details).toEqual([
        ...Array<string>(3).fill('WORKER_LOST'),
        'NO_WORKERS',
        'NO_WORKERS',
      ]);
      const later = await png(8, 8);
      expect(await errorOf(pool.detect(later))).toMatchObject({ detail: 'NO_WORKERS' });
      expect([...images, later].every((image) => image.every((byte) => byte === 0))).toBe(true);
      await pool.close();
    }));

  it('replaces a worker that does not answer in time', async () => {
    const pool = await startInferencePool({ modelPath, workers: 1, limits: { callMsMax: 20 } });
    const error = await errorOf(pool.detect(await largeJpeg()));
    expect(error).toMatchObject({ code: 'UNAVAILABLE', detail: 'WORKER_LOST' });
    expect(error.message).toMatch(/20 ms/);
    await pool.close();
  });

  it('closes once: what is under way is answered, what waits is refused, and it stays closed', async () => {
    const pool = await startInferencePool({ modelPath, workers: 1 });
    const images = await Promise.all(Array.from({ length: 4 }, () => png(8, 8)));
    const calls = images.map((image) => pool.detect(image, { threshold: 0.9 }));
    const waiting = errorOf(calls[3] ?? Promise.resolve());
    const closed = pool.close();
    expect(pool.close()).toBe(closed);
    const underWay = await Promise.all(calls.slice(0, 3));
    expect(underWay.map(({ count }) => count)).toEqual([1, 1, 1]);
    expect(await waiting).toMatchObject({ code: 'STOPPED' });
    await closed;
    const late = await png(8, 8);
    expect(await errorOf(pool.detect(late))).toMatchObject({ code: 'STOPPED' });
    expect([...images, late].every((image) => image.every((byte) => byte === 0))).toBe(true);
  });
});

describe('starting a pool', () => {
  const start = (path: string): Promise<HitonamiError> =>
    errorOf(startInferencePool({ modelPath: path, workers: 1 }));

  it('says that a file is missing, is no model, or is cut short', async () => {
    expect(await start('/nowhere/model.onnx')).toMatchObject({ code: 'MODEL' });
    const text = await start(models.put('text.onnx', 'not a model, but text'));
    expect(text).toMatchObject({ code: 'MODEL' });
    expect(text.message).toMatch(/text\.onnx/);
    const cut = models.put('cut.onnx', brightnessDetector(SIDE).subarray(0, 500));
    expect(await start(cut)).toMatchObject({ code: 'MODEL' });
  });

  it('obeys the notes beside a model, and names a key that is wrong', async () => {
    const path = models.put('noted.onnx', brightnessDetector(SIDE));
    models.put('noted.json', JSON.stringify({ kinds: ['pram'], threshold: 0.9 }));
    const pool = await startInferencePool({ modelPath: path, workers: 1 });
    const found = await pool.detect(await png(8, 8));
    await pool.close();
    expect([...found.kinds]).toEqual([6]);

    models.put('noted.json', JSON.stringify({ kinds: ['dragon'] }));
    expect((await start(path)).message).toMatch(/noted\.json: kinds must be a list of person/);
  });

  it('refuses options that cannot be meant', async () => {
    const none = await errorOf(startInferencePool({ modelPath, workers: 0 }));
    expect(none).toMatchObject({ code: 'CONFIG' });
    const limit = errorOf(startInferencePool({ modelPath, limits: { imageBytesMax: -1 } }));
    expect((await limit).message).toMatch(/limits\.imageBytesMax/);
  });
});
