import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FloorProjection } from '@hitonami/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate, type CalibrateOptions } from '../src/commands/calibrate.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-calibrate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Made {
  residualRmsM: number;
  leftOutRmsM?: number;
  cameraHeightM?: number;
  tiltDeg?: number;
  notes: string[];
  calibration: Parameters<typeof FloorProjection.from>[0] & { imageWidth: number };
}

async function made(points: string | undefined, options: CalibrateOptions): Promise<Made> {
  const lines: string[] = [];
  await calibrate(points, { ...options, json: true }, (line) => lines.push(line));
  return JSON.parse(lines.join('')) as Made;
}

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

// A camera 3.5 m above the floor's origin, tilted by 25°, 560 px: floor (x, y) at height z to the picture.
const TILT = (25 * Math.PI) / 180;
function pixel(x: number, y: number, z = 0): [u: number, v: number] {
  const ahead = y * Math.cos(TILT) - (z - 3.5) * Math.sin(TILT);
  const below = -y * Math.sin(TILT) - (z - 3.5) * Math.cos(TILT);
  return [320 + (560 * x) / ahead, 240 + (560 * below) / ahead];
}
const PLACES = [
  [-2, 5],
  [2, 5],
  [3, 10],
  [-3, 10],
  [0, 7],
] as const;

describe('hitonami calibrate', () => {
  it('makes a calibration from points, as CSV and as JSON, and draws the grid', async () => {
    const rows = PLACES.map(([x, y]) => [...pixel(x, y), x, y]);
    const csv = await file('p.csv', `u,v,x,y\n${rows.map((row) => row.join(',')).join('\n')}\n`);
    const json = await file(
      'p.json',
      JSON.stringify({ points: rows, imageWidth: 640, imageHeight: 480 }),
    );
    const overlay = join(folder, 'grid.png');
    const one = await made(csv, { size: [640, 480], overlay });
    expect(one.residualRmsM).toBeLessThan(1e-4);
    expect(one.leftOutRmsM).toBeLessThan(1e-3);
    expect((await made(json, {})).calibration).toEqual(one.calibration);
    expect((await readFile(overlay)).subarray(1, 4).toString()).toBe('PNG');
    const place = FloorProjection.from(one.calibration).toFloor(...pixel(1, 8));
    expect(place?.x).toBeCloseTo(1, 4);
    expect(place?.y).toBeCloseTo(8, 4);
  });

  it('makes one from walkers of known height, and says what it cannot know', async () => {
    let text = '';
    for (let i = 0; i < 400; i++) {
      const [x, y] = [2.5 * Math.sin(i * 1.7), 7.5 + 2.5 * Math.sin(i * 0.37)];
      const [u, foot] = pixel(x, y);
      const [, head] = pixel(x, y, 1.65 * (1 + 0.04 * Math.sin(i * 5.3)));
      const height = foot - head;
      text += `${i + 1},-1,${u - height / 6},${head},${height / 3},${height},0.9\n`;
    }
    const detections = await file('walkers.txt', text);
    const fov = (2 * Math.atan(320 / 560) * 180) / Math.PI;
    const walkers = await made(undefined, { detections, height: 1.65, fov, size: [640, 480] });
    expect(walkers.cameraHeightM).toBeCloseTo(3.5, 0);
    expect(Math.abs((walkers.tiltDeg ?? 0) - 25)).toBeLessThan(1.5);
    expect(walkers.residualRmsM).toBeLessThan(0.1);
    expect(walkers.notes.join(' ')).toMatch(/Not known from walkers: where on the site/);
    const floor = FloorProjection.from(walkers.calibration);
    const [a, b] = [floor.toFloor(...pixel(-2, 6)), floor.toFloor(...pixel(2, 9))];
    expect(
      Math.abs(Math.hypot((b?.x ?? 0) - (a?.x ?? 0), (b?.y ?? 0) - (a?.y ?? 0)) - 5),
    ).toBeLessThan(0.25);
  });

  it('refuses with the reason what gives no calibration', async () => {
    const collinear = [
      [-2, 5],
      [0, 5],
      [2, 5],
      [3, 10],
    ].map(([x = 0, y = 0]) => [...pixel(x, y), x, y]);
    const three = await file('three.json', JSON.stringify(collinear));
    await expect(made(three, { size: [640, 480] })).rejects.toThrow(
      /points 1, 2 and 3 are on one line in the picture, and only point 4 is beside it/,
    );
    await expect(made(three, {})).rejects.toThrow(/how large is the picture\?/);
    await expect(made(undefined, {})).rejects.toThrow(/calibrate from what\?/);
    const bad = await file('bad.csv', 'u,v,x,y\n1,2,3\n');
    await expect(made(bad, { size: [640, 480] })).rejects.toThrow(/bad\.csv, line 2: four numbers/);
    const good = [1, 2, 0, 0];
    const second = await file('second.json', JSON.stringify([good, [1, '2', 0, 0], good]));
    await expect(made(second, { size: [640, 480] })).rejects.toThrow(
      /second\.json: point 2: .*expected number.* it must hold points as/,
    );
    const short = await file('short.json', JSON.stringify({ points: [good, good, { u: 1 }] }));
    await expect(made(short, { size: [640, 480] })).rejects.toThrow(/short\.json: point 3: /);
    const lens = await file('key.json', JSON.stringify({ points: [good], imageWidth: -1 }));
    await expect(made(lens, { size: [640, 480] })).rejects.toThrow(/key\.json: imageWidth: /);
    const boxes = Array.from({ length: 40 }, (_, i) => `${i + 1},-1,${50 + 9 * i},200,40,120,0.9`);
    const detections = await file('same.txt', boxes.join('\n'));
    await expect(made(undefined, { detections, height: 1.65, size: [640, 480] })).rejects.toThrow(
      /everybody is at about the same distance/,
    );
  });
});
