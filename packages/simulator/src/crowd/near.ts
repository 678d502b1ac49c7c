import type { Agent } from './agent.js';

const CELL_M = 1;

/** Who is near whom: lists in a raster, made anew each step. */
export class Near {
  readonly #minX: number;
  readonly #minY: number;
  readonly #columns: number;
  readonly #rows: number;
  readonly #first: Int32Array;
  #next = new Int32Array(64);
  #agents: readonly Agent[] = [];
  /** What the last search found. */
  readonly found: Agent[] = [];

  constructor(bounds: { minX: number; minY: number; maxX: number; maxY: number }) {
    this.#minX = bounds.minX;
    this.#minY = bounds.minY;
    this.#columns = Math.max(1, Math.ceil((bounds.maxX - bounds.minX) / CELL_M));
    this.#rows = Math.max(1, Math.ceil((bounds.maxY - bounds.minY) / CELL_M));
    this.#first = new Int32Array(this.#columns * this.#rows);
  }

  rebuild(agents: readonly Agent[]): void {
    this.#agents = agents;
    if (this.#next.length < agents.length) this.#next = new Int32Array(2 * agents.length);
    this.#first.fill(-1);
    for (let i = agents.length - 1; i >= 0; i--) {
      const { x, y } = agents[i] as Agent;
      const cell = this.#row(y) * this.#columns + this.#column(x);
      this.#next[i] = this.#first[cell] as number;
      this.#first[cell] = i;
    }
  }

  /** Leaves everyone within `radiusM` of (x, y) in `found`; they stand in no order that means anything. */
  search(x: number, y: number, radiusM: number): Agent[] {
    const { found } = this;
    found.length = 0;
    const r2 = radiusM * radiusM;
    const [c0, c1] = [this.#column(x - radiusM), this.#column(x + radiusM)];
    const [r0, r1] = [this.#row(y - radiusM), this.#row(y + radiusM)];
    for (let r = r0; r <= r1; r++) {
      for (let c = c0; c <= c1; c++) {
        let i = this.#first[r * this.#columns + c] as number;
        for (; i !== -1; i = this.#next[i] as number) {
          const agent = this.#agents[i] as Agent;
          const dx = agent.x - x;
          const dy = agent.y - y;
          if (dx * dx + dy * dy < r2) found.push(agent);
        }
      }
    }
    return found;
  }

  #column(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor((x - this.#minX) / CELL_M)));
  }

  #row(y: number): number {
    return Math.min(this.#rows - 1, Math.max(0, Math.floor((y - this.#minY) / CELL_M)));
  }
}
