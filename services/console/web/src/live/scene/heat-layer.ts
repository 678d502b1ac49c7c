import { Sprite, Texture } from 'pixi.js';
import { addPicture, makeGrid, paintGrid } from '../heat.js';
import type { Grid } from '../heat.js';
import { around } from '../layout.js';
import type { PlacedFloor } from '../layout.js';
import type { Picture } from '../store.js';

/** The map follows at this pace, ms. */
const EVERY_MS = 400;

/** Local density as a picture over the plan. In metres, y up. */
export class HeatLayer {
  readonly sprite = new Sprite();
  #floors: readonly PlacedFloor[] = [];
  #grid: Grid | undefined;
  #pixels: ImageData | undefined;
  readonly #canvas = document.createElement('canvas');
  #paintedMs = -Infinity;

  setFloors(floors: readonly PlacedFloor[]): void {
    this.#floors = floors;
    const { left, bottom, right, top } = around(floors);
    const grid = makeGrid(left, bottom, right, top);
    this.#grid = grid;
    this.#canvas.width = grid.columns;
    this.#canvas.height = grid.rows;
    this.#pixels = new ImageData(grid.columns, grid.rows);
    this.sprite.texture.destroy(true);
    this.sprite.texture = Texture.from(this.#canvas, true);
    this.sprite.position.set(grid.left, grid.bottom + grid.rows * grid.cellM);
    this.sprite.scale.set(grid.cellM, -grid.cellM);
  }

  /** @returns whether the map has been drawn anew */
  take({ people, snapshot, receivedMs }: Picture): boolean {
    if (this.#grid === undefined || !this.sprite.visible) return false;
    const placed = snapshot.floors.map((id) => this.#floors.find(({ floor }) => floor === id));
    addPicture(this.#grid, people, (i) => {
      const floor = placed[people.floor[i] ?? 0];
      if (floor === undefined) return undefined;
      return [(people.x[i] ?? 0) + floor.dx, (people.y[i] ?? 0) + floor.dy];
    });
    if (receivedMs - this.#paintedMs < EVERY_MS) return false;
    this.#paint(receivedMs);
    return true;
  }

  #paint(nowMs: number): void {
    const pen = this.#canvas.getContext('2d');
    if (this.#grid === undefined || this.#pixels === undefined || pen === null) return;
    this.#paintedMs = nowMs;
    paintGrid(this.#grid, this.#pixels.data);
    pen.putImageData(this.#pixels, 0, 0);
    this.sprite.texture.source.update();
  }
}
