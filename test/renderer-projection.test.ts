import { calibrationOf, type CameraPose, lensOf, scenario } from '@hitonami/simulator';
import { type Figure, type Mesh, View } from '@hitonami/renderer';
import { FloorProjection } from '@hitonami/vision';
import { describe, expect, it } from 'vitest';

/** A camera over (0, 0) that looks north, changed. */
function pose(changes: Partial<CameraPose>): CameraPose {
  const { imageWidth = 640, imageHeight = 480 } = changes;
  const lens = lensOf(imageWidth, imageHeight, 70);
  const level = { x: 0, y: 0, heightM: 3.2, yawDeg: 90, tiltDeg: 25, rollDeg: 0 };
  return { ...level, imageWidth, imageHeight, lens, ...changes };
}

const POSES: Record<string, CameraPose> = {
  'a low camera that looks far': pose({ heightM: 2.6, tiltDeg: 12 }),
  'a steep one': pose({ heightM: 4.5, tiltDeg: 62 }),
  'straight down': pose({ heightM: 6, tiltDeg: 90 }),
  'turned and rolled': pose({ x: 7, y: -3, yawDeg: -140, rollDeg: 9, tiltDeg: 35 }),
  'a wide barrel lens': pose({ lens: lensOf(640, 480, 100, { k1: -0.28, k2: 0.07 }), tiltDeg: 30 }),
  'a pincushion with a shifted middle': pose({
    lens: { ...lensOf(640, 480, 60, { k1: 0.09, p1: 0.002, p2: -0.003 }), cx: 331, cy: 228 },
  }),
  'a flat picture': pose({ imageHeight: 360, lens: lensOf(640, 360, 80), rollDeg: -4 }),
};

/** A ball of 4 cm about a point of the floor: what is drawn of it lies about that point. */
function ball(person: number, x: number, y: number): Figure {
  const radiusM = 0.04;
  const corners = [
    [1, 0, 0],
    [-1, 0, 0],
    [0, 1, 0],
    [0, -1, 0],
    [0, 0, 1],
    [0, 0, -1],
  ] as const;
  const mesh: Mesh = {
    positions: Float32Array.from(
      corners.flatMap(([a, b, c]) => [x + a * radiusM, y + b * radiusM, c * radiusM]),
    ),
    normals: Float32Array.from(corners.flat()),
    uv: new Float32Array(12),
    triangles: Uint32Array.of(
      ...[0, 2, 4, 2, 1, 4, 1, 3, 4, 3, 0, 4, 2, 0, 5, 1, 2, 5, 3, 1, 5, 0, 3, 5],
    ),
    material: {
      texture: { width: 1, height: 1, rgb: Uint8Array.of(255, 255, 255) },
      tint: [1, 1, 1],
      gloss: 0,
      emission: 1,
    },
  };
  return { person, meshes: [mesh], velocity: [0, 0, 0], heightM: 0.1, foot: [x, y, 0] };
}

/** Middle of what people cover in the picture, pixels; undefined: nothing. */
function drawnMiddle(view: View, figure: Figure): readonly [number, number] | undefined {
  const { people, width } = view.draw([figure], 0);
  let [sum, u, v] = [0, 0, 0];
  for (let pixel = 0; pixel < people.through.length; pixel++) {
    const covered = 1 - (people.through[pixel] ?? 1);
    if (covered === 0) continue;
    sum += covered;
    u += covered * ((pixel % width) + 0.5);
    v += covered * (Math.floor(pixel / width) + 0.5);
  }
  return sum < 3 ? undefined : [u / sum, v / sum];
}

const DARK = {
  sun: [0, 0, 0],
  sky: [0.1, 0.1, 0.1],
  ground: [0, 0, 0],
  lamps: [],
  exposure: 1,
} as const;

function compare(own: CameraPose): void {
  const view = new View(own);
  view.setScene({ meshes: [], light: DARK });
  const { distortion, ...flat } = calibrationOf(own);
  const floor = FloorProjection.from({ ...flat, ...(distortion && { distortion }) });
  let compared = 0;
  for (let u = 60; u < own.imageWidth; u += 170) {
    for (let v = own.imageHeight * 0.35; v < own.imageHeight; v += 80) {
      const place = floor.toFloor(u, v);
      if (place === undefined || Math.hypot(place.x - own.x, place.y - own.y) > 14) continue;
      const figure = ball(1, place.x, place.y);
      const drawn = drawnMiddle(view, figure);
      if (drawn === undefined) continue;
      compared++;
      expect(Math.hypot(drawn[0] - u, drawn[1] - v)).toBeLessThan(0.8);
      const [truth] = view.draw([figure], 0).truth;
      expect(truth?.foot[0]).toBeCloseTo(u, 2);
      expect(truth?.foot[1]).toBeCloseTo(v, 2);
    }
  }
  expect(compared).toBeGreaterThan(3);
}

describe('what the renderer draws on the floor is where the calibration puts it', () => {
  for (const [name, own] of Object.entries(POSES)) {
    it(name, () => {
      compare(own);
    });
  }

  it('each camera of a scenario', () => {
    const { cameras } = scenario('quiet-morning');
    expect(cameras.length).toBeGreaterThanOrEqual(4);
    for (const { pose: own } of cameras) compare(own);
  });
});
