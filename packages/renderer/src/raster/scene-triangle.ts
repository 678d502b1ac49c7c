import type { Material } from '../mesh.js';
import { SAMPLES, type SampleBuffer } from './samples.js';
import type { SceneVertex } from './scene-vertex.js';
import { type MipLevel, mipLevels } from './texture.js';

/** Texture look-ups for one sample at the most, along the direction in which the texture is squeezed. */
const TAPS_MAX = 8;
const TEXEL = 1 / (255 * 255);

/**
 * Draws a small triangle of the scene: perspective-correct texture, filtered along the line in which it is foreshortened
 * (after Feline: McCormack et al., SIGGRAPH 1999), light interpolated between the corners.
 */
export function drawScenePiece(
  buffer: SampleBuffer,
  material: Material,
  a: SceneVertex,
  b: SceneVertex,
  c: SceneVertex,
): void {
  const ax = a.u * SAMPLES;
  const ay = a.v * SAMPLES;
  const bx = b.u * SAMPLES;
  const by = b.v * SAMPLES;
  const cx = c.u * SAMPLES;
  const cy = c.v * SAMPLES;
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
  if (!(Math.abs(area) > 1e-7)) return;
  const top = Math.max(0, Math.ceil(Math.min(ay, by, cy) - 0.5));
  const bottom = Math.min(buffer.height - 1, Math.floor(Math.max(ay, by, cy) - 0.5));
  if (top > bottom) return;
  const scale = 1 / area;
  // How much of corner b and of corner c is in a sample, per sample across and down.
  const bAcross = (cy - ay) * scale;
  const bDown = (ax - cx) * scale;
  const cAcross = (ay - by) * scale;
  const cDown = (bx - ax) * scale;

  const zb = b.inverse - a.inverse;
  const zc = c.inverse - a.inverse;
  const zAcross = zb * bAcross + zc * cAcross;
  const zDown = zb * bDown + zc * cDown;
  const au = a.tu * a.inverse;
  const av = a.tv * a.inverse;
  const ub = b.tu * b.inverse - au;
  const uc = c.tu * c.inverse - au;
  const vb = b.tv * b.inverse - av;
  const vc = c.tv * c.inverse - av;
  const uAcross = ub * bAcross + uc * cAcross;
  const uDown = ub * bDown + uc * cDown;
  const vAcross = vb * bAcross + vc * cAcross;
  const vDown = vb * bDown + vc * cDown;

  // How the texture runs at the middle, texels a sample.
  const levels = mipLevels(material.texture);
  const whole = levels[0] as MipLevel;
  const zMid = (a.inverse + b.inverse + c.inverse) / 3;
  const uMid = (a.tu * a.inverse + b.tu * b.inverse + c.tu * c.inverse) / 3 / zMid;
  const vMid = (a.tv * a.inverse + b.tv * b.inverse + c.tv * c.inverse) / 3 / zMid;
  const duX = (uAcross - uMid * zAcross) / zMid;
  const dvX = (vAcross - vMid * zAcross) / zMid;
  const duY = (uDown - uMid * zDown) / zMid;
  const dvY = (vDown - vMid * zDown) / zMid;
  const lengthX = Math.hypot(duX * whole.width, dvX * whole.height);
  const lengthY = Math.hypot(duY * whole.width, dvY * whole.height);
  const long = Math.max(lengthX, lengthY, 1e-6);
  const short = Math.max(Math.min(lengthX, lengthY), long / TAPS_MAX);
  const index = Math.min(levels.length - 1, Math.max(0, Math.round(Math.log2(short))));
  const { width, height, texels } = levels[index] as MipLevel;
  const taps =
    long > 1 ? Math.min(TAPS_MAX, Math.max(1, Math.round(long / Math.max(1, short)))) : 1;
  const du = (lengthX > lengthY ? duX : duY) * width;
  const dv = (lengthX > lengthY ? dvX : dvY) * height;
  const maskX = width - 1;
  const maskY = height - 1;

  const [tr, tg, tb] = material.tint;
  const glow = material.emission;
  const share = TEXEL / taps;
  const { inverse, rgb } = buffer;
  for (let row = top; row <= bottom; row++) {
    const y = row + 0.5;
    // Where this row is inside of all three edges.
    const b0 = (y - ay) * bDown - ax * bAcross;
    const c0 = (y - ay) * cDown - ax * cAcross;
    let from = -0.5;
    let to = buffer.width;
    for (let edge = 0; edge < 3; edge++) {
      const slope = edge === 0 ? bAcross : edge === 1 ? cAcross : -bAcross - cAcross;
      const at = edge === 0 ? b0 : edge === 1 ? c0 : 1 - b0 - c0;
      if (slope > 0) from = Math.max(from, -at / slope);
      else if (slope < 0) to = Math.min(to, -at / slope);
      else if (at < 0) to = -1;
    }
    // A hair wider: two pieces both draw what lies on their common edge, and none leaves a hole.
    const first = Math.max(0, Math.ceil(from - 0.5 - 1e-3));
    const last = Math.min(buffer.width - 1, Math.floor(to - 0.5 + 1e-3));
    for (let column = first; column <= last; column++) {
      const x = column + 0.5;
      const wb = x * bAcross + b0;
      const wc = x * cAcross + c0;
      const z = a.inverse + zb * wb + zc * wc;
      const at = row * buffer.width + column;
      if (!(z > (inverse[at] as number))) continue;
      inverse[at] = z;
      const u = ((au + ub * wb + uc * wc) / z) * width - 0.5;
      const v = ((av + vb * wb + vc * wc) / z) * height - 0.5;
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let tap = 0; tap < taps; tap++) {
        const along = (tap + 0.5) / taps - 0.5;
        const s = u + du * along;
        const t = v + dv * along;
        const s0 = Math.floor(s);
        const t0 = Math.floor(t);
        const fs = s - s0;
        const ft = t - t0;
        const x0 = s0 & maskX;
        const x1 = (s0 + 1) & maskX;
        const y0 = (t0 & maskY) * width;
        const y1 = ((t0 + 1) & maskY) * width;
        const p = (y0 + x0) << 2;
        const q = (y0 + x1) << 2;
        const m = (y1 + x0) << 2;
        const n = (y1 + x1) << 2;
        const wp = (1 - fs) * (1 - ft);
        const wq = fs * (1 - ft);
        const wm = (1 - fs) * ft;
        const wn = fs * ft;
        const r =
          wp * (texels[p] as number) +
          wq * (texels[q] as number) +
          wm * (texels[m] as number) +
          wn * (texels[n] as number);
        const g =
          wp * (texels[p + 1] as number) +
          wq * (texels[q + 1] as number) +
          wm * (texels[m + 1] as number) +
          wn * (texels[n + 1] as number);
        const k =
          wp * (texels[p + 2] as number) +
          wq * (texels[q + 2] as number) +
          wm * (texels[m + 2] as number) +
          wn * (texels[n + 2] as number);
        red += r * r;
        green += g * g;
        blue += k * k;
      }
      const wa = 1 - wb - wc;
      const gleam = a.gleam * wa + b.gleam * wb + c.gleam * wc;
      const to3 = at * 3;
      rgb[to3] = red * share * tr * (a.r * wa + b.r * wb + c.r * wc + glow) + gleam;
      rgb[to3 + 1] = green * share * tg * (a.g * wa + b.g * wb + c.g * wc + glow) + gleam;
      rgb[to3 + 2] = blue * share * tb * (a.b * wa + b.b * wb + c.b * wc + glow) + gleam;
    }
  }
}
