import { randomBytes } from 'node:crypto';

/** `count` 32-bit numbers from the system's secure source. */
export function secureNumbers(count: number): Uint32Array {
  const bytes = randomBytes(4 * count);
  return Uint32Array.from({ length: count }, (_, i) => bytes.readUInt32LE(4 * i));
}
