import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FOOT_SD_DEFAULT, startInferencePool } from '@hitonami/vision';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type CutFrame,
  cutFrames,
  hasClips,
  matchBoxes,
  readTruth,
  sharedPath,
} from '../../../test/support/pictures.js';
import { lentOrSkip } from '../../../test/support/require.js';
import { addModel, benchModel, fetchModel, listModels } from '../src/commands/models.js';
import { judge } from '../src/evaluate/judge.js';
import { ModelRegistry } from '../src/models/registry.js';
import { RELEASES } from '../src/models/releases.js';
import { modelFile } from '../src/models/resolve.js';

/** The figures of `../shared/models/README.md`: every frame of tud-stadtmitte at IoU 0.5. */
const KNOWN: Readonly<
  Record<string, { family: string; threshold: number; p?: number; r?: number }>
> = {
  rtmdet_nano_320: { family: 'end-to-end', threshold: 0.4, p: 0.96, r: 0.84 },
  yolox_nano_416: { family: 'yolox', threshold: 0.56, p: 0.99, r: 0.81 },
  yolox_nano_416x320: { family: 'yolox', threshold: 0.56, p: 0.99, r: 0.81 },
  light_person_640x480: { family: 'yolox', threshold: 0.62, p: 0.98, r: 0.83 },
  picodet_s_416: { family: 'picodet', threshold: 0.48, p: 0.98, r: 0.83 },
  nanodet_m_416: { family: 'nanodet', threshold: 0.48, p: 0.9, r: 0.63 },
  fastestdet: { family: 'fastestdet', threshold: 0.66, p: 0.93, r: 0.75 },
  mcnn_shtechB: { family: 'density', threshold: 0.5 },
};
/** Six frames of 179: their figures lie within this of those of all; `accuracy.test.ts` is held to 0.02 on all. */
const MARGIN = 0.12;
const STEP = 30;
/** It takes ten times as long as the others. */
const DENSITY_FRAMES = 2;
/** People a frame by which the density model may be wrong on a street that it was not trained for. */
const COUNT_ERROR_MAX = 4;
const MEASURE_MS = 50;

const clip = sharedPath('data', 'tud-stadtmitte', 'clip.mp4');
const models = sharedPath('models');
const files = existsSync(models)
  ? readdirSync(models).filter((name) => name.endsWith('.onnx'))
  : [];

