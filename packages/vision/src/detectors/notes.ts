import { readFile } from 'node:fs/promises';
import { HitonamiError, Kind } from '@hitonami/model';
import type { ModelNotes } from './family.js';

type Check = readonly [isRight: (value: unknown) => boolean, mustBe: string];

const isNumber = (value: unknown): value is number => Number.isFinite(value);
const isWhole = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;
const isList = (value: unknown, length: number, isItem: (item: unknown) => boolean): boolean =>
  Array.isArray(value) && value.length === length && value.every(isItem);

const CHECKS: { readonly [Key in keyof Required<ModelNotes>]: Check } = {
  family: [(value) => typeof value === 'string', 'the name of a detector family'],
  inputSize: [(value) => isList(value, 2, isWhole), '[width, height] in whole pixels'],
  kinds: [
    (value) =>
      Array.isArray(value) &&
      value.every((kind) => kind === null || (typeof kind === 'string' && kind in Kind)),
    `a list of ${Object.keys(Kind).join(', ')} or null, one for each class`,
  ],
  threshold: [(value) => isNumber(value) && value >= 0 && value <= 1, 'a number from 0 to 1'],
  overlapMax: [
    (value) => isNumber(value) && value > 0 && value <= 1,
    'a number above 0, at most 1',
  ],
  scores: [(value) => value === 'sigmoid' || value === 'softmax', 'sigmoid or softmax'],
  boxesMax: [isWhole, 'a whole number above 0'],
  footSd: [
    (value) => isList(value, 2, (item) => isNumber(item) && item > 0 && item <= 1),
    'two numbers above 0, at most 1: across and up, shares of a box’s height',
  ],
  fit: [
    (value) => value === 'top-left' || value === 'centre' || value === 'stretch',
    'top-left, centre or stretch',
  ],
  pad: [(value) => isNumber(value) && value >= 0 && value <= 255, 'a number from 0 to 255'],
  order: [(value) => value === 'rgb' || value === 'bgr' || value === 'grey', 'rgb, bgr or grey'],
  mean: [(value) => isList(value, 3, isNumber), 'three numbers'],
  deviation: [
    (value) => isList(value, 3, (item) => isNumber(item) && item > 0),
    'three numbers above 0',
  ],
};

/** Reads what stands beside a model in `<model>.json`; nothing, where there is no such file. Throws `MODEL`. */
export async function readModelNotes(modelPath: string): Promise<ModelNotes> {
  const path = modelPath.replace(/\.onnx$/i, '') + '.json';
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new HitonamiError('MODEL', `${path} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HitonamiError('MODEL', `${path} is not JSON.`, { cause: error });
  }
  return parseModelNotes(value, path);
}

/** Checks notes key by key. Throws `MODEL`, naming the key and what it must be. */
export function parseModelNotes(value: unknown, path: string): ModelNotes {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HitonamiError('MODEL', `${path} must hold one JSON object.`);
  }
  for (const [key, item] of Object.entries(value)) {
    const check = (CHECKS as Readonly<Record<string, Check>>)[key];
    if (check === undefined) {
      const known = Object.keys(CHECKS).join(', ');
      throw new HitonamiError('MODEL', `${path}: unknown key "${key}"; known: ${known}.`);
    }
    if (!check[0](item)) throw new HitonamiError('MODEL', `${path}: ${key} must be ${check[1]}.`);
  }
  return value;
}
