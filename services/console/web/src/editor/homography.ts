/**
 * Between a picture and its floor, for points that people type and move. A plan keeps the matrix alone, not the points it came
 * from; so points are made from the matrix, moved, and fitted again. The measuring tool is `hitonami calibrate`: it refines
 * the fit and corrects the lens; here pixels are those of the picture without the lens's distortion.
 */
export type Matrix = readonly number[];

export interface CalibrationPoint {
  /** Pixels, u right and v down, without the lens's distortion. */
  u: number;
  v: number;
  /** Metres on the floor. */
  x: number;
  y: number;
}

export const POINTS_MIN = 4;

/** The inverse times the determinant, which as a homography is the inverse. */
export function inverse([
  a = 0,
  b = 0,
  c = 0,
  d = 0,
  e = 0,
  f = 0,
  g = 0,
  h = 0,
  i = 0,
]: Matrix): number[] {
  return [
    e * i - f * h,
    c * h - b * i,
    b * f - c * e,
    f * g - d * i,
    a * i - c * g,
    c * d - a * f,
    d * h - e * g,
    b * g - a * h,
    a * e - b * d,
  ];
}

/** Where a matrix puts a point; undefined at its horizon. */
export function mapped(m: Matrix, x: number, y: number): readonly [number, number] | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0, i = 0] = m;
  const w = g * x + h * y + i;
  const place = [(a * x + b * y + c) / w, (d * x + e * y + f) / w] as const;
  return place.every(Number.isFinite) ? place : undefined;
}

/** Distances on the floor between where points are and where the matrix (picture to floor) puts them, metres. */
export function residualsM(
  matrix: Matrix,
  points: readonly CalibrationPoint[],
): (number | undefined)[] {
  return points.map(({ u, v, x, y }) => {
    const place = mapped(matrix, u, v);
    return place && Math.hypot(place[0] - x, place[1] - y);
  });
}

/** Root mean square; undefined where a point has none. */
export function rms(residuals: readonly (number | undefined)[]): number | undefined {
  if (residuals.length === 0 || residuals.includes(undefined)) return undefined;
  return Math.sqrt(residuals.reduce<number>((sum, r = 0) => sum + r * r, 0) / residuals.length);
}

/**
 * Picture to floor by the normalised direct linear transformation, floor to picture inverted (Hartley and Zisserman, Multiple
 * View Geometry, 4.1 and 4.4). In normalised coordinates the middle of the points is in front of the camera, so the last entry
 * is not 0 and the eight others follow from a linear system. Undefined where the points do not fix it.
 */
export function fitHomography(points: readonly CalibrationPoint[]): number[] | undefined {
  if (points.length < POINTS_MIN) return undefined;
  const picture = normalisation(points.map(({ u, v }) => [u, v]));
  const floor = normalisation(points.map(({ x, y }) => [x, y]));
  if (picture === undefined || floor === undefined) return undefined;
  const normal = Array.from({ length: 8 }, () => new Array<number>(9).fill(0));
  for (const { u, v, x, y } of points) {
    const [p, q] = [mapped(picture, u, v), mapped(floor, x, y)];
    if (p === undefined || q === undefined) return undefined;
    addRow(normal, [q[0], q[1], 1, 0, 0, 0, -p[0] * q[0], -p[0] * q[1]], p[0]);
    addRow(normal, [0, 0, 0, q[0], q[1], 1, -p[1] * q[0], -p[1] * q[1]], p[1]);
  }
  const solved = solve(normal);
  if (solved === undefined) return undefined;
  // Pixels → normalised → floor normalised → metres.
  const matrix = product(inverse(floor), product(inverse([...solved, 1]), picture));
  const largest = Math.max(...matrix.map(Math.abs));
  if (!(largest > 0) || !matrix.every(Number.isFinite)) return undefined;
  const last = matrix[8] ?? 0;
  const scale = Math.abs(last) > 1e-6 * largest ? last : largest;
  return matrix.map((entry) => entry / scale);
}

/** Points of a matrix to begin with: where corners of the coverage are in the picture, at most so many, spread. */
export function pointsOf(
  matrix: Matrix,
  corners: readonly (readonly [number, number])[],
  most = 6,
): CalibrationPoint[] {
  const back = inverse(matrix);
  const stride = Math.max(1, corners.length / most);
  const out: CalibrationPoint[] = [];
  for (let at = 0; Math.floor(at) < corners.length && out.length < most; at += stride) {
    const corner = corners[Math.floor(at)];
    const pixel = corner && mapped(back, corner[0], corner[1]);
    if (corner && pixel) {
      const [u, v] = pixel.map((value) => Math.round(value * 10) / 10) as [number, number];
      out.push({ u, v, x: corner[0], y: corner[1] });
    }
  }
  return out;
}

function normalisation(places: readonly (readonly [number, number])[]): number[] | undefined {
  const n = places.length;
  const mx = places.reduce((sum, [x]) => sum + x, 0) / n;
  const my = places.reduce((sum, [, y]) => sum + y, 0) / n;
  const away = places.reduce((sum, [x, y]) => sum + Math.hypot(x - mx, y - my), 0) / n;
  if (!(away > 0)) return undefined;
  const s = Math.SQRT2 / away;
  return [s, 0, -s * mx, 0, s, -s * my, 0, 0, 1];
}

/** Adds an equation to the normal equations, the right-hand side last. */
function addRow(normal: number[][], row: readonly number[], right: number): void {
  row.forEach((a, i) => {
    const line = normal[i];
    if (line === undefined) return;
    row.forEach((b, j) => (line[j] = (line[j] ?? 0) + a * b));
    line[8] = (line[8] ?? 0) + a * right;
  });
}

/** Below this a pivot is none: three points on one line, or two the same. */
const PIVOT_MIN = 1e-10;

/** Gauss with the largest pivot. */
function solve(system: number[][]): number[] | undefined {
  const n = system.length;
  for (let column = 0; column < n; column++) {
    let best = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(system[row]?.[column] ?? 0) > Math.abs(system[best]?.[column] ?? 0)) best = row;
    }
    const pivot = system[best];
    const swapped = system[column];
    if (pivot === undefined || swapped === undefined || Math.abs(pivot[column] ?? 0) < PIVOT_MIN) {
      return undefined;
    }
    [system[column], system[best]] = [pivot, swapped];
    for (let row = 0; row < n; row++) {
      const line = system[row];
      if (row === column || line === undefined) continue;
      const factor = (line[column] ?? 0) / (pivot[column] ?? 1);
      for (let k = column; k <= n; k++) line[k] = (line[k] ?? 0) - factor * (pivot[k] ?? 0);
    }
  }
  return system.map((line, i) => (line[n] ?? 0) / (line[i] ?? 1));
}

function product(a: Matrix, b: Matrix): number[] {
  const at = (r: number, c: number): number =>
    (a[3 * r] ?? 0) * (b[c] ?? 0) +
    (a[3 * r + 1] ?? 0) * (b[c + 3] ?? 0) +
    (a[3 * r + 2] ?? 0) * (b[c + 6] ?? 0);
  return [0, 1, 2].flatMap((r) => [0, 1, 2].map((c) => at(r, c)));
}
