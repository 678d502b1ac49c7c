import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawChunk, type Picture } from '../src/dataset/chunk.js';
import { Wardrobe } from '../src/dataset/crowd.js';
import type { Label } from '../src/dataset/label.js';
import type { Split } from '../src/scene/place.js';

const SLOW_MS = 90_000;
const COMMAND = fileURLToPath(new URL('../dist/dataset/main.js', import.meta.url));
const SEED = 11;
const COUNT = 3;
const run = promisify(execFile);

async function drawn(split: Split, chunk: number, count: number): Promise<Picture[]> {
  const made: Picture[] = [];
  const order = { seed: SEED, split, chunk, first: 0, count };
  for await (const picture of drawChunk(order, new Wardrobe(SEED))) made.push(picture);
  return made;
}

describe('a dataset', () => {
  let folder = '';
  let pictures: Picture[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'hitonami-dataset-'));
    pictures = await drawn('train', 0, COUNT);
  }, SLOW_MS);
  afterAll(() => rm(folder, { recursive: true }));

  it(
    'is the same, byte by byte, from the command with threads as from the function without',
    async () => {
      const options = ['--count', String(COUNT), '--seed', String(SEED), '--split', 'train'];
      await run(process.execPath, [COMMAND, '--out', folder, ...options]);
      const lines = (await readFile(join(folder, 'labels.jsonl'), 'utf8')).trim().split('\n');
      expect(lines.map((line) => JSON.parse(line) as Label)).toEqual(
        pictures.map(({ label }) => label),
      );
      for (const { jpeg, label } of pictures) {
        expect((await readFile(join(folder, label.file))).equals(jpeg)).toBe(true);
      }
    },
    SLOW_MS,
  );

  it(
    'labels bodies with the head at the top, the feet below and some of it in the picture',
    async () => {
      const all = [...pictures, ...(await drawn('held-out', 3, 2))];
      const people = all.flatMap(({ label }) => label.people.map((person) => ({ person, label })));
      expect(people.length).toBeGreaterThan(5);
      for (const { person, label } of people) {
        const [x1 = NaN, y1 = NaN, x2 = NaN, y2 = NaN] = person.box;
        const [hx1 = NaN, hy1 = NaN, hx2 = NaN, hy2 = NaN] = person.head;
        expect(x2).toBeGreaterThan(x1);
        expect(y2).toBeGreaterThan(y1);
        expect((hx1 + hx2) / 2).toBeGreaterThan(x1);
        expect((hx1 + hx2) / 2).toBeLessThan(x2);
        expect((hy1 + hy2) / 2).toBeLessThan((y1 + y2) / 2 + 0.2 * (y2 - y1));
        expect(hx2 - hx1).toBeLessThan(x2 - x1 + 4);
        expect(person.visible).toBeGreaterThan(0);
        expect(person.visible).toBeLessThanOrEqual(1);
        expect(x1 < label.width && x2 > 0 && y1 < label.height && y2 > 0).toBe(true);
      }
    },
    SLOW_MS,
  );

  it('has pictures of the size that its labels say', async () => {
    for (const { jpeg, label } of pictures) {
      const { width, height } = await sharp(jpeg).metadata();
      expect([width, height]).toEqual([label.width, label.height]);
    }
  });

  it(
    'says what is wrong with the options',
    async () => {
      const options = ['--out', folder, '--count', '0'];
      await expect(run(process.execPath, [COMMAND, ...options])).rejects.toThrow(/--count must be/);
    },
    SLOW_MS,
  );
});
