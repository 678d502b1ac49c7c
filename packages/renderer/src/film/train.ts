import type { TrainState, World } from '@hitonami/simulator';
import { carriageTexture } from '../scene/facade.js';
import { material, speckled } from '../figures/paint.js';
import { Random } from '../figures/random.js';
import type { Material, Mesh } from '../mesh.js';
import { Stage } from '../scene/stage.js';
import { shifted, TRACK_DEPTH_M } from './station.js';

/** Between the platform's edge and the carriage, and the carriage's width, metres. */
const GAP_M = 0.12;
const WIDE_M = 2.9;
const ROOF_M = 2.75;
const DOOR_M = 2;
/** From the outermost doors to the ends of the train, metres. */
const END_M = 3;

/** Trains as they stand or move beside their platforms. The same states give the same meshes. */
export class Depot {
  readonly #world: World;
  readonly #side: Material;
  readonly #roof: Material;
  readonly #inside: Material;

  constructor(world: World, seed: number) {
    const random = new Random(seed, 0x7124);
    this.#world = world;
    this.#side = material(carriageTexture(random), 0.35, 0.08);
    this.#roof = material(speckled([0.6, 0.61, 0.62], 0.1, random.next(), 64), 0.3);
    this.#inside = material(speckled([0.75, 0.73, 0.68], 0.2, random.next(), 64), 0, 0.5);
  }

  meshes(states: readonly TrainState[]): Mesh[] {
    const stage = new Stage();
    for (const state of states) this.#train(stage, state);
    return stage.meshes();
  }

  #train(stage: Stage, { id, platform, offsetM, doorsOpen }: TrainState): void {
    const train = this.#world.trains.find((one) => one.id === id);
    const edge = this.#world.platforms.find((one) => one.id === platform)?.edge;
    if (train === undefined || edge === undefined) return;
    const [from, to] = edge;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const first = Math.min(...train.doorsM) - END_M - offsetM;
    const last = Math.max(...train.doorsM) + END_M - offsetM;
    const at = (along: number, out: number): [number, number] =>
      shifted(from, to, along / length, out);
    const [near, far] = [GAP_M, GAP_M + WIDE_M];
    const bottom = 0.15 - TRACK_DEPTH_M;
    const panel = (
      of: Material,
      a: number,
      b: number,
      out: number,
      z0: number,
      z1: number,
    ): void => {
      if (b - a > 0.01) stage.wall(of, 10, ROOF_M - bottom, at(a, out), at(b, out), z0, z1);
    };
    panel(this.#side, first, last, far, bottom, ROOF_M);
    // The near side with its open doors, through which the inside shines.
    let done = first;
    for (const door of [...train.doorsM].sort((a, b) => a - b)) {
      const half = (train.doorWidthM / 2) * doorsOpen;
      const [open, shut] = [door - offsetM - half, door - offsetM + half];
      panel(this.#side, done, open, near, bottom, ROOF_M);
      panel(this.#inside, open, shut, near + 1.4, 0, DOOR_M);
      panel(this.#side, open, shut, near, DOOR_M, ROOF_M);
      panel(this.#side, open, shut, near, bottom, 0);
      done = shut;
    }
    panel(this.#side, done, last, near, bottom, ROOF_M);
    for (const end of [first, last]) {
      stage.wall(this.#side, 10, ROOF_M - bottom, at(end, near), at(end, far), bottom, ROOF_M);
    }
    const corners = [at(first, near), at(last, near), at(last, far), at(first, far)];
    const [a, b, c, d] = corners;
    if (a === undefined || b === undefined || c === undefined || d === undefined) return;
    stage
      .of(this.#roof)
      .quad(
        [...a, ROOF_M],
        [...b, ROOF_M],
        [...c, ROOF_M],
        [...d, ROOF_M],
        [0, 0, last - first, 3],
      );
    stage
      .of(this.#inside)
      .quad([...a, 0], [...b, 0], [...c, 0], [...d, 0], [0, 0, last - first, 3]);
  }
}
