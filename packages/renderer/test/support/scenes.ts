import { type CameraPose, lensOf } from '@hitonami/simulator';
import type { Figure, Light, Material, Mesh, Scene, Texture, Vec3 } from '../../src/index.js';

/** A texture of squares in two greys. */
export function squares(dark = 90, light = 170, side = 64): Texture {
  const rgb = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const value = x < side / 2 === y < side / 2 ? light : dark;
      rgb.fill(value, (y * side + x) * 3, (y * side + x) * 3 + 3);
    }
  }
  return { width: side, height: side, rgb };
}

export function paint(r: number, g: number, b: number): Texture {
  return { width: 1, height: 1, rgb: Uint8Array.of(r, g, b) };
}

export function material(texture: Texture, gloss = 0, emission = 0): Material {
  return { texture, tint: [1, 1, 1], gloss, emission };
}

/** A flat four-cornered sheet; the texture repeats once a metre along its edges. */
export function sheet(corner: Vec3, along: Vec3, across: Vec3, of: Material): Mesh {
  const normal = unit(cross(along, across));
  const corners = [
    corner,
    add(corner, along),
    add(add(corner, along), across),
    add(corner, across),
  ];
  const [u, v] = [Math.hypot(...along), Math.hypot(...across)];
  return {
    positions: Float32Array.from(corners.flat()),
    normals: Float32Array.from([normal, normal, normal, normal].flat()),
    uv: Float32Array.of(0, 0, u, 0, u, v, 0, v),
    triangles: Uint32Array.of(0, 1, 2, 0, 2, 3),
    material: of,
  };
}

/** An upright body with round ends: `sides` corners about its axis. */
export function post(
  x: number,
  y: number,
  heightM: number,
  radiusM: number,
  of: Material,
  sides = 16,
): Mesh {
  const rings = 9;
  const positions: number[] = [];
  const normals: number[] = [];
  const uv: number[] = [];
  const triangles: number[] = [];
  for (let ring = 0; ring <= rings; ring++) {
    const polar = Math.PI * (ring / rings);
    const wide = Math.sin(polar);
    const up = -Math.cos(polar);
    const z = ring <= rings / 2 ? radiusM + up * radiusM : heightM - radiusM + up * radiusM;
    for (let side = 0; side <= sides; side++) {
      const turn = (2 * Math.PI * side) / sides;
      const [nx, ny] = [Math.cos(turn) * wide, Math.sin(turn) * wide];
      positions.push(x + nx * radiusM, y + ny * radiusM, z);
      normals.push(nx, ny, up);
      uv.push(side / sides, z / heightM);
      if (ring === rings || side === sides) continue;
      const at = ring * (sides + 1) + side;
      triangles.push(at, at + 1, at + sides + 2, at, at + sides + 2, at + sides + 1);
    }
  }
  return {
    positions: Float32Array.from(positions),
    normals: Float32Array.from(normals),
    uv: Float32Array.from(uv),
    triangles: Uint32Array.from(triangles),
    material: of,
  };
}

/** Somebody plain: a post of 1.7 m. */
export function somebody(
  person: number,
  x: number,
  y: number,
  {
    heightM = 1.7,
    radiusM = 0.22,
    velocity = [0, 0, 0] as Vec3,
    of = material(paint(200, 60, 40)),
  } = {},
): Figure {
  return {
    person,
    meshes: [post(x, y, heightM, radiusM, of)],
    velocity,
    heightM,
    foot: [x, y, 0],
  };
}

export const LIGHT: Light = {
  sunDirection: [0.4, -0.5, 0.77],
  sun: [0.5, 0.48, 0.42],
  sky: [0.45, 0.48, 0.52],
  ground: [0.2, 0.19, 0.18],
  lamps: [{ position: [2, 6, 4], colour: [3, 2.9, 2.6] }],
  exposure: 1,
};

/** A floor of 40 × 40 m with its middle under the camera, and a wall 20 m to the north. */
export function hall(): Scene {
  return {
    meshes: [
      sheet([-20, -20, 0], [40, 0, 0], [0, 40, 0], material(squares(), 0.3)),
      sheet([-20, 20, 0], [40, 0, 0], [0, 0, 4], material(squares(150, 160))),
    ],
    light: LIGHT,
  };
}

/** A camera over the middle of the hall's floor that looks north. */
export function pose(changes: Partial<CameraPose> = {}): CameraPose {
  const { imageWidth = 640, imageHeight = 480 } = changes;
  return {
    x: 0,
    y: 0,
    heightM: 3.5,
    yawDeg: 90,
    tiltDeg: 25,
    rollDeg: 0,
    imageWidth,
    imageHeight,
    lens: lensOf(imageWidth, imageHeight, 68),
    ...changes,
  };
}

function add(a: Vec3, b: Vec3): Vec3 {
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Vec3): Vec3 {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}
