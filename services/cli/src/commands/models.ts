import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { HitonamiError, refusedByName, whyRefused } from '@hitonami/model';
import {
  drawCheckPicture,
  inspectModel,
  measureModel,
  type ModelInspection,
  type ModelNotes,
} from '@hitonami/vision';
import { download } from '../models/download.js';
import type { ModelRegistry } from '../models/registry.js';
import { modelFile } from '../models/resolve.js';
import {
  fingerprint,
  type ModelAbout,
  type RememberedModel,
  type RememberedSpeed,
} from '../models/registry.js';
import { type Release, RELEASES } from '../models/releases.js';
import { progressOn } from '../progress.js';
import { formatTable, shown } from '../table.js';
import { withTemporaryFolder } from '../temporary-folder.js';

type Print = (line: string) => void;

export interface AddOptions {
  name?: string;
  replace?: boolean;
  /** A JPEG, PNG or WebP to try it with; without one, one is drawn. */
  picture?: string;
  /** What its file cannot say; stronger than the notes beside it. */
  notes?: ModelNotes;
  /** How long each measurement of its speed takes, ms. */
  measureMs?: number;
}

/** `hitonami models add m.onnx`: recognises, checks, measures and remembers a detector. */
export async function addModel(
  registry: ModelRegistry,
  file: string,
  options: AddOptions,
  print: Print,
): Promise<RememberedModel> {
  const name = options.name ?? basename(file).replace(/\.onnx$/i, '');
  return takeIn(registry, { file, name, source: resolve(file) }, options, print);
}

/** `hitonami models fetch yolox-nano`: downloads an official release, and adds it. */
export async function fetchModel(
  registry: ModelRegistry,
  wanted: string,
  options: AddOptions & { from?: string },
  print: Print,
  releases: readonly Release[] = RELEASES,
): Promise<RememberedModel> {
  const release = releases.find(({ name }) => name === wanted);
  if (release === undefined) {
    const known = releases.map(({ name, terms }) => `${name} (${terms})`).join(', ');
    throw new HitonamiError('INPUT', `no release '${wanted}' is known; there are: ${known}`);
  }
  const name = options.name ?? release.name;
  await registry.requireFree(name, options.replace ?? false);
  const url = options.from ?? release.url;
  return withTemporaryFolder('fetch', async (folder) => {
    const file = join(folder, `${release.name}.onnx`);
    const progress = progressOn(process.stderr);
    try {
      await download({ ...release, url }, file, (bytes) => {
        progress.count('bytes', bytes, release.bytes);
      });
    } finally {
      progress.end();
    }
    print(`fetched ${release.name}: ${release.bytes} bytes, SHA-256 as released; ${release.terms}`);
    const model = { file, name, source: url, terms: release.terms };
    return takeIn(registry, model, options, print);
  });
}

interface Incoming {
  file: string;
  name: string;
  source: string;
  terms?: string;
}

async function takeIn(
  registry: ModelRegistry,
  { file, name, source, terms }: Incoming,
  options: AddOptions,
  print: Print,
): Promise<RememberedModel> {
  requireWelcome([name, basename(file), options.notes?.family ?? '']);
  await registry.requireFree(name, options.replace ?? false);
  const picture = await checkPicture(options.picture);
  const { sha256, bytes } = await fingerprint(file);
  const inspection = await inspectModel({
    modelPath: file,
    picture,
    ...(options.notes && { notes: options.notes }),
  });
  const { notes } = inspection;
  const speed = await measure(file, notes, picture, options.measureMs);
  const about: ModelAbout = {
    family: inspection.family,
    yields: inspection.yields,
    inputWidth: inspection.inputWidth,
    inputHeight: inspection.inputHeight,
    threshold: inspection.thresholdDefault,
    bytes,
    sha256,
    source,
    ...(terms !== undefined && { terms }),
    addedAt: new Date().toISOString(),
    speed,
  };
  const model = await registry.put(name, file, notes, about);
  for (const line of describe(name, inspection, speed, options.picture)) print(line);
  return model;
}

