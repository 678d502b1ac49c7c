import type { Material, Mesh, Vec3 } from '../mesh.js';
import { add, along, cross, lerp, sub, unit } from './vec.js';

/** One closed curve of a lofted surface: a superellipse in the plane of `side` and `front`. */
export interface Ring {
  readonly centre: Vec3;
  readonly side: Vec3;
  readonly front: Vec3;
  readonly sideM: number;
  readonly frontM: number;
  /** 2 is an ellipse, 3 is boxier. Default 2. */
  readonly power?: number;
}

export interface LoftOptions {
  readonly segments: number;
  /** u and v at the start and the end; the front is in the middle of u. Default 0 to 1. */
  readonly uv?: readonly [u0: number, v0: number, u1: number, v1: number];
  readonly open?: boolean;
  /** Metres by which the surface is moved in and out, as folds do. */
  readonly ripple?: (u: number, v: number) => number;
}

/** Collects triangles of one material in a body's own frame (x ahead, y left, z up). */
export class Sculpt {
  readonly positions: number[] = [];
  readonly uv: number[] = [];
  readonly triangles: number[] = [];

  get vertices(): number {
    return this.positions.length / 3;
  }

  vertex(p: Vec3, u: number, v: number): number {
    this.positions.push(p[0], p[1], p[2]);
    this.uv.push(u, v);
    return this.vertices - 1;
  }

  triangle(a: number, b: number, c: number): void {
    this.triangles.push(a, b, c);
  }

  /** A flat quad, corners in order. */
  quad(a: Vec3, b: Vec3, c: Vec3, d: Vec3, uv: readonly number[] = [0, 0, 1, 1]): void {
    const [u0 = 0, v0 = 0, u1 = 1, v1 = 1] = uv;
    const i = this.vertex(a, u0, v1);
    this.vertex(b, u1, v1);
    this.vertex(c, u1, v0);
    this.vertex(d, u0, v0);
    this.triangles.push(i, i + 1, i + 2, i, i + 2, i + 3);
  }

  /** A surface through rings. Rings that run along side × front face outward; others are turned. */
  loft(rings: readonly Ring[], options: LoftOptions): void {
    const n = options.segments;
    const [u0, v0, u1, v1] = options.uv ?? [0, 0, 1, 1];
    const first = rings[0];
    const last = rings.at(-1);
    if (first === undefined || last === undefined) return;
    const travel = sub(last.centre, first.centre);
    const axis = cross(first.side, first.front);
    const turned = travel[0] * axis[0] + travel[1] * axis[1] + travel[2] * axis[2] < 0;
    const base = this.vertices;
    for (let r = 0; r < rings.length; r += 1) {
      const ring = rings[r] as Ring;
      const vShare = r / Math.max(1, rings.length - 1);
      const bend = 2 / (ring.power ?? 2);
      for (let i = 0; i <= n; i += 1) {
        const share = i / n;
        const t = share * 2 * Math.PI - Math.PI / 2;
        let c = Math.cos(t);
        let s = Math.sin(t);
        if (bend !== 1) {
          c = Math.sign(c) * Math.abs(c) ** bend;
          s = Math.sign(s) * Math.abs(s) ** bend;
        }
        const push = options.ripple?.(i === n ? 0 : share, vShare) ?? 0;
        const a = c * (ring.sideM + push);
        const b = s * (ring.frontM + push);
        this.positions.push(
          ring.centre[0] + ring.side[0] * a + ring.front[0] * b,
          ring.centre[1] + ring.side[1] * a + ring.front[1] * b,
          ring.centre[2] + ring.side[2] * a + ring.front[2] * b,
        );
        this.uv.push(u0 + (u1 - u0) * share, v0 + (v1 - v0) * vShare);
      }
    }
    const row = n + 1;
    for (let r = 0; r + 1 < rings.length; r += 1) {
      for (let i = 0; i < n; i += 1) {
        const p = base + r * row + i;
        if (turned) this.triangles.push(p, p + row, p + 1, p + 1, p + row, p + row + 1);
        else this.triangles.push(p, p + 1, p + row, p + 1, p + row + 1, p + row);
      }
    }
    if (options.open === true) return;
    this.#cap(first.centre, base, n, u0, v0, !turned);
    this.#cap(last.centre, base + (rings.length - 1) * row, n, u0, v1, turned);
  }

