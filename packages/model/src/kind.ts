/** What was seen; the values of `Kind` in `proto/hitonami/v1/position.proto`. */
export const Kind = {
  person: 0,
  bicycle: 1,
  car: 2,
  bus: 3,
  truck: 4,
  wheelchair: 5,
  pram: 6,
} as const;

export type Kind = (typeof Kind)[keyof typeof Kind];

export const KIND_MAX = 6;

/** Persons and those who travel in a wheelchair or a pram count as people; vehicles do not. */
export function isPeople(kind: number): boolean {
  return kind === Kind.person || kind === Kind.wheelchair || kind === Kind.pram;
}
