import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JpegSplitter } from '../src/jpeg-splitter.js';

const segment = (code: number, body: Uint8Array): Buffer => {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(body.length + 2, 2);
  return Buffer.concat([head, body]);
};
const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);

/** Bytes as an entropy coder leaves them: 0xff only before 0x00 or a restart marker. */
const scanBytes = fc
  .array(
    fc.oneof(
      fc.integer({ min: 0, max: 254 }).map((b) => [b]),
      fc.constantFrom([0xff, 0], [0xff, 0xd3]),
    ),
  )
  .map((parts) => Buffer.from(parts.flat()));
const anyBytes = fc.uint8Array({ maxLength: 300 });

/** Structurally whole pictures with hostile contents: end markers inside segments, several scans, fill bytes. */
const picture = fc
  .record({
    headers: fc.array(fc.tuple(fc.constantFrom(0xe0, 0xe1, 0xdb, 0xc0, 0xfe), anyBytes), {
      maxLength: 3,
    }),
    thumbnail: fc.boolean(),
    scans: fc.array(fc.tuple(anyBytes, scanBytes), { minLength: 1, maxLength: 3 }),
    hasFill: fc.boolean(),
  })
  .map(({ headers, thumbnail, scans, hasFill }) =>
    Buffer.concat([
      SOI,
      ...headers.map(([code, body]) => segment(code, body)),
      ...(thumbnail ? [segment(0xe1, Buffer.concat([SOI, Buffer.from('tiny'), EOI]))] : []),
      ...scans.flatMap(([head, body]) => [segment(0xda, head), body]),
      ...(hasFill ? [Buffer.from([0xff, 0xff])] : []),
      EOI,
    ]),
  );

describe('JpegSplitter', () => {
  it('gives the pictures back whole, wherever the pipe cuts its chunks', () => {
    fc.assert(
      fc.property(
        fc.array(picture, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 20 }),
        (pictures, sizes) => {
          const all = Buffer.concat(pictures);
          const splitter = new JpegSplitter(100_000);
          const found: Buffer[] = [];
          for (let at = 0, i = 0; at < all.length; i++) {
            const size = sizes[i % sizes.length] ?? 1;
            found.push(...splitter.push(all.subarray(at, at + size)));
            at += size;
          }
          expect(found.map((p) => p.toString('hex'))).toEqual(
            pictures.map((p) => p.toString('hex')),
          );
          expect(splitter.pendingBytes).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('takes a picture of exactly the limit, and refuses one of a byte more', () => {
    const whole = Buffer.concat([SOI, segment(0xda, Buffer.alloc(5)), Buffer.alloc(1_000, 1), EOI]);
    expect(new JpegSplitter(whole.length).push(whole)).toEqual([whole]);
    expect(() => new JpegSplitter(whole.length - 1).push(whole)).toThrow(
      `a picture of the source has more than ${whole.length - 1} bytes`,
    );
  });

  it('never holds more than the limit, however long a picture does not end', () => {
    const splitter = new JpegSplitter(10_000);
    splitter.push(Buffer.concat([SOI, segment(0xda, Buffer.alloc(5))]));
    expect(() => {
      for (let i = 0; i < 1_000; i++) splitter.push(Buffer.alloc(100, 1));
    }).toThrow(expect.objectContaining({ code: 'INPUT' }));
    expect(splitter.pendingBytes).toBeLessThanOrEqual(10_000);
  });

  it.each([
    ['text', Buffer.from('<html>not found</html>')],
    ['a PNG', Buffer.from('89504e470d0a1a0a', 'hex')],
    ['a segment that says it is shorter than its own length', Buffer.from('ffd8ffe00001', 'hex')],
    ['two starts', Buffer.from('ffd8ffd8', 'hex')],
  ])('refuses what is not JPEG: %s', (_, bytes) => {
    expect(() => new JpegSplitter(1_000).push(bytes)).toThrow("the source's pictures are not JPEG");
  });
});
