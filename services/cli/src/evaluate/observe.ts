import { clipPictures } from '@hitonami/camera';
import { weakestUseful } from '@hitonami/ingestor';
import {
  startInferencePool,
  type Detections,
  type FootSd,
  type InferencePool,
} from '@hitonami/vision';

/** What a detector saw in every picture of a clip, in order. */
export interface Observed {
  /** Score from which a detection counts. */
  threshold: number;
  frames: Detections[];
  modelName: string;
  /** How far the model's foot points err. */
  footSd: FootSd;
}

const WORKERS = 2;
const IN_FLIGHT_MAX = 2 * WORKERS;
/** JPEG quality of ffmpeg's encoder: the best there is, so that the detector is judged and not the encoder. */
const QUALITY = 2;

/** Runs the detector over every picture of a clip once. */
export async function observeClip(
  clip: string,
  options: {
    model: string;
    threshold?: number;
    inputSize?: readonly [width: number, height: number];
  },
  onFrame: (frames: number) => void,
): Promise<Observed> {
  const pool = await startInferencePool({
    modelPath: options.model,
    workers: WORKERS,
    ...(options.inputSize && { inputSize: options.inputSize }),
  });
  const abort = new AbortController();
  try {
    const threshold = options.threshold ?? pool.model.thresholdDefault;
    const frames = await detectAll(
      pool,
      clipPictures(clip, { quality: QUALITY }, abort.signal),
      threshold,
      onFrame,
    );
    return { threshold, frames, modelName: pool.model.fileName, footSd: pool.model.footSd };
  } finally {
    abort.abort();
    await pool.close();
  }
}

async function detectAll(
  pool: InferencePool,
  pictures: AsyncIterable<Buffer>,
  threshold: number,
  onFrame: (frames: number) => void,
): Promise<Detections[]> {
  const frames: Promise<Detections>[] = [];
  const running = new Set<Promise<unknown>>();
  for await (const picture of pictures) {
    const detecting = pool.detect(picture, { threshold: weakestUseful(threshold) });
    frames.push(detecting);
    const entry: Promise<unknown> = detecting.finally(() => running.delete(entry));
    running.add(entry);
    if (running.size >= IN_FLIGHT_MAX) await Promise.race(running);
    onFrame(frames.length);
  }
  return Promise.all(frames);
}
