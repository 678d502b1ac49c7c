import { Rectangle, Texture } from 'pixi.js';

/** Kinds as in the contract: 0 person, 1 bicycle, 2 car, 3 bus, 4 truck, 5 wheelchair, 6 pram. */
type Draw = (pen: CanvasRenderingContext2D) => void;

const CELL = 96;
const INK = '#0b1116';
const HALO = '#ffffff';

/** Paths in a cell of ±1 around its middle, heading to the right. */
function outlined(pen: CanvasRenderingContext2D, path: Path2D): void {
  pen.lineJoin = 'round';
  pen.strokeStyle = HALO;
  pen.lineWidth = 0.34;
  pen.stroke(path);
  pen.fillStyle = INK;
  pen.fill(path);
}

function circle(x: number, y: number, r: number): Path2D {
  const path = new Path2D();
  path.arc(x, y, r, 0, Math.PI * 2);
  return path;
}

function polygon(...points: readonly (readonly [number, number])[]): Path2D {
  const path = new Path2D();
  points.forEach(([x, y], i) => (i === 0 ? path.moveTo(x, y) : path.lineTo(x, y)));
  path.closePath();
  return path;
}

function box(length: number, width: number): Path2D {
  const path = new Path2D();
  path.roundRect(-length / 2, -width / 2, length, width, 0.12);
  return path;
}

const standing: Draw = (pen) => outlined(pen, circle(0, 0, 0.5));
/** An arrow head with a notch: its heading is seen at eight pixels. */
const moving: Draw = (pen) =>
  outlined(pen, polygon([0.78, 0], [-0.55, 0.58], [-0.25, 0], [-0.55, -0.58]));
const wheelchair: Draw = (pen) => {
  outlined(pen, circle(0, 0, 0.7));
  pen.strokeStyle = HALO;
  pen.lineWidth = 0.16;
  pen.stroke(circle(-0.05, 0, 0.42));
  pen.fillStyle = HALO;
  pen.fill(polygon([0.62, 0], [0.1, 0.28], [0.1, -0.28]));
};
const pram: Draw = (pen) => {
  outlined(pen, box(1.2, 0.9));
  pen.fillStyle = HALO;
  pen.fill(circle(-0.15, 0, 0.24));
  pen.fill(polygon([0.55, 0], [0.2, 0.26], [0.2, -0.26]));
};
const bicycle: Draw = (pen) => {
  const path = box(1.1, 0.2);
  path.addPath(circle(-0.52, 0, 0.32));
  path.addPath(circle(0.52, 0, 0.32));
  outlined(pen, path);
};
const vehicle =
  (length: number): Draw =>
  (pen) => {
    outlined(pen, box(length, 0.8));
    pen.fillStyle = HALO;
    pen.fill(polygon([length / 2 - 0.12, 0], [length / 2 - 0.5, 0.25], [length / 2 - 0.5, -0.25]));
  };

const DRAWN: readonly Draw[] = [
  standing,
  moving,
  bicycle,
  vehicle(1.2),
  vehicle(1.7),
  vehicle(1.5),
  wheelchair,
  pram,
];
const BY_KIND: Readonly<Record<number, number>> = { 1: 2, 2: 3, 3: 4, 4: 5, 5: 6, 6: 7 };
/** How long each icon is meant to be in the hall, metres: larger than life, to be seen. */
const SIZE_M: Readonly<Record<number, number>> = { 1: 1.8, 2: 4, 3: 9, 4: 7, 5: 1.2, 6: 1.2 };
const PERSON_SIZE_M = 0.65;

/** How long the icon of a kind is, metres. */
export function iconSizeM(kind: number): number {
  return SIZE_M[kind] ?? PERSON_SIZE_M;
}

/** Which icon shows a kind. */
export function iconOf(kind: number, isMoving: boolean): number {
  return BY_KIND[kind] ?? (isMoving ? 1 : 0);
}

/** Draws an icon in a square of `size` pixels whose middle is at (x, y), turned by so many radians towards y. */
export function drawIcon(
  pen: CanvasRenderingContext2D,
  icon: number,
  { x, y, size, rad }: { x: number; y: number; size: number; rad: number },
): void {
  const [c, s] = [(Math.cos(rad) * size) / 2, (Math.sin(rad) * size) / 2];
  pen.setTransform(c, s, -s, c, x, y);
  DRAWN[icon]?.(pen);
}

export interface Atlas {
  textureOf: (kind: number, isMoving: boolean) => Texture;
  /** Side of a texture in its own pixels, and how much of it the icon is. */
  readonly cell: number;
}

/** The picture of one icon for the legend, in the page. */
export function iconCanvas(kind: number, isMoving: boolean, size: number): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = size;
  const pen = canvas.getContext('2d');
  if (pen === null) return canvas;
  drawIcon(pen, iconOf(kind, isMoving), { x: size / 2, y: size / 2, size, rad: 0 });
  return canvas;
}

/** All icons on one texture, so that everybody is drawn at one call. */
export function makeAtlas(): Atlas {
  const canvas = document.createElement('canvas');
  canvas.width = CELL * DRAWN.length;
  canvas.height = CELL;
  const pen = canvas.getContext('2d');
  if (pen === null) throw new Error('The browser draws no 2D canvas.');
  DRAWN.forEach((_, i) => {
    drawIcon(pen, i, { x: (i + 0.5) * CELL, y: CELL / 2, size: CELL, rad: 0 });
  });
  const { source } = Texture.from(canvas);
  source.autoGenerateMipmaps = true;
  const textures = DRAWN.map(
    (_, i) => new Texture({ source, frame: new Rectangle(i * CELL, 0, CELL, CELL) }),
  );
  const at = (i: number) => textures[i] ?? Texture.EMPTY;
  return {
    textureOf: (kind, isMoving) => at(iconOf(kind, isMoving)),
    cell: CELL,
  };
}
