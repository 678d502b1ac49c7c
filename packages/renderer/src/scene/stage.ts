import type { Material, Mesh, Vec3 } from '../mesh.js';
import { material } from '../figures/paint.js';
import { Sculpt } from '../figures/sculpt.js';
import type { Surface } from './surfaces.js';

/** An upright thing on the floor that people walk around. */
export interface Blocked {
  readonly x: number;
  readonly y: number;
  readonly radiusM: number;
}

const FLOOR_TILE_M = 4;

/** Collects a scene's things by their material, so that each material is one mesh. */
export class Stage {
  readonly #parts = new Map<Material, Sculpt>();
  readonly blocked: Blocked[] = [];

  of(made: Material): Sculpt {
    let part = this.#parts.get(made);
    if (part === undefined) {
      part = new Sculpt();
      this.#parts.set(made, part);
    }
    return part;
  }

  block(x: number, y: number, radiusM: number): void {
    this.blocked.push({ x, y, radiusM });
  }

  /** A level rectangle from x0, y0 to x1, y1. */
  floor(
    made: Material,
    spanM: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    z = 0,
  ): void {
    // In tiles, so that no triangle reaches from behind the camera far into the picture.
    const across = Math.max(1, Math.ceil((x1 - x0) / FLOOR_TILE_M));
    const down = Math.max(1, Math.ceil((y1 - y0) / FLOOR_TILE_M));
    for (let i = 0; i < across; i += 1) {
      for (let j = 0; j < down; j += 1) {
        const [a, c] = [x0 + ((x1 - x0) * i) / across, x0 + ((x1 - x0) * (i + 1)) / across];
        const [b, d] = [y0 + ((y1 - y0) * j) / down, y0 + ((y1 - y0) * (j + 1)) / down];
        const uv = [a / spanM, b / spanM, c / spanM, d / spanM];
        this.of(made).quad([a, d, z], [c, d, z], [c, b, z], [a, b, z], uv);
      }
    }
  }

  /** An upright rectangle over the floor line from a to b, seen from both sides. */
  wall(
    made: Material,
    spanX: number,
    spanZ: number,
    a: readonly [number, number],
    b: readonly [number, number],
    z0: number,
    z1: number,
  ): void {
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    this.of(made).quad(
      [a[0], a[1], z1],
      [b[0], b[1], z1],
      [b[0], b[1], z0],
      [a[0], a[1], z0],
      [0, 0, length / spanX, (z1 - z0) / spanZ],
    );
  }

  /** A box on the floor, turned by `yawRad`. */
  box(made: Material, centre: Vec3, half: Vec3, yawRad = 0, perM = 0): void {
    const c = Math.cos(yawRad);
    const s = Math.sin(yawRad);
    this.of(made).box(
      centre,
      [c * half[0], s * half[0], 0],
      [-s * half[1], c * half[1], 0],
      [0, 0, half[2]],
      perM,
    );
  }

  /** A body of revolution: heights and radii from below up. */
  turned(
    made: Material,
    x: number,
    y: number,
    profile: readonly (readonly [z: number, radiusM: number])[],
    segments = 10,
    power = 2,
  ): void {
    this.of(made).loft(
      profile.map(([z, r]) => ({
        centre: [x, y, z],
        side: [0, -1, 0],
        front: [1, 0, 0],
        sideM: r,
        frontM: r,
        power,
      })),
      { segments },
    );
  }

  meshes(): Mesh[] {
    return [...this.#parts].map(([made, part]) => part.mesh(made));
  }
}

export const surfaceMaterial = ({ texture, gloss }: Surface): Material => material(texture, gloss);
