import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppendQueue, MAX_QUEUED_BYTES } from '../src/append-queue.js';
import type { QueuedAppend } from '../src/append-queue.js';
import { decodeSegment, encodeSegment, segmentHeader } from '../src/embedded/segment.js';
import { mapped } from '../src/kafka/errors.js';
import type { LogRecord } from '../src/index.js';
import { murmur2 } from '../src/partition.js';

describe('the partition of a key', () => {
  it('is the one that kafkajs, and so the Java client, would choose', () => {
    const theirs = createRequire(import.meta.url)(
      'kafkajs/src/producer/partitioners/default/murmur2.js',
    ) as (key: Buffer) => number;
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(murmur2(bytes)).toBe(theirs(Buffer.from(bytes)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a segment', () => {
  const records = fc.array(
    fc.record({
      key: fc.string({ maxLength: 8, unit: 'binary' }),
      value: fc.uint8Array({ maxLength: 60 }),
    }),
    { minLength: 1, maxLength: 40 },
  );

  it('gives back the records from any offset, byte for byte', () => {
    fc.assert(
      fc.property(records, fc.nat(50), fc.nat(1e12), (written, skip, base) => {
        const bytes = encodeSegment(written, 1234.5);
        expect(segmentHeader(bytes)).toEqual({ appendedMs: 1234.5, count: written.length });
        const read: LogRecord[] = [];
        expect(decodeSegment(bytes, base, base + skip, read, 't/0')).toBe(base + written.length);
        expect(read.map(({ offset, key, value }) => [offset, key, [...value]])).toEqual(
          written.map(({ key, value }, index) => [base + index, key, [...value]]).slice(skip),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('is refused where any one bit differs', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(7), (written, place, bit) => {
        const bytes = encodeSegment(written, 0);
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        expect(() => decodeSegment(bytes, 0, 0, [], 't/0')).toThrow(/damaged/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('the append queue', () => {
  const append = (text: string, bytes = 10): QueuedAppend => ({
    topic: text,
    bytes,
    records: [{ key: '', value: Buffer.from(text) }],
  });

  it('writes what arrives during a write in one group, in order', async () => {
    const groups: string[][] = [];
    const queue = new AppendQueue(async (group) => {
      groups.push(group.map(({ topic }) => topic));
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const first = queue.push(append('a'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, queue.push(append('b')), queue.push(append('c'))]);
    expect(groups).toEqual([['a'], ['b', 'c']]);
  });

  it('refuses over its bound, fails a group together, and goes on', async () => {
    let failing = true;
    const queue = new AppendQueue(() =>
      failing ? Promise.reject(new Error('no disk')) : Promise.resolve(),
    );
    const large = queue.push(append('large', MAX_QUEUED_BYTES));
    await expect(queue.push(append('over'))).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      canRetry: true,
    });
    await expect(large).rejects.toThrow('no disk');
    failing = false;
    await queue.push(append('later'));
    await queue.close();
    await expect(queue.push(append('late'))).rejects.toMatchObject({ code: 'STOPPED' });
  });
});

describe('a fault of kafkajs', () => {
  it('may pass where no broker answers, also where kafkajs has given up', () => {
    const { KafkaJSConnectionError, KafkaJSNonRetriableError } = createRequire(import.meta.url)(
      'kafkajs/src/errors.js',
    ) as Record<string, new (...given: unknown[]) => Error>;
    const refused = new KafkaJSConnectionError!('connect ECONNREFUSED');
    const givenUp = new KafkaJSNonRetriableError!(refused, { cause: refused });
    for (const error of [refused, givenUp])
      expect(mapped(error, 'x')).toMatchObject({ code: 'UNAVAILABLE', canRetry: true });
    const other = new KafkaJSNonRetriableError!('the topic name is invalid');
    expect(mapped(other, 'x')).toMatchObject({ code: 'LOG', canRetry: false });
  });
});