/** By what it says that it finds: what a network was made for cannot be seen in the shape of its boxes. */
function requireWelcome(words: readonly string[]): void {
  for (const word of words) {
    const asked = refusedByName(word);
    if (asked === undefined) continue;
    const { en, ja } = whyRefused(asked);
    throw new HitonamiError('MODEL', `'${word}' is refused: ${en} (${ja})`);
  }
}

/** `hitonami models list` */
export async function listModels(
  registry: ModelRegistry,
  options: { json?: boolean },
  print: Print,
): Promise<void> {
  const models = await registry.list();
  if (options.json === true) {
    for (const { name, path, about } of models) print(JSON.stringify({ name, path, ...about }));
    return;
  }
  if (models.length === 0) {
    print(`no models in ${registry.folder} yet: hitonami models add person.onnx`);
    return;
  }
  print(
    formatTable(
      [
        { head: 'name' },
        { head: 'family' },
        { head: 'input', align: 'right' },
        { head: 'threshold', align: 'right' },
        { head: 'ms a frame', align: 'right' },
        { head: 'frames/s, 2 workers', align: 'right' },
        { head: 'gives' },
      ],
      models.map(({ name, about }) => [
        name,
        about?.family ?? 'its about.json cannot be read: add it again with --replace',
        about ? `${about.inputWidth}×${about.inputHeight}` : '–',
        about?.yields === 'density' ? '–' : shown(about?.threshold, 2),
        shown(about?.speed.inferenceMs, 1),
        shown(about?.speed.framesPerS, 0),
        about ? gives(about.yields) : '–',
      ]),
    ),
  );
}

/** `hitonami models bench <name>`: measures again, and remembers the new figures. */
export async function benchModel(
  registry: ModelRegistry,
  name: string,
  options: { picture?: string; measureMs?: number },
  print: Print,
): Promise<void> {
  const path = await modelFile(name, registry);
  const added = (await registry.list()).find((model) => model.path === path);
  const picture = await checkPicture(options.picture);
  // Its notes stand beside it.
  const speed = await measure(path, undefined, picture, options.measureMs);
  if (added) await registry.setSpeed(added, speed);
  const before = added?.about?.speed;
  print(`${name}: ${speedWords(speed)}${before ? `; before: ${speedWords(before)}` : ''}`);
}

async function measure(
  modelPath: string,
  notes: ModelNotes | undefined,
  picture: Uint8Array,
  measureMs: number | undefined,
): Promise<RememberedSpeed> {
  const speed = await measureModel({
    modelPath,
    picture,
    ...(notes && { notes }),
    ...(measureMs !== undefined && { measureMs }),
  });
  return { ...speed, measuredAt: new Date().toISOString() };
}

async function checkPicture(file: string | undefined): Promise<Uint8Array> {
  if (file === undefined) return drawCheckPicture();
  try {
    return await readFile(file);
  } catch (cause) {
    throw new HitonamiError('INPUT', `${file} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}

function describe(
  name: string,
  inspection: ModelInspection,
  speed: RememberedSpeed,
  picture: string | undefined,
): string[] {
  const { family, yields, inputWidth, inputHeight, fit, order, difference } = inspection;
  const seenIn = picture ?? 'the drawn picture (which is no test of finding: try --picture)';
  const lines = [
    `${name}: ${family}, ${inputWidth}×${inputHeight}, ${order}, ${fit}; takes the decoder's bytes, and says the same as without (difference ${difference.toExponential(0)})`,
    `${name}: ${speedWords(speed)} on this machine, as busy as it is now`,
  ];
  if (yields === 'density') {
    return [
      ...lines,
      `${name}: counts ${inspection.found.toFixed(1)} people in ${seenIn}`,
      `${name}: it counts and finds nobody: evaluate judges its count; replay and up need positions, and refuse it`,
    ];
  }
  return [
    ...lines,
    `${name}: found ${inspection.found} at threshold ${inspection.thresholdDefault} in ${seenIn}`,
    `use it: --model ${name}`,
  ];
}

function gives(yields: ModelAbout['yields']): string {
  return yields === 'boxes' ? 'boxes' : 'a count';
}

function speedWords({ inferenceMs, framesPerS }: Omit<RememberedSpeed, 'measuredAt'>): string {
  return `${inferenceMs.toFixed(1)} ms a frame on one thread, ${framesPerS.toFixed(0)} frames/s from JPEG with two workers`;
}
