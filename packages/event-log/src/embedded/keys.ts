/** Keys of the segments: topic u32, partition u32, first offset u64, all big-endian, so that they sort by offset. */
export const SEGMENT_KEY_BYTES = 16;
const HIGH = 2 ** 32;

export function segmentKey(topicId: number, partition: number, base: number): Buffer {
  const key = Buffer.allocUnsafe(SEGMENT_KEY_BYTES);
  key.writeUInt32BE(topicId, 0);
  key.writeUInt32BE(partition, 4);
  key.writeUInt32BE(Math.floor(base / HIGH), 8);
  key.writeUInt32BE(base % HIGH, 12);
  return key;
}

export function baseOf(key: Buffer): number {
  return key.readUInt32BE(8) * HIGH + key.readUInt32BE(12);
}

/** Key of a partition's end. */
export function endKey(topicId: number, partition: number): string {
  return `${topicId}/${partition}`;
}
