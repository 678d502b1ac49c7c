import { describe, expect, it } from 'vitest';
import { framesPerSAt, paceAfter, paceFor, warningAt } from '../src/demo/pace.js';

describe('the pace of the demo', () => {
  it('leaves nearly half of the time to detection, and is never slower than a picture a second', () => {
    expect(framesPerSAt(paceFor(100))).toBe(5);
    expect(framesPerSAt(paceFor(200))).toBe(2.5);
    expect(framesPerSAt(paceFor(400))).toBe(1);
    expect(framesPerSAt(paceFor(60_000))).toBe(1);
    expect(framesPerSAt(paceFor(Infinity))).toBe(1);
  });

  it('becomes slower where pictures are lost, step by step, and stays where they are not', () => {
    expect(paceAfter(2, 150, 150)).toBe(2);
    expect(paceAfter(2, 130, 150)).toBe(2);
    expect(paceAfter(2, 100, 150)).toBe(3);
    expect(paceAfter(5, 0, 60)).toBe(5);
  });

  it('says what is wrong with the numbers of a slow machine, and nothing of a quick one', () => {
    expect(warningAt(1)).toBe('');
    expect(warningAt(2)).toBe('');
    expect(warningAt(3)).toMatch(/too slow.*some who walk are lost/);
    expect(warningAt(5)).toMatch(/most who walk are lost/);
  });
});
