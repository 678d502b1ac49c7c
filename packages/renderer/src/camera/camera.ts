import { axesOf, type CameraPose } from '@hitonami/simulator';
import type { Vec3 } from '../mesh.js';
import { Lens } from './lens.js';

/** Nearest that anything is drawn, metres along the line of sight. */
export const NEAR_M = 0.12;

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
export class Camera {
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
   * its third number and no place.
   */
  projectAll(positions: Float32Array, count: number, out: Float32Array): void {
    const [px, py, pz] = this.position;
    const [rx, ry, rz] = this.right;
    const [vx, vy, vz] = this.down;
    const [wx, wy, wz] = this.forward;
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

  /** For the centre of each pixel the way to go for one metre along the line of sight, x, y, z each, row by row. */
  rays(): Float32Array {
    const { fx, fy, cx, cy } = this.pose.lens;
    const rays = new Float32Array(this.width * this.height * 3);
    let at = 0;
    for (let row = 0; row < this.height; row++) {
      for (let column = 0; column < this.width; column++) {
        this.lens.undistort((column + 0.5 - cx) / fx, (row + 0.5 - cy) / fy);
        const { x, y } = this.lens;
        for (let axis = 0; axis < 3; axis++) {
          rays[at++] =
            (this.forward[axis] as number) +
            x * (this.right[axis] as number) +
            y * (this.down[axis] as number);
        }
      }
    }
    return rays;
  }
}

function dot(axis: Vec3, x: number, y: number, z: number): number {
  return axis[0] * x + axis[1] * y + axis[2] * z;
}
