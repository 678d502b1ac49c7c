import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { benchModel, listModels } from '../src/commands/models.js';
import { ModelRegistry, type ModelAbout, type RememberedModel } from '../src/models/registry.js';

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fs>();
  return { ...real, rename: vi.fn(real.rename) };
});

const ABOUT: ModelAbout = {
  ...{ family: 'yolox', yields: 'boxes', inputWidth: 416, inputHeight: 320, threshold: 0.5 },
  ...{ bytes: 1, sha256: 'ab'.repeat(32), source: '/m.onnx', addedAt: '2026-04-01T00:00:00Z' },
  speed: { inferenceMs: 1, framesPerS: 1, measuredAt: '2026-04-01T00:00:00Z' },
};

let folder: string;
let registry: ModelRegistry;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'hitonami-registry-'));
  registry = new ModelRegistry(join(folder, 'models'));
  await fs.mkdir(registry.folder);
  await fs.writeFile(join(folder, 'm.onnx'), 'one');
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const put = (name: string): Promise<RememberedModel> =>
  registry.put(name, join(folder, 'm.onnx'), {}, ABOUT);
const told = (message: RegExp) => ({
  code: 'INPUT',
  message: expect.stringMatching(message) as string,
});

describe('a model’s name', () => {
  it.each([
    ['none', /'none' cannot be a model's name: --model none is no detector.*--name/],
    ['x.onnx', /'x\.onnx' cannot be a model's name: what ends in \.onnx is a file.*--name/],
    ['X.ONNX', /'X\.ONNX' cannot be a model's name/],
  ])('is none that could not be used: %s', async (name, why) => {
    for (const replace of [false, true])
      await expect(registry.requireFree(name, replace)).rejects.toMatchObject(told(why));
  });
});

describe('what somebody else put into the models’ folder', () => {
  it('is no model', async () => {
    await put('mine');
    await fs.mkdir(join(registry.folder, 'precious'));
    await fs.writeFile(join(registry.folder, 'notes.txt'), 'x');
    const lines: string[] = [];
    await listModels(registry, { json: true }, (line) => lines.push(line));
    expect(lines.map((line) => (JSON.parse(line) as { name: string }).name)).toEqual(['mine']);
  });

  it.each([true, false])('is never replaced, asked for (%s) or not', async (replace) => {
    await fs.mkdir(join(registry.folder, 'precious'));
    await fs.writeFile(join(registry.folder, 'precious', 'file.txt'), 'x');
    await fs.writeFile(join(registry.folder, 'notes'), 'x');
    await put('mixed');
    await fs.writeFile(join(registry.folder, 'mixed', 'labels.txt'), 'x');
    for (const [name, what] of [
      ['precious', /precious holds 'file\.txt', which is not hitonami's/],
      ['mixed', /mixed holds 'labels\.txt', which is not hitonami's/],
      ['notes', /notes is a file.*not hitonami's/],
    ] as const) {
      await expect(registry.requireFree(name, replace)).rejects.toMatchObject(told(what));
      await expect(put(name)).rejects.toMatchObject(told(what));
    }
    expect(await fs.readFile(join(registry.folder, 'precious', 'file.txt'), 'utf8')).toBe('x');
    expect((await fs.readdir(registry.folder)).sort()).toEqual(['mixed', 'notes', 'precious']);
  });
});

it('a model whose about.json is broken is listed, and may be replaced', async () => {
  const { path } = await put('mine');
  await fs.writeFile(join(registry.folder, 'mine', 'about.json'), '{');
  expect(await registry.list()).toEqual([{ name: 'mine', path, about: undefined }]);
  await expect(registry.requireFree('mine', false)).rejects.toThrow(/--replace it/);
  await registry.requireFree('mine', true);
  expect((await put('mine')).about).toEqual(ABOUT);
});

it('the old model is in its place again where the new one could not be put there', async () => {
  const { path } = await put('mine');
  await fs.writeFile(join(folder, 'm.onnx'), 'two');
  const real = vi.mocked(fs.rename).getMockImplementation();
  vi.mocked(fs.rename).mockImplementation(async (from, to) => {
    if (to === join(registry.folder, 'mine') && !String(from).endsWith('.old'))
      throw new Error('EIO: the disk is tired');
    await real?.(from, to);
  });
  await expect(put('mine')).rejects.toMatchObject(told(/cannot take the model 'mine': EIO/));
  expect(await fs.readFile(path, 'utf8')).toBe('one');
  expect(await fs.readdir(registry.folder)).toEqual(['mine']);
  if (real) vi.mocked(fs.rename).mockImplementation(real);
  await put('mine');
  expect(await fs.readFile(path, 'utf8')).toBe('two');
});

it('says why a model’s file cannot be read', async () => {
  const bench = (name: string) => benchModel(registry, name, { measureMs: 1 }, () => undefined);
  await expect(bench(folder)).rejects.toThrow(/ cannot be read: EISDIR/);
  await expect(bench('missing.onnx')).rejects.toThrow(/missing\.onnx cannot be read: ENOENT/);
});
