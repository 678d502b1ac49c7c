/** Crowd pressure, and how much of it is noise. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Grid, PRESSURE_CELL_M, PressureGrid, velocityNoise } from '../../src/index.js';
import { positionsOf, rectangle, type Walker } from './crowds.js';

const CELL = rectangle(0, 0, 1, 1);

function pressureOf(...frames: Walker[][]): PressureGrid {
  const pressure = new PressureGrid(Grid.over(CELL, PRESSURE_CELL_M));
  for (const people of frames) pressure.add(positionsOf(people), 0.2);
  return pressure;
}

const at = (vx: number, vy = 0): Walker => ({ x: 0.5, y: 0.5, vx, vy });

describe('crowd pressure', () => {
  it('is density times the variance of the velocities, both axes together', () => {
    // Mean (1, 0); squared distances from it 1, 1 and 4 on the other axis.
    const { density, velocityVariance, pressure } = pressureOf([
      at(0),
      at(2),
      at(1, 2),
      at(1, -2),
    ]).at(0);
    expect(density).toBe(4);
    expect(velocityVariance).toBeCloseTo((1 + 1 + 4 + 4) / 4, 12);
    expect(pressure).toBeCloseTo(10, 12);
  });

  it('is 0 where all go the same way at the same speed, and where all stand', () => {
    expect(pressureOf([at(1.3), at(1.3)], [at(1.3)]).at(0).pressure).toBeCloseTo(0, 12);
    expect(pressureOf([at(0), at(0)]).at(0).pressure).toBe(0);
  });

  it('is never negative, whatever rounding does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1 }),
        (speeds) => {
          expect(pressureOf(speeds.map((v) => at(v, v))).at(0).pressure).toBeGreaterThanOrEqual(0);
          expect(pressureOf(speeds.map(() => at(speeds[0] as number))).at(0).pressure).toBeLessThan(
            1e-9,
          );
        },
      ),
    );
  });

  it('is taken over time: one person whose velocity changes makes some', () => {
    expect(pressureOf([at(1)], [at(-1)]).at(0).pressure).toBeCloseTo(1, 12);
  });

  it('is not known of an empty cell, nor where no velocity is known', () => {
    expect(pressureOf([]).at(0).pressure).toBeNaN();
    const unknown = pressureOf([at(NaN)]).at(0);
    expect(unknown.density).toBe(1);
    expect(unknown.pressure).toBeNaN();
    expect(pressureOf([]).highest()).toBeUndefined();
  });
});

it('noise alone makes the pressure that its floor says: 0.16 1/s² of 4 people who stand still, seen to 0.1 m', () => {
  expect(4 * velocityNoise(0.1, 1)).toBeCloseTo(0.16, 12);
  const gauss = gaussian(5);
  const frames = Array.from({ length: 5_000 }, () =>
    Array.from({ length: 4 }, () =>
      // Velocity between two positions one second apart, each with its own error.
      at(0.1 * gauss() - 0.1 * gauss(), 0.1 * gauss() - 0.1 * gauss()),
    ),
  );
  expect(pressureOf(...frames).at(0).pressure).toBeCloseTo(0.16, 2);
});

/** Numbers of a standard normal distribution, the same each time. */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}
