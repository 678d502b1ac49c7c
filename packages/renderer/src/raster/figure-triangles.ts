import type { Mesh } from '../mesh.js';
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
}

const TEXEL = 1 / (255 * 255);
/** By how much a sample may lie outside a triangle, as a share of it, so that no seam shows between two. */
const SLACK = 1e-5;
/** More than a texture repeats to the left of its beginning. */
const REPEATS = 64;

/**
 * Finds the triangles that face the camera (their corners run counter-clockwise, in a picture whose v grows downwards)
 * and whose bounds hold the middle of a sample: where each begins goes to `chosen`, and `needed` says which corners they have.
 * @returns how many there are
 */
export function chooseTriangles(
  { width, height, left, top }: Window,
  places: Float32Array,
  triangles: Uint32Array,
  chosen: Uint32Array,
  needed: Uint8Array,
): number {
  let count = 0;
  for (let t = 0; t < triangles.length; t += 3) {
    const ia = triangles[t] as number;
    const ib = triangles[t + 1] as number;
    const ic = triangles[t + 2] as number;
    const a = ia * 3;
    const b = ib * 3;
    const c = ic * 3;
    const ax = places[a] as number;
    const ay = places[a + 1] as number;
    const bx = places[b] as number;
    const by = places[b + 1] as number;
    const cx = places[c] as number;
    const cy = places[c + 1] as number;
    if ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay) > -1e-9) continue;
    const minY = (ay < by ? (ay < cy ? ay : cy) : by < cy ? by : cy) - top;
    const maxY = (ay > by ? (ay > cy ? ay : cy) : by > cy ? by : cy) - top;
    if (Math.ceil(minY - 0.5) > Math.floor(maxY - 0.5) || maxY < 0.5 || minY > height) continue;
    const minX = (ax < bx ? (ax < cx ? ax : cx) : bx < cx ? bx : cx) - left;
    const maxX = (ax > bx ? (ax > cx ? ax : cx) : bx > cx ? bx : cx) - left;
    if (Math.ceil(minX - 0.5) > Math.floor(maxX - 0.5) || maxX < 0.5 || minX > width) continue;
    if (places[a + 2] === 0 || places[b + 2] === 0 || places[c + 2] === 0) continue;
    chosen[count++] = t;
    needed[ia] = 1;
    needed[ib] = 1;
    needed[ic] = 1;
  }
  return count;
}

/**
 * Draws the first `count` chosen triangles into a person's window, nearest sample wins. They are small, so that texture
 * and light run evenly over each; the mip level is chosen for each triangle.
 */
