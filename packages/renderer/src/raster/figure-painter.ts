import type { Camera, Eye } from '../camera/camera.js';
import type { Figure, PersonTruth } from '../mesh.js';
import type { Canvas } from './canvas.js';
import { lightCorners } from './figure-light.js';
import { chooseTriangles, drawFigureTriangles, type Window } from './figure-triangles.js';
import { layDown } from './figure-layer.js';
import { Outline } from './figure-outline.js';
import { type LocalLight, turnedTo } from './lighting.js';
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
  #needed = new Uint8Array(0);
  #chosen = new Uint32Array(0);
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
    const eye = this.#camera.seenFrom(figure.placed);
    const placed = this.#project(figure, eye);
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
      this.#drawMeshes(figure, placed, eye, turnedTo(local, figure.placed), crowding);
      const blur = this.#blurOf(figure, exposureS);
      const share = layDown(window, this.#canvas, sceneInverse, width * SAMPLES, blur);
      const isInside = all.left >= 0 && all.top >= 0 && all.right <= width && all.bottom <= height;
      visible = isInside ? share : share * shareInside(figure, this.#places, width, height, all);
    }
    return outline.truth(figure.person, visible);
  }

  #project(figure: Figure, eye: Eye): Placed[] {
    return figure.meshes.map((mesh, i) => {
      const count = mesh.positions.length / 3;
      let places = this.#places[i];
      if (places === undefined || places.length < count * 3) {
        places = new Float32Array(Math.ceil(count * 1.5) * 3);
        this.#places[i] = places;
      }
      this.#camera.projectAll(mesh.positions, count, places, eye);
      return { places, count };
    });
  }

  #drawMeshes(
    figure: Figure,
    placed: readonly Placed[],
    eye: Eye,
    local: LocalLight,
    crowding: number,
  ): void {
    for (const [i, { places, count }] of placed.entries()) {
      const mesh = figure.meshes[i];
      if (mesh === undefined) continue;
      this.#makeRoom(count, mesh.triangles.length / 3);
      for (let at = 0; at < count * 3; at += 3) {
        places[at] = (places[at] as number) * SAMPLES;
        places[at + 1] = (places[at + 1] as number) * SAMPLES;
      }
      const needed = this.#needed.fill(0, 0, count);
      const chosen = this.#chosen;
      const seen = chooseTriangles(this.#window, places, mesh.triangles, chosen, needed);
      if (seen === 0) continue;
      lightCorners(
        mesh.positions,
        mesh.normals,
        count,
        eye.position,
        figure.placed === undefined ? figure.foot[2] : 0,
        mesh.material.gloss,
        crowding,
        local,
        needed,
        this.#light,
      );
      drawFigureTriangles(this.#window, { places, light: this.#light }, mesh, chosen, seen);
    }
  }

  #makeRoom(corners: number, triangles: number): void {
    if (this.#needed.length < corners) {
      this.#needed = new Uint8Array(corners * 2);
      this.#light = new Float32Array(corners * 8);
    }
    if (this.#chosen.length < triangles) this.#chosen = new Uint32Array(triangles * 2);
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
