import type { Camera } from '../camera/camera.js';
import type { Figure, PersonTruth } from '../mesh.js';
import type { Canvas } from './canvas.js';
import { lightCorners } from './figure-light.js';
import { type Corners, drawFigureTriangles, type Window } from './figure-triangles.js';
import { layDown } from './figure-layer.js';
import { Outline } from './figure-outline.js';
import type { LocalLight } from './lighting.js';
import { SAMPLES } from './samples.js';
import { shareInside } from './share-inside.js';

/** Person in front of a pixel of the scene that is this much nearer counts as behind it: feet stand on the floor. */
export const STANDS_ON = 1.004;

interface Placed {
  readonly places: Float32Array;
  readonly count: number;
}

/** Draws one figure after the other, the nearest first. Keeps its buffers; one for a view. */
export class FigurePainter {
  readonly #camera: Camera;
  readonly #canvas: Canvas;
  readonly #window: Window;
  #light = new Float32Array(0);
  #facing = new Uint8Array(0);
  /** Projected corners by mesh of the figure at hand. */
  #places: Float32Array[] = [];
  readonly #outline = new Outline();

  constructor(camera: Camera, canvas: Canvas) {
    this.#camera = camera;
    this.#canvas = canvas;
    const samples = camera.width * camera.height * SAMPLES * SAMPLES;
    this.#window = {
      left: 0,
      top: 0,
      width: 0,
      height: 0,
      inverse: new Float32Array(samples),
      rgb: new Float32Array(samples * 3),
    };
  }

  /**
   * Lays a figure behind those that were drawn before it. Undefined where no part of it is before the camera and within
   * sight of the picture.
   */
  draw(
    figure: Figure,
    local: LocalLight,
    crowding: number,
    sceneInverse: Float32Array,
    exposureS: number,
  ): PersonTruth | undefined {
    const placed = this.#project(figure);
    const outline = this.#outline;
    outline.measure(this.#camera, figure, this.#places);
    if (!outline.isSeen) return undefined;
    const { width, height } = this.#camera;
    const { all } = outline;
    const window = this.#window;
    window.left = Math.max(0, Math.floor(all.left)) * SAMPLES;
    window.top = Math.max(0, Math.floor(all.top)) * SAMPLES;
    window.width = Math.min(width, Math.ceil(all.right)) * SAMPLES - window.left;
    window.height = Math.min(height, Math.ceil(all.bottom)) * SAMPLES - window.top;
    let visible = 0;
    if (window.width > 0 && window.height > 0) {
      window.inverse.fill(0, 0, window.width * window.height);
      this.#drawMeshes(figure, placed, local, crowding);
      const blur = this.#blurOf(figure, exposureS);
      const share = layDown(window, this.#canvas, sceneInverse, width * SAMPLES, blur);
      const isInside = all.left >= 0 && all.top >= 0 && all.right <= width && all.bottom <= height;
      visible = isInside ? share : share * shareInside(figure, this.#places, width, height, all);
    }
    return outline.truth(figure.person, visible);
  }

  #project(figure: Figure): Placed[] {
    return figure.meshes.map((mesh, i) => {
      const count = mesh.positions.length / 3;
      let places = this.#places[i];
      if (places === undefined || places.length < count * 3) {
        places = new Float32Array(Math.ceil(count * 1.5) * 3);
        this.#places[i] = places;
      }
      this.#camera.projectAll(mesh.positions, count, places);
      return { places, count };
    });
  }

  #drawMeshes(
    figure: Figure,
    placed: readonly Placed[],
    local: LocalLight,
    crowding: number,
  ): void {
    for (const [i, { places, count }] of placed.entries()) {
      const mesh = figure.meshes[i];
      if (mesh === undefined) continue;
      if (this.#facing.length < count) {
        this.#facing = new Uint8Array(count * 2);
        this.#light = new Float32Array(count * 8);
      }
      lightCorners(
        mesh.positions,
        mesh.normals,
        count,
        this.#camera.position,
        figure.foot[2],
        mesh.material.gloss,
        crowding,
        local,
        this.#light,
        this.#facing,
      );
      for (let at = 0; at < count * 3; at += 3) {
        places[at] = (places[at] as number) * SAMPLES;
        places[at + 1] = (places[at + 1] as number) * SAMPLES;
      }
      const corners: Corners = { places, light: this.#light, facing: this.#facing };
      drawFigureTriangles(this.#window, corners, mesh.triangles, mesh.uv, mesh.material);
    }
  }

  /** How far the figure's middle moves while the shutter is open, pixels. */
  #blurOf({ foot, heightM, velocity }: Figure, exposureS: number): readonly [number, number] {
    const [x, y, z] = [foot[0], foot[1], foot[2] + heightM / 2];
    const before = this.#camera.project([x, y, z]);
    const after = this.#camera.project([
      x + velocity[0] * exposureS,
      y + velocity[1] * exposureS,
      z + velocity[2] * exposureS,
    ]);
    if (before === undefined || after === undefined) return [0, 0];
    return [after.u - before.u, after.v - before.v];
  }
}