  #cap(centre: Vec3, start: number, n: number, u: number, v: number, reversed: boolean): void {
    const c = this.vertex(centre, u, v);
    for (let i = 0; i < n; i += 1) {
      if (reversed) this.triangles.push(c, start + i + 1, start + i);
      else this.triangles.push(c, start + i, start + i + 1);
    }
  }

  /** A round limb through points with a radius at each. `front` says where the middle of u is. */
  limb(
    points: readonly Vec3[],
    radiiM: readonly number[],
    front: Vec3,
    options: LoftOptions & { readonly flat?: number },
  ): void {
    const rings: Ring[] = [];
    for (let i = 0; i < points.length; i += 1) {
      const here = points[i] as Vec3;
      const before = points[Math.max(0, i - 1)] as Vec3;
      const after = points[Math.min(points.length - 1, i + 1)] as Vec3;
      const way = unit(sub(after, before));
      let side = cross(front, way);
      if (Math.hypot(...side) < 1e-3) side = cross([0, 1, 0.01], way);
      side = unit(side);
      const radius = radiiM[i] ?? 0;
      rings.push({
        centre: here,
        side,
        front: cross(way, side),
        sideM: radius * (options.flat ?? 1),
        frontM: radius,
      });
    }
    this.loft(rings, options);
  }

  ellipsoid(
    centre: Vec3,
    half: Vec3,
    segments: number,
    rows: number,
    frame: readonly [Vec3, Vec3, Vec3] = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  ): void {
    const [x, y, z] = frame;
    const rings: Ring[] = [];
    for (let r = 0; r <= rows; r += 1) {
      const angle = Math.PI * (r / rows - 0.5);
      const k = Math.max(0.02, Math.cos(angle));
      rings.push({
        centre: along(centre, z, half[2] * Math.sin(angle)),
        side: [-y[0], -y[1], -y[2]],
        front: x,
        sideM: half[1] * k,
        frontM: half[0] * k,
      });
    }
    this.loft(rings, { segments, open: true });
  }

  /** A box by its middle, its half axes, and how often the texture repeats per metre. */
  box(centre: Vec3, x: Vec3, y: Vec3, z: Vec3, perM = 0): void {
    const corner = (i: number, j: number, k: number): Vec3 =>
      along(along(along(centre, x, i), y, j), z, k);
    const face = (a: Vec3, b: Vec3, c: Vec3, d: Vec3): void => {
      const w = perM === 0 ? 1 : Math.hypot(...sub(b, a)) * perM;
      const h = perM === 0 ? 1 : Math.hypot(...sub(d, a)) * perM;
      this.quad(a, b, c, d, [0, 0, w, h]);
    };
    face(corner(1, -1, -1), corner(1, 1, -1), corner(1, 1, 1), corner(1, -1, 1));
    face(corner(-1, 1, -1), corner(-1, -1, -1), corner(-1, -1, 1), corner(-1, 1, 1));
    face(corner(1, 1, -1), corner(-1, 1, -1), corner(-1, 1, 1), corner(1, 1, 1));
    face(corner(-1, -1, -1), corner(1, -1, -1), corner(1, -1, 1), corner(-1, -1, 1));
    face(corner(-1, -1, 1), corner(1, -1, 1), corner(1, 1, 1), corner(-1, 1, 1));
    face(corner(-1, 1, -1), corner(1, 1, -1), corner(1, -1, -1), corner(-1, -1, -1));
  }

  /** A bar between two points. */
  bar(from: Vec3, to: Vec3, radiusM: number, segments = 5): void {
    this.limb([from, lerp(from, to, 0.5), to], [radiusM, radiusM, radiusM], [0.31, 0.2, 0.93], {
      segments,
    });
  }

  /** A ring of bar, as a wheel's tyre, about `centre` in the plane of `a` and `b` (unit vectors). */
  wheel(centre: Vec3, a: Vec3, b: Vec3, radiusM: number, thickM: number, segments = 16): void {
    const normal = cross(a, b);
    const start = this.vertices;
    for (let i = 0; i <= segments; i += 1) {
      const t = (i / segments) * 2 * Math.PI;
      const out: Vec3 = unit(
        add(along([0, 0, 0], a, Math.cos(t)), along([0, 0, 0], b, Math.sin(t))),
      );
      for (let j = 0; j < 4; j += 1) {
        const s = (j / 4) * 2 * Math.PI;
        const p = along(
          along(centre, out, radiusM + thickM * Math.cos(s)),
          normal,
          thickM * Math.sin(s),
        );
        this.vertex(p, (i / segments) * 4, j / 4);
      }
    }
    for (let i = 0; i < segments; i += 1) {
      for (let j = 0; j < 4; j += 1) {
        const p = start + i * 4 + j;
        const q = start + i * 4 + ((j + 1) % 4);
        this.triangles.push(p, p + 4, q, q, p + 4, q + 4);
      }
    }
  }

  /** The mesh, turned about z by `headingRad` and moved to `at`; smooth normals unless `flat`. */
  mesh(material: Material, at: Vec3 = [0, 0, 0], headingRad = 0): Mesh {
    const c = Math.cos(headingRad);
    const s = Math.sin(headingRad);
    const count = this.vertices;
    const positions = new Float32Array(count * 3);
    for (let i = 0; i < count * 3; i += 3) {
      const x = this.positions[i] ?? 0;
      const y = this.positions[i + 1] ?? 0;
      positions[i] = at[0] + c * x - s * y;
      positions[i + 1] = at[1] + s * x + c * y;
      positions[i + 2] = at[2] + (this.positions[i + 2] ?? 0);
    }
    const triangles = Uint32Array.from(this.triangles);
    return {
      positions,
      normals: smoothNormals(positions, triangles),
      uv: Float32Array.from(this.uv),
      triangles,
      material,
    };
  }
}

