import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import { type ModelSignature, readSignature } from '../onnx/signature.js';
import type { Detector, ModelNotes } from './family.js';
import { parseModelNotes, readModelNotes } from './notes.js';
import { recogniseModel } from './registry.js';

/** Largest model file, bytes: it is held in memory while workers start. */
const MODEL_BYTES_MAX = 512 * 1024 * 1024;

/** A model file, and what is known of it. */
export interface LoadedModel {
  readonly fileName: string;
  readonly file: Uint8Array;
  readonly signature: ModelSignature;
  readonly notes: ModelNotes;
  readonly detector: Detector;
}

/**
 * Reads a model and recognises its family. Throws `MODEL` where it cannot be read, is too large, or is of no family.
 * @param given instead of the notes that stand in the file beside it
 * @param stronger notes that overrule the others, one by one
 */
export async function loadModel(
  modelPath: string,
  given: ModelNotes | undefined,
  stronger: ModelNotes,
): Promise<LoadedModel> {
  const fileName = basename(modelPath);
  const file = await readModel(modelPath);
  const written =
    given === undefined ? await readModelNotes(modelPath) : parseModelNotes(given, 'notes');
  const notes: ModelNotes = { ...written, ...parseModelNotes(stronger, 'notes') };
  const signature = await readSignature(file, fileName);
  return { fileName, file, signature, notes, detector: recogniseModel(signature, notes, fileName) };
}

async function readModel(modelPath: string): Promise<Uint8Array> {
  let file;
  try {
    file = await open(modelPath);
    const { size } = await file.stat();
    if (size > MODEL_BYTES_MAX) {
      throw new HitonamiError(
        'MODEL',
        `${modelPath} has ${String(size)} bytes, over the limit of ${String(MODEL_BYTES_MAX)}.`,
      );
    }
    return await file.readFile();
  } catch (error) {
    if (error instanceof HitonamiError) throw error;
    throw new HitonamiError('MODEL', `${modelPath} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await file?.close();
  }
}
