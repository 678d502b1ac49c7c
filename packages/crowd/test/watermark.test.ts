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
});
