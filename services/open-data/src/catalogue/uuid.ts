import { createHash } from 'node:crypto';

/** The namespace of hitonami's names (RFC 9562, version 5); drawn once, never to be changed. */
const NAMESPACE = Buffer.from('5b0f4f6b3ad24bd0a0a6a1b6a5d5e0c7', 'hex');

/** The same id for the same name for ever: harvesters know a dataset again by it. */
export function uuidOf(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x50;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}
