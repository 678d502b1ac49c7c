import { Container, Graphics } from 'pixi.js';
import type { SitePlan } from '@hitonami/model';
import type { LiveSnapshot } from '../../../../src/contract/index.js';
import type { PlacedFloor } from '../layout.js';
import { trace } from './area-layer.js';

export interface DeviceColours {
  readonly line: string;
  readonly camera: string;
  readonly bad: string;
}

type Cameras = LiveSnapshot['cameras'];

/** Count lines, and the outlines of what cameras see. In metres, y up; drawn anew when the scale or a state changes. */
export class DeviceLayer {
  readonly container = new Container();
  readonly lines = new Graphics();
  readonly cameras = new Graphics();
  #plan: SitePlan | undefined;
  #floors: readonly PlacedFloor[] = [];
  #scale = 1;
  #states: Cameras = [];
  #stateKey = '';
  #colours: DeviceColours = { line: '#fff', camera: '#6cf', bad: '#f66' };

  constructor() {
    this.container.addChild(this.cameras, this.lines);
  }

  setPlan(plan: SitePlan, floors: readonly PlacedFloor[]): void {
    [this.#plan, this.#floors] = [plan, floors];
    this.#draw();
  }

  setColours(colours: DeviceColours): void {
    this.#colours = colours;
    this.#draw();
  }

  setScale(scale: number): void {
    this.#scale = scale;
    this.#draw();
  }

  take(cameras: Cameras): void {
    const key = cameras
      .map(({ camera, state, movedSince }) => `${camera}${state}${movedSince === null ? '' : '!'}`)
      .join(' ');
    if (key === this.#stateKey) return;
    [this.#states, this.#stateKey] = [cameras, key];
    this.#draw();
  }

  #draw(): void {
    this.lines.clear();
    this.cameras.clear();
    const px = 1 / this.#scale;
    const placed = (id: string) => this.#floors.find(({ floor }) => floor === id);
    for (const { line, floor: id } of this.#plan?.lines ?? []) {
      const floor = placed(id);
      if (floor === undefined) continue;
      const [[x1, y1], [x2, y2]] = line.coordinates;
      this.lines
        .moveTo(x1 + floor.dx, y1 + floor.dy)
        .lineTo(x2 + floor.dx, y2 + floor.dy)
        .stroke({ color: this.#colours.line, width: 4 * px });
    }
    for (const camera of this.#plan?.cameras ?? []) {
      const floor = placed(camera.floor);
      if (floor === undefined) continue;
      const state = this.#states.find((each) => each.camera === camera.id);
      const isBad = state !== undefined && (state.state !== 'seeing' || state.movedSince !== null);
      trace(this.cameras, camera.coverage.coordinates, floor).stroke({
        color: isBad ? this.#colours.bad : this.#colours.camera,
        width: (isBad ? 4 : 1.5) * px,
      });
    }
  }
}
