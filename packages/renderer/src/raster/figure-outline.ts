import type { Camera } from '../camera/camera.js';
import type { Box, Figure, PersonTruth } from '../mesh.js';

/** Share of a body that is head, from the top, where the figure does not say. */
const HEAD_SHARE = 0.13;
/** Parts of a person that lie beyond this many pictures outside are cut there: a lens says little so far out. */
const PICTURES_OUTSIDE_MAX = 2;
/** Points about a head's outline. */
const HEAD_POINTS = 16;

export interface Extent {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Where a figure is in the picture, as if nothing hid it. */
export class Outline {
  /** With all that is pushed. */
  readonly all: Extent = empty();
  readonly #body: Extent = empty();
  #head: Extent = empty();
  #foot: readonly [number, number] | undefined;
  #width = 0;
  #height = 0;

  /** @param places for each mesh u, v and 1 ÷ depth of its corners */
  measure(camera: Camera, figure: Figure, places: readonly Float32Array[]): void {
    this.#width = camera.width;
    this.#height = camera.height;
    reset(this.all);
    reset(this.#body);
    const head = empty();
    const bodyMeshes = figure.bodyMeshes ?? figure.meshes.length;
    const headFromZ =
      (figure.placed === undefined ? figure.foot[2] : 0) + figure.heightM * (1 - HEAD_SHARE);
    for (const [i, mesh] of figure.meshes.entries()) {
      const at = places[i];
      if (at === undefined) continue;
      const count = mesh.positions.length;
      for (let k = 0; k < count; k += 3) {
        if (at[k + 2] === 0) continue;
        const u = at[k] as number;
        const v = at[k + 1] as number;
        widen(this.all, u, v);
        if (i >= bodyMeshes) continue;
        widen(this.#body, u, v);
        if ((mesh.positions[k + 2] as number) >= headFromZ) widen(head, u, v);
      }
    }
    this.#head = figure.head === undefined ? head : roundHead(camera, figure.head);
    const foot = camera.project(figure.foot);
    this.#foot = foot === undefined ? undefined : [foot.u, foot.v];
  }

  /** Whether any of it can lie in the picture. */
  get isSeen(): boolean {
    const { left, top, right, bottom } = this.all;
    return (
      this.#foot !== undefined &&
      right > 0 &&
      bottom > 0 &&
      left < this.#width &&
      top < this.#height &&
      this.#body.right > this.#body.left
    );
  }

  truth(person: number, visible: number): PersonTruth {
    const head = this.#head.right >= this.#head.left ? this.#head : this.#body;
    return {
      person,
      box: this.#boxOf(this.#body),
      foot: this.#foot ?? [NaN, NaN],
      head: this.#boxOf(head),
      visible: Math.min(1, visible),
    };
  }

  #boxOf({ left, top, right, bottom }: Extent): Box {
    const x = PICTURES_OUTSIDE_MAX * this.#width;
    const y = PICTURES_OUTSIDE_MAX * this.#height;
    return [
      Math.max(-x, left),
      Math.max(-y, top),
      Math.min(x + this.#width, right),
      Math.min(y + this.#height, bottom),
    ];
  }
}

/** The outline of a ball, from points on the circle about it that is turned to the camera. */
function roundHead(camera: Camera, { centre, radiusM }: NonNullable<Figure['head']>): Extent {
  const extent = empty();
  const { right, down } = camera;
  for (let i = 0; i < HEAD_POINTS; i++) {
    const angle = (2 * Math.PI * i) / HEAD_POINTS;
    const across = Math.cos(angle) * radiusM;
    const along = Math.sin(angle) * radiusM;
    const seen = camera.project([
      centre[0] + right[0] * across + down[0] * along,
      centre[1] + right[1] * across + down[1] * along,
      centre[2] + right[2] * across + down[2] * along,
    ]);
    if (seen !== undefined) widen(extent, seen.u, seen.v);
  }
  return extent;
}

function empty(): Extent {
  return { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}

function reset(extent: Extent): void {
  Object.assign(extent, empty());
}

function widen(extent: Extent, u: number, v: number): void {
  if (u < extent.left) extent.left = u;
  if (u > extent.right) extent.right = u;
  if (v < extent.top) extent.top = v;
  if (v > extent.bottom) extent.bottom = v;
}
