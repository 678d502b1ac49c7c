import { Kind } from '@hitonami/model';

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
