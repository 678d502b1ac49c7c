import {
  FloorProjection,
  type Calibration,
  type CalibrationPoint,
  type PictureSize,
} from '@hitonami/vision';

/** A line of the grid further from the camera's view than this is left out, metres. */
const REACH_M = 200;
/** A pixel of the picture that shows more floor than this is too far to draw on, metres. */
const COARSE_M = 0.25;
const LINES_MAX = 120;
const SAMPLES = 24;
/** The grid's mesh, metres: the first that gives few enough lines. */
const MESHES_M = [1, 2, 5, 10, 20];

/**
 * The floor's grid as the camera sees it, as SVG in the picture's pixels: thin lines every metre (or more, where the
 * floor is large), strong ones and numbers every five, red east and blue north through the origin; and the points that
 * the calibration was made from (crosses) with where it puts them (circles).
 */
export function floorGrid(
  calibration: Calibration,
  size: PictureSize,
  points: readonly CalibrationPoint[] = [],
): string {
  const projection = FloorProjection.from(calibration);
  const bounds = floorInView(projection, size);
  const parts = bounds ? gridLines(projection, bounds, size) : [];
  for (const { u, v, x, y } of points) {
    parts.push(
      `<path d="M${n(u - 6)} ${n(v)}H${n(u + 6)}M${n(u)} ${n(v - 6)}V${n(v + 6)}" stroke="#ff0" stroke-width="2"/>`,
    );
    const shown = projection.toImage(x, y);
    if (shown)
      parts.push(
        `<circle cx="${n(shown.u)}" cy="${n(shown.v)}" r="5" fill="none" stroke="#f0f" stroke-width="1.5"/>`,
      );
  }
  const { width, height } = size;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${parts.join('')}</svg>`;
}

interface Bounds {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** The rectangle of the floor that the picture shows well enough to draw on. */
function floorInView(
  projection: FloorProjection,
  { width, height }: PictureSize,
): Bounds | undefined {
  const bounds: Bounds = { x0: Infinity, x1: -Infinity, y0: Infinity, y1: -Infinity };
  for (let i = 0; i <= SAMPLES; i++) {
    for (let j = 0; j <= SAMPLES; j++) {
      const [u, v] = [(i * width) / SAMPLES, (j * height) / SAMPLES];
      const place = projection.toFloor(u, v);
      const slope = projection.jacobian(u, v);
      if (!place || !slope || Math.hypot(...slope) > COARSE_M) continue;
      if (Math.hypot(place.x, place.y) > REACH_M) continue;
      bounds.x0 = Math.min(bounds.x0, place.x);
      bounds.x1 = Math.max(bounds.x1, place.x);
      bounds.y0 = Math.min(bounds.y0, place.y);
      bounds.y1 = Math.max(bounds.y1, place.y);
    }
  }
  return bounds.x1 > bounds.x0 && bounds.y1 > bounds.y0 ? bounds : undefined;
}

function gridLines(projection: FloorProjection, bounds: Bounds, size: PictureSize): string[] {
  const { x0, x1, y0, y1 } = bounds;
  const mesh = MESHES_M.find((m) => (x1 - x0 + y1 - y0) / m <= LINES_MAX) ?? MESHES_M.at(-1) ?? 1;
  const parts: string[] = [];
  const across = (from: number, to: number, draw: (at: number) => void): void => {
    for (let k = Math.ceil(from / mesh); k * mesh <= to; k++) draw(k * mesh);
  };
  across(x0, x1, (x) => {
    parts.push(...line(projection, size, [x, y0], [x, y1], style(x, mesh, '#36f')));
  });
  across(y0, y1, (y) => {
    parts.push(...line(projection, size, [x0, y], [x1, y], style(y, mesh, '#f33')));
  });
  across(x0, x1, (x) => {
    across(y0, y1, (y) => {
      if (x % (5 * mesh) !== 0 || y % (5 * mesh) !== 0) return;
      const at = projection.toImage(x, y);
      if (!at || !isInside(at, size)) return;
      parts.push(
        `<text x="${n(at.u + 3)}" y="${n(at.v - 3)}" font-family="sans-serif" font-size="11" fill="#fff" stroke="#000" stroke-width="2" paint-order="stroke">${x}, ${y}</text>`,
      );
    });
  });
  return parts;
}

function style(at: number, mesh: number, axis: string): string {
  if (at === 0) return `stroke="${axis}" stroke-width="2.5"`;
  const isStrong = at % (5 * mesh) === 0;
  return `stroke="#0f8" stroke-width="${isStrong ? 1.5 : 0.7}" stroke-opacity="${isStrong ? 0.95 : 0.7}"`;
}

/** A straight line of the floor, which a lens bends: short pieces, as far as they are seen. */
function line(
  projection: FloorProjection,
  size: PictureSize,
  from: readonly [number, number],
  to: readonly [number, number],
  look: string,
): string[] {
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const pieces = Math.max(1, Math.min(400, Math.ceil(length / 0.25)));
  let path = '';
  let isDrawing = false;
  for (let i = 0; i <= pieces; i++) {
    const t = i / pieces;
    const at = projection.toImage(from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1]));
    if (at && isInside(at, size)) {
      path += `${isDrawing ? 'L' : 'M'}${n(at.u)} ${n(at.v)}`;
      isDrawing = true;
    } else isDrawing = false;
  }
  return path === '' ? [] : [`<path d="${path}" fill="none" ${look}/>`];
}

/** Inside the picture, or a little outside. */
function isInside({ u, v }: { u: number; v: number }, { width, height }: PictureSize): boolean {
  return u >= -width / 4 && u <= 1.25 * width && v >= -height / 4 && v <= 1.25 * height;
}

function n(value: number): string {
  return value.toFixed(1);
}
