import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type InferencePool,
  SHIPPED_INPUT,
  shippedDetector,
  startInferencePool,
} from '@hitonami/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchBoxes } from './support/pictures.js';

/**
 * The detector in the box, on pictures that the renderer draws of a place, a camera and people that training never
 * saw. This holds the file to its promise; how good it is in numbers stands in packages/vision/models/README.md.
 */
const SEED = 77;
const PICTURES = 12;
const BYTES_MAX = 6_000_000;
/** Bounds with room for the platform's arithmetic. */
const RECALL_MIN = 0.45;
const PRECISION_MIN = 0.65;
/** Share of a person’s height, median. */
const FOOT_ERROR_MAX = 0.16;

interface LabelledPicture {
  readonly file: string;
  readonly width: number;
  readonly height: number;
  readonly people: readonly {
    readonly box: readonly [number, number, number, number];
    readonly foot: readonly [number, number];
    readonly visible: number;
  }[];
}

const folder = mkdtempSync(join(tmpdir(), 'hitonami-drawn-'));
let started: InferencePool | undefined;

beforeAll(async () => {
  const command = fileURLToPath(
    new URL('../packages/renderer/dist/dataset/main.js', import.meta.url),
  );
  const options = ['--out', folder, '--count', String(PICTURES), '--seed', String(SEED)];
  execFileSync(process.execPath, [command, ...options, '--split', 'held-out'], { stdio: 'ignore' });
  started = await startInferencePool({ modelPath: shippedDetector() });
}, 120_000);

afterAll(async () => {
  await started?.close();
  rmSync(folder, { recursive: true, force: true });
});

function pool(): InferencePool {
  if (started === undefined) throw new Error('the pool has not been started');
  return started;
}

describe('the shipped detector', () => {
  it('is small, is recognised without being told, and needs no settings', () => {
    expect(statSync(shippedDetector()).size).toBeLessThan(BYTES_MAX);
    const { width, height } = SHIPPED_INPUT;
    expect(pool().model).toMatchObject({
      family: 'end-to-end',
      inputWidth: width,
      inputHeight: height,
    });
  });

  it('finds people whom the renderer draws, and where they stand', async () => {
    const labels = readFileSync(join(folder, 'labels.jsonl'), 'utf8').trim().split('\n');
    let [found, matched, wanted, told] = [0, 0, 0, 0];
    const errors: number[] = [];
    for (const line of labels) {
      const { file, width, height, people } = JSON.parse(line) as LabelledPicture;
      const { boxes, count, feet } = await pool().detect(readFileSync(join(folder, file)));
      expect(feet).toHaveLength(2 * count);
      const clear = people.filter(({ visible }) => visible >= 0.5);
      const cut = (shown: typeof people): [number, number, number, number][] =>
        shown.map(({ box: [x1, y1, x2, y2] }) => [
          Math.max(0, x1),
          Math.max(0, y1),
          Math.min(width, x2),
          Math.min(height, y2),
        ]);
      const reported = Array.from({ length: count }, (_, i) => boxOf(boxes, i));
      found += count;
      told += matchBoxes(reported, cut(people));
      wanted += clear.length;
      matched += matchBoxes(reported, cut(clear));
      for (const { box, foot } of clear) {
        const nearest = Math.min(
          ...Array.from({ length: count }, (_, i) =>
            Math.hypot((feet?.[2 * i] ?? 0) - foot[0], (feet?.[2 * i + 1] ?? 0) - foot[1]),
          ),
        );
        errors.push(nearest / (box[3] - box[1]));
      }
    }
    expect(wanted).toBeGreaterThan(10);
    expect(matched / wanted).toBeGreaterThan(RECALL_MIN);
    expect(told / found).toBeGreaterThan(PRECISION_MIN);
    errors.sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(FOOT_ERROR_MAX);
  }, 60_000);
});

function boxOf(boxes: Float32Array, i: number): [number, number, number, number] {
  const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = boxes.subarray(i * 4, i * 4 + 4);
  return [x1, y1, x2, y2];
}
