import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../src/commands/evaluate.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-detections-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Two people who walk towards and through each other's column, one nearer; frames from 1. */
function walkers(id: (person: number) => number): string {
  let text = '';
  for (let frame = 1; frame <= 60; frame++) {
    text += `${frame},${id(1)},${40 + frame * 3},100,40,120,0.95\n`;
    text += `${frame},${id(2)},${400 - frame * 3},180,60,180,0.95\n`;
  }
  return text;
}

describe('hitonami evaluate --detections', () => {
  it('judges the tracker alone, in the picture and, with a homography, on the floor', async () => {
    const files = { det: join(folder, 'det.txt'), gt: join(folder, 'gt.txt') };
    const homography = join(folder, 'h.json');
    await writeFile(
      files.det,
      walkers(() => -1),
    );
    await writeFile(
      files.gt,
      walkers((person) => person),
    );
    // Straight from above at 100 px a metre: the floor's north is the picture's top.
    await writeFile(homography, '[0.01, 0, 0, 0, -0.01, 4.8, 0, 0, 1]');
    const judged = async (more: { homography?: string } = {}): Promise<unknown> => {
      const lines: string[] = [];
      const options = { detections: files.det, truth: files.gt, json: true, ...more };
      await evaluate(undefined, options, (line) => lines.push(line));
      return JSON.parse(lines.join(''));
    };
    expect(await judged()).toMatchObject({
      ...{ plane: 'picture', frames: 60, truthBoxes: 120, resultTracks: 2 },
      ...{ mota: 1, idf1: 1, hota: 1, identitySwitches: 0 },
    });
    expect(await judged({ homography })).toMatchObject({
      ...{ plane: 'floor', mota: 1, identitySwitches: 0 },
    });
  });

  it('names the file and the line or the frame of what is wrong in it', async () => {
    const [det, gt] = [join(folder, 'det-wrong.txt'), join(folder, 'gt-right.txt')];
    await writeFile(gt, '1,1,1,2,30,40,1\n');
    const complaint = async (text: string, truth = gt): Promise<void> => {
      await writeFile(det, text);
      await evaluate(undefined, { detections: det, truth }, () => undefined);
    };
    await expect(complaint('1,-1,x,2,30,40,0.9\n')).rejects.toThrow(
      /det-wrong\.txt, line 1: left is not a number/,
    );
    await expect(complaint('2,-1,1,2,30,40,0.9\n', det)).resolves.toBeUndefined();
    await writeFile(gt, '1,1,1,2,30,40,1\n1,1\n');
    await expect(complaint('2,-1,1,2,30,40,0.9\n')).rejects.toThrow(/gt-right\.txt, line 2: /);
    await writeFile(gt, '1,1,1,2,30,40,1\n');
    await expect(complaint('7,-1,1,2,30,40,73.5\n')).rejects.toThrow(
      /det-wrong\.txt, frame 7: detection 0: confidence must be within 0 and 1/,
    );
    const crowd = Array.from({ length: 3_000 }, (_, i) => `5,-1,${i * 31},2,30,40,0.9\n`);
    await expect(complaint(crowd.join(''))).rejects.toThrow(
      /det-wrong\.txt, frame 5: 3000 detections in a frame/,
    );
    await expect(complaint('2160001,-1,1,2,30,40,0.9\n')).rejects.toThrow(
      /frame 2160001 is beyond/,
    );
  });

  it('names a file without rows, and what it misses', async () => {
    const empty = join(folder, 'empty.txt');
    await writeFile(empty, '\n');
    const complaint = (clip: string | undefined, detections?: string): Promise<void> =>
      evaluate(clip, { truth: empty, ...(detections && { detections }) }, () => undefined);
    await expect(complaint(undefined, empty)).rejects.toThrow(/empty\.txt has no rows to judge by/);
    await expect(complaint(undefined)).rejects.toThrow(
      /evaluate what\? Give one of a clip, --detections det.txt and --scenario name, not none/,
    );
    await expect(complaint('x.mp4', empty)).rejects.toThrow(
      /Give one of .*, not clip and --detections/,
    );
  });
});
