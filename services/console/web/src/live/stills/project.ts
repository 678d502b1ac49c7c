import { FloorProjection, HitonamiError, polygonContains, type PlanCamera } from '@hitonami/model';
import { isMoving, isPeopleKind } from '../people.js';
import type { Picture } from '../store.js';

/** Where a person stands in a camera's picture: pixels of its calibration, feet at (u, v). */
export interface InPicture {
  readonly u: number;
  readonly v: number;
  /** Pixels that a metre of the floor takes there. */
  readonly pxPerM: number;
  /** The way as the picture shows it, radians from u towards v; undefined where the person stands. */
  readonly rad: number | undefined;
}

/** A way is drawn by where a person would be after so long, s. */
const AHEAD_S = 0.3;
/** Half of what is measured for the scale, m. */
const HALF_M = 0.25;

/** Puts people of the floor into the picture of a camera; undefined where it has no calibration that could do so. */
export class CameraPicture {
  readonly width: number;
  readonly height: number;
  readonly #projection: FloorProjection;
  readonly #camera: PlanCamera;

  private constructor(camera: PlanCamera, projection: FloorProjection) {
    this.#camera = camera;
    this.#projection = projection;
    this.width = camera.calibration?.imageWidth ?? 0;
    this.height = camera.calibration?.imageHeight ?? 0;
  }

  static of(camera: PlanCamera): CameraPicture | undefined {
    if (camera.calibration === undefined) return undefined;
    try {
      return new CameraPicture(camera, FloorProjection.from(camera.calibration));
    } catch (error) {
      if (error instanceof HitonamiError) return undefined;
      throw error;
    }
  }

  /** Undefined for whoever is outside of what the camera measures, or of its picture. Metres, metres per second. */
  place(x: number, y: number, vx: number, vy: number): InPicture | undefined {
    if (!polygonContains(this.#camera.coverage.coordinates, x, y)) return undefined;
    const foot = this.#projection.toImage(x, y);
    if (foot === undefined || !this.#isInside(foot)) return undefined;
    const across = [
      this.#apart([x - HALF_M, y], [x + HALF_M, y]),
      this.#apart([x, y - HALF_M], [x, y + HALF_M]),
    ];
    const pxPerM = Math.max(...across) / (2 * HALF_M);
    const next = isMoving(vx, vy)
      ? this.#projection.toImage(x + vx * AHEAD_S, y + vy * AHEAD_S)
      : undefined;
    const rad = next && Math.atan2(next.v - foot.v, next.u - foot.u);
    return { u: foot.u, v: foot.v, pxPerM, rad };
  }

  /** The outline of what the camera measures, in pixels; edges are followed in steps, for a lens bends them. */
  outline(stepM = 0.5): readonly (readonly [number, number])[][] {
    return this.#camera.coverage.coordinates.map((ring) =>
      ring.slice(1).flatMap(([x, y], i) => {
        const [fromX, fromY] = ring[i] ?? [x, y];
        const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / stepM));
        return Array.from({ length: steps }, (_, k) => k / steps).flatMap((share) => {
          const shown = this.#projection.toImage(
            fromX + (x - fromX) * share,
            fromY + (y - fromY) * share,
          );
          return shown === undefined ? [] : [[shown.u, shown.v] as const];
        });
      }),
    );
  }

  #apart(a: readonly [number, number], b: readonly [number, number]): number {
    const [from, to] = [this.#projection.toImage(...a), this.#projection.toImage(...b)];
    return from && to ? Math.hypot(to.u - from.u, to.v - from.v) : 0;
  }

  #isInside({ u, v }: { u: number; v: number }): boolean {
    return u >= 0 && v >= 0 && u <= this.width && v <= this.height;
  }
}

/** How many people a camera's picture shows, and how many of them walk. */
export function countIn(
  camera: CameraPicture,
  floor: string,
  { people, snapshot }: Picture,
): { all: number; walking: number } {
  let [all, walking] = [0, 0];
  for (let i = 0; i < people.count; i += 1) {
    if (snapshot.floors[people.floor[i] ?? 0] !== floor || !isPeopleKind(people.kind[i] ?? 0))
      continue;
    const [vx, vy] = [people.vx[i] ?? 0, people.vy[i] ?? 0];
    if (camera.place(people.x[i] ?? 0, people.y[i] ?? 0, vx, vy) === undefined) continue;
    all += 1;
    if (isMoving(vx, vy)) walking += 1;
  }
  return { all, walking };
}
