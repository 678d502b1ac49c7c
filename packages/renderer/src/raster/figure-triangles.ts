import type { Material } from '../mesh.js';
import { type MipLevel, mipLevels } from './texture.js';

/** The samples about one person: `left` and `top` are the first sample's place in the picture of samples. */
export interface Window {
  left: number;
  top: number;
  width: number;
  height: number;
  /** 1 ÷ depth; 0: not the person. */
  readonly inverse: Float32Array;
  /** Linear light, three numbers a sample. */
  readonly rgb: Float32Array;
}

/** Corners as the kernel reads them. */
export interface Corners {
  /** u, v in samples and 1 ÷ depth, three a corner; the third is 0 behind the near plane. */
  readonly places: Float32Array;
  /** Red, green, blue and gleam, four a corner. */
  readonly light: Float32Array;
  /** 1 where the surface is turned to the camera. */
  readonly facing: Uint8Array;
}

const TEXEL = 1 / (255 * 255);

/**
 * Draws triangles into a person's window, nearest sample wins. They are small, so that texture and light run evenly
 * over each; the mip level is chosen for each triangle.
 */
export function drawFigureTriangles(
  window: Window,
  { places, light, facing }: Corners,
  triangles: Uint32Array,
  uv: Float32Array,
  material: Material,
): void {
  const { inverse, rgb, width, height, left, top } = window;
  const levels = mipLevels(material.texture);
  const whole = levels[0] as MipLevel;
  const texelsWhole = whole.width * whole.height;
  const tr = material.tint[0] * TEXEL;
  const tg = material.tint[1] * TEXEL;
  const tb = material.tint[2] * TEXEL;
  const glow = material.emission;
  for (let t = 0; t < triangles.length; t += 3) {
    const ia = triangles[t] as number;
    const ib = triangles[t + 1] as number;
    const ic = triangles[t + 2] as number;
    if (facing[ia] === 0 && facing[ib] === 0 && facing[ic] === 0) continue;
    const za = places[ia * 3 + 2] as number;
    const zb = places[ib * 3 + 2] as number;
    const zc = places[ic * 3 + 2] as number;
    if (za === 0 || zb === 0 || zc === 0) continue;
    const ax = (places[ia * 3] as number) - left;
    const ay = (places[ia * 3 + 1] as number) - top;
    const bx = (places[ib * 3] as number) - left;
    const by = (places[ib * 3 + 1] as number) - top;
    const cx = (places[ic * 3] as number) - left;
    const cy = (places[ic * 3 + 1] as number) - top;
    const minY = ay < by ? (ay < cy ? ay : cy) : by < cy ? by : cy;
    const maxY = ay > by ? (ay > cy ? ay : cy) : by > cy ? by : cy;
    const firstRow = Math.max(0, Math.ceil(minY - 0.5));
    const lastRow = Math.min(height - 1, Math.floor(maxY - 0.5));
    if (firstRow > lastRow) continue;
    const minX = ax < bx ? (ax < cx ? ax : cx) : bx < cx ? bx : cx;
    const maxX = ax > bx ? (ax > cx ? ax : cx) : bx > cx ? bx : cx;
    const firstColumn = Math.max(0, Math.ceil(minX - 0.5));
    const lastColumn = Math.min(width - 1, Math.floor(maxX - 0.5));
    if (firstColumn > lastColumn) continue;
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (area > -1e-9 && area < 1e-9) continue;
    const scale = 1 / area;
    const bAcross = (cy - ay) * scale;
    const bDown = (ax - cx) * scale;
    const cAcross = (ay - by) * scale;
    const cDown = (bx - ax) * scale;

    const ua = uv[ia * 2] as number;
    const va = uv[ia * 2 + 1] as number;
    const ub = (uv[ib * 2] as number) - ua;
    const uc = (uv[ic * 2] as number) - ua;
    const vb = (uv[ib * 2 + 1] as number) - va;
    const vc = (uv[ic * 2 + 1] as number) - va;
    // Texels of the whole texture to one sample, as areas; each level has a quarter of the one before.
    const texels = Math.abs((ub * vc - uc * vb) * scale) * texelsWhole;
    let index = 0;
    for (let rest = texels; rest > 2 && index < levels.length - 1; rest *= 0.25) index++;
    const level = levels[index] as MipLevel;
    const data = level.texels;
    const w = level.width;
    const maskX = w - 1;
    const maskY = level.height - 1;
    const su = ua * w;
    const sub = ub * w;
    const suc = uc * w;
    const sv = va * level.height;
    const svb = vb * level.height;
    const svc = vc * level.height;

    const ra = light[ia * 4] as number;
    const ga = light[ia * 4 + 1] as number;
    const la = light[ia * 4 + 2] as number;
    const ea = light[ia * 4 + 3] as number;
    const rb = (light[ib * 4] as number) - ra;
    const gb = (light[ib * 4 + 1] as number) - ga;
    const lb = (light[ib * 4 + 2] as number) - la;
    const eb = (light[ib * 4 + 3] as number) - ea;
    const rc = (light[ic * 4] as number) - ra;
    const gc = (light[ic * 4 + 1] as number) - ga;
    const lc = (light[ic * 4 + 2] as number) - la;
    const ec = (light[ic * 4 + 3] as number) - ea;
    const zab = zb - za;
    const zac = zc - za;

    for (let row = firstRow; row <= lastRow; row++) {
      const y = row + 0.5 - ay;
      const x0 = firstColumn + 0.5 - ax;
      let wb = x0 * bAcross + y * bDown;
      let wc = x0 * cAcross + y * cDown;
      let at = row * width + firstColumn;
      for (
        let column = firstColumn;
        column <= lastColumn;
        column++, at++, wb += bAcross, wc += cAcross
      ) {
        if (wb < -1e-5 || wc < -1e-5 || wb + wc > 1.00001) continue;
        const z = za + zab * wb + zac * wc;
        if (z <= (inverse[at] as number)) continue;
        inverse[at] = z;
        const s = Math.floor(su + sub * wb + suc * wc) & maskX;
        const v = Math.floor(sv + svb * wb + svc * wc) & maskY;
        const p = (v * w + s) << 2;
        const r = data[p] as number;
        const g = data[p + 1] as number;
        const k = data[p + 2] as number;
        const gleam = ea + eb * wb + ec * wc;
        const to = at * 3;
        rgb[to] = r * r * tr * (ra + rb * wb + rc * wc + glow) + gleam;
        rgb[to + 1] = g * g * tg * (ga + gb * wb + gc * wc + glow) + gleam;
        rgb[to + 2] = k * k * tb * (la + lb * wb + lc * wc + glow) + gleam;
      }
    }
  }
}
