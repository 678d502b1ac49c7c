import type { Camera } from '../camera/camera.js';
import type { Mesh } from '../mesh.js';
import { between, clipNear, sceneVertex, type SceneVertex } from './scene-vertex.js';

/** Longest edge of a piece in the picture, pixels: straight enough through any lens, and fine enough for light at corners. */
const EDGE_PX_MAX = 26;
/** Longest edge in the world, metres, where it is more than a few pixels: the light of a lamp changes over that. */
const EDGE_M_MAX = 2.5;
const EDGE_PX_MIN = 7;
/** Halvings of one edge at the most. */
const DEPTH_MAX = 16;

export type TakePiece = (a: SceneVertex, b: SceneVertex, c: SceneVertex) => void;

/**
 * Cuts a mesh into pieces that are small in the picture, and hands over those that may be seen. Whether an edge is cut
 * depends on that edge alone, so that neighbours stay joined without a crack.
 */
export function cutIntoPieces(camera: Camera, mesh: Mesh, take: TakePiece): void {
  const { positions: p, normals: n, uv, triangles } = mesh;
  const vertices = new Map<number, SceneVertex>();
  const vertexAt = (i: number): SceneVertex => {
    let vertex = vertices.get(i);
    if (vertex === undefined) {
      const at = i * 3;
      vertex = sceneVertex(
        camera,
        p[at] as number,
        p[at + 1] as number,
        p[at + 2] as number,
        n[at] as number,
        n[at + 1] as number,
        n[at + 2] as number,
        uv[i * 2] as number,
        uv[i * 2 + 1] as number,
      );
      vertices.set(i, vertex);
    }
    return vertex;
  };
  const cutter = new Cutter(camera, take);
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = clipNear(camera, [
      vertexAt(triangles[at] as number),
      vertexAt(triangles[at + 1] as number),
      vertexAt(triangles[at + 2] as number),
    ]);
    const [a, b, c, d] = corners;
    if (a === undefined || b === undefined || c === undefined) continue;
    cutter.cut(a, b, c, 0);
    if (d !== undefined) cutter.cut(a, c, d, 0);
  }
}

class Cutter {
  readonly #camera: Camera;
  readonly #take: TakePiece;

  constructor(camera: Camera, take: TakePiece) {
    this.#camera = camera;
    this.#take = take;
  }

  cut(a: SceneVertex, b: SceneVertex, c: SceneVertex, depth: number): void {
    if (this.#isOutside(a, b, c)) return;
    const camera = this.#camera;
    const ab = depth < DEPTH_MAX && isLong(a, b) ? between(camera, a, b, 0.5) : undefined;
    const bc = depth < DEPTH_MAX && isLong(b, c) ? between(camera, b, c, 0.5) : undefined;
    const ca = depth < DEPTH_MAX && isLong(c, a) ? between(camera, c, a, 0.5) : undefined;
    const next = depth + 1;
    if (ab !== undefined && bc !== undefined && ca !== undefined) {
      this.cut(a, ab, ca, next);
      this.cut(ab, b, bc, next);
      this.cut(ca, bc, c, next);
      this.cut(ab, bc, ca, next);
    } else if (ab !== undefined) {
      if (bc !== undefined) {
        this.cut(ab, b, bc, next);
        this.cut(a, ab, bc, next);
        this.cut(a, bc, c, next);
      } else if (ca !== undefined) {
        this.cut(a, ab, ca, next);
        this.cut(ab, b, c, next);
        this.cut(ab, c, ca, next);
      } else {
        this.cut(a, ab, c, next);
        this.cut(ab, b, c, next);
      }
    } else if (bc !== undefined) {
      if (ca !== undefined) {
        this.cut(ca, bc, c, next);
        this.cut(a, b, bc, next);
        this.cut(a, bc, ca, next);
      } else {
        this.cut(a, b, bc, next);
        this.cut(a, bc, c, next);
      }
    } else if (ca !== undefined) {
      this.cut(a, b, ca, next);
      this.cut(ca, b, c, next);
    } else {
      this.#take(a, b, c);
    }
  }

  /** Whether all of it lies beyond one side of the picture, with room for what a lens bends. */
  #isOutside(a: SceneVertex, b: SceneVertex, c: SceneVertex): boolean {
    const { width, height } = this.#camera;
    const left = Math.min(a.u, b.u, c.u);
    const right = Math.max(a.u, b.u, c.u);
    const top = Math.min(a.v, b.v, c.v);
    const bottom = Math.max(a.v, b.v, c.v);
    const room = this.#camera.lens.isPinhole
      ? 0
      : Math.min(width, 0.25 * Math.max(right - left, bottom - top));
    return left > width + room || right < -room || top > height + room || bottom < -room;
  }
}

function isLong(a: SceneVertex, b: SceneVertex): boolean {
  const px = Math.hypot(a.u - b.u, a.v - b.v);
  if (px > EDGE_PX_MAX) return true;
  return px > EDGE_PX_MIN && Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z) > EDGE_M_MAX;
}
