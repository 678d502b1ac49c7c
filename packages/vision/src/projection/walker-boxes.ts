import { undistort, type Distortion } from '@hitonami/model';

/** A person's box in one frame, pixels, with the time of the frame. */
export interface WalkerBox {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
  /** Frame number, any start. */
  readonly frame: number;
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

/** Foot and head of somebody who stands upright and wholly in view, pixels without the lens's distortion. */
export interface Upright {
  readonly footU: number;
  readonly footV: number;
  readonly headU: number;
  readonly headV: number;
  readonly frame: number;
}

/** A box that comes so near to the picture's edge is cut, as a share of the picture's height. */
const EDGE_SHARE = 0.01;
/** Share of a box's width that another, nearer one covers from which on its foot counts as hidden. */
const COVERED_SHARE = 0.2;
/** Width ÷ height of a standing or walking person's box. */
const SLENDER_MIN = 0.15;
const SLENDER_MAX = 0.65;
/** A box lower than this says too little, pixels. */
const HEIGHT_MIN_PX = 20;
/** More boxes than this add time and no knowledge. */
const UPRIGHTS_MAX = 4_000;

/** The boxes that show a whole person: not cut by the picture's edge, not covered by a nearer one, slender. */
export function uprightWalkers(
  boxes: readonly WalkerBox[],
  { width, height }: PictureSize,
  lens?: Distortion,
): Upright[] {
  const edge = EDGE_SHARE * height;
  const byFrame = new Map<number, WalkerBox[]>();
  for (const box of boxes) byFrame.set(box.frame, [...(byFrame.get(box.frame) ?? []), box]);
  const whole: Upright[] = [];
  for (const box of boxes) {
    const { x1, y1, x2, y2, frame } = box;
    const slender = (x2 - x1) / (y2 - y1);
    if (!(y2 - y1 >= HEIGHT_MIN_PX && slender >= SLENDER_MIN && slender <= SLENDER_MAX)) continue;
    if (x1 < edge || y1 < edge || x2 > width - edge || y2 > height - edge) continue;
    if ((byFrame.get(frame) ?? []).some((other) => isCovered(box, other))) continue;
    const upright = straight((x1 + x2) / 2, y2, y1, frame, lens);
    if (upright) whole.push(upright);
  }
  const stride = Math.max(1, whole.length / UPRIGHTS_MAX);
  return Array.from(
    { length: Math.min(whole.length, UPRIGHTS_MAX) },
    (_, i) => whole[Math.floor(i * stride)],
  ).filter((item) => item !== undefined);
}

function isCovered(box: WalkerBox, other: WalkerBox): boolean {
  if (other === box || other.y2 <= box.y2 || other.y1 >= box.y2) return false;
  const shared = Math.min(box.x2, other.x2) - Math.max(box.x1, other.x1);
  return shared > COVERED_SHARE * (box.x2 - box.x1);
}

function straight(
  u: number,
  footV: number,
  headV: number,
  frame: number,
  lens?: Distortion,
): Upright | undefined {
  if (lens === undefined) return { footU: u, footV, headU: u, headV, frame };
  const foot = undistort(lens, u, footV);
  const head = undistort(lens, u, headV);
  if (foot === undefined || head === undefined) return undefined;
  return { footU: foot.u, footV: foot.v, headU: head.u, headV: head.v, frame };
}