export function drawFigureTriangles(
  window: Window,
  { places, light }: Corners,
  { triangles, uv, material }: Mesh,
  chosen: Uint32Array,
  count: number,
): void {
  const { inverse, rgb, width, height, left, top } = window;
  const levels = mipLevels(material.texture);
  const whole = levels[0] as MipLevel;
  const texelsWhole = whole.width * whole.height;
  const tr = material.tint[0] * TEXEL;
  const tg = material.tint[1] * TEXEL;
  const tb = material.tint[2] * TEXEL;
  const glow = material.emission;
  // What a triangle looks like, worked out with its first sample that is not hidden.
  let data = whole.texels;
  let [w, maskX, maskY] = [0, 0, 0];
  let [su, sub, suc, sv, svb, svc] = [0, 0, 0, 0, 0, 0];
  let [ra, ga, la, ea, rb, gb, lb, eb] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [rc, gc, lc, ec] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const t = chosen[i] as number;
    const ia = triangles[t] as number;
    const ib = triangles[t + 1] as number;
    const ic = triangles[t + 2] as number;
    const za = places[ia * 3 + 2] as number;
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
    const minX = ax < bx ? (ax < cx ? ax : cx) : bx < cx ? bx : cx;
    const maxX = ax > bx ? (ax > cx ? ax : cx) : bx > cx ? bx : cx;
    const firstColumn = Math.max(0, Math.ceil(minX - 0.5));
    const lastColumn = Math.min(width - 1, Math.floor(maxX - 0.5));
    const scale = 1 / ((bx - ax) * (cy - ay) - (cx - ax) * (by - ay));
    const bAcross = (cy - ay) * scale;
    const bDown = (ax - cx) * scale;
    const cAcross = (ay - by) * scale;
    const cDown = (bx - ax) * scale;
    const zab = (places[ib * 3 + 2] as number) - za;
    const zac = (places[ic * 3 + 2] as number) - za;
    // Each edge says from which column on, or up to which, a row is inside: its weight grows by so much a column.
    const aAcross = -bAcross - cAcross;
    const bColumns = 1 / bAcross;
    const cColumns = 1 / cAcross;
    const aColumns = 1 / aAcross;
    let isReady = false;

    for (let row = firstRow; row <= lastRow; row++) {
      const y = row + 0.5 - ay;
      const b0 = y * bDown;
      const c0 = y * cDown;
      let from = firstColumn;
      let to = lastColumn;
      const bEdge = ax - 0.5 - (b0 + SLACK) * bColumns;
      if (bAcross > 0) {
        if (bEdge > from) from = Math.ceil(bEdge);
      } else if (bEdge < to) to = Math.floor(bEdge);
      const cEdge = ax - 0.5 - (c0 + SLACK) * cColumns;
      if (cAcross > 0) {
        if (cEdge > from) from = Math.ceil(cEdge);
      } else if (cEdge < to) to = Math.floor(cEdge);
      const aEdge = ax - 0.5 - (1 + SLACK - b0 - c0) * aColumns;
      if (aAcross > 0) {
        if (aEdge > from) from = Math.ceil(aEdge);
      } else if (aEdge < to) to = Math.floor(aEdge);
      if (from > to) continue;

      let wb = (from + 0.5 - ax) * bAcross + b0;
      let wc = (from + 0.5 - ax) * cAcross + c0;
      let at = row * width + from;
      let last = -2;
      for (const end = row * width + to; at <= end; at++, wb += bAcross, wc += cAcross) {
        const z = za + zab * wb + zac * wc;
        if (z <= (inverse[at] as number)) continue;
        inverse[at] = z;
        const p = at * 3;
        // Two samples beside each other in a pixel hardly differ: light and cloth are worked out for one of them.
        if (last === at - 1) {
          rgb[p] = rgb[p - 3] as number;
          rgb[p + 1] = rgb[p - 2] as number;
          rgb[p + 2] = rgb[p - 1] as number;
          continue;
        }
        if ((at & 1) === 0) last = at;
        if (!isReady) {
          isReady = true;
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
          data = level.texels;
          w = level.width;
          maskX = w - 1;
          maskY = level.height - 1;
          // So many repeats to the right that no place is left of 0, where cutting would round up.
          su = (ua + REPEATS) * w;
          sub = ub * w;
          suc = uc * w;
          sv = (va + REPEATS) * level.height;
          svb = vb * level.height;
          svc = vc * level.height;
          ra = light[ia * 4] as number;
          ga = light[ia * 4 + 1] as number;
          la = light[ia * 4 + 2] as number;
          ea = light[ia * 4 + 3] as number;
          rb = (light[ib * 4] as number) - ra;
          gb = (light[ib * 4 + 1] as number) - ga;
          lb = (light[ib * 4 + 2] as number) - la;
          eb = (light[ib * 4 + 3] as number) - ea;
          rc = (light[ic * 4] as number) - ra;
          gc = (light[ic * 4 + 1] as number) - ga;
          lc = (light[ic * 4 + 2] as number) - la;
          ec = (light[ic * 4 + 3] as number) - ea;
        }
        const s = ((su + sub * wb + suc * wc) | 0) & maskX;
        const v = ((sv + svb * wb + svc * wc) | 0) & maskY;
        const texel = (v * w + s) << 2;
        const r = data[texel] as number;
        const g = data[texel + 1] as number;
        const k = data[texel + 2] as number;
        const gleam = ea + eb * wb + ec * wc;
        rgb[p] = r * r * tr * (ra + rb * wb + rc * wc + glow) + gleam;
        rgb[p + 1] = g * g * tg * (ga + gb * wb + gc * wc + glow) + gleam;
        rgb[p + 2] = k * k * tb * (la + lb * wb + lc * wc + glow) + gleam;
      }
    }
  }
}
