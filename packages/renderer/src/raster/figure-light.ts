import type { Vec3 } from '../mesh.js';
import type { LocalLight } from './lighting.js';

/** Share of the light from around that still reaches the foot of somebody who stands on the floor. */
const NEAR_FLOOR = 0.55;
const FLOOR_REACH_M = 0.9;

/**
 * Light at each corner of a figure's mesh: Lambert from the beams, sky and ground from around (less towards the floor),
 * and a gleam. Also says which corners are turned to the camera. `crowding`, 0 to 1: how closely others stand about.
 */
export function lightCorners(
  positions: Float32Array,
  normals: Float32Array,
  count: number,
  eye: Vec3,
  footZ: number,
  gloss: number,
  crowding: number,
  local: LocalLight,
  light: Float32Array,
  facing: Uint8Array,
): void {
  const { sky, ground, beams } = local;
  const [b0, b1, b2] = beams;
  const strength = 0.25 * gloss;
  const shininess = 6 + 60 * gloss;
  for (let i = 0, at = 0, to = 0; i < count; i++, at += 3, to += 4) {
    const nx = normals[at] as number;
    const ny = normals[at + 1] as number;
    const nz = normals[at + 2] as number;
    const ex = eye[0] - (positions[at] as number);
    const ey = eye[1] - (positions[at + 1] as number);
    const ez = eye[2] - (positions[at + 2] as number);
    const towards = nx * ex + ny * ey + nz * ez;
    if (towards <= 0) {
      facing[i] = 0;
    } else {
      facing[i] = 1;
    }
    const up = nz * 0.5 + 0.5;
    const over = ((positions[at + 2] as number) - footZ) / FLOOR_REACH_M;
    const lift = over >= 1 ? 1 : over <= 0 ? 0 : over * (2 - over);
    const open = NEAR_FLOOR + (1 - NEAR_FLOOR) * lift - crowding * 0.35 * (1 - 0.6 * lift);
    let r = (ground[0] + (sky[0] - ground[0]) * up) * open;
    let g = (ground[1] + (sky[1] - ground[1]) * up) * open;
    let b = (ground[2] + (sky[2] - ground[2]) * up) * open;
    let gleam = 0;
    for (let k = 0; k < 3; k++) {
      const beam = k === 0 ? b0 : k === 1 ? b1 : b2;
      if (beam === undefined) break;
      const [lx, ly, lz] = beam.direction;
      const cos = nx * lx + ny * ly + nz * lz;
      // A lamp's light wraps a little around a body, the sun's does not.
      const lambert = beam.position === undefined ? cos : (cos + 0.2) * 0.8333;
      if (lambert <= 0) continue;
      const reach = lambert * (1 - crowding * 0.5 * (1 - lift));
      r += beam.colour[0] * reach;
      g += beam.colour[1] * reach;
      b += beam.colour[2] * reach;
      if (strength > 0.01 && towards > 0 && cos > 0) {
        const away = 1 / Math.sqrt(ex * ex + ey * ey + ez * ez);
        const hx = lx + ex * away;
        const hy = ly + ey * away;
        const hz = lz + ez * away;
        const half = (nx * hx + ny * hy + nz * hz) / Math.sqrt(hx * hx + hy * hy + hz * hz);
        if (half > 0.3) gleam += strength * half ** shininess * beam.colour[1];
      }
    }
    light[to] = r;
    light[to + 1] = g;
    light[to + 2] = b;
    light[to + 3] = gleam;
  }
}
