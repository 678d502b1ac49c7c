/** Side of the squares in which a picture is made, pixels. Those that nobody touched are not made anew. */
export const TILE_PX = 32;

/** The people of one picture, while they are laid over each other from the front to the back. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** Linear light of the people, three numbers a pixel, already weighted by how much of it reaches the camera. */
  readonly rgb: Float32Array;
  /** Share of each pixel through which what is behind is still seen. */
  readonly through: Float32Array;
  /** Share of its light that each pixel of the scene keeps under people's shadows. */
  readonly lightKept: Float32Array;
  readonly tilesAcross: number;
  /** 1 for each tile in or beside which a person or a shadow may be, row by row. */
  readonly touched: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.rgb = new Float32Array(width * height * 3);
    this.through = new Float32Array(width * height).fill(1);
    this.lightKept = new Float32Array(width * height).fill(1);
    this.tilesAcross = Math.ceil(width / TILE_PX);
    this.touched = new Uint8Array(this.tilesAcross * Math.ceil(height / TILE_PX));
  }

  /** Wipes what was touched: tiles beside each other at once. */
  clear(): void {
    for (let tile = 0; tile < this.touched.length; tile++) {
      if (this.touched[tile] === 0) continue;
      const column = tile % this.tilesAcross;
      let run = 1;
      while (column + run < this.tilesAcross && this.touched[tile + run] === 1) run++;
      const left = column * TILE_PX;
      const right = Math.min(this.width, left + run * TILE_PX);
      const top = Math.floor(tile / this.tilesAcross) * TILE_PX;
      const bottom = Math.min(this.height, top + TILE_PX);
      for (let row = top; row < bottom; row++) {
        const first = row * this.width + left;
        const end = row * this.width + right;
        this.rgb.fill(0, first * 3, end * 3);
        this.through.fill(1, first, end);
        this.lightKept.fill(1, first, end);
      }
      tile += run - 1;
    }
    this.touched.fill(0);
  }

  /** Says that pixels from (left, top) to before (right, bottom) may be painted; `reach` is how far blur carries them. */
  touch(left: number, top: number, right: number, bottom: number, reach = 3): void {
    const down = this.touched.length / this.tilesAcross;
    const x0 = Math.max(0, Math.floor((left - reach) / TILE_PX));
    const y0 = Math.max(0, Math.floor((top - reach) / TILE_PX));
    const x1 = Math.min(this.tilesAcross - 1, Math.floor((right + reach) / TILE_PX));
    const y1 = Math.min(down - 1, Math.floor((bottom + reach) / TILE_PX));
    for (let y = y0; y <= y1; y++) {
      this.touched.fill(1, y * this.tilesAcross + x0, y * this.tilesAcross + Math.max(x0, x1 + 1));
    }
  }
}
