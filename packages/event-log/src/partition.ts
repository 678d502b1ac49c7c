const SEED = 0x9747b28c;
const MULTIPLIER = 0x5bd1e995;

/**
 * The 32-bit murmur2 of Kafka's Java client (`Utils.murmur2`), so that other Kafka clients put a key where we do.
 * Returns a signed 32-bit integer.
 */
export function murmur2(data: Uint8Array): number {
  const length = data.length;
  let h = SEED ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    let k = byte(data, i) | (byte(data, i + 1) << 8) | (byte(data, i + 2) << 16);
    k |= byte(data, i + 3) << 24;
    k = Math.imul(k, MULTIPLIER);
    k ^= k >>> 24;
    k = Math.imul(k, MULTIPLIER);
    h = Math.imul(h, MULTIPLIER) ^ k;
  }
  const rest = length - i;
  if (rest === 3) h ^= byte(data, i + 2) << 16;
  if (rest >= 2) h ^= byte(data, i + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ byte(data, i), MULTIPLIER);
  h ^= h >>> 13;
  h = Math.imul(h, MULTIPLIER);
  return h ^ (h >>> 15);
}

/** The partition of a key, as Kafka's default partitioner chooses it: murmur2 made positive, modulo the count. */
export function partitionOf(key: string, partitions: number): number {
  if (partitions === 1) return 0;
  return (murmur2(Buffer.from(key)) & 0x7fffffff) % partitions;
}

function byte(data: Uint8Array, index: number): number {
  return data[index] ?? 0;
}
