import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { Worker } from 'node:worker_threads';
import { HitonamiError } from '@hitonami/model';
import type { Split } from '../scene/place.js';
import { CHUNK_PICTURES, type ChunkOrder } from './chunk.js';
import type { Label } from './label.js';

export interface DatasetOptions {
  /** Folder for the pictures and `labels.jsonl`; made when it is not there. */
  readonly folder: string;
  readonly count: number;
  readonly seed: number;
  readonly split: Split;
  /** Threads that draw. Default 2. */
  readonly workers?: number;
  readonly onProgress?: (drawn: number) => void;
}

/** Draws a dataset: the same options (but for `workers`) give the same files. */
export async function drawDataset(options: DatasetOptions): Promise<void> {
  const { folder, count, seed, split, workers = 2 } = options;
  await mkdir(folder, { recursive: true });
  const chunks = Math.ceil(count / CHUNK_PICTURES);
  const done = new Map<number, readonly Label[]>();
  const out = createWriteStream(join(folder, 'labels.jsonl'));
  let next = 0;
  let written = 0;
  let drawn = 0;
  const order = (): ChunkOrder | undefined => {
    if (next >= chunks) return undefined;
    const chunk = next;
    next += 1;
    const first = chunk * CHUNK_PICTURES;
    return { seed, split, chunk, first, count: Math.min(CHUNK_PICTURES, count - first) };
  };
  const keep = (chunk: number, labels: readonly Label[]): void => {
    done.set(chunk, labels);
    drawn += labels.length;
    for (let ready = done.get(written); ready !== undefined; ready = done.get(written)) {
      for (const label of ready) out.write(`${JSON.stringify(label)}\n`);
      done.delete(written);
      written += 1;
    }
    options.onProgress?.(drawn);
  };
  const team = Array.from({ length: Math.max(1, Math.min(workers, chunks)) }, () => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), {
      workerData: { folder, seed },
    });
    return { worker, finished: work(worker, order, keep) };
  });
  try {
    await Promise.all(team.map((member) => member.finished));
  } finally {
    await Promise.all(team.map((member) => member.worker.terminate()));
    out.end();
    await finished(out);
  }
}

function work(
  worker: Worker,
  order: () => ChunkOrder | undefined,
  keep: (chunk: number, labels: readonly Label[]) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (): void => {
      const chunk = order();
      if (chunk === undefined) resolve();
      else worker.postMessage(chunk);
    };
    worker.on('message', ({ chunk, labels }: { chunk: number; labels: readonly Label[] }) => {
      keep(chunk, labels);
      send();
    });
    worker.on('error', (cause) => {
      reject(
        new HitonamiError(
          'UNAVAILABLE',
          `A dataset's pictures could not be drawn: ${String(cause)}`,
          { cause },
        ),
      );
    });
    send();
  });
}