let folder: string;
let registry: ModelRegistry;
const said: string[] = [];
const print = (line: string): void => void said.push(line);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hitonami-models-'));
  registry = new ModelRegistry(join(folder, 'models'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const isThere = files.length > 0 && hasClips(clip);
describe.skipIf(
  !lentOrSkip('models added and judged', isThere, 'needs ffmpeg, ../shared/models and data'),
)('every model at hand', () => {
  let cut: CutFrame[];
  beforeAll(() => {
    cut = cutFrames(clip, STEP);
  });

  it.each(files)(
    '%s is recognised, checked, measured and remembered, and finds by its name what it is known to find',
    async (file) => {
      const name = file.replace('.onnx', '');
      const known = KNOWN[name];
      expect(known, 'its figures must be in the table').toBeDefined();
      const { about } = await addModel(
        registry,
        join(models, file),
        { measureMs: MEASURE_MS },
        print,
      );
      expect(about).toMatchObject({ family: known?.family, threshold: known?.threshold });
      expect(about?.speed.inferenceMs).toBeGreaterThan(0);

      const frames = cut.slice(0, known?.family === 'density' ? DENSITY_FRAMES : undefined);
      const truth = readTruth(sharedPath('data', 'tud-stadtmitte', 'gt.txt'));
      const pool = await startInferencePool({ modelPath: await modelFile(name, registry) });
      const seen = await Promise.all(frames.map(({ jpeg }) => pool.detect(new Uint8Array(jpeg))));
      await pool.close();
      const here = frames.map(({ frame }) =>
        truth.filter((row) => row.frame === frame).map(({ box }) => box),
      );
      if (known?.p === undefined || known.r === undefined) {
        const rows = here.flatMap((boxes, i) =>
          boxes.map((_, id) => ({ frame: i + 1, id, ...EMPTY_ROW })),
        );
        const observed = { frames: seen, threshold: 0.5, modelName: file, footSd: FOOT_SD_DEFAULT };
        const { countError, precision } = judge(observed, rows, 25);
        expect(precision).toBeUndefined();
        expect(countError).toBeLessThan(COUNT_ERROR_MAX);
        return;
      }
      const boxes = seen.map(({ boxes: columns, kinds }) =>
        Array.from(kinds, (kind, i) => ({ kind, at: i * 4 }))
          .filter(({ kind }) => kind === 0)
          .map(({ at }): [number, number, number, number] => {
            const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = columns.subarray(at, at + 4);
            return [x1, y1, x2, y2];
          }),
      );
      const matched = boxes.reduce((sum, found, i) => sum + matchBoxes(found, here[i] ?? []), 0);
      expect(Math.abs(matched / boxes.flat().length - known.p)).toBeLessThan(MARGIN);
      expect(Math.abs(matched / here.flat().length - known.r)).toBeLessThan(MARGIN);
    },
    120_000,
  );

  it('is listed, measured again, and not overwritten unless that is asked for', async () => {
    const file = join(models, 'fastestdet.onnx');
    const before = (await registry.get('fastestdet')).about?.speed.measuredAt;
    await benchModel(registry, 'fastestdet', { measureMs: MEASURE_MS }, print);
    expect((await registry.get('fastestdet')).about?.speed.measuredAt).not.toBe(before);
    await expect(addModel(registry, file, {}, print)).rejects.toThrow(/--name, or --replace/);
    const notes = { threshold: 0.7, order: 'rgb' } as const;
    const options = { measureMs: MEASURE_MS, replace: true, notes };
    const { path } = await addModel(registry, file, options, print);
    expect(JSON.parse(readFileSync(path.replace(/onnx$/, 'json'), 'utf8'))).toMatchObject(notes);
    const lines: string[] = [];
    await listModels(registry, {}, (line) => lines.push(line));
    expect(lines.join()).toMatch(/fastestdet +fastestdet +352×352 +0\.70/);
    expect(lines.join()).toMatch(/mcnn_shtechB +density +640×480 +– .*a count/);
    // Nothing half made lies about.
    expect((await readdir(registry.folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  }, 60_000);
});

const EMPTY_ROW = { left: 0, top: 0, width: 9, height: 9, confidence: 1, x: -1, y: -1, z: -1 };

describe('a name for --model', () => {
  it('is a path where it looks like one, else a model that was added', async () => {
    expect(await modelFile('any/person.onnx', registry)).toBe('any/person.onnx');
    await expect(modelFile('nobody', registry)).rejects.toThrow(/no model 'nobody' in/);
  });

  it('cannot lead out of the folder of the models', async () => {
    const file = join(folder, 'x.onnx');
    await writeFile(file, 'x');
    for (const name of ['../x', '.hidden', 'a/b', '']) {
      await expect(addModel(registry, file, { name }, print)).rejects.toThrow(/model's name/);
    }
  });
});

describe('hitonami models fetch', () => {
  const body = Buffer.from('a release, but no model');
  const sha256 = createHash('sha256').update(body).digest('hex');
  let server: Server;
  let address: string;
  beforeAll(async () => {
    server = createServer(({ url }, response) => {
      if (url === '/gone') response.writeHead(404).end();
      else if (url === '/moved') response.writeHead(302, { location: '/file' }).end();
      else if (url === '/cut') {
        response.writeHead(200, { 'content-length': body.length });
        response.write(body.subarray(0, 5), () => response.destroy());
      } else if (url === '/long') response.end(Buffer.concat([body, body]));
      else response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const release = (path: string, change = {}): typeof RELEASES => [
    { name: 'r', url: `${address}${path}`, bytes: body.length, sha256, terms: 'free', ...change },
  ];
  const fetched = (path: string, change = {}): Promise<unknown> =>
    fetchModel(registry, 'r', {}, print, release(path, change));

  it.each([
    ['a server that does not have it', '/gone', {}, /the server answers 404/],
    ['a connection that breaks off', '/cut', {}, /broke off after 5 bytes|cannot be fetched/],
    ['a file that is longer', '/long', {}, /is not r as it was released: more than 23 bytes/],
    [
      'another hash',
      '/file',
      { sha256: 'ab'.repeat(32) },
      /with SHA-256 [0-9a-f]{64}, not 23 bytes/,
    ],
    [
      'no server at all',
      '',
      { url: 'http://127.0.0.1:9/x' },
      /offline, or behind a proxy\?.*--from/,
    ],
    ['the right bytes, which are no model', '/moved', {}, /r\.onnx is not an ONNX model/],
  ])('%s: clear words, and nothing is left behind', async (_, path, change, words) => {
    const before = await readdir(tmpdir());
    await expect(fetched(path, change)).rejects.toThrow(words);
    const left = (await readdir(tmpdir())).filter(
      (name) => name.startsWith('hitonami-fetch-') && !before.includes(name),
    );
    expect(left).toEqual([]);
    expect((await registry.list()).map(({ name }) => name)).not.toContain('r');
  });

  it.skipIf(!isThere)(
    'adds what it has fetched, from wherever the same bytes come',
    async () => {
      const model = readFileSync(join(models, 'fastestdet.onnx'));
      const mirror = createServer((_, response) => response.end(model));
      await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
      const from = `http://127.0.0.1:${String((mirror.address() as AddressInfo).port)}/m.onnx`;
      const pinned = {
        sha256: createHash('sha256').update(model).digest('hex'),
        bytes: model.length,
      };
      const { about } = await fetchModel(
        registry,
        'r',
        { from, name: 'mirrored', measureMs: MEASURE_MS },
        print,
        release('/gone', pinned),
      );
      mirror.close();
      expect(about).toMatchObject({ ...pinned, source: from, terms: 'free', family: 'fastestdet' });
    },
    30_000,
  );

  it('knows its releases by HTTPS, size and hash', () => {
    for (const { url, bytes, sha256: hash } of RELEASES) {
      expect(url).toMatch(/^https:\/\//);
      expect(bytes).toBeGreaterThan(0);
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});
