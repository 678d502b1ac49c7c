import { createHash, randomUUID } from 'node:crypto';
import {
  access,
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { extname, join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import type { ModelNotes } from '@hitonami/vision';
import { z } from 'zod';

const NAME = /^[a-z0-9][a-z0-9._-]{0,63}$/i;
const ABOUT = 'about.json';
/** `--model` with it is no detector: frames are refused, for a site whose devices send positions. */
export const NO_MODEL = 'none';

const speedShape = z.object({
  inferenceMs: z.number(),
  framesPerS: z.number(),
  measuredAt: z.string(),
});

const aboutShape = z.object({
  family: z.string(),
  yields: z.enum(['boxes', 'density']),
  inputWidth: z.number(),
  inputHeight: z.number(),
  threshold: z.number(),
  bytes: z.number(),
  sha256: z.string(),
  /** Where it came from: a file's path, or the address of a release. */
  source: z.string(),
  terms: z.string().optional(),
  addedAt: z.string(),
  speed: speedShape,
});

/** What is remembered of a model, besides its file and the notes that a detector reads. */
export type ModelAbout = z.output<typeof aboutShape>;
export type RememberedSpeed = z.output<typeof speedShape>;

export interface RememberedModel {
  name: string;
  path: string;
  /** Undefined where it cannot be read. */
  about: ModelAbout | undefined;
}

/**
 * The models that were added, each in a folder of its own name: `<name>.onnx` as it came, `<name>.json` with the notes
 * that a detector reads, and `about.json`. A folder is made beside and renamed when it is whole: there is no half of one.
 */
export class ModelRegistry {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** In the order of their names; what else lies there is passed over. Throws `INPUT` where the folder is there and cannot be read. */
  async list(): Promise<RememberedModel[]> {
    let entries: string[];
    try {
      entries = await readdir(this.folder);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw this.#fault('cannot be read', cause);
    }
    const names = entries.filter((name) => NAME.test(name)).sort();
    const isModel = await Promise.all(names.map((name) => isThere(join(this.folder, name, ABOUT))));
    return Promise.all(names.filter((_, i) => isModel[i]).map((name) => this.#read(name)));
  }

  /** Throws `INPUT` where there is none of that name: the message says which there are. */
  async get(name: string): Promise<RememberedModel> {
    const models = await this.list();
    const found = models.find((model) => model.name === name);
    if (found) return found;
    const known = models.map((model) => model.name).join(', ');
    throw new HitonamiError(
      'INPUT',
      `no model '${name}' in ${this.folder}; ${known === '' ? 'none was added yet: hitonami models add person.onnx' : `there are: ${known}`}`,
    );
  }

  /** Throws `INPUT` for a name that is none, that could not be used, or is taken; by what is not a model also with `replace`. */
  async requireFree(name: string, replace: boolean): Promise<void> {
    if (!NAME.test(name)) {
      throw new HitonamiError(
        'INPUT',
        `'${name}' cannot be a model's name: give one of letters, digits, dot, dash and underscore with --name`,
      );
    }
    const why = unusable(name);
    if (why !== undefined) {
      throw new HitonamiError(
        'INPUT',
        `'${name}' cannot be a model's name: ${why}; give another with --name`,
      );
    }
    await this.#requireOwn(name);
    if (replace) return;
    if (await isThere(join(this.folder, name))) {
      throw new HitonamiError(
        'INPUT',
        `there is a model '${name}' already: give another --name, or --replace it`,
      );
    }
  }

  /** Copies the model's file and remembers it. Throws `INPUT` where it cannot be written; nothing is left behind then. */
  async put(
    name: string,
    modelPath: string,
    notes: ModelNotes,
    about: ModelAbout,
  ): Promise<RememberedModel> {
    await this.#requireOwn(name);
    const target = join(this.folder, name);
    let making: string | undefined;
    try {
      await mkdir(this.folder, { recursive: true });
      making = join(this.folder, `.making-${randomUUID()}`);
      await mkdir(making);
      await copyFile(modelPath, join(making, `${name}.onnx`));
      // What could only be read where it came from can be removed and replaced here.
      await chmod(join(making, `${name}.onnx`), 0o644);
      await writeFile(join(making, `${name}.json`), pretty(notes));
      await writeFile(join(making, ABOUT), pretty(about));
      const old = `${making}.old`;
      const hadOld = await renameIfThere(target, old);
      try {
        await rename(making, target);
      } catch (error) {
        if (hadOld) await rename(old, target);
        throw error;
      }
      if (hadOld) await rm(old, { recursive: true, force: true });
    } catch (cause) {
      throw this.#fault(`cannot take the model '${name}'`, cause);
    } finally {
      if (making !== undefined) await rm(making, { recursive: true, force: true });
    }
    return this.#read(name);
  }

  /** Remembers a new measurement. */
  async setSpeed({ name, about }: RememberedModel, speed: RememberedSpeed): Promise<void> {
    if (about === undefined) throw this.#fault(`holds no ${ABOUT} for '${name}'`, undefined);
    const file = join(this.folder, name, ABOUT);
    try {
      await writeFile(`${file}.new`, pretty({ ...about, speed }));
      await rename(`${file}.new`, file);
    } catch (cause) {
      throw this.#fault(`cannot be written`, cause);
    }
  }

  /** Throws `INPUT` where anything has this name that hitonami did not make: to replace it would be to remove it. */
  async #requireOwn(name: string): Promise<void> {
    const path = join(this.folder, name);
    const own = [`${name}.onnx`, `${name}.json`, ABOUT, `${ABOUT}.new`];
    let entries: string[];
    try {
      entries = await readdir(path);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      // A folder of models that is none is told of where it is made.
      if (code === 'ENOENT' || (code === 'ENOTDIR' && !(await isThere(path)))) return;
      throw foreign(path, code === 'ENOTDIR' ? 'is a file' : `cannot be read: ${message}`, cause);
    }
    const other = entries.find((entry) => !own.includes(entry));
    if (other !== undefined) throw foreign(path, `holds '${other}'`);
  }

  async #read(name: string): Promise<RememberedModel> {
    const path = join(this.folder, name, `${name}.onnx`);
    try {
      const json: unknown = JSON.parse(await readFile(join(this.folder, name, ABOUT), 'utf8'));
      return { name, path, about: aboutShape.parse(json) };
    } catch {
      return { name, path, about: undefined };
    }
  }

  #fault(what: string, cause: unknown): HitonamiError {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    return new HitonamiError(
      'INPUT',
      `the models' folder ${this.folder} ${what}${why}; name another with --models`,
      { cause },
    );
  }
}

/** Why `--model` with it would not mean the model; undefined where it would. */
function unusable(name: string): string | undefined {
  if (name === NO_MODEL) return `--model ${NO_MODEL} is no detector`;
  if (extname(name).toLowerCase() === '.onnx') return 'what ends in .onnx is a file';
  return undefined;
}

function foreign(path: string, what: string, cause?: unknown): HitonamiError {
  return new HitonamiError(
    'INPUT',
    `${path} ${what}, which is not hitonami's, and would have to be removed: give another --name`,
    { cause },
  );
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function pretty(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** SHA-256 and size of a file. Throws `INPUT` where it cannot be read. */
export async function fingerprint(path: string): Promise<{ sha256: string; bytes: number }> {
  try {
    const file = await readFile(path);
    return { sha256: createHash('sha256').update(file).digest('hex'), bytes: file.length };
  } catch (cause) {
    throw new HitonamiError('INPUT', `${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    });
  }
}
