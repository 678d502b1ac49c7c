import { crc32, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainPicture } from '../src/stills/picture.js';
import { CAMERA, chunk, JPEG, png, segment } from './still-pictures.js';

const plain = (bytes: Buffer, camera = CAMERA) => plainPicture(bytes, camera);

describe('an uploaded picture of an empty place', () => {
  it('is kept pixel by pixel', () => {
    const kept = plain(png(32, 18));
    expect(kept).toMatchObject({ mediaType: 'image/png', width: 32, height: 18 });
    expect(kept.bytes.equals(png(32, 18))).toBe(true);
    expect(plain(JPEG)).toMatchObject({ mediaType: 'image/jpeg', width: 32, height: 18 });
    expect(plain(plain(JPEG).bytes).bytes.equals(plain(JPEG).bytes)).toBe(true);
  });

  it('loses where and when it was taken, its comments, its thumbnail, and what hangs behind it', () => {
    const secret = 'N35.6895 E139.6917 <script>alert(1)</script>';
    const told = [chunk('tEXt', secret), chunk('eXIf', secret), chunk('iTXt', secret)];
    const marked = Buffer.concat([png(32, 18, told), Buffer.from(secret)]);
    expect(marked.includes('script')).toBe(true);
    expect(plain(marked).bytes.equals(png(32, 18))).toBe(true);

    const [start, rest] = [JPEG.subarray(0, 2), JPEG.subarray(2)];
    const segments = [0xe1, 0xe2, 0xed, 0xfe].map((marker) => segment(marker, `Exif${secret}`));
    const photo = Buffer.concat([start, ...segments, rest, Buffer.from(secret)]);
    expect(plain(photo).bytes.includes('script')).toBe(false);
    expect(plain(photo).bytes.equals(plain(JPEG).bytes)).toBe(true);
  });

  it.each([
    ['no picture', Buffer.from('hello'), 'no PNG and no JPEG'],
    ['an SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'no PNG and no JPEG'],
    ['a page', Buffer.from('<!doctype html><script>alert(1)</script>'), 'no PNG and no JPEG'],
    ['a GIF', Buffer.from('GIF89a........'), 'no PNG and no JPEG'],
    ['nothing', Buffer.alloc(0), 'no PNG and no JPEG'],
    ['half a PNG', png(32, 18).subarray(0, 60), 'ends before its end'],
    ['half a JPEG', JPEG.subarray(0, JPEG.length - 20), 'ends before its end'],
    ['the head of a JPEG', Buffer.from('ffd8ffd9', 'hex'), 'no picture'],
    ['a picture of another shape', png(18, 32), 'same crop'],
    ['a picture of nothing', png(8, 4), 'smaller than 16'],
    [
      'a PNG with fewer pixels than it says',
      png(32, 18, [], deflateSync(Buffer.alloc(9))),
      'fewer',
    ],
    [
      'a PNG that unpacks to more',
      png(32, 18, [], deflateSync(Buffer.alloc(1 << 24))),
      'cannot be read',
    ],
  ])('is refused where it is %s', (_, bytes, why) => {
    expect(() => plain(bytes)).toThrow(why);
  });

  it('is refused by the size it says, before anything is unpacked', () => {
    const camera = { imageWidth: 1, imageHeight: 1 };
    const large = png(60_000, 60_000, [], Buffer.alloc(4));
    expect(() => plain(large, camera)).toThrow('60000 × 60000 pixels; 16777216 are taken');
  });

  it('is refused where one bit of a part that is kept is wrong', () => {
    const broken = png(32, 18);
    const at = broken.indexOf('IDAT') + 6;
    broken[at] = (broken[at] ?? 0) ^ 1;
    expect(() => plain(broken)).toThrow('broken');
    expect(crc32('IDAT')).toBeGreaterThan(0);
  });

  it('is taken or refused, whatever is wrong with it: nothing else happens', () => {
    const flips = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(JPEG, png(32, 18)), flips, fc.nat(), (good, changes, cut) => {
        const bytes = Buffer.from(good.subarray(0, 1 + (cut % good.length)));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        try {
          expect(plain(bytes).bytes.length).toBeLessThanOrEqual(bytes.length + 20);
        } catch (error) {
          expect(error).toMatchObject({ status: 400 });
        }
      }),
      { numRuns: 400 },
    );
  });
});
