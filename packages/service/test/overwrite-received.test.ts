import { StreamDecoder } from '@grpc/grpc-js/build/src/stream-decoder.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { overwriteReceived } from '../src/grpc/overwrite-received.js';

overwriteReceived();

/** A message as it is framed: a flag, its length, and bytes that are never zero. */
function framed(length: number): Buffer {
  const message = Buffer.alloc(5 + length, 0xab);
  message.writeUInt8(0, 0);
  message.writeUInt32BE(length, 1);
  return message;
}

it('the pieces of a message are overwritten as soon as it is whole, however it was cut, and it is not', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 40 }),
      (lengths, cuts, missing) => {
        const whole = Buffer.concat(lengths.map(framed));
        const sent = Buffer.from(whole.subarray(0, Math.max(1, whole.length - missing)));
        const decoder = new StreamDecoder(1000);
        const messages: Buffer[] = [];
        for (let at = 0, i = 0; at < sent.length; i++) {
          const end = Math.min(sent.length, at + (cuts[i % cuts.length] ?? 1));
          messages.push(...decoder.write(sent.subarray(at, end)));
          at = end;
        }
        const done = Buffer.concat(messages);
        // What came out is what went in…
        expect(done.equals(whole.subarray(0, done.length))).toBe(true);
        // …the pieces that it was made of are gone, and those of the next are still there.
        expect(sent.subarray(0, done.length).every((byte) => byte === 0)).toBe(true);
        expect(sent.subarray(done.length).equals(whole.subarray(done.length, sent.length))).toBe(
          true,
        );
      },
    ),
    { numRuns: 200 },
  );
});

it('what came of a message that is too large is overwritten', () => {
  const decoder = new StreamDecoder(10);
  const sent = framed(100);
  expect(() => decoder.write(sent)).toThrow(/larger than max/);
  expect(sent.every((byte) => byte === 0)).toBe(true);
});
