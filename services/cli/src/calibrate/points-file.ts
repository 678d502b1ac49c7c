import { HitonamiError } from '@hitonami/model';
import type { CalibrationPoint, Distortion, PictureSize } from '@hitonami/vision';
import * as z from 'zod';

/** What a points file says: points, and of what picture and lens they are where it tells. */
export interface PointsFile {
  points: CalibrationPoint[];
  size?: PictureSize;
  lens?: Distortion;
}

const point = z.union([
  z.strictObject({ u: z.number(), v: z.number(), x: z.number(), y: z.number() }),
  z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .transform(([u, v, x, y]) => ({ u, v, x, y })),
]);

const lensSchema = z
  .strictObject({
    fx: z.number().positive(),
    fy: z.number().positive(),
    cx: z.number(),
    cy: z.number(),
    k1: z.number().default(0),
    k2: z.number().default(0),
    k3: z.number().default(0),
    p1: z.number().default(0),
    p2: z.number().default(0),
  })
  .describe('fx fy cx cy, k1 k2 k3 p1 p2 as OpenCV names them');

const file = z.union([
  z.array(point).transform((points) => ({ points })),
  z.strictObject({
    points: z.array(point),
    imageWidth: z.int().positive().optional(),
    imageHeight: z.int().positive().optional(),
    distortion: lensSchema.optional(),
  }),
]);

/** Of a point that is a list. */
const COLUMNS = ['u', 'v', 'x', 'y'];

const SHAPE =
  'points as [{"u": 102, "v": 371, "x": 0, "y": 2.5}, …] or {"points": […], "imageWidth", "imageHeight", "distortion"}';

/**
 * Points of the picture (u right, v down, pixels) with their places on the floor (x east, y north, metres): JSON, or
 * CSV with the columns u, v, x, y.
 * @throws HitonamiError `INPUT` that names the file and what is wrong in it
 */
export function readPoints(text: string, name: string): PointsFile {
  return /^\s*[[{]/.test(text) ? fromJson(text, name) : { points: fromCsv(text, name) };
}

/** A lens by itself: `{"fx": …, "fy": …, "cx": …, "cy": …, "k1": …}`. */
export function readLens(text: string, name: string): Distortion {
  const parsed = lensSchema.safeParse(json(text, name));
  if (parsed.success) return parsed.data;
  throw new HitonamiError(
    'INPUT',
    `${name}: ${firstFault(parsed.error)}; it must hold a lens: ${lensSchema.description ?? ''}`,
  );
}

function fromJson(text: string, name: string): PointsFile {
  const parsed = file.safeParse(json(text, name));
  if (!parsed.success) {
    throw new HitonamiError('INPUT', `${name}: ${firstFault(parsed.error)}; it must hold ${SHAPE}`);
  }
  const data = parsed.data;
  if (!('imageWidth' in data || 'distortion' in data || 'imageHeight' in data))
    return { points: data.points };
  const { points, imageWidth, imageHeight, distortion } = data;
  return {
    points,
    ...(imageWidth && imageHeight && { size: { width: imageWidth, height: imageHeight } }),
    ...(distortion && { lens: distortion }),
  };
}

function json(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HitonamiError('INPUT', `${name} is not JSON: ${(cause as Error).message}`, { cause });
  }
}

function firstFault(error: z.ZodError): string {
  const fault = error.issues[0] && deepest(error.issues[0]);
  const where = fault === undefined ? '' : placeWords(fault.path);
  return `${where ? `${where}: ` : ''}${fault?.message ?? 'not readable'}`;
}

interface Fault {
  path: readonly PropertyKey[];
  message: string;
}

/** Of what may have several forms, the fault of the form that it comes nearest to: the one that fits down to the deepest place. */
function deepest(issue: z.core.$ZodIssue): Fault {
  if (issue.code !== 'invalid_union') return issue;
  let found: Fault = issue;
  for (const [first] of issue.errors) {
    if (first === undefined) continue;
    const { path, message } = deepest(first);
    if (path.length + issue.path.length <= found.path.length) continue;
    found = { path: [...issue.path, ...path], message };
  }
  return found;
}

/** `points.2.1` is `point 3: v`. */
function placeWords([head, ...rest]: readonly PropertyKey[]): string {
  if (head === 'points' && typeof rest[0] === 'number') return placeWords(rest);
  const words = [...(head === undefined ? [] : [head]), ...rest].map(String);
  if (typeof head !== 'number') return words.join('.');
  const [column] = rest;
  const inner = typeof column === 'number' ? [COLUMNS[column] ?? String(column)] : words.slice(1);
  return [`point ${head + 1}`, ...inner].join(': ');
}

function fromCsv(text: string, name: string): CalibrationPoint[] {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const points: CalibrationPoint[] = [];
  lines.forEach((line, i) => {
    if (line === '' || line.startsWith('#')) return;
    const cells = line.split(/[,;\t]/).map((cell) => cell.trim());
    const isHead = points.length === 0 && cells.join(',').toLowerCase() === 'u,v,x,y';
    if (isHead) return;
    const [u, v, x, y] = cells.map((cell) => (cell === '' ? NaN : Number(cell)));
    const isPoint = cells.length === 4 && [u, v, x, y].every(Number.isFinite);
    if (!isPoint || u === undefined || v === undefined || x === undefined || y === undefined) {
      throw new HitonamiError(
        'INPUT',
        `${name}, line ${i + 1}: four numbers are due, u,v,x,y (pixels, pixels, metres, metres)`,
      );
    }
    points.push({ u, v, x, y });
  });
  return points;
}
