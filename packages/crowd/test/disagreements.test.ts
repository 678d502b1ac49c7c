import { describe, expect, it } from 'vitest';
import { Disagreements } from '../src/hand-over/disagreements.js';
import type { PlaceCovariance } from '../src/hand-over/place-error.js';
import type { Look } from '../src/hand-over/witnesses.js';

// Two cameras put the same people at places that are apart: when one of them was probably moved, and when not.

const WINDOW_US = 10_000_000;
/** Both are sure of their places to 0.1 m; and one of them to 0.9 m along x, which is its line of sight. */
const SURE: PlaceCovariance = [0.02, 0, 0.02];
const FLAT: PlaceCovariance = [0.81, 0, 0.02];
/** Two cameras without calibration. */
const UNCALIBRATED: PlaceCovariance = [2 * 0.28 ** 2, 0, 2 * 0.28 ** 2];

/** A pair of cameras, window by window. */
class TwoCameras {
  private readonly found = new Disagreements(2);
  private windows = 0;
  private named = 0;

  get areMoved(): boolean {
    const [a, b] = this.found.movedSinceUs;
    expect(a).toBe(b);
    return (a ?? 0) > 0;
  }

  /** So many new people are looked at, so often each; then a window ends. */
  window(people: number, look: Partial<Look>, { looks = 1, scatter = 100 } = {}): this {
    for (let person = 0; person < people; person++) {
      this.named++;
      for (let i = 0; i < looks; i++) {
        const off = scatter * ((this.named % 3) - 1);
        this.look({ ...look, dx: (look.dx ?? 0) + off, dy: (look.dy ?? 0) - off });
      }
    }
    return this.end();
  }

  look(look: Partial<Look>): void {
    const named = { who: this.named, otherWho: 1_000_000 + this.named };
    this.found.note(0, 1, { dx: 0, dy: 0, cov: SURE, seen: 'near', ...named, ...look });
  }

  end(): this {
    this.found.judge(++this.windows * WINDOW_US);
    return this;
  }
}

const areMoved = (look: Partial<Look>, options?: { looks?: number; scatter?: number }): boolean =>
  new TwoCameras().window(18, look, options).window(2, look, options).areMoved;

describe('two cameras that put the same people at different places', () => {
  it('disagree where everybody is 0.8 m off: one of them was probably moved', () => {
    expect(areMoved({ dx: 800 })).toBe(true);
    expect(areMoved({ dy: 800, cov: FLAT })).toBe(true);
  });

  it('disagree from 0.35 m on, where they are sure of their places', () => {
    expect(areMoved({ dx: 340 })).toBe(false);
    expect(areMoved({ dx: 360 })).toBe(true);
  });

  it('disagree from 1.5 standard deviations of a single place on: 0.6 m where they are not calibrated', () => {
    expect(areMoved({ dx: 580, cov: UNCALIBRATED })).toBe(false);
    expect(areMoved({ dx: 610, cov: UNCALIBRATED })).toBe(true);
  });

  it('agree where a detector’s feet err along the line of sight as far as is expected of them', () => {
    expect(areMoved({ dx: 800, cov: FLAT })).toBe(false);
  });

  it('are not judged where people are scattered so widely that they were mistaken for each other', () => {
    // Off by 0.9 m each time: 10 standard errors of the median, and 3.
    expect(areMoved({ dx: 900 }, { scatter: 300 })).toBe(true);
    expect(areMoved({ dx: 900 }, { scatter: 900 })).toBe(false);
  });
});

describe('how many it takes', () => {
  const off = { dx: 1000 };

  it('is sixteen people, however often each was looked at', () => {
    // With the sixteenth the first window is judged, and there is none after it.
    const few = new TwoCameras().window(15, off, { looks: 9 }).window(1, off, { looks: 9 });
    expect(few.end().areMoved).toBe(false);
    expect(new TwoCameras().window(16, off).window(1, off).areMoved).toBe(true);
  });

  it('is sixteen people still where one of the two cameras cuts their tracks', () => {
    const two = new TwoCameras();
    for (let window = 0; window < 5; window++) {
      for (let i = 0; i < 20; i++) two.look({ ...off, who: 100 * window + i, otherWho: 7 });
      for (let i = 0; i < 20; i++) two.look({ ...off, who: 9, otherWho: 5000 + 100 * window + i });
      two.end();
    }
    expect(two.areMoved).toBe(false);
  });

  it('is two windows, and somebody new in the second', () => {
    const two = new TwoCameras().window(18, off);
    expect(two.areMoved).toBe(false);
    expect(two.end().end().areMoved).toBe(false);
    // Who is still there is nobody new.
    two.look(off);
    expect(two.end().areMoved).toBe(false);
    expect(two.window(1, off).areMoved).toBe(true);
  });

  it('is two windows, each with somebody new, until they agree again', () => {
    const two = new TwoCameras().window(18, off).window(1, off).window(20, {});
    expect(two.end().areMoved).toBe(true);
    expect(two.window(1, {}).areMoved).toBe(false);
  });

  it('is none by chance: cameras that are right, of which each person errs alike for as long as it is seen', () => {
    const random = gauss(7);
    for (let trial = 0; trial < 100; trial++) {
      const two = new TwoCameras();
      for (let window = 0; window < 60; window++) {
        const look = { dx: 396 * random(), dy: 396 * random(), cov: UNCALIBRATED };
        two.window(1, look, { looks: 3, scatter: 0 });
      }
      expect(two.areMoved).toBe(false);
    }
  });
});

describe('people whom the second camera sees only metres off', () => {
  const far = { dx: 3000, cov: UNCALIBRATED, seen: 'far' } as const;

  it('show that a camera was moved far', () => {
    expect(areMoved(far)).toBe(true);
  });

  it('show nothing where somebody was also seen where the first puts them: the other was a stranger', () => {
    const two = new TwoCameras();
    for (let i = 0; i < 20; i++) {
      two.look({ who: i, otherWho: 100 + i, seen: 'near' });
      two.look({ ...far, who: i, otherWho: 200 + i });
    }
    expect(two.end().window(1, far).areMoved).toBe(false);
  });

  it('show nothing where mostly nobody was seen at all: strangers come by', () => {
    const two = new TwoCameras();
    for (let i = 0; i < 20; i++) {
      two.look({ ...far, who: i, otherWho: 100 + i });
      for (let n = 0; n < 2; n++) two.look({ who: i, otherWho: undefined, seen: 'none' });
    }
    expect(two.end().window(1, far).areMoved).toBe(false);
  });

  it('show nothing where as many are not seen by the second camera at all', () => {
    const two = new TwoCameras().window(20, { otherWho: undefined, seen: 'none' });
    expect(two.window(18, far).window(2, far).areMoved).toBe(false);
  });
});

/** Normal values, the same for the same seed. */
function gauss(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
