import { parentPort, workerData } from 'node:worker_threads';
import { HitonamiError } from '@hitonami/model';
import sharp from 'sharp';
import { toJpeg } from '../picture/jpeg.js';
import type { FrameAnswer, FrameOrder } from './messages.js';
import { type FilmSet, Studio } from './studio.js';

/** Draws the frames it is sent, one after the other, and answers with their JPEGs. */
if (parentPort === null) throw new Error('this module is the thread of a film');
const port = parentPort;
const studio = new Studio(workerData as FilmSet);
// One thread a picture: there is a worker for each core that the film is given.
sharp.concurrency(1);
sharp.cache(false);

async function draw({ order, camera, moment }: FrameOrder): Promise<FrameAnswer> {
  const start = performance.now();
  const { rgb, width, height, sensor, truth } = studio.frame(camera, moment);
  const drawnMs = performance.now() - start;
  const encoded = await toJpeg(rgb, width, height, sensor);
  // A copy of its own, so that it can be handed over: sharp's lies in memory that is shared with others.
  return { order, jpeg: new Uint8Array(encoded), truth, drawnMs };
}

function failed(order: number, error: unknown): FrameAnswer {
  if (error instanceof HitonamiError) {
    return { order, error: { code: error.code, message: error.message } };
  }
  const reason = error instanceof Error ? error.message : String(error);
  return {
    order,
    error: { code: 'UNAVAILABLE', message: `a frame could not be drawn: ${reason}` },
  };
}

// The next picture is painted over the last one's bytes, so it waits until they are encoded.
let last: Promise<void> = Promise.resolve();
port.on('message', (order: FrameOrder) => {
  last = last
    .then(() => draw(order))
    .catch((error: unknown) => failed(order.order, error))
    .then((answer) => {
      port.postMessage(answer, 'jpeg' in answer ? [answer.jpeg.buffer] : []);
    });
});
