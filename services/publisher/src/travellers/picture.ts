import { FloorProjection, type PlanArea, type PlanCamera, polygonBox } from '@hitonami/model';

/** Somebody on the floor. */
export interface Standing {
  /** Metres. */
  readonly xM: number;
  readonly yM: number;
  readonly isMoving: boolean;
}

/** Length of the grid's cells, m: where in one somebody is, no picture tells. */
export const GRID_M = 2;
/** As many icons as a multiple of this are drawn, of those who are there by chance. */
export const ICON_STEP = 5;
/** Icons of one cell beside each other, along each axis; of more, some are left out. */
const SLOTS = 3;
/** A third of the height of an icon on the plan, m. */
const RADIUS_M = 0.34;
/** Margin around an outline, m. */
const MARGIN_M = 1;

/** A random whole number from 0 to below `below`, from a secure source: nothing may join one picture to the next. */
export type RandomBelow = (below: number) => number;

/** Where the floor lies in the picture. */
interface View {
  readonly width: number;
  readonly height: number;
  /** Undefined outside of it; the radius is in its pixels. */
  readonly place: (xM: number, yM: number) => { u: number; v: number; radius: number } | undefined;
  readonly ground: string;
}

/** How many icons stand for so many people. */
export function iconsOf(people: number): number {
  return Math.floor(people / ICON_STEP) * ICON_STEP;
}

/**
 * The people of a place as icons: moving or standing, without heading, on the outline of the area, or for a still of the empty
 * place, whose size it then has. Who is drawn, and where within a cell of the grid, is drawn by chance each time; the order of the
 * icons is that of their places.
 */
export function picture(
  area: PlanArea,
  people: readonly Standing[],
  camera: PlanCamera | undefined,
  random: RandomBelow,
): string {
  const view = (camera && viewOf(camera)) ?? outlineOf(area);
  const chosen = shuffled(people, random).slice(0, iconsOf(people.length));
  const slots = new Map<string, number[]>();
  const icons = chosen.flatMap(({ xM, yM, isMoving }) => {
    const [column, row] = [xM, yM].map((m) => Math.floor(m / GRID_M)) as [number, number];
    const key = `${column} ${row}`;
    const free = slots.get(key) ?? shuffled([...Array(SLOTS * SLOTS).keys()], random);
    slots.set(key, free);
    const slot = free.pop();
    if (slot === undefined) return [];
    const within = (n: number): number => ((n + 0.5) / SLOTS) * GRID_M;
    const at = view.place(
      column * GRID_M + within(slot % SLOTS),
      row * GRID_M + within(Math.floor(slot / SLOTS)),
    );
    return at === undefined ? [] : [{ ...at, isMoving }];
  });
  icons.sort((a, b) => a.v - b.v || a.u - b.u);
  return svg(view, icons.map(icon).join(''));
}

/** Said in the place of people, where they are too few to be shown or nobody is seen. */
export function words(area: PlanArea, ja: string, en: string): string {
  const view = outlineOf(area);
  const size = view.width / 28;
  const line = (text: string, dy: number): string =>
    `<text x="${view.width / 2}" y="${round(view.height / 2 + dy)}" font-size="${round(size)}" text-anchor="middle" font-family="sans-serif" fill="#33414d">${text}</text>`;
  return svg(view, line(ja, -size * 0.3) + line(en, size * 1.1));
}

function svg({ width, height, ground }: View, inside: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">${ground}${inside}</svg>`;
}

/** From the feet up, in radii: somebody who stands, and somebody in mid-stride. */
const STANDING = [-0.6, -1.5, 0, -1.9, 0.6, -1.5, 0.4, 0, -0.4, 0];
const MOVING = [
  -0.5, -1.5, 0.1, -1.9, 0.6, -1.5, 0.3, -0.8, 0.8, 0, 0.4, 0, 0, -0.5, -0.5, 0, -0.9, 0,
];

function icon({
  u,
  v,
  radius,
  isMoving,
}: {
  u: number;
  v: number;
  radius: number;
  isMoving: boolean;
}) {
  const at = (right: number, down: number): string =>
    `${round(u + right * radius)} ${round(v + down * radius)}`;
  const shape = isMoving ? MOVING : STANDING;
  const points = shape.flatMap((right, i) => (i % 2 === 0 ? [at(right, shape[i + 1] ?? 0)] : []));
  const [x, y] = at(isMoving ? 0.2 : 0, -2.3).split(' ');
  const ink = `fill="${isMoving ? '#1f6fb2' : '#b4510f'}" stroke="#fff" stroke-width="${round(radius / 5)}"`;
  return `<path d="M${points.join('L')}Z" ${ink}/><circle cx="${x}" cy="${y}" r="${round(radius * 0.5)}" ${ink}/>`;
}

/** The outline from above, north up, ten pixels a metre. */
function outlineOf({ polygon }: PlanArea): View {
  const scale = 10;
  const { minX, minY, maxX, maxY } = polygonBox(polygon.coordinates);
  const u = (xM: number): number => round((xM - minX + MARGIN_M) * scale);
  const v = (yM: number): number => round((maxY - yM + MARGIN_M) * scale);
  const rings = polygon.coordinates
    .map((ring) => `M${ring.map(([x, y]) => `${u(x)} ${v(y)}`).join('L')}Z`)
    .join('');
  return {
    width: round((maxX - minX + 2 * MARGIN_M) * scale),
    height: round((maxY - minY + 2 * MARGIN_M) * scale),
    place: (xM, yM) => ({ u: u(xM), v: v(yM), radius: RADIUS_M * scale }),
    ground: `<path d="${rings}" fill="#f2f4f5" fill-rule="evenodd" stroke="#8a97a1" stroke-width="1"/>`,
  };
}

/** The picture of a camera; undefined where it has no calibration. */
function viewOf({ calibration }: PlanCamera): View | undefined {
  if (calibration === undefined) return undefined;
  const { imageWidth: width, imageHeight: height } = calibration;
  const projection = FloorProjection.from(calibration);
  return {
    ...{ width, height, ground: '' },
    place: (xM, yM) => {
      const at = projection.toImage(xM, yM);
      const beside = projection.toImage(xM + RADIUS_M, yM);
      const behind = projection.toImage(xM, yM + RADIUS_M);
      if (at === undefined || beside === undefined || behind === undefined) return undefined;
      if (at.u < 0 || at.v < 0 || at.u > width || at.v > height) return undefined;
      const reach = [beside, behind].map((other) => Math.hypot(other.u - at.u, other.v - at.v));
      return { ...at, radius: Math.max(2, ...reach) };
    },
  };
}

function shuffled<T>(items: readonly T[], random: RandomBelow): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i -= 1) {
    const j = random(i + 1);
    [all[i], all[j]] = [all[j] as T, all[i] as T];
  }
  return all;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
