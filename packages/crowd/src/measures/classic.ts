import type { MeasuredArea } from './area.js';
import type { MovingPositions, Positions } from './positions.js';

/** How many people are inside an area. */
export function peopleInside(area: MeasuredArea, { count, x, y }: Positions): number {
  let people = 0;
  for (let i = 0; i < count; i++) {
    if (area.contains(x[i] as number, y[i] as number)) people++;
  }
  return people;
}

/**
 * Classic density ρ = N / A(M), persons/m²: the people in the area over its size.
 * Source: PedPy, "classic density" (pedpy.compute_classic_density).
 */
export function classicDensity(area: MeasuredArea, positions: Positions): number {
  return peopleInside(area, positions) / area.areaM2;
}

/**
 * Mean speed of an area, m/s: the mean of the speeds of those inside; people whose velocity is not known (NaN) do not
 * enter. NaN where nobody with a velocity is inside: no speed is not speed 0.
 * Source: PedPy, "mean speed" (pedpy.compute_mean_speed_per_frame).
 */
export function meanSpeed(area: MeasuredArea, { count, x, y, vx, vy }: MovingPositions): number {
  let people = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (!area.contains(x[i] as number, y[i] as number)) continue;
    const u = vx[i] as number;
    const v = vy[i] as number;
    const speed = Math.sqrt(u * u + v * v);
    if (speed !== speed) continue;
    people++;
    sum += speed;
  }
  return people === 0 ? NaN : sum / people;
}
