import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { drawChunk, type ChunkOrder } from './chunk.js';
import { Wardrobe } from './crowd.js';
import type { Label } from './label.js';

/** Draws the chunks it is sent, writes their pictures, answers with their labels. */
const { folder, seed } = workerData as { folder: string; seed: number };
const wardrobe = new Wardrobe(seed);
// One picture at a time on this thread: sharp's own threads would only wait for each other.
sharp.concurrency(1);
sharp.cache(false);

async function answer(order: ChunkOrder): Promise<Label[]> {
  const labels: Label[] = [];
  for await (const { jpeg, label } of drawChunk(order, wardrobe)) {
    await writeFile(join(folder, label.file), jpeg);
    labels.push(label);
  }
  return labels;
}

parentPort?.on('message', (order: ChunkOrder) => {
  answer(order).then(
    (labels) => parentPort?.postMessage({ chunk: order.chunk, labels }),
    (error: unknown) => {
      // Let the worker's error event carry it to who started the worker.
      process.nextTick(() => {
        throw error;
      });
    },
  );
});
