import type { Box } from '@hitonami/model';

/** Nobody further away than this counts towards the density at a place, m. */
export const LOCAL_RADIUS_M = 1.5;
export const RADIUS_MM = LOCAL_RADIUS_M * 1_000;
export const RADIUS_MM2 = RADIUS_MM * RADIUS_MM;
/** The least share of the kernel that is believed to lie on the floor: that of a straight wall. */
export const SHARE_MIN = 0.5;
/** Distance between the places at which the kernel's share is known, mm; doubled until there are no more than `NODES_MAX`. */
const NODE_MM = 250;
const NODES_MAX = 250_000;
/** The kernel's share is measured with so many points along its radius. */
const SAMPLES_PER_RADIUS = 8;

/** How much of the kernel of the local density lies on the floor, by place: looked at when first asked, and kept. */
export class KernelShare {
  private readonly isFloor: (xMm: number, yMm: number) => boolean;
  private readonly minXMm: number;
  private readonly minYMm: number;
  private readonly nodeMm: number;
  private readonly nodeColumns: number;
  /** By node, NaN where nobody has been near yet. */
  private readonly nodes: Float32Array;

  /**
   * @param box around all places that are asked for, mm
   * @param isFloor whether people can stand, and be seen, at a place in millimetres
   */
  constructor(box: Box, isFloor: (xMm: number, yMm: number) => boolean) {
    this.isFloor = isFloor;
    this.minXMm = box.minX;
    this.minYMm = box.minY;
    const [width, height] = [box.maxX - box.minX, box.maxY - box.minY];
    let nodeMm = NODE_MM;
    while ((width / nodeMm + 2) * (height / nodeMm + 2) > NODES_MAX) nodeMm *= 2;
    this.nodeMm = nodeMm;
    this.nodeColumns = Math.floor(width / nodeMm) + 2;
    this.nodes = new Float32Array(this.nodeColumns * (Math.floor(height / nodeMm) + 2)).fill(NaN);
  }

  /** Share around a place that lies on the floor, between those of the four nodes around it: `SHARE_MIN` to 1. */
  at(xMm: number, yMm: number): number {
    const [u, v] = [(xMm - this.minXMm) / this.nodeMm, (yMm - this.minYMm) / this.nodeMm];
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [u - column, v - row];
    const share =
      (1 - t) * ((1 - s) * this.node(column, row) + s * this.node(column + 1, row)) +
      t * ((1 - s) * this.node(column, row + 1) + s * this.node(column + 1, row + 1));
    return Math.max(SHARE_MIN, share);
  }

  private node(column: number, row: number): number {
    const at = row * this.nodeColumns + column;
    const known = this.nodes[at];
    if (known !== undefined && !Number.isNaN(known)) return known;
    const [x, y] = [this.minXMm + column * this.nodeMm, this.minYMm + row * this.nodeMm];
    let share = 0;
    // Nearly everywhere all of it is: a look around tells, and what is small enough to slip through weighs nothing.
    if (RIM.every(({ dx, dy }) => this.isFloor(x + dx, y + dy))) share = 1;
    else
      for (const { dx, dy, weight } of SAMPLES) if (this.isFloor(x + dx, y + dy)) share += weight;
    // As it is kept, so that whoever asks first is told the same.
    return (this.nodes[at] = Math.fround(share));
  }
}

/** Points of the kernel with their weights, whose sum is 1. */
const SAMPLES = kernelSamples();

/** Points around the kernel's edge, and half way to it. */
const RIM = [...ring(1, 16), ...ring(0.5, 8)];

function ring(share: number, points: number): { dx: number; dy: number }[] {
  return Array.from({ length: points }, (_, i) => {
    const angle = ((i + 0.5) * 2 * Math.PI) / points;
    return { dx: share * RADIUS_MM * Math.cos(angle), dy: share * RADIUS_MM * Math.sin(angle) };
  });
}

function kernelSamples(): { dx: number; dy: number; weight: number }[] {
  const step = RADIUS_MM / SAMPLES_PER_RADIUS;
  const samples: { dx: number; dy: number; weight: number }[] = [];
  for (let i = -SAMPLES_PER_RADIUS; i < SAMPLES_PER_RADIUS; i++) {
    for (let j = -SAMPLES_PER_RADIUS; j < SAMPLES_PER_RADIUS; j++) {
      const [dx, dy] = [(i + 0.5) * step, (j + 0.5) * step];
      const weight = RADIUS_MM2 - dx * dx - dy * dy;
      if (weight > 0) samples.push({ dx, dy, weight });
    }
  }
  const sum = samples.reduce((total, { weight }) => total + weight, 0);
  return samples.map(({ dx, dy, weight }) => ({ dx, dy, weight: weight / sum }));
}
