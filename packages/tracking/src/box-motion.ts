/** Corners of a box in the image, pixels: left, top, right, bottom. */
export type Box = readonly [x1: number, y1: number, x2: number, y2: number];

/** Intersection over union of two boxes, 0 to 1; 0 where both are empty. */
export function intersectionOverUnion(a: Box, b: Box): number {
  return overlap(a[0], a[1], a[2], a[3], b);
}

function overlap(ax1: number, ay1: number, ax2: number, ay2: number, b: Box): number {
  const width = Math.min(ax2, b[2]) - Math.max(ax1, b[0]);
  if (width <= 0) return 0;
  const height = Math.min(ay2, b[3]) - Math.max(ay1, b[1]);
  if (height <= 0) return 0;
  const shared = width * height;
  const union = (ax2 - ax1) * (ay2 - ay1) + (b[2] - b[0]) * (b[3] - b[1]) - shared;
  return union > 0 ? shared / union : 0;
}

/** Share of what a new box says that is taken over: into the centre, the speed and the size. */
const CENTRE_GAIN = 0.8;
const SPEED_GAIN = 0.25;
const SIZE_GAIN = 0.4;

/**
 * Where a track's box should be in the image now: an alpha-beta filter on the centre, and a smoothed
 * size. It serves the association alone; positions and speeds come from the filter in the plane.
 */
export class BoxMotion {
  #cx: number;
  #cy: number;
  #vx = 0;
  #vy = 0;
  #width: number;
  #height: number;
  #sinceUpdateS = 0;

  constructor(box: Box) {
    this.#cx = (box[0] + box[2]) / 2;
    this.#cy = (box[1] + box[3]) / 2;
    this.#width = box[2] - box[0];
    this.#height = box[3] - box[1];
  }

  /** Height of the box, pixels. */
  get height(): number {
    return this.#height;
  }

  predict(dt: number): void {
    this.#cx += this.#vx * dt;
    this.#cy += this.#vy * dt;
    this.#sinceUpdateS += dt;
  }

  update(box: Box): void {
    const dx = (box[0] + box[2]) / 2 - this.#cx;
    const dy = (box[1] + box[3]) / 2 - this.#cy;
    this.#cx += CENTRE_GAIN * dx;
    this.#cy += CENTRE_GAIN * dy;
    if (this.#sinceUpdateS > 0) {
      this.#vx += (SPEED_GAIN * dx) / this.#sinceUpdateS;
      this.#vy += (SPEED_GAIN * dy) / this.#sinceUpdateS;
    }
    this.#width += SIZE_GAIN * (box[2] - box[0] - this.#width);
    this.#height += SIZE_GAIN * (box[3] - box[1] - this.#height);
    this.#sinceUpdateS = 0;
  }

  overlapWith(box: Box): number {
    const w = this.#width / 2;
    const h = this.#height / 2;
    return overlap(this.#cx - w, this.#cy - h, this.#cx + w, this.#cy + h, box);
  }
}
