import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Watermark } from '../src/index.js';

const second = 1_000_000;
const options = { disorderUs: second / 2, latenessUs: 10 * second };

describe('the watermark', () => {
  it('follows the slowest camera, less the disorder', () => {
    const watermark = new Watermark(options);
    watermark.expect(['a', 'b']);
    watermark.frame('a', 100 * second);
    watermark.frame('b', 103 * second);
    expect(watermark.valueUs).toBe(99.5 * second);
    watermark.frame('a', 104 * second);
    expect(watermark.valueUs).toBe(102.5 * second);
  });

  it('waits for a silent camera no longer than the lateness', () => {
    const watermark = new Watermark(options);
    watermark.expect(['a', 'silent']);
    watermark.frame('a', 100 * second);
    expect(watermark.valueUs).toBe(90 * second);
    watermark.frame('a', 130 * second);
    expect(watermark.valueUs).toBe(120 * second);
  });

  it('is moved by ticks when all are silent, and never falls', () => {
    const watermark = new Watermark(options);
    watermark.expect(['a']);
    watermark.frame('a', 100 * second);
    watermark.tick(200 * second);
    expect(watermark.valueUs).toBe(190 * second);
    watermark.frame('a', 150 * second);
    watermark.tick(120 * second);
    expect(watermark.valueUs).toBe(190 * second);
  });

  it('is what the definition says, whatever the order of the captures', () => {
    const capture = fc.record({
      camera: fc.integer({ min: 0, max: 11 }),
      s: fc.integer({ min: 0, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(capture, { maxLength: 200 }), (captures) => {
        const cameras = Array.from({ length: 12 }, (_, i) => `c${i}`);
        const watermark = new Watermark(options);
        watermark.expect(cameras);
        const last = new Map(cameras.map((camera) => [camera, -Infinity]));
        let expected = -Infinity;
        for (const { camera, s } of captures) {
          const id = `c${camera}`;
          watermark.frame(id, s * second);
          last.set(id, Math.max(last.get(id) ?? -Infinity, s * second));
          const slowest = Math.min(...last.values()) - options.disorderUs;
          const newest = Math.max(...last.values()) - options.latenessUs;
          expected = Math.max(expected, slowest, newest);
          expect(watermark.valueUs).toBe(expected);
        }
      }),
    );
  });
});