/** Normals of vertices as the sum of the faces around each (area-weighted). */
export function smoothNormals(positions: Float32Array, triangles: Uint32Array): Float32Array {
  const normals = new Float32Array(positions.length);
  for (let t = 0; t < triangles.length; t += 3) {
    const a = (triangles[t] as number) * 3;
    const b = (triangles[t + 1] as number) * 3;
    const c = (triangles[t + 2] as number) * 3;
    const p = positions as unknown as number[];
    const ux = (p[b] as number) - (p[a] as number);
    const uy = (p[b + 1] as number) - (p[a + 1] as number);
    const uz = (p[b + 2] as number) - (p[a + 2] as number);
    const vx = (p[c] as number) - (p[a] as number);
    const vy = (p[c + 1] as number) - (p[a + 1] as number);
    const vz = (p[c + 2] as number) - (p[a + 2] as number);
    const nx = uy * vz - uz * vy;
    const ny = uz * vx - ux * vz;
    const nz = ux * vy - uy * vx;
    for (const i of [a, b, c]) {
      normals[i] = (normals[i] as number) + nx;
      normals[i + 1] = (normals[i + 1] as number) + ny;
      normals[i + 2] = (normals[i + 2] as number) + nz;
    }
  }
  for (let i = 0; i < normals.length; i += 3) {
    const x = normals[i] as number;
    const y = normals[i + 1] as number;
    const z = normals[i + 2] as number;
    const k = 1 / (Math.sqrt(x * x + y * y + z * z) || 1);
    normals[i] = x * k;
    normals[i + 1] = y * k;
    normals[i + 2] = z * k;
  }
  return normals;
}
