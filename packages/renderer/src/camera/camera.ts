import { axesOf, type CameraPose } from '@hitonami/simulator';
import type { Placement, Vec3 } from '../mesh.js';
import { Lens } from './lens.js';

/** Nearest that anything is drawn, metres along the line of sight. */
export const NEAR_M = 0.12;

/** Pixels between the places at which the lens is inverted exactly. */
const GRID_PX = 4;

/** From where, and along which axes, a camera looks, in whichever frame the points are. Unit vectors. */
export interface Eye {
  readonly position: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly forward: Vec3;
}

export interface Projected {
  /** Pixels; may lie outside the picture. */
  readonly u: number;
  readonly v: number;
  /** Metres along the line of sight. */
  readonly depthM: number;
}

/**
 * The projection of one camera: world metres to pixels, and pixels to rays. Pixels are measured from the picture's left
 * upper corner: the centre of the first is (0.5, 0.5).
 */
export class Camera implements Eye {
  readonly pose: CameraPose;
  readonly width: number;
  readonly height: number;
  readonly position: Vec3;
  readonly lens: Lens;
  /** Unit vectors of the picture's axes in the world: u, v and the line of sight. */
  readonly right: Vec3;
  readonly down: Vec3;
  readonly forward: Vec3;

  constructor(pose: CameraPose) {
    this.pose = pose;
    this.width = pose.imageWidth;
    this.height = pose.imageHeight;
    this.position = [pose.x, pose.y, pose.heightM];
    this.lens = new Lens(pose.lens);
    ({ right: this.right, down: this.down, forward: this.forward } = axesOf(pose));
  }

  /** The camera as somebody sees it who stands there: it is cheaper to bring to a body than the body to the camera. */
  seenFrom(placed: Placement | undefined): Eye {
    if (placed === undefined) return this;
    const { origin, headingRad } = placed;
    const [px, py, pz] = this.position;
    return {
      position: unturned([px - origin[0], py - origin[1], pz - origin[2]], headingRad),
      right: unturned(this.right, headingRad),
      down: unturned(this.down, headingRad),
      forward: unturned(this.forward, headingRad),
    };
  }

  /** Undefined behind the camera and nearer than `NEAR_M`. */
  project(point: Vec3): Projected | undefined {
    const dx = point[0] - this.position[0];
    const dy = point[1] - this.position[1];
    const dz = point[2] - this.position[2];
    const depthM = dot(this.forward, dx, dy, dz);
    if (!(depthM >= NEAR_M)) return undefined;
    const { fx, fy, cx, cy } = this.pose.lens;
    this.lens.distort(dot(this.right, dx, dy, dz) / depthM, dot(this.down, dx, dy, dz) / depthM);
    return { u: this.lens.x * fx + cx, v: this.lens.y * fy + cy, depthM };
  }

  /**
   * Projects `count` points (x, y, z each) into `out` (u, v, 1 / depth each). A point behind the near plane gets 0 as
   * its third number and no place. `eye`: the camera in the points' own frame; default the world's.
   */
  projectAll(positions: Float32Array, count: number, out: Float32Array, eye: Eye = this): void {
    const [px, py, pz] = eye.position;
    const [rx, ry, rz] = eye.right;
    const [vx, vy, vz] = eye.down;
    const [wx, wy, wz] = eye.forward;
    const { fx, fy, cx, cy, k1, k2, k3, p1, p2 } = this.pose.lens;
    const { lens } = this;
    const edge = lens.radiusSquaredMax;
    for (let i = 0, at = 0; i < count; i++, at += 3) {
      const dx = (positions[at] as number) - px;
      const dy = (positions[at + 1] as number) - py;
      const dz = (positions[at + 2] as number) - pz;
      const depth = wx * dx + wy * dy + wz * dz;
      if (!(depth >= NEAR_M)) {
        out[at + 2] = 0;
        continue;
      }
      const inverse = 1 / depth;
      const x = (rx * dx + ry * dy + rz * dz) * inverse;
      const y = (vx * dx + vy * dy + vz * dz) * inverse;
      const s = x * x + y * y;
      if (s <= edge) {
        const radial = 1 + s * (k1 + s * (k2 + s * k3));
        const xy2 = 2 * x * y;
        out[at] = (x * radial + p1 * xy2 + p2 * (s + 2 * x * x)) * fx + cx;
        out[at + 1] = (y * radial + p1 * (s + 2 * y * y) + p2 * xy2) * fy + cy;
      } else {
        lens.distort(x, y);
        out[at] = lens.x * fx + cx;
        out[at + 1] = lens.y * fy + cy;
      }
      out[at + 2] = inverse;
    }
  }

  /**
   * For the centre of each pixel the way to go for one metre along the line of sight, x, y, z each, row by row. The lens
   * is inverted every few pixels, and what lies between is interpolated: within a hundredth of a pixel.
   */
  rays(): Float32Array {
    const across = this.#undistorted();
    const rays = new Float32Array(this.width * this.height * 3);
    const [r, d, f] = [this.right, this.down, this.forward];
    for (let pixel = 0, at = 0; at < rays.length; pixel += 2, at += 3) {
      const x = across[pixel] as number;
      const y = across[pixel + 1] as number;
      rays[at] = f[0] + x * r[0] + y * d[0];
      rays[at + 1] = f[1] + x * r[1] + y * d[1];
      rays[at + 2] = f[2] + x * r[2] + y * d[2];
    }
    return rays;
  }

  /** The place of each pixel's centre on the normalised plane, x and y. */
  #undistorted(): Float32Array {
    const { fx, fy, cx, cy } = this.pose.lens;
    const { width, height } = this;
    const out = new Float32Array(width * height * 2);
    const columns = Math.ceil(width / GRID_PX) + 1;
    const rows = Math.ceil(height / GRID_PX) + 1;
    const grid = new Float64Array(columns * rows * 2);
    for (let row = 0, at = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++, at += 2) {
        this.lens.undistort((column * GRID_PX + 0.5 - cx) / fx, (row * GRID_PX + 0.5 - cy) / fy);
        grid[at] = this.lens.x;
        grid[at + 1] = this.lens.y;
      }
    }
    for (let row = 0, at = 0; row < height; row++) {
      const top = Math.floor(row / GRID_PX);
      const t = row / GRID_PX - top;
      for (let column = 0; column < width; column++, at += 2) {
        const left = Math.floor(column / GRID_PX);
        const s = column / GRID_PX - left;
        const above = (top * columns + left) * 2;
        const below = above + columns * 2;
        for (let axis = 0; axis < 2; axis++) {
          const a = grid[above + axis] as number;
          const b = grid[above + axis + 2] as number;
          const c = grid[below + axis] as number;
          const d = grid[below + axis + 2] as number;
          out[at + axis] = (a + (b - a) * s) * (1 - t) + (c + (d - c) * s) * t;
        }
      }
    }
    return out;
  }
}

/** A direction of the world in a frame that is turned by an angle about z. */
export function unturned([x, y, z]: Vec3, angleRad: number): Vec3 {
  const [c, s] = [Math.cos(angleRad), Math.sin(angleRad)];
  return [c * x + s * y, c * y - s * x, z];
}

function dot(axis: Vec3, x: number, y: number, z: number): number {
  return axis[0] * x + axis[1] * y + axis[2] * z;
}
