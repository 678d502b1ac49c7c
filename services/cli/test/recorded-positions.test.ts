import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordedPositions, type RecordedFrame } from '../src/replay/recorded-positions.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-positions-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const START_US = 1_775_001_600_000_000;

async function read(name: string, text: string): Promise<RecordedFrame[]> {
  const path = join(folder, name);
  await writeFile(path, text);
  const frames: RecordedFrame[] = [];
  for await (const frame of recordedPositions(path, START_US)) frames.push(frame);
  return frames;
}

describe('recorded positions', () => {
  it('come instant by instant, with any columns beside those that count', async () => {
    expect(
      await read('a.csv', 'id,speed,time,y,x\n1,9,0.4,2,1\n2,9,0.4,4,3\n1,9,0.8,2,1.5\n'),
    ).toEqual([
      { capturedUs: START_US + 400_000, ids: ['1', '2'], xM: [1, 3], yM: [2, 4] },
      { capturedUs: START_US + 800_000, ids: ['1'], xM: [1.5], yM: [2] },
    ]);
  });

  it('are CSV however the ending of their name is written', async () => {
    expect((await read('A.CSV', 'time,id,x,y\n0,1,2,3\n')).length).toBe(1);
  });

  it('may carry times since 1970, as seconds or as text', async () => {
    const rows = [
      '{"time": 1775001600.2, "id": 1, "x": 0, "y": 0}',
      '{"time": "2026-04-01T00:00:01Z", "id": 1, "x": 0, "y": 0}',
    ];
    const times = (await read('b.jsonl', rows.join('\n'))).map(
      (frame) => frame.capturedUs - START_US,
    );
    expect(times).toEqual([200_000, 1_000_000]);
  });

  it.each([
    ['time,id,x\n1,1,1', /line 1: the head must name time, id, x and y; it lacks y/],
    ['time,id,x,y\n1,1,a,2', /line 2: x and y must be numbers of metres/],
    ['time,id,x,y\n2,1,1,2\n1,1,1,2', /line 3: its time is before that of the line above/],
    ['time,id,x,y\nsoon,1,1,2', /line 2: time must be ISO 8601, or seconds/],
    ['time,id,x,y\n1,Anna,1,2', /line 2: id must be a whole number/],
  ])('say which line of %j is wrong', async (text, complaint) => {
    await expect(read('wrong.csv', text)).rejects.toThrow(complaint);
  });

  it('say which line of JSON Lines is not JSON', async () => {
    await expect(read('wrong.jsonl', '{"time": 1')).rejects.toThrow(/line 1: it is not JSON/);
  });
});
