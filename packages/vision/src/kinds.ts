import { HitonamiError, Kind } from '@hitonami/model';
import type { ModelSignature } from './onnx/signature.js';

export type KindName = keyof typeof Kind;

/** What a model's class means to us: a kind, or null where we do not count it. */
export type ClassKinds = readonly (KindName | null)[];

/**
 * COCO's 80 classes in their usual order; the rest of the list is dropped. A motorcycle is no bicycle.
 * Source: https://cocodataset.org (class ids 0 person, 1 bicycle, 2 car, 5 bus, 7 truck).
 */
export const COCO_KINDS: ClassKinds = [
  'person',
  'bicycle',
  'car',
  null,
  null,
  'bus',
  null,
  'truck',
];

/** The same classes by the numbers that COCO's annotations give them, from 1 to 90; 0 means nothing. */
export const COCO_KINDS_91: ClassKinds = [null, ...COCO_KINDS];

/** The number of no kind, in a table of classes. */
export const NO_KIND = 255;

/** A table from class number to kind number, `NO_KIND` for what is dropped. */
export function kindTable(kinds: ClassKinds, classes: number): Uint8Array {
  const table = new Uint8Array(Math.max(classes, kinds.length)).fill(NO_KIND);
  kinds.forEach((kind, i) => {
    if (kind !== null) table[i] = Kind[kind];
  });
  return table;
}

/** What classes are called, in the words of those who train on pictures of the street. */
const KINDS_BY_NAME: Readonly<Record<string, KindName>> = {
  person: 'person',
  people: 'person',
  pedestrian: 'person',
  bicycle: 'bicycle',
  car: 'car',
  bus: 'bus',
  truck: 'truck',
  wheelchair: 'wheelchair',
  pram: 'pram',
  stroller: 'pram',
  pushchair: 'pram',
};

/** Classes as Ultralytics' exporter writes them: `{0: 'person', 1: 'bicycle'}`; undefined where there are none. */
function namedKinds(names: string | undefined): ClassKinds | undefined {
  const found = [...(names ?? '').matchAll(/(\d+):\s*(?:'([^']*)'|"([^"]*)")/g)];
  if (found.length === 0) return undefined;
  const kinds: (KindName | null)[] = [];
  for (const [, number, single, double] of found) {
    const at = Number(number);
    if (at !== kinds.length) return undefined;
    kinds.push(KINDS_BY_NAME[(single ?? double ?? '').toLowerCase()] ?? null);
  }
  return kinds;
}

/** How many classes the notes name, or the metadata; undefined where neither does. */
export function namedClasses(
  { metadata }: ModelSignature,
  notes: { readonly kinds?: ClassKinds },
): number | undefined {
  return (notes.kinds ?? namedKinds(metadata?.['names']))?.length;
}

const COCO_CLASSES = 80;
const COCO_NUMBERS = [90, 91];

/**
 * What a model's classes mean: as its notes say, else as its metadata names them, else by their number (80: COCO;
 * 90 or 91: COCO's own numbers; one: person). Undefined where nobody knows. Throws `MODEL` where nothing that is
 * counted is among them: such a model would never count anybody.
 * @param classes how many the outputs show; undefined where they do not show it
 */
export function classTable(
  signature: ModelSignature,
  notes: { readonly kinds?: ClassKinds },
  classes?: number,
): Uint8Array | undefined {
  const named = namedKinds(signature.metadata?.['names']);
  const kinds =
    notes.kinds ??
    (named !== undefined && (classes === undefined || named.length === classes)
      ? named
      : kindsByNumber(classes));
  if (kinds === undefined) return undefined;
  if (classes !== undefined && notes.kinds !== undefined && kinds.length > classes)
    return undefined;
  if (kinds.every((kind) => kind === null)) {
    throw new HitonamiError(
      'MODEL',
      "none of the model's classes is one that is counted: name what they mean with kinds, or take a model that finds people.",
    );
  }
  return kindTable(kinds, classes ?? 0);
}

function kindsByNumber(classes: number | undefined): ClassKinds | undefined {
  if (classes === COCO_CLASSES) return COCO_KINDS;
  if (classes === 1) return ['person'];
  return COCO_NUMBERS.includes(classes ?? 0) ? COCO_KINDS_91 : undefined;
}
