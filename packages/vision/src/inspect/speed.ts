import { InferenceSession, Tensor } from '../onnx/runtime.js';
import type { ModelNotes } from '../detectors/family.js';
import { loadModel } from '../detectors/load.js';
import { PICTURE_INPUT, withPrologue } from '../onnx/prologue.js';
import { CALLS_PER_WORKER } from '../pool/limits.js';
import { startInferencePool } from '../pool/pool.js';

/** How fast a model is on this machine, as busy as it was. */
export interface ModelSpeed {
  /** Median of one inference on one thread, prologue included and decoding not, ms. */
  readonly inferenceMs: number;
  /** The whole way from JPEG to boxes with two workers. */
  readonly framesPerS: number;
}

const WORKERS = 2;
/** Both measurements take about this long, ms. */
const MEASURE_MS = 1500;
const RUNS_MIN = 3;
const WARM_UP_RUNS = 1;

/**
 * Measures a model with one picture over and over. Throws as `startInferencePool` does.
 * @param options.measureMs how long each of the two measurements takes; default 1500
 */
export async function measureModel(options: {
  modelPath: string;
  picture: Uint8Array;
  notes?: ModelNotes;
  measureMs?: number;
}): Promise<ModelSpeed> {
  const measureMs = options.measureMs ?? MEASURE_MS;
  return {
    inferenceMs: await inferenceMs(options.modelPath, options.notes, measureMs),
    framesPerS: await framesPerS(options.modelPath, options.notes, options.picture, measureMs),
  };
}

async function inferenceMs(
  modelPath: string,
  notes: ModelNotes | undefined,
  measureMs: number,
): Promise<number> {
  const { file, signature, detector } = await loadModel(modelPath, notes, {});
  const { width, height } = detector.preprocessing;
  const session = await InferenceSession.create(
    withPrologue(file, signature, detector.preprocessing),
    { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 },
  );
  try {
    const grey = new Uint8Array(width * height * 3).fill(114);
    const input = { [PICTURE_INPUT]: new Tensor('uint8', grey, [1, height, width, 3]) };
    for (let i = 0; i < WARM_UP_RUNS; i++) await session.run(input);
    const times: number[] = [];
    const start = performance.now();
    while (times.length < RUNS_MIN || performance.now() - start < measureMs) {
      const before = performance.now();
      await session.run(input);
      times.push(performance.now() - before);
    }
    times.sort((a, b) => a - b);
    return times[times.length >> 1] ?? 0;
  } finally {
    await session.release();
  }
}

async function framesPerS(
  modelPath: string,
  notes: ModelNotes | undefined,
  picture: Uint8Array,
  measureMs: number,
): Promise<number> {
  const pool = await startInferencePool({
    modelPath,
    workers: WORKERS,
    ...(notes && { notes }),
  });
  try {
    await pool.detect(new Uint8Array(picture));
    let frames = 0;
    const start = performance.now();
    const keepBusy = async (): Promise<void> => {
      while (performance.now() - start < measureMs) {
        // The pool overwrites what it is given.
        await pool.detect(new Uint8Array(picture));
        frames++;
      }
    };
    await Promise.all(Array.from({ length: WORKERS * CALLS_PER_WORKER }, keepBusy));
    return (frames * 1000) / (performance.now() - start);
  } finally {
    await pool.close();
  }
}
