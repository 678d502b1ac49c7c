import type { CameraPose } from '@hitonami/simulator';
import { Camera } from '../camera/camera.js';
import type { Figure, Light, Mesh, PersonTruth, Vec3 } from '../mesh.js';
import { Canvas } from './canvas.js';
import { FigurePainter } from './figure-painter.js';
import { lightAt, type LocalLight } from './lighting.js';
import { castShadows } from './shadows.js';
import { drawStaticLayer, type StaticLayer } from './static-layer.js';

/** Others nearer than this shade a person's lower half, metres. */
const CROWDED_M = 1.1;
/** As many neighbours are as close as it gets. */
const CROWDED_MAX = 6;

/** The place without its people. */
export interface Scene {
  readonly meshes: readonly Mesh[];
  readonly light: Light;
}

/** What falls onto the sensor. Valid until the view draws again. */
export interface Exposure {
  readonly width: number;
  readonly height: number;
  /** The place without people: linear light, red, green, blue for each pixel; the same object while nothing changes. */
  readonly behind: Float32Array;
  /** The people before it, and their shadows. */
  readonly people: Canvas;
  /** Multiplies all light. */
  readonly exposure: number;
  /** One for each figure of which any part may be in the picture, in the order of the figures given. */
  readonly truth: readonly PersonTruth[];
}

/** One camera's view of a scene. The scene is drawn once and kept; people are drawn for each picture. */
export class View {
  readonly camera: Camera;
  readonly #rays: Float32Array;
  readonly #canvas: Canvas;
  readonly #painter: FigurePainter;
  #scene: Scene | undefined;
  #empty: StaticLayer | undefined;
  #layer: StaticLayer | undefined;

  constructor(pose: CameraPose) {
    this.camera = new Camera(pose);
    this.#rays = this.camera.rays();
    this.#canvas = new Canvas(pose.imageWidth, pose.imageHeight);
    this.#painter = new FigurePainter(this.camera, this.#canvas);
  }

  /** Draws the scene anew, with nothing that moves. Takes a fraction of a second. */
  setScene(scene: Scene): void {
    this.#scene = scene;
    this.#empty = drawStaticLayer(this.camera, this.#rays, scene.light, scene.meshes);
    this.#layer = this.#empty;
  }

  /** Draws what comes and goes (trains) over the scene, until the next call. */
  setMoving(meshes: readonly Mesh[]): void {
    const { scene, empty } = this.#ready();
    this.#layer =
      meshes.length === 0
        ? empty
        : drawStaticLayer(this.camera, this.#rays, scene.light, meshes, empty);
  }

  /** How high somebody of a height would be in the picture, pixels: for the choice of detail. 0: not before the camera. */
  pixelHeightOf(foot: Vec3, heightM: number): number {
    const below = this.camera.project(foot);
    const above = this.camera.project([foot[0], foot[1], foot[2] + heightM]);
    if (below === undefined || above === undefined) return 0;
    // From straight above a person is as long as wide: the farther off of the two measures counts.
    const upright = Math.hypot(below.u - above.u, below.v - above.v);
    return Math.max(
      upright,
      (this.camera.pose.lens.fy * 0.5) / Math.min(below.depthM, above.depthM),
    );
  }

  /** Whether anything of somebody who stands there can be in the picture; true in doubt. */
  mayShow(foot: Vec3, heightM: number): boolean {
    const below = this.camera.project(foot);
    const above = this.camera.project([foot[0], foot[1], foot[2] + heightM]);
    if (below === undefined || above === undefined) return false;
    const room = 1.5 * this.camera.pose.lens.fx * (1 / Math.min(below.depthM, above.depthM));
    const { width, height } = this.camera;
    return (
      Math.max(below.u, above.u) > -room &&
      Math.min(below.u, above.u) < width + room &&
      Math.max(below.v, above.v) > -room &&
      Math.min(below.v, above.v) < height + room
    );
  }

  /** Draws the people into the scene, blurred by what they move in the time of exposure. */
  draw(figures: readonly Figure[], exposureS: number): Exposure {
    const { scene, layer } = this.#ready();
    const { camera } = this;
    const canvas = this.#canvas;
    canvas.clear();
    const truth = new Map<Figure, PersonTruth>();
    for (const { figure, local } of this.#fromTheFront(figures, scene.light)) {
      const found = this.#painter.draw(
        figure,
        local,
        crowdingOf(figure, figures),
        layer.inverse,
        exposureS,
      );
      if (found !== undefined) truth.set(figure, found);
      castShadows(camera, canvas, layer.places, figure, local);
    }
    return {
      width: camera.width,
      height: camera.height,
      behind: layer.rgb,
      people: canvas,
      exposure: scene.light.exposure,
      truth: figures.map((figure) => truth.get(figure)).filter((found) => found !== undefined),
    };
  }

  #fromTheFront(figures: readonly Figure[], light: Light): { figure: Figure; local: LocalLight }[] {
    const { position } = this.camera;
    return figures
      .filter(({ foot, heightM }) => this.mayShow(foot, heightM))
      .map((figure) => {
        const { foot, heightM } = figure;
        const middle: Vec3 = [foot[0], foot[1], foot[2] + heightM / 2];
        const distance = Math.hypot(foot[0] - position[0], foot[1] - position[1]);
        return { figure, distance, local: lightAt(light, middle) };
      })
      .sort((a, b) => a.distance - b.distance || a.figure.person - b.figure.person);
  }

  #ready(): { scene: Scene; empty: StaticLayer; layer: StaticLayer } {
    if (this.#scene === undefined || this.#empty === undefined || this.#layer === undefined) {
      throw new TypeError('a view draws nothing before it was given a scene');
    }
    return { scene: this.#scene, empty: this.#empty, layer: this.#layer };
  }
}

/** How closely others stand about a person, 0 to 1. */
function crowdingOf({ foot }: Figure, figures: readonly Figure[]): number {
  let near = -1;
  for (const { foot: other } of figures) {
    const dx = other[0] - foot[0];
    const dy = other[1] - foot[1];
    if (dx * dx + dy * dy < CROWDED_M * CROWDED_M) near++;
  }
  return Math.min(1, Math.max(0, near) / CROWDED_MAX);
}
