import {
  PERSON_BYTES,
  POSITION_UNIT_M,
  VELOCITY_UNIT_M_S,
} from '../../../src/contract/constants.js';

/** Everybody of one snapshot as columns: metres on the floor's plane, metres per second. */
export interface People {
  readonly count: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly vx: Float32Array;
  readonly vy: Float32Array;
  /** Index into the snapshot's `floors`. */
  readonly floor: Uint8Array;
  readonly kind: Uint8Array;
}

/** More than any site can show: a longer text is cut off, so that a faulty answer costs no memory. */
export const PEOPLE_MAX = 100_000;
/** Slower than this stands still, m/s. */
export const STANDING_BELOW_M_S = 0.2;
/** An icon is moved on by its velocity for so long, then waits for the next snapshot; seconds. */
export const GLIDE_MAX_S = 0.5;

/**
 * Reads the `people` of a snapshot.
 *
 * @throws {RangeError} where the text is no base64 of whole people
 */
export function decodePeople(text: string, origin: readonly [number, number]): People {
  let bytes: string;
  try {
    bytes = atob(text);
  } catch (error) {
    throw new RangeError('The people of a snapshot are no base64.', { cause: error });
  }
  if (bytes.length % PERSON_BYTES !== 0)
    throw new RangeError(`The people of a snapshot end within one: ${bytes.length} bytes.`);
  const count = Math.min(PEOPLE_MAX, bytes.length / PERSON_BYTES);
  const people: People = {
    count,
    x: new Float32Array(count),
    y: new Float32Array(count),
    vx: new Float32Array(count),
    vy: new Float32Array(count),
    floor: new Uint8Array(count),
    kind: new Uint8Array(count),
  };
  for (let i = 0; i < count; i += 1) {
    const at = i * PERSON_BYTES;
    const byte = (offset: number) => bytes.charCodeAt(at + offset);
    const signed = (offset: number) => (byte(offset) << 24) >> 24;
    people.x[i] = origin[0] + (byte(0) | (byte(1) << 8)) * POSITION_UNIT_M;
    people.y[i] = origin[1] + (byte(2) | (byte(3) << 8)) * POSITION_UNIT_M;
    people.vx[i] = signed(4) * VELOCITY_UNIT_M_S;
    people.vy[i] = signed(5) * VELOCITY_UNIT_M_S;
    people.floor[i] = byte(6);
    people.kind[i] = byte(7);
  }
  return people;
}

/** How far ahead of its snapshot an icon is drawn, seconds: never beyond what a person surely does. */
export function glideS(sinceSnapshotMs: number): number {
  return Math.min(GLIDE_MAX_S, Math.max(0, sinceSnapshotMs / 1000));
}

export function isMoving(vx: number, vy: number): boolean {
  return Math.hypot(vx, vy) >= STANDING_BELOW_M_S;
}

/** Persons, and those in a wheelchair or a pram, count as people; vehicles do not. As `isPeople` of the model. */
export function isPeopleKind(kind: number): boolean {
  return kind === 0 || kind === 5 || kind === 6;
}
