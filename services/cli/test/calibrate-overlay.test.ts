import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { calibrate, type CalibrateOptions } from '../src/commands/calibrate.js';
import { parsePictureSize } from '../src/program/arguments.js';

let folder: string;
let points: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-overlay-'));
  points = await file('p.csv', '40,100,-2,5\n110,100,2,5\n130,60,4,10\n20,60,-4,10\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function file(name: string, content: string | Buffer): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** What was printed, and the fault that it ended with. */
async function run(options: CalibrateOptions): Promise<{ text: string; fault: unknown }> {
  const lines: string[] = [];
  const fault = await calibrate(points, options, (line) => lines.push(line)).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { text: lines.join('\n'), fault };
}

const SIZE = [200, 150] as const;
const plain = () => sharp({ create: { width: 200, height: 150, channels: 3, background: '#888' } });
const told = (message: RegExp, code = 'INPUT') =>
  expect.objectContaining({ code, message: expect.stringMatching(message) as string }) as unknown;

describe('the picture of a calibration', () => {
  it.each([
    ['junk', 'no picture at all'],
    ['empty', ''],
  ])('is refused by its name where it is %s', async (name, content) => {
    const frame = await file(`${name}.jpg`, content);
    expect((await run({ frame })).fault).toEqual(told(/^\S+\.jpg: the picture cannot be read: /));
  });

  it('is as large as it is shown, however its camera was held', async () => {
    const turned = await plain().jpeg().withMetadata({ orientation: 6 }).toBuffer();
    const frame = await file('turned.jpg', turned);
    const { text } = await run({ frame, json: true });
    expect(JSON.parse(text)).toMatchObject({ calibration: { imageWidth: 150, imageHeight: 200 } });
  });

  it('has a size that a plan takes', () => {
    expect(parsePictureSize('640x480')).toEqual([640, 480]);
    for (const size of ['15x480', '640x20001', '99999999999x99999999999', '640', '640x480x3'])
      expect(() => parsePictureSize(size)).toThrow(/such as 640x480, each from 16 to 20,000/);
  });
});

describe('the overlay of a calibration', () => {
  it('that cannot be written where it is wanted is refused before anything is done', async () => {
    const inFolder = (name: string) => join(folder, name);
    await mkdir(inFolder('a-folder.png'));
    for (const [overlay, why] of [
      [inFolder('nowhere/a.svg'), /nowhere\/a\.svg cannot be written: .*nowhere is no folder/],
      [inFolder('nowhere/a.png'), /nowhere\/a\.png cannot be written: .*nowhere is no folder/],
      [inFolder('a-folder.png'), /a-folder\.png cannot be written: it is a folder/],
    ] as const)
      expect(await run({ size: SIZE, overlay })).toEqual({ text: '', fault: told(why) });
    const words = await run({ size: SIZE, overlay: inFolder('a.txt') });
    expect(words).toEqual({ text: '', fault: told(/must end in \.png, \.jpg or \.svg/, 'CONFIG') });
  });

  it('is never written over what it is drawn on', async () => {
    const picture = await plain().jpeg().toBuffer();
    const frame = await file('plain.jpg', picture);
    const overlay = join(folder, 'a', '..', 'plain.jpg');
    expect((await run({ frame, overlay })).fault).toEqual(
      told(/it is what it would be drawn from/, 'CONFIG'),
    );
    const same = await run({ size: SIZE, overlay: points });
    expect(same.fault).toEqual(told(/must end in|it is what/, 'CONFIG'));
    expect(await readFile(frame)).toEqual(picture);
  });

  it('that fails leaves the calibration told', async () => {
    const overlay = join(folder, 'big.png');
    for (const json of [false, true]) {
      const { text, fault } = await run({ size: [20_000, 20_000], overlay, json });
      expect(text).toContain('"imageWidth":');
      expect(fault).toEqual(told(/20000x20000 pixels are too many to draw on: .*\.svg/));
    }
  });

  it('is drawn, and told of', async () => {
    const overlay = join(folder, 'grid.svg');
    const { text, fault } = await run({ size: SIZE, overlay });
    expect(fault).toBeUndefined();
    expect(text).toContain(`${overlay}: the floor's grid by itself`);
    expect(await readFile(overlay, 'utf8')).toContain('<svg');
  });
});
