/** Kinds of object, numbered as `Kind` in `hitonami/v1/position.proto`. */
export const KIND_NUMBERS = {
  person: 0,
  bicycle: 1,
  car: 2,
  bus: 3,
  truck: 4,
  wheelchair: 5,
  pram: 6,
} as const;

export type KindName = keyof typeof KIND_NUMBERS;

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
    if (kind !== null) table[i] = KIND_NUMBERS[kind];
  });
  return table;
}
