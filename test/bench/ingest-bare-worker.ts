/**
 * One worker thread of what the pipeline is measured against: decode and resize with sharp, then `session.run` of the
 * model as it was published, on an input that was prepared once; one after the other, nothing else.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';

export interface BareStart {
  modelPath: string;
  pictures: Uint8Array[];
  /** Network pixels. */
  width: number;
  height: number;
  /** Pixels that a picture is resized to: it keeps its proportions. */
  resizedHeight: number;
}

export interface BareOrder {
  decode: boolean;
  warmMs: number;
  measuredMs: number;
}

const { modelPath, pictures, width, height, resizedHeight } = workerData as BareStart;
const session = await InferenceSession.create(modelPath, {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 3,
});
const [name = ''] = session.inputNames;
const input = new Tensor('float32', new Float32Array(3 * width * height).fill(114), [
  1,
  3,
  height,
  width,
]);
let next = 0;

async function frame(decode: boolean): Promise<void> {
  if (decode) {
    const picture = pictures[next++ % pictures.length] as Uint8Array;
    await sharp(picture)
      .resize(width, resizedHeight, { fit: 'fill', kernel: 'linear' })
      .raw()
      .toBuffer();
  }
  await session.run({ [name]: input });
}

parentPort?.on('message', ({ decode, warmMs, measuredMs }: BareOrder) => {
  void (async () => {
    for (const start = performance.now(); performance.now() - start < warmMs;) await frame(decode);
    const start = performance.now();
    let frames = 0;
    while (performance.now() - start < measuredMs) {
      await frame(decode);
      frames++;
    }
    parentPort?.postMessage((frames * 1000) / (performance.now() - start));
  })();
});
parentPort?.postMessage('ready');
