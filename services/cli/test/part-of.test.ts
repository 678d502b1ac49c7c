import { scenario } from '@hitonami/simulator';
import { expect, it } from 'vitest';
import { partOf } from '../src/demo/part-of.js';

it('a part of a scenario has a share of its people at the same place, and changes nothing else', () => {
  const whole = scenario('rush-hour');
  const half = partOf(whole, 0.5);
  expect(half.demand.streams.map(({ ratePerMin }) => ratePerMin[0])).toEqual([
    [0, 34],
    [0, 18],
    [0, 30],
  ]);
  expect(half.demand.crowds.map(({ people }) => people)).toEqual([55, 20]);
  expect(half.world).toBe(whole.world);
  expect(partOf(whole, 1)).toEqual(whole);
});
