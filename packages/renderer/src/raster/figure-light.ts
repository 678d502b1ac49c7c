import type { Vec3 } from '../mesh.js';
import type { LocalLight } from './lighting.js';

/** Share of the light from around that still reaches the foot of somebody who stands on the floor. */
const NEAR_FLOOR = 0.55;
const FLOOR_REACH_M = 0.9;

/** Lamps and the sun as the loop reads them: direction, colour, and how far the light wraps around a body. */
const BEAM = 7;
const BEAMS_MAX = 3;
const beams = new Float64Array(BEAM * BEAMS_MAX);
/** A lamp's light wraps a little around a body, the sun's does not. */
const LAMP_WRAP = 0.2;

/**
 * Light at those corners of a figure's mesh that are needed: Lambert from the beams, sky and ground from around (less
 * towards the floor), and a gleam. `crowding`, 0 to 1: how closely others stand about.
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
  needed: Uint8Array,
  light: Float32Array,
): void {
  const beamsEnd = takeBeams(local);
  const [gr, gg, gb] = local.ground;
  const sr = local.sky[0] - gr;
  const sg = local.sky[1] - gg;
  const sb = local.sky[2] - gb;
  const [eyeX, eyeY, eyeZ] = eye;
  const strength = 0.25 * gloss;
  const shininess = 6 + 60 * gloss;
  for (let i = 0, at = 0, to = 0; i < count; i++, at += 3, to += 4) {
    if (needed[i] === 0) continue;
    const nx = normals[at] as number;
    const ny = normals[at + 1] as number;
    const nz = normals[at + 2] as number;
    const up = nz * 0.5 + 0.5;
    const z = positions[at + 2] as number;
    const over = (z - footZ) / FLOOR_REACH_M;
    const lift = over >= 1 ? 1 : over <= 0 ? 0 : over * (2 - over);
    const open = NEAR_FLOOR + (1 - NEAR_FLOOR) * lift - crowding * 0.35 * (1 - 0.6 * lift);
    const direct = 1 - crowding * 0.5 * (1 - lift);
    let r = (gr + sr * up) * open;
    let g = (gg + sg * up) * open;
    let b = (gb + sb * up) * open;
    let gleam = 0;
    for (let k = 0; k < beamsEnd; k += BEAM) {
      const lx = beams[k] as number;
      const ly = beams[k + 1] as number;
      const lz = beams[k + 2] as number;
      const wrap = beams[k + 6] as number;
      const cos = nx * lx + ny * ly + nz * lz;
      const lambert = (cos + wrap) / (1 + wrap);
      if (lambert <= 0) continue;
      const reach = lambert * direct;
      r += (beams[k + 3] as number) * reach;
      g += (beams[k + 4] as number) * reach;
      b += (beams[k + 5] as number) * reach;
      if (strength > 0.01 && cos > 0) {
        const ex = eyeX - (positions[at] as number);
        const ey = eyeY - (positions[at + 1] as number);
        const ez = eyeZ - z;
        const away = 1 / Math.sqrt(ex * ex + ey * ey + ez * ez);
        const hx = lx + ex * away;
        const hy = ly + ey * away;
        const hz = lz + ez * away;
        const half = (nx * hx + ny * hy + nz * hz) / Math.sqrt(hx * hx + hy * hy + hz * hz);
        if (half > 0.3 && nx * ex + ny * ey + nz * ez > 0)
          gleam += strength * half ** shininess * (beams[k + 4] as number);
      }
    }
    light[to] = r;
    light[to + 1] = g;
    light[to + 2] = b;
    light[to + 3] = gleam;
  }
}

/** Answers where the beams end. */
function takeBeams(local: LocalLight): number {
  let at = 0;
  for (const { direction, colour, position } of local.beams.slice(0, BEAMS_MAX)) {
    beams.set(direction, at);
    beams.set(colour, at + 3);
    beams[at + 6] = position === undefined ? 0 : LAMP_WRAP;
    at += BEAM;
  }
  return at;
}
