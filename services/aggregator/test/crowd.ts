import type { TestPerson } from '../../../test/support/frames.js';

/** So many people in rows of five in the western half, 45 cm from each other: about 5 persons/m² from 25 people on. */
export function crowd(count: number): TestPerson[] {
  return Array.from({ length: count }, (_, i) => ({
    track: i + 1,
    x: 1.5 + 0.45 * (i % 5),
    y: 4 + 0.45 * Math.floor(i / 5),
  }));
}
