/**
 * Boxes above the threshold, before overlaps are removed: columns that are made once and used again for every frame.
 * Bounded: once full, a new box takes the place of the weakest, or is dropped where it is itself the weakest.
 */
export class Candidates {
  readonly capacity: number;
  /** x1 y1 x2 y2, network pixels. */
  readonly boxes: Float32Array;
  readonly scores: Float32Array;
  readonly kinds: Uint8Array;
  /** u v, network pixels; NaN where the model gives no foot point. */
  readonly feet: Float32Array;
  count = 0;
  /** How many were offered, those dropped included. */
  offered = 0;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.boxes = new Float32Array(capacity * 4);
    this.scores = new Float32Array(capacity);
    this.kinds = new Uint8Array(capacity);
    this.feet = new Float32Array(capacity * 2);
  }

  clear(): void {
    this.count = 0;
    this.offered = 0;
  }

  add(
    x1: number,
    y1: number,
    x2: number,
    y2: number,
    score: number,
    kind: number,
    footU = Number.NaN,
    footV = Number.NaN,
  ): void {
    // A broken model may give NaN or an empty box; neither is a place.
    if (!(x2 > x1 && y2 > y1) || !Number.isFinite(x1 + y1 + x2 + y2 + score)) return;
    this.offered++;
    let at = this.count;
    if (at === this.capacity) {
      at = this.#weakest();
      if (score <= (this.scores[at] ?? 0)) return;
    } else {
      this.count++;
    }
    this.boxes[at * 4] = x1;
    this.boxes[at * 4 + 1] = y1;
    this.boxes[at * 4 + 2] = x2;
    this.boxes[at * 4 + 3] = y2;
    this.scores[at] = score;
    this.kinds[at] = kind;
    this.feet[at * 2] = footU;
    this.feet[at * 2 + 1] = footV;
  }

  #weakest(): number {
    let at = 0;
    for (let i = 1; i < this.count; i++) if ((this.scores[i] ?? 0) < (this.scores[at] ?? 0)) at = i;
    return at;
  }
}

/** Intersection over union of boxes `a` and `b` of a column of boxes. */
export function overlapOf(boxes: Float32Array, a: number, b: number): number {
  const ax1 = boxes[a * 4] ?? 0;
  const ay1 = boxes[a * 4 + 1] ?? 0;
  const ax2 = boxes[a * 4 + 2] ?? 0;
  const ay2 = boxes[a * 4 + 3] ?? 0;
  const bx1 = boxes[b * 4] ?? 0;
  const by1 = boxes[b * 4 + 1] ?? 0;
  const bx2 = boxes[b * 4 + 2] ?? 0;
  const by2 = boxes[b * 4 + 3] ?? 0;
  const width = Math.min(ax2, bx2) - Math.max(ax1, bx1);
  const height = Math.min(ay2, by2) - Math.max(ay1, by1);
  if (width <= 0 || height <= 0) return 0;
  const shared = width * height;
  return shared / ((ax2 - ax1) * (ay2 - ay1) + (bx2 - bx1) * (by2 - by1) - shared);
}

/**
 * Greedy non-maximum suppression, kind by kind: of two boxes of one kind that overlap by more than `overlapMax`
 * (intersection over union) the one with the higher score stays. Returns the indices kept, strongest first, `most`
 * at most; equal scores keep the order in which the model gave them. `overlapMax` undefined keeps all overlaps.
 */
export function suppress(
  found: Candidates,
  overlapMax: number | undefined,
  most: number,
): number[] {
  const { boxes, scores, kinds } = found;
  const order = Array.from({ length: found.count }, (_, i) => i);
  order.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  const kept: number[] = [];
  for (const i of order) {
    if (kept.length === most) break;
    const isCovered =
      overlapMax !== undefined &&
      kept.some((k) => kinds[k] === kinds[i] && overlapOf(boxes, k, i) > overlapMax);
    if (!isCovered) kept.push(i);
  }
  return kept;
}
