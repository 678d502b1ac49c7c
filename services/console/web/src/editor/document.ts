import type { CalibrationPoint, CameraPlace, PlanCalibration } from '@hitonami/model';

/**
 * The plan as it is edited: its JSON, of which the editor knows some keys and keeps the rest as they are. Nothing here
 * judges: the server's `plans/check` does.
 */
export type Point = readonly [x: number, y: number];
export type Ring = readonly Point[];
export type Polygon = readonly Ring[];

export interface Text {
  ja: string;
  en: string;
}

export interface DangerBands {
  stable: number;
  capacity: number;
  unstable: number;
  congested: number;
}

interface Placed {
  id: string;
  floor: string;
  [key: string]: unknown;
}

export interface DraftArea extends Placed {
  name: Text;
  kind: string;
  polygon: { type: string; coordinates: Polygon };
  dangerBands?: DangerBands;
  queueMaxPersons?: number;
  actionCard?: string;
}

export interface DraftLine extends Placed {
  name: Text;
  line: { type: string; coordinates: readonly Point[] };
  capacityPerMMin?: number;
  mainDirection?: string;
  actionCard?: string;
}

/** What is typed may be wrong, but has the shape: numbers where numbers are. */
export type DraftCalibration = PlanCalibration;

export interface DraftCamera extends Placed {
  coverage: { type: string; coordinates: Polygon };
  calibration?: DraftCalibration;
  position?: CameraPlace;
}

export type { CalibrationPoint, CameraPlace };

export interface DraftActionCard {
  id: string;
  title: Text;
  steps: readonly Text[];
  [key: string]: unknown;
}

export interface Draft {
  site: string;
  version: number;
  name: Text;
  timeZone: string;
  floors: readonly { id: string; name: Text; [key: string]: unknown }[];
  areas: readonly DraftArea[];
  lines: readonly DraftLine[];
  cameras: readonly DraftCamera[];
  counters?: readonly { id: string; line: string; [key: string]: unknown }[];
  dangerBands?: DangerBands;
  alerting?: Record<string, number>;
  actionCards?: readonly DraftActionCard[];
  [key: string]: unknown;
}

export const SHAPE_LISTS = ['areas', 'lines', 'cameras'] as const;
export type ShapeList = (typeof SHAPE_LISTS)[number];

/** Which shape: by its place in the list, since an id may be wrong while it is typed. */
export interface ShapeRef {
  list: ShapeList;
  index: number;
}

export const sameShape = (a: ShapeRef | undefined, b: ShapeRef | undefined): boolean =>
  a?.list === b?.list && a?.index === b?.index;

export type Shape = DraftArea | DraftLine | DraftCamera;

export function shapeAt(plan: Draft, ref: ShapeRef): Shape | undefined {
  return plan[ref.list][ref.index];
}

/** A plan from the server has these keys, for it was checked when it was saved; a list that is missing is empty. */
export function asDraft(plan: Record<string, unknown>): Draft {
  const list = (key: string): unknown => (Array.isArray(plan[key]) ? plan[key] : []);
  return {
    ...plan,
    floors: list('floors'),
    areas: list('areas'),
    lines: list('lines'),
    cameras: list('cameras'),
  } as Draft;
}

/** The rings of an area or camera; for a line its two ends as one open ring. */
export function ringsOf(plan: Draft, ref: ShapeRef): Polygon {
  switch (ref.list) {
    case 'areas':
      return plan.areas[ref.index]?.polygon.coordinates ?? [];
    case 'cameras':
      return plan.cameras[ref.index]?.coverage.coordinates ?? [];
    case 'lines': {
      const line = plan.lines[ref.index];
      return line ? [line.line.coordinates] : [];
    }
  }
}

/** The same plan with other rings for one shape; all else, also what is not known here, stays. */
export function withRings(plan: Draft, ref: ShapeRef, rings: Polygon): Draft {
  switch (ref.list) {
    case 'areas':
      return replaceAt(plan, 'areas', ref.index, (area) => ({
        ...area,
        polygon: { ...area.polygon, coordinates: rings },
      }));
    case 'cameras':
      return replaceAt(plan, 'cameras', ref.index, (camera) => ({
        ...camera,
        coverage: { ...camera.coverage, coordinates: rings },
      }));
    case 'lines':
      return replaceAt(plan, 'lines', ref.index, (line) => ({
        ...line,
        line: { ...line.line, coordinates: rings[0] ?? [] },
      }));
  }
}

function replaceAt<K extends ShapeList>(
  plan: Draft,
  list: K,
  index: number,
  change: (item: Draft[K][number]) => Draft[K][number],
): Draft {
  const items: readonly Draft[K][number][] = plan[list];
  return {
    ...plan,
    [list]: items.map((item, i) => (i === index ? change(item) : item)),
  };
}

export type Path = readonly (string | number)[];

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  let at: unknown = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Record<string | number, unknown>)[key];
  }
  return at;
}

/** A copy with another value at a path; `undefined` takes the key away. What lies beside the path is shared, not copied. */
export function withValue<T>(value: T, path: Path, next: unknown): T {
  const [key, ...rest] = path;
  if (key === undefined) return next as T;
  if (Array.isArray(value)) {
    const copy: unknown[] = value.slice();
    const at = Number(key);
    if (rest.length === 0 && next === undefined) copy.splice(at, 1);
    else copy[at] = withValue(copy[at], rest, next);
    return copy as T;
  }
  const object = (typeof value === 'object' && value !== null ? value : {}) as Record<
    string,
    unknown
  >;
  if (rest.length === 0 && next === undefined) {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as T;
  }
  return { ...object, [key]: withValue(object[key], rest, next) } as T;
}
