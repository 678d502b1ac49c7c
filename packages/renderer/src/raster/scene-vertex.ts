import type { Camera } from '../camera/camera.js';
import { NEAR_M } from '../camera/camera.js';

/** A corner of a piece of the scene: its place, and what was found out about it. */
export interface SceneVertex {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  readonly tu: number;
  readonly tv: number;
  /** Pixels, and 1 ÷ depth; 0: behind the near plane. */
  u: number;
  v: number;
  inverse: number;
  isLit: boolean;
  r: number;
  g: number;
  b: number;
  gleam: number;
}

export function sceneVertex(
  camera: Camera,
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  tu: number,
  tv: number,
): SceneVertex {
  const vertex: SceneVertex = {
    x,
    y,
    z,
    nx,
    ny,
    nz,
    tu,
    tv,
    u: 0,
    v: 0,
    inverse: 0,
    isLit: false,
    r: 0,
    g: 0,
    b: 0,
    gleam: 0,
  };
  const seen = camera.project([x, y, z]);
  if (seen !== undefined) {
    vertex.u = seen.u;
    vertex.v = seen.v;
    vertex.inverse = 1 / seen.depthM;
  }
  return vertex;
}

/** The point a share `t` of the way from one corner to another. */
export function between(camera: Camera, a: SceneVertex, b: SceneVertex, t: number): SceneVertex {
  const s = 1 - t;
  return sceneVertex(
    camera,
    a.x * s + b.x * t,
    a.y * s + b.y * t,
    a.z * s + b.z * t,
    a.nx * s + b.nx * t,
    a.ny * s + b.ny * t,
    a.nz * s + b.nz * t,
    a.tu * s + b.tu * t,
    a.tv * s + b.tv * t,
  );
}

/** The part of a triangle before the near plane: no corner, three or four. */
export function clipNear(camera: Camera, corners: readonly SceneVertex[]): readonly SceneVertex[] {
  if (corners.every(({ inverse }) => inverse > 0)) return corners;
  if (corners.every(({ inverse }) => inverse === 0)) return [];
  const kept: SceneVertex[] = [];
  for (let i = 0; i < corners.length; i++) {
    const a = corners[i] as SceneVertex;
    const b = corners[(i + 1) % corners.length] as SceneVertex;
    if (a.inverse > 0) kept.push(a);
    if (a.inverse > 0 !== b.inverse > 0) {
      const da = depthOf(camera, a);
      const db = depthOf(camera, b);
      // A hair in front, so that rounding does not put it behind again.
      const t = (NEAR_M * 1.0001 - da) / (db - da);
      kept.push(between(camera, a, b, t));
    }
  }
  return kept.filter(({ inverse }) => inverse > 0);
}

function depthOf({ forward, position }: Camera, { x, y, z }: SceneVertex): number {
  return (
    forward[0] * (x - position[0]) + forward[1] * (y - position[1]) + forward[2] * (z - position[2])
  );
}
