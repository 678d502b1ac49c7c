import type { Box } from '../layout.js';

/** Pixels of a metre at the closest, and how much smaller than fitted the plan may become. */
const SCALE_MAX = 400;
const SHRINK_MAX = 0.5;
/** Stays free around the fitted plan for what is written there, rem: above more than at the sides and below. */
const EDGE_REM = { side: 2.5, above: 3, below: 1 };

/** Which part of the plan is on the screen: x_px = x + scale · x_m, y_px = y − scale · y_m. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export function fitted(box: Box, width: number, height: number, rem = 16): View {
  const [w, h] = [Math.max(0.1, box.right - box.left), Math.max(0.1, box.top - box.bottom)];
  const { side, above, below } = EDGE_REM;
  const [freeW, freeH] = [width - 2 * side * rem, height - (above + below) * rem];
  const scale = Math.max(1e-3, Math.min(freeW / w, freeH / h));
  return {
    scale,
    x: width / 2 - (scale * (box.left + box.right)) / 2,
    y: above * rem + freeH / 2 + (scale * (box.bottom + box.top)) / 2,
  };
}

/** Closer by `factor`, with what is at (atX, atY) px staying there; never so that the plan is lost. */
export function zoomed(view: View, factor: number, atX: number, atY: number, fit: View): View {
  const scale = Math.min(
    Math.max(SCALE_MAX, fit.scale),
    Math.max(fit.scale * SHRINK_MAX, view.scale * factor),
  );
  const ratio = scale / view.scale;
  return { scale, x: atX - (atX - view.x) * ratio, y: atY - (atY - view.y) * ratio };
}

/** Moved by pixels; some of the plan stays on the screen. */
export function moved(
  view: View,
  dx: number,
  dy: number,
  { box, width, height }: { readonly box: Box; readonly width: number; readonly height: number },
): View {
  const KEEP = 0.25;
  const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  const x = clamp(
    view.x + dx,
    width * KEEP - view.scale * box.right,
    width * (1 - KEEP) - view.scale * box.left,
  );
  const y = clamp(
    view.y + dy,
    height * KEEP + view.scale * box.bottom,
    height * (1 - KEEP) + view.scale * box.top,
  );
  return { scale: view.scale, x, y };
}
