import { placeOfCamera, type PlanCamera, type SitePlan } from '@hitonami/model';

export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

export interface PlacedFloor {
  readonly floor: string;
  /** From the floor's plane to the picture's, metres. */
  readonly dx: number;
  readonly dy: number;
  /** In the picture. */
  readonly box: Box;
}

const MARGIN_SHARE = 0.04;

function boxOf(plan: SitePlan, floor: string): Box | undefined {
  const rings = [
    ...plan.areas
      .filter((area) => area.floor === floor)
      .flatMap(({ polygon }) => polygon.coordinates),
    ...plan.cameras
      .filter((camera) => camera.floor === floor)
      .flatMap((camera) => [...camera.coverage.coordinates, [cameraPoint(camera)]]),
    ...plan.lines.filter((line) => line.floor === floor).map(({ line }) => line.coordinates),
  ];
  const points = rings.flat();
  if (points.length === 0) return undefined;
  let [left, bottom, right, top] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of points) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [bottom, top] = [Math.min(bottom, y), Math.max(top, y)];
  }
  return { left, bottom, right, top };
}

/** Where a camera is drawn: where it hangs; at the northernmost corner of what it sees where that is not known. */
export function cameraPoint(camera: PlanCamera): readonly [number, number] {
  const place = placeOfCamera(camera);
  if (place !== undefined) return [place.x, place.y];
  const ring = camera.coverage.coordinates[0] ?? [];
  const first = ring[0] ?? ([0, 0] as const);
  return ring.reduce((best, point) => (point[1] > best[1] ? point : best), first);
}

/**
 * Lays the floors of a site out in one picture, upper floors above, each with a margin: side by side where they are tall, one above
 * the other where they are wide.
 *
 * @param only the one floor to show; all where undefined
 */
export function placeFloors(plan: SitePlan, only?: string): readonly PlacedFloor[] {
  const shown = plan.floors
    .map(({ id }) => id)
    .filter((id) => only === undefined || id === only)
    .flatMap((floor) => {
      const box = boxOf(plan, floor);
      return box === undefined ? [] : [{ floor, box }];
    });
  const width = Math.max(0, ...shown.map(({ box }) => box.right - box.left));
  const height = Math.max(0, ...shown.map(({ box }) => box.top - box.bottom));
  const isWide = width >= height;
  let at = 0;
  return shown.map(({ floor, box }) => {
    const [w, h] = [box.right - box.left, box.top - box.bottom];
    const margin = MARGIN_SHARE * Math.max(width, height);
    const dx = isWide ? -box.left : at - box.left;
    const dy = isWide ? at - box.bottom : -box.bottom;
    at += (isWide ? h : w) + margin * 2;
    return {
      floor,
      dx,
      dy,
      box: {
        left: box.left + dx,
        right: box.right + dx,
        bottom: box.bottom + dy,
        top: box.top + dy,
      },
    };
  });
}

export function around(floors: readonly PlacedFloor[]): Box {
  if (floors.length === 0) return { left: 0, bottom: 0, right: 10, top: 10 };
  return {
    left: Math.min(...floors.map(({ box }) => box.left)),
    bottom: Math.min(...floors.map(({ box }) => box.bottom)),
    right: Math.max(...floors.map(({ box }) => box.right)),
    top: Math.max(...floors.map(({ box }) => box.top)),
  };
}

/** Whether a point is inside rings, even-odd. */
export function isInside(
  rings: readonly (readonly (readonly [number, number])[])[],
  x: number,
  y: number,
): boolean {
  let is = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax = 0, ay = 0] = ring[j] ?? [];
      const [bx = 0, by = 0] = ring[i] ?? [];
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) is = !is;
    }
  }
  return is;
}

/** Where a label of a polygon stands: the point inside, of a coarse grid, that is farthest from the border. */
export function labelPoint(
  rings: readonly (readonly (readonly [number, number])[])[],
): readonly [number, number] {
  const points = rings[0] ?? [];
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [left, right, bottom, top] = [
    Math.min(...xs),
    Math.max(...xs),
    Math.min(...ys),
    Math.max(...ys),
  ];
  let best: readonly [number, number] = [(left + right) / 2, (bottom + top) / 2];
  let bestM = -Infinity;
  const STEPS = 15;
  for (let i = 1; i < STEPS; i += 1) {
    for (let j = 1; j < STEPS; j += 1) {
      const [x, y] = [left + ((right - left) * i) / STEPS, bottom + ((top - bottom) * j) / STEPS];
      if (!isInside(rings, x, y)) continue;
      // Among places as far from the border, the one in the middle.
      const aside = Math.hypot(x - (left + right) / 2, y - (bottom + top) / 2);
      const m = distanceToBorder(rings, x, y) - 0.05 * aside;
      if (m > bestM) [best, bestM] = [[x, y], m];
    }
  }
  return best;
}

function distanceToBorder(
  rings: readonly (readonly (readonly [number, number])[])[],
  x: number,
  y: number,
): number {
  let least = Infinity;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [ax = 0, ay = 0] = ring[j] ?? [];
      const [bx = 0, by = 0] = ring[i] ?? [];
      const [dx, dy] = [bx - ax, by - ay];
      const length2 = dx * dx + dy * dy;
      const t =
        length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length2));
      least = Math.min(least, Math.hypot(x - ax - t * dx, y - ay - t * dy));
    }
  }
  return least;
}

/** Width and height in metres of an upright box around a point that still lies inside: first as wide as it goes, then as high. */
export function labelRoom(
  rings: readonly (readonly (readonly [number, number])[])[],
  [x, y]: readonly [number, number],
): readonly [number, number] {
  const points = rings[0] ?? [];
  const step =
    Math.max(
      Math.max(...points.map(([px]) => px)) - Math.min(...points.map(([px]) => px)),
      Math.max(...points.map(([, py]) => py)) - Math.min(...points.map(([, py]) => py)),
    ) / 60;
  const reach = (holds: (m: number) => boolean) => {
    let m = 0;
    while (m < step * 60 && holds(m + step)) m += step;
    return m;
  };
  const half = Math.min(
    reach((m) => isInside(rings, x - m, y)),
    reach((m) => isInside(rings, x + m, y)),
  );
  const isFree = (dy: number) =>
    [-0.8, 0, 0.8].every((share) => isInside(rings, x + share * half, y + dy));
  const high = Math.min(
    reach((m) => isFree(m)),
    reach((m) => isFree(-m)),
  );
  return [2 * half, 2 * Math.max(high, step)];
}
