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

async function read(name: string, text: string | Uint8Array): Promise<RecordedFrame[]> {
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

  it.each([
    ['{"time": 1', /line 1: it is not JSON/],
    ['null', /line 1: it is no object with time, id, x and y/],
    ['[0, 1, 2, 3]', /line 1: it is no object/],
    ['"text"', /line 1: it is no object/],
  ])('say which line of JSON Lines is wrong: %s', async (text, complaint) => {
    await expect(read('wrong.jsonl', text)).rejects.toThrow(complaint);
  });

  it('take no two people for one, whose numbers are told apart in text alone', async () => {
    const row = (id: string): string => `{"time": 0, "id": ${id}, "x": 1, "y": 1}`;
    const rows = (a: string, b: string): string => `${row(a)}\n${row(b)}`;
    await expect(read('ids.jsonl', rows('9007199254740992', '9007199254740993'))).rejects.toThrow(
      /line 1: id 9007199254740992 is above 2\^53: write it as text/,
    );
    const [frame] = await read('ids.jsonl', rows('"9007199254740992"', '"9007199254740993"'));
    expect(frame?.ids).toEqual(['9007199254740992', '9007199254740993']);
    await expect(read('ids.jsonl', row('[5]'))).rejects.toThrow(/line 1: id must be/);
  });

  it.each(['1700000000000', '1e15', '1e300', '9999-01-01T00:00:00Z', '0001-01-01T00:00:00Z'])(
    'say which line has a time that cannot be: %s',
    async (time) => {
      await expect(read('far.csv', `time,id,x,y\n0,1,1,1\n${time},1,1,1`)).rejects.toThrow(
        /line 3: time must be .* from 1970 to 2255; are these milliseconds\?/,
      );
    },
  );

  it('may begin with a byte order mark, and are UTF-8', async () => {
    const one = await read('bom.jsonl', '\uFEFF{"time": 0, "id": 1, "x": 1, "y": 1}');
    expect(one).toMatchObject([{ ids: ['1'] }]);
    expect(await read('bom.csv', '\uFEFFtime,id,x,y\r\n0,1,1,1\r\n')).toMatchObject([
      { ids: ['1'] },
    ]);
    const utf16 = Buffer.from('\uFEFFtime,id,x,y\n0,1,1,1\n', 'utf16le');
    await expect(read('utf16.csv', utf16)).rejects.toThrow(/utf16\.csv is not UTF-8: save it as/);
  });

  it('are the same however lines end, and wherever the file is cut into chunks', async () => {
    const rows = Array.from({ length: 9_000 }, (_, i) => `${i},${i},1.5,2.5`);
    const [lf, crlf, cr] = [
      await read('lf.csv', ['time,id,x,y', ...rows].join('\n')),
      await read('crlf.csv', ['time,id,x,y', ...rows].join('\r\n')),
      await read('cr.csv', ['time,id,x,y', ...rows].join('\r')),
    ];
    expect(lf.length).toBe(9_000);
    expect(crlf).toEqual(lf);
    expect(cr).toEqual(lf);
    const wrong = read('crlf.csv', ['time,id,x,y', ...rows, 'x'].join('\r\n'));
    await expect(wrong).rejects.toThrow(/line 9002: /);
  });

  it('are not there, or have a line without end: both are said', async () => {
    await expect(read('long.csv', 'x'.repeat(200_000))).rejects.toThrow(/line 1: .*characters/);
    const nowhere = recordedPositions(join(folder, 'nowhere.csv'), 0);
    await expect(nowhere.next()).rejects.toThrow(/nowhere\.csv cannot be read: /);
  });
});
