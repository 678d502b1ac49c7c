import { describe, expect, it } from 'vitest';
import { Pace } from '../src/live/scene/pace.js';
import { over, Raster } from '../src/live/scene/raster.js';

/** Red, green, blue and opacity as the word that a browser keeps. */
const rgba = (r: number, g: number, b: number, a: number): number =>
  ((a << 24) | (b << 16) | (g << 8) | r) >>> 0;
const RED = rgba(255, 0, 0, 255);
const GONE = rgba(9, 9, 9, 0);

function raster(width: number, height: number): Raster {
  return new Raster(width, height, new Uint32Array(width * height));
}

const dot = (size: number, word = RED) => ({
  size,
  words: new Uint32Array(size * size).fill(word),
});

describe('icons are put pixel by pixel where the processor draws', () => {
  it('with their middle at the place, and cut off at the edges', () => {
    const picture = raster(4, 3);
    picture.put(dot(2), 2, 1);
    expect([...picture.words]).toEqual([0, RED, RED, 0, 0, RED, RED, 0, 0, 0, 0, 0]);
    picture.clear();
    picture.put(dot(2), 4, 3);
    picture.put(dot(2), -1, 1);
    picture.put(dot(2), 2, -40);
    expect([...picture.words].filter((word) => word !== 0)).toHaveLength(1);
    expect(picture.words[11]).toBe(RED);
  });

  it('and what has changed is where they were and where they are', () => {
    const picture = raster(100, 100);
    picture.put(dot(4), 10, 10);
    expect(picture.changed()).toEqual({ left: 8, top: 8, right: 12, bottom: 12 });
    picture.clear();
    picture.put(dot(4), 50, 60);
    expect(picture.changed()).toEqual({ left: 8, top: 8, right: 52, bottom: 62 });
    picture.clear();
    expect(picture.changed()).toEqual({ left: 48, top: 58, right: 52, bottom: 62 });
    picture.clear();
    expect(picture.changed()).toBeUndefined();
    expect(picture.words.every((word) => word === 0)).toBe(true);
  });

  it('and their soft edges let through what lies under them', () => {
    expect(over(rgba(0, 0, 0, 128), rgba(255, 255, 255, 255))).toBe(rgba(127, 127, 127, 255));
    expect(over(rgba(10, 20, 30, 128), 0)).toBe(rgba(10, 20, 30, 128));
    const picture = raster(1, 1);
    picture.put(dot(1), 0.5, 0.5);
    picture.put(dot(1, GONE), 0.5, 0.5);
    expect(picture.words[0]).toBe(RED);
  });
});

describe('at most so many frames a second are drawn', () => {
  const drawn = (pace: Pace, everyMs: number, seconds: number): number => {
    let count = 0;
    for (let ms = 0; ms < seconds * 1000; ms += everyMs) if (pace.isTime(ms)) count += 1;
    return count;
  };

  it('of a screen of 60, of 144, and of one that is a little too fast', () => {
    for (const hertz of [60, 61, 144]) {
      const count = drawn(new Pace(30), 1000 / hertz, 10);
      expect(Math.abs(count - 300), `${String(hertz)} Hz`).toBeLessThanOrEqual(1);
    }
  });

  it('all that there are where there are fewer, and nothing is caught up after a pause', () => {
    const pace = new Pace(30);
    expect(drawn(pace, 100, 10)).toBe(100);
    expect(pace.isTime(60_000)).toBe(true);
    expect(pace.isTime(60_010)).toBe(false);
    expect(pace.isTime(60_034)).toBe(true);
  });
});
