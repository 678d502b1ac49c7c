import {
  createGrpcServer,
  createMetrics,
  followPlans,
  publishPlan,
  type DoorHandler,
  type Frame,
  type Metrics,
} from '@hitonami/service';
import { startInferencePool } from '@hitonami/vision';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { brightnessDetector, modelFolder } from '../../../packages/vision/test/tiny-model.js';
import { openTestLog, temporaryFolder } from '../../../test/support/event-log.js';
import { Cameras } from '../src/cameras.js';
import { frameDoor } from '../src/frame-door.js';
import { ingestorMetrics } from '../src/metrics.js';
import { Permits } from '../src/permits.js';
import { Publisher } from '../src/publisher.js';
import type { Conversation } from './support.js';
import {
  collectEnds,
  frame,
  openFrames,
  picture,
  SIDE,
  silent,
  station,
  timeOf,
} from './support.js';

// Received = processed + shed + rejected + in flight, and destroyed = received − in flight: read from the registry as
// Prometheus reads it, at rest and in the middle of the work, while every image that came in is watched.

const ends = collectEnds();
afterAll(ends.run);

const models = modelFolder();
ends.add(models.remove);
const folder = temporaryFolder('accounting');
ends.add(folder.remove);
const log = await openTestLog(folder.path);
ends.add(() => log.close());
await publishPlan(log, station(), Date.now() * 1000);
const plans = await followPlans(log, silent);
ends.add(() => plans.stop());
const modelPath = models.put('brightness.onnx', brightnessDetector(SIDE));
const pool = await startInferencePool({ modelPath, workers: 1 });
ends.add(() => pool.close());

/** The frame door over real gRPC, with a tap that keeps hold of every image that passes. */
async function openDoor() {
  const metrics = createMetrics('test');
  const images: Buffer[] = [];
  const cameras = new Cameras(new Permits(2), 1);
  const door = frameDoor({
    plans,
    cameras,
    pool,
    publisher: new Publisher(log, silent),
    metrics: ingestorMetrics(metrics),
    logger: silent,
  });
  const tapped: DoorHandler<'FrameIngest'> = (stream, stopping) => {
    const iterate = stream[Symbol.asyncIterator].bind(stream);
    stream[Symbol.asyncIterator] = async function* () {
      for await (const one of { [Symbol.asyncIterator]: iterate }) {
        images.push(one.image);
        yield one;
      }
    };
    return door(stream, stopping);
  };
  const server = await createGrpcServer({
    address: { host: '127.0.0.1', port: 0 },
    implementations: { FrameIngest: tapped },
    logger: silent,
    limits: { messageBytesMax: 16 * 1024 * 1024 },
  });
  return { metrics, images, server, cameras };
}

async function totals(metrics: Metrics): Promise<Record<string, number>> {
  const sums: Record<string, number> = {
    received: 0,
    processed: 0,
    shed: 0,
    rejected: 0,
    destroyed: 0,
    inFlight: 0,
  };
  for (const [, name = '', value] of (await metrics.text()).matchAll(
    /^hitonami_frames_(\w+)\{.*\} (\d+)$/gm,
  )) {
    const key = name === 'in_flight' ? 'inFlight' : name.replace('_total', '');
    sums[key] = (sums[key] ?? 0) + Number(value);
  }
  return sums;
}

const square = await picture(16, 32);
const kinds: Record<string, (n: number) => Partial<Frame>> = {
  good: () => ({}),
  'of another camera': () => ({ camera: 'eye-2' }),
  broken: () => ({ image: Buffer.from('no image') }),
  empty: () => ({ image: Buffer.alloc(0) }),
  'of an unknown camera': () => ({ camera: 'ghost' }),
  'from the future': () => ({ capturedUs: (Date.now() + 60_000) * 1000 }),
  'out of order': (n) => ({ sequence: Math.max(0, n - 3) }),
  'sent again': (n) => ({ sequence: Math.max(0, n - 1), capturedUs: timeOf(Math.max(0, n - 1)) }),
};

const balanced = (t: Record<string, number>): void => {
  const settled = (t['processed'] ?? 0) + (t['shed'] ?? 0) + (t['rejected'] ?? 0);
  expect({ ...t, received: settled + (t['inFlight'] ?? 0) }).toEqual(t);
  expect({ ...t, destroyed: (t['received'] ?? 0) - (t['inFlight'] ?? 0) }).toEqual(t);
};

it('the books balance through any mix of frames, every frame has one receipt, and every image is overwritten', async () => {
  let seenInFlight = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(kinds)), { minLength: 1, maxLength: 40 }),
      async (mix) => {
        const { metrics, images, server, cameras } = await openDoor();
        const door: Conversation<Frame, { sequence: number }> = openFrames({
          address: server.address,
        });
        const samples: Record<string, number>[] = [];
        const sending = door.send(...mix.map((kind, n) => frame(n, square, kinds[kind]?.(n))));
        while (door.receipts.length < mix.length) {
          samples.push(await totals(metrics));
          await new Promise((resolve) => setImmediate(resolve));
        }
        await sending;
        await door.end();
        for (const sample of samples) balanced(sample);
        seenInFlight += samples.filter(({ inFlight = 0 }) => inFlight > 0).length;
        const rest = await totals(metrics);
        balanced(rest);
        expect(rest).toMatchObject({ received: mix.length, inFlight: 0 });
        expect(door.receipts).toHaveLength(mix.length);
        expect(images).toHaveLength(mix.length);
        expect(images.every((image) => image.every((byte) => byte === 0))).toBe(true);
        await server.stop(1_000);
        await cameras.close();
      },
    ),
    { numRuns: 15 },
  );
  // The samples were taken in the middle of the work, not only around it.
  expect(seenInFlight).toBeGreaterThan(10);
});
