import type { Vec3 } from '../mesh.js';
import { fromHsv, material, speckled } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import type { Palette } from './palette.js';
import type { Stage } from './stage.js';

/** A parked car or van along x, its middle at x, y. */
export function car(
  stage: Stage,
  random: Random,
  kit: Palette,
  x: number,
  y: number,
  yawRad: number,
): void {
  const paint = random.chance(0.6)
    ? fromHsv(0.6, random.between(0, 0.12), random.between(0.05, 0.9))
    : fromHsv(random.next(), random.between(0.3, 0.8), random.between(0.12, 0.6));
  const body = material(speckled(paint, 0.06, random.next(), 32), 0.6);
  const pane = material(speckled([0.13, 0.15, 0.18], 0.6, random.next(), 32), 0.8);
  const van = random.chance(0.2);
  const long = van ? 2.5 : random.between(1.8, 2.3);
  const tall = van ? 2 : random.between(1.38, 1.6);
  const c = Math.cos(yawRad);
  const s = Math.sin(yawRad);
  const at = (u: number, v: number, z: number): Vec3 => [x + c * u - s * v, y + s * u + c * v, z];
  const ring = (
    u: number,
    z: number,
    w: number,
    h: number,
  ): Parameters<ReturnType<Stage['of']>['loft']>[0][number] => ({
    centre: at(u, 0, z),
    side: [-s, c, 0],
    front: [0, 0, 1],
    sideM: w,
    frontM: h,
    power: 5,
  });
  stage
    .of(body)
    .loft(
      [
        ring(-long, 0.62, 0.75, 0.25),
        ring(-long * 0.9, 0.62, 0.86, 0.34),
        ring(long * 0.5, 0.6, 0.87, 0.34),
        ring(long * 0.95, 0.53, 0.82, 0.24),
        ring(long, 0.5, 0.7, 0.18),
      ],
      { segments: 16 },
    );
  const roof = tall - 0.9;
  const front = van ? long * 0.9 : long * 0.42;
  stage
    .of(pane)
    .loft(
      [
        ring(-long * 0.92, 0.9, 0.74, 0.05),
        ring(-long * (van ? 0.9 : 0.66), 0.9 + roof / 2, 0.72, roof / 2),
        ring(front * 0.5, 0.9 + roof / 2, 0.72, roof / 2),
        ring(front, 0.9, 0.74, 0.05),
      ],
      { segments: 16 },
    );
  stage
    .of(body)
    .loft(
      [
        ring(-long * (van ? 0.92 : 0.64), tall - 0.05, 0.68, 0.035),
        ring(front * 0.48, tall - 0.05, 0.68, 0.035),
      ],
      { segments: 12 },
    );
  for (const u of [-0.62, 0.62]) {
    for (const v of [-0.8, 0.8]) {
      stage.of(kit.black).ellipsoid(at(u * long, v, 0.32), [0.33, 0.12, 0.33], 12, 8, [
        [c, s, 0],
        [-s, c, 0],
        [0, 0, 1],
      ]);
      stage
        .of(random.pick(kit.metals))
        .ellipsoid(at(u * long, v * 1.09, 0.32), [0.18, 0.06, 0.18], 8, 6, [
          [c, s, 0],
          [-s, c, 0],
          [0, 0, 1],
        ]);
    }
  }
  for (let u = -1; u <= 1; u += 1)
    stage.block(x + c * u * long * 0.7, y + s * u * long * 0.7, 1.05);
}
