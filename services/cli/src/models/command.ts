import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { ModelNotes } from '@hitonami/vision';
import type { AddOptions } from '../commands/models.js';
import { ModelRegistry } from './registry.js';
import { RELEASES } from './releases.js';

const MODELS = '.hitonami/models';

type Print = (line: string) => void;

interface NoteOptions {
  family?: string;
  threshold?: number;
  inputSize?: [number, number];
  colour?: 'rgb' | 'bgr' | 'grey';
  fit?: 'top-left' | 'centre' | 'stretch';
  pad?: number;
  mean?: [number, number, number];
  deviation?: [number, number, number];
  kinds?: string[];
  overlap?: number;
  scores?: 'sigmoid' | 'softmax';
}

/** The registry that a command was told of. */
function registryOf(command: Command): ModelRegistry {
  return new ModelRegistry(command.optsWithGlobals<{ models: string }>().models);
}

/**
 * Adds `hitonami models …`, and lets every command that has a `--model` take a name for it: the option `--models` and
 * the look-up stand at the root, so that they are the same everywhere.
 */
export function withModels(hitonami: Command, print: Print): void {
  hitonami
    .addOption(
      new Option('--models <folder>', 'where the models that were added are kept')
        .env('HITONAMI_MODELS')
        .default(MODELS),
    )
    .hook('preAction', async (_, command) => {
      const given: unknown = command.getOptionValue('model');
      if (typeof given !== 'string') return;
      const { modelFile } = await import('./resolve.js');
      const path = await modelFile(given, registryOf(command));
      command.setOptionValueWithSource('model', path, command.getOptionValueSource('model'));
    });

  const models = hitonami
    .command('models')
    .description('detectors that you bring: add, list, bench, fetch; each then goes by its name');
  addition(models.command('add'))
    .description(
      'recognises a detector (ONNX), checks it on a picture, measures its speed, and remembers it',
    )
    .argument('<file.onnx>')
    .action(async (file: string, options: AddOptions & NoteOptions, command: Command) => {
      const { addModel } = await import('../commands/models.js');
      await addModel(registryOf(command), file, withNotes(options), print);
    });
  addition(models.command('fetch'))
    .description(
      `downloads an official release, checks its SHA-256, and adds it: ${RELEASES.map(({ name }) => name).join(', ')}`,
    )
    .argument('<release>')
    .option('--from <url>', 'a mirror that has the same file; the SHA-256 stays what it is')
    .action(
      async (
        release: string,
        options: AddOptions & NoteOptions & { from?: string },
        command: Command,
      ) => {
        const { fetchModel } = await import('../commands/models.js');
        await fetchModel(registryOf(command), release, withNotes(options), print);
      },
    );
  models
    .command('list')
    .description('the models that were added')
    .option('--json', 'one line of JSON for each')
    .action(async (options: { json?: boolean }, command: Command) =>
      (await import('../commands/models.js')).listModels(registryOf(command), options, print),
    );
  models
    .command('bench')
    .description('measures a model again: on one thread, and the whole way with two workers')
    .argument('<name|file>')
    .option('--picture <file>', 'JPEG, PNG or WebP to measure with; default: one that is drawn')
    .option('--seconds <n>', 'how long each of the two measurements takes', parseSeconds)
    .action(
      async (name: string, options: { picture?: string; seconds?: number }, command: Command) => {
        const { benchModel } = await import('../commands/models.js');
        const { picture, seconds } = options;
        return benchModel(
          registryOf(command),
          name,
          {
            ...(picture !== undefined && { picture }),
            ...(seconds !== undefined && { measureMs: seconds * 1000 }),
          },
          print,
        );
      },
    );
}

/** The options of what takes in a model. */
function addition(command: Command): Command {
  return command
    .option('--name <name>', 'what it is called from now on; default: its file’s name')
    .option('--replace', 'in the place of the model that has this name')
    .option('--picture <file>', 'JPEG, PNG or WebP to try it with; default: one that is drawn')
    .option('--threshold <share>', 'score from which a detection counts', parseShare)
    .option('--input-size <w>x<h>', 'network pixels, for a model that leaves it open', parseSize)
    .option('--family <name>', 'where its inputs and outputs could be those of several')
    .addOption(new Option('--colour <order>', 'of its channels').choices(['rgb', 'bgr', 'grey']))
    .addOption(
      new Option('--fit <how>', 'how a picture is put on its input').choices([
        'top-left',
        'centre',
        'stretch',
      ]),
    )
    .option('--pad <grey>', 'what the picture does not cover, 0 to 255', parseNumber)
    .option('--mean <a,b,c>', 'taken from each channel in its order, 0 to 255', parseTriple)
    .option('--deviation <a,b,c>', 'by which each channel is divided then', parseTriple)
    .option(
      '--kinds <list>',
      'what its classes are: person,bicycle,-,… (- is not counted)',
      parseKinds,
    )
    .option('--overlap <share>', 'overlap (IoU) from which two boxes are one', parseShare)
    .addOption(
      new Option('--scores <how>', 'how a DETR’s logits become scores').choices([
        'sigmoid',
        'softmax',
      ]),
    );
}

function withNotes<T extends AddOptions & NoteOptions>(options: T): T {
  const { family, threshold, inputSize, colour, fit, pad, mean, deviation } = options;
  const { kinds, overlap, scores } = options;
  // What it holds is checked where notes are read.
  const notes = Object.fromEntries(
    Object.entries({
      family,
      threshold,
      inputSize,
      order: colour,
      fit,
      pad,
      mean,
      deviation,
      kinds: kinds?.map((kind) => (kind === '-' ? null : kind)),
      overlapMax: overlap,
      scores,
    }).filter(([, value]) => value !== undefined),
  ) as ModelNotes;
  return { ...options, notes };
}

function parseNumber(value: string): number {
  const number = Number(value);
  if (value.trim() !== '' && Number.isFinite(number)) return number;
  throw new InvalidArgumentError('must be a number');
}

function parseShare(value: string): number {
  const share = Number(value);
  if (share > 0 && share < 1) return share;
  throw new InvalidArgumentError('must be above 0 and below 1');
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (seconds >= 0.1 && seconds <= 600) return seconds;
  throw new InvalidArgumentError('must be from 0.1 to 600');
}

function parseSize(value: string): [number, number] {
  const [width = 0, height = 0] = /^\d+x\d+$/.test(value) ? value.split('x').map(Number) : [];
  if (width > 0 && height > 0) return [width, height];
  throw new InvalidArgumentError('must be such as 640x480');
}

function parseTriple(value: string): [number, number, number] {
  const [a, b, c, ...more] = value.split(',').map(parseNumber);
  if (a === undefined || b === undefined || c === undefined || more.length > 0)
    throw new InvalidArgumentError('must be three numbers such as 123.7,116.3,103.5');
  return [a, b, c];
}

function parseKinds(value: string): string[] {
  return value.split(',').map((kind) => kind.trim());
}
