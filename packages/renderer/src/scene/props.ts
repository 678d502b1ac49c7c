import type { Material, Vec3 } from '../mesh.js';
import { clothColour } from '../figures/appearance.js';
import { clothTexture } from '../figures/cloth.js';
import { fromHsv, material, speckled, type Colour } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { bicycle } from '../figures/vehicles.js';
import type { Stage } from './stage.js';
import { foliageTexture, posterTexture, signTexture, stoneColour } from './surfaces.js';

/**
 * Things that stand upright and are no people. A detector that has not seen many of them finds people in every post,
 * poster and plant.
 */
export type Prop =
  | 'pole'
  | 'pillar'
  | 'bollard'
  | 'bin'
  | 'sign'
  | 'board'
  | 'totem'
  | 'statue'
  | 'rack'
  | 'plant'
  | 'cone'
  | 'bench'
  | 'table'
  | 'machine'
  | 'tree'
  | 'bike'
  | 'crate'
  | 'mannequin'
  | 'parasol'
  | 'barrier';

/** Materials that a scene's things share. */
export interface Palette {
  readonly metals: readonly Material[];
  readonly stones: readonly Material[];
  readonly leaves: readonly Material[];
  readonly posters: readonly Material[];
  readonly signs: readonly Material[];
  readonly cloths: readonly Material[];
  readonly bright: readonly Material[];
  readonly black: Material;
}

export function palette(random: Random): Palette {
  const many = (count: number, make: () => Material): Material[] =>
    Array.from({ length: count }, make);
  const plain = (colour: Colour, contrast: number, gloss: number): Material =>
    material(speckled(colour, contrast, random.next(), 64), gloss);
  return {
    metals: many(3, () =>
      plain(fromHsv(0.6, random.between(0, 0.2), random.between(0.08, 0.75)), 0.1, 0.4),
    ),
    stones: many(3, () => plain(stoneColour(random, 0.15, 0.9), 0.15, 0.05)),
    leaves: many(2, () => material(foliageTexture(random), 0)),
    posters: many(5, () => material(posterTexture(random), 0.05, random.chance(0.2) ? 0.5 : 0)),
    signs: many(3, () => material(signTexture(random), 0.05, random.chance(0.4) ? 0.6 : 0)),
    cloths: many(4, () =>
      material(
        clothTexture(random, {
          colour: clothColour(random, 0.4),
          second: clothColour(random, 0.2),
          pattern: random.pick(['plain', 'stripes', 'check', 'heather', 'quilt', 'block']),
        }),
        0.05,
      ),
    ),
    bright: many(2, () =>
      plain(fromHsv(random.next(), random.between(0.4, 0.9), random.between(0.3, 0.9)), 0.08, 0.2),
    ),
    black: plain([0.07, 0.07, 0.08], 0.15, 0.2),
  };
}

const WHEEL: Vec3 = [1, 0, 0];

export function addProp(
  stage: Stage,
  random: Random,
  kit: Palette,
  prop: Prop,
  x: number,
  y: number,
): void {
  const metal = random.pick(kit.metals);
  const stone = random.pick(kit.stones);
  const any = random.pick([...kit.metals, ...kit.stones, ...kit.bright]);
  const yaw = random.between(0, Math.PI);
  switch (prop) {
    case 'pole': {
      const r = random.between(0.03, 0.12);
      const tall = random.between(2.2, 7);
      stage.turned(
        metal,
        x,
        y,
        [
          [0, r * 1.8],
          [0.35, r * 1.6],
          [0.4, r],
          [tall, r * 0.8],
        ],
        8,
      );
      if (random.chance(0.4)) stage.box(any, [x, y, tall], [0.35, 0.12, 0.1], yaw);
      if (random.chance(0.35))
        stage.box(random.pick(kit.signs), [x, y, random.between(1.9, 2.6)], [0.3, 0.03, 0.22], yaw);
      stage.block(x, y, 0.2);
      break;
    }
    case 'pillar': {
      const r = random.between(0.18, 0.5);
      if (random.chance(0.5))
        stage.turned(
          stone,
          x,
          y,
          [
            [0, r * 1.1],
            [0.2, r * 1.1],
            [0.21, r],
            [4.5, r],
          ],
          14,
        );
      else stage.box(stone, [x, y, 2.4], [r, r * random.between(0.6, 1.2), 2.4], yaw * 0.2, 0.7);
      if (random.chance(0.3))
        stage.box(random.pick(kit.posters), [x, y, 1.5], [r * 1.03, r * 0.5, 0.5], 0);
      stage.block(x, y, r + 0.1);
      break;
    }
    case 'bollard': {
      const r = random.between(0.05, 0.14);
      const tall = random.between(0.6, 1.15);
      stage.turned(
        any,
        x,
        y,
        [
          [0, r],
          [tall * 0.8, r],
          [tall * 0.82, r * 1.15],
          [tall, r * 0.7],
        ],
        8,
      );
      stage.block(x, y, r + 0.1);
      break;
    }
    case 'bin': {
      const r = random.between(0.2, 0.34);
      const tall = random.between(0.75, 1.25);
      stage.turned(
        any,
        x,
        y,
        [
          [0, r * 0.85],
          [tall * 0.8, r],
          [tall * 0.82, r * 1.08],
          [tall, r * 0.8],
        ],
        10,
        random.pick([2, 5]),
      );
      stage.block(x, y, r + 0.1);
      break;
    }
    case 'sign': {
      const tall = random.between(1.8, 3);
      stage.turned(
        metal,
        x,
        y,
        [
          [0, 0.03],
          [tall, 0.03],
        ],
        6,
      );
      if (random.chance(0.5))
        stage.of(random.pick(kit.bright)).ellipsoid([x, y, tall], [0.04, 0.32, 0.32], 12, 8);
      else stage.box(random.pick(kit.signs), [x, y, tall], [0.45, 0.03, 0.2], yaw);
      stage.block(x, y, 0.15);
      break;
    }
    case 'board': {
      const half = random.between(0.28, 0.4);
      for (const lean of [-0.22, 0.22]) {
        const c = Math.cos(yaw);
        const s = Math.sin(yaw);
        stage
          .of(random.pick(kit.posters))
          .box(
            [x - s * lean * 0.5, y + c * lean * 0.5, 0.55],
            [c * half, s * half, 0],
            [-s * 0.015, c * 0.015, 0],
            [s * lean * 0.45, -c * lean * 0.45, 0.55],
          );
      }
      stage.block(x, y, 0.45);
      break;
    }
    case 'totem': {
      const tall = random.between(0.8, 1.15);
      stage.box(metal, [x, y, tall], [random.between(0.2, 0.45), 0.07, tall], yaw);
      stage.box(
        random.pick(kit.posters),
        [x, y, tall * 1.05],
        [random.between(0.18, 0.38), 0.085, tall * 0.8],
        yaw,
      );
      stage.block(x, y, 0.45);
      break;
    }
    case 'statue': {
      const k = random.between(0.8, 1.4);
      stage.box(stone, [x, y, 0.4], [0.4, 0.4, 0.4], yaw, 0.7);
      const profile: [number, number][] = [[0.8, 0.3 * k]];
      for (let i = 1; i < 7; i += 1)
        profile.push([0.8 + i * 0.25 * k, random.between(0.08, 0.32) * k]);
      stage.turned(stone, x, y, profile, 9);
      stage.block(x, y, 0.6);
      break;
    }
    case 'rack': {
      // Clothes that hang on a rail: fabric of a person's size, and nobody in it.
      const c = Math.cos(yaw);
      const s = Math.sin(yaw);
      const tall = random.between(1.3, 1.6);
      const count = random.whole(2, 8);
      const rail = count * 0.09 + 0.1;
      stage
        .of(metal)
        .bar([x - c * rail, y - s * rail, tall], [x + c * rail, y + s * rail, tall], 0.015);
      for (const end of [-1, 1])
        stage
          .of(metal)
          .bar(
            [x + end * c * rail, y + end * s * rail, 0],
            [x + end * c * rail, y + end * s * rail, tall],
            0.015,
          );
      for (let i = 0; i < count; i += 1) {
        const at = -rail + 0.14 + i * 0.18;
        const length = random.between(0.55, 1.05);
        stage.of(random.pick(kit.cloths)).loft(
          [
            [0, 0.03, 0.07],
            [0.06, 0.05, 0.2],
            [0.3, 0.06, 0.19],
            [length, 0.07, 0.23],
          ].map(([drop = 0, w = 0, d = 0]) => ({
            centre: [x + c * at, y + s * at, tall - 0.05 - drop] as Vec3,
            side: [c, s, 0] as Vec3,
            front: [-s, c, 0] as Vec3,
            sideM: w,
            frontM: d,
          })),
          { segments: 8 },
        );
      }
      stage.block(x, y, rail + 0.1);
      break;
    }
    case 'plant': {
      const r = random.between(0.2, 0.45);
      const tall = random.between(0.5, 1.9);
      stage.turned(
        stone,
        x,
        y,
        [
          [0, r * 0.8],
          [0.5, r],
          [0.5, r * 0.8],
        ],
        10,
        random.pick([2, 6]),
      );
      const leaf = random.pick(kit.leaves);
      if (random.chance(0.5))
        stage.turned(
          leaf,
          x,
          y,
          [
            [0.45, r * 0.7],
            [0.5 + tall * 0.3, r * 1.1],
            [0.5 + tall * 0.75, r * 0.7],
            [0.5 + tall, 0.03],
          ],
          9,
        );
      else clump(stage, random, leaf, [x, y, 0.5 + tall * 0.45], r * 1.2, tall * 0.5, 5);
      stage.block(x, y, r + 0.15);
      break;
    }
    case 'cone':
      stage.turned(
        random.pick(kit.bright),
        x,
        y,
        [
          [0, 0.2],
          [0.03, 0.2],
          [0.04, 0.14],
          [0.7, 0.03],
        ],
        9,
      );
      stage.block(x, y, 0.25);
      break;
    case 'bench': {
      const half = random.between(0.6, 1.2);
      const seat = random.pick([metal, stone, random.pick(kit.bright)]);
      stage.box(seat, [x, y, 0.43], [half, 0.22, 0.04], yaw);
      if (random.chance(0.6))
        stage.box(
          seat,
          [x - Math.sin(yaw) * 0.2, y + Math.cos(yaw) * 0.2, 0.68],
          [half, 0.03, 0.16],
          yaw,
        );
      for (const e of [-0.8, 0.8])
        stage.box(
          metal,
          [x + Math.cos(yaw) * half * e, y + Math.sin(yaw) * half * e, 0.2],
          [0.04, 0.2, 0.2],
          yaw,
        );
      stage.block(x, y, half + 0.1);
      break;
    }
    case 'table': {
      const tall = random.pick([0.74, 1.05]);
      stage.turned(
        metal,
        x,
        y,
        [
          [0, 0.24],
          [0.04, 0.22],
          [0.05, 0.035],
          [tall, 0.035],
        ],
        8,
      );
      stage.turned(
        any,
        x,
        y,
        [
          [tall, 0.36],
          [tall + 0.03, 0.36],
        ],
        16,
      );
      stage.block(x, y, 0.45);
      break;
    }
    case 'machine': {
      const body = random.pick([...kit.bright, stone, metal]);
      stage.box(body, [x, y, 0.92], [0.5, 0.38, 0.92], yaw);
      stage.box(random.pick(kit.posters), [x, y, 1.15], [0.42, 0.39, 0.5], yaw);
      stage.block(x, y, 0.7);
      break;
    }
    case 'tree':
      tree(stage, random, kit, x, y);
      break;
    case 'bike': {
      for (const [part, sculpt] of bicycle([0, 0, 0], random.chance(0.5))) {
        const mesh = sculpt.mesh(part === 'frame' ? any : kit.black, [x, y, 0], yaw);
        const to = stage.of(mesh.material);
        const base = to.vertices;
        for (const value of mesh.positions) to.positions.push(value);
        for (const value of mesh.uv) to.uv.push(value);
        for (const value of mesh.triangles) to.triangles.push(value + base);
      }
      stage.block(x, y, 0.7);
      break;
    }
    case 'crate': {
      const tall = random.between(0.2, 0.9);
      stage.box(any, [x, y, tall], [random.between(0.2, 0.6), random.between(0.2, 0.5), tall], yaw);
      stage.block(x, y, 0.75);
      break;
    }
    case 'mannequin': {
      // A dressmaker's torso on a stand: no head, no arms, no legs.
      stage.turned(
        metal,
        x,
        y,
        [
          [0, 0.2],
          [0.02, 0.2],
          [0.03, 0.02],
          [0.95, 0.02],
        ],
        8,
      );
      stage.turned(
        random.pick(kit.cloths),
        x,
        y,
        [
          [0.85, 0.17],
          [1.05, 0.12],
          [1.3, 0.17],
          [1.42, 0.13],
          [1.46, 0.05],
        ],
        10,
      );
      stage.block(x, y, 0.35);
      break;
    }
    case 'parasol': {
      const tall = random.between(2.1, 2.7);
      stage.turned(
        metal,
        x,
        y,
        [
          [0, 0.25],
          [0.08, 0.25],
          [0.09, 0.025],
          [tall, 0.025],
        ],
        8,
      );
      stage.turned(
        random.pick(kit.cloths),
        x,
        y,
        [
          [tall - 0.45, 1.3],
          [tall - 0.2, 0.8],
          [tall + 0.1, 0.03],
        ],
        8,
      );
      stage.block(x, y, 0.4);
      break;
    }
    case 'barrier': {
      const c = Math.cos(yaw);
      const s = Math.sin(yaw);
      const half = random.between(0.7, 1.4);
      for (const z of [0.25, 1])
        stage
          .of(metal)
          .bar([x - c * half, y - s * half, z], [x + c * half, y + s * half, z], 0.022);
      for (let i = -4; i <= 4; i += 1)
        stage
          .of(metal)
          .bar(
            [x + (c * half * i) / 4, y + (s * half * i) / 4, 0.1],
            [x + (c * half * i) / 4, y + (s * half * i) / 4, 1],
            0.012,
            4,
          );
      stage.block(x, y, half);
      break;
    }
  }
}

function clump(
  stage: Stage,
  random: Random,
  leaf: Material,
  centre: Vec3,
  rM: number,
  tallM: number,
  count: number,
): void {
  for (let i = 0; i < count; i += 1) {
    const at: Vec3 = [
      centre[0] + random.between(-0.6, 0.6) * rM,
      centre[1] + random.between(-0.6, 0.6) * rM,
      centre[2] + random.between(-0.7, 0.7) * tallM,
    ];
    const k = random.between(0.4, 0.75);
    stage.of(leaf).ellipsoid(at, [rM * k, rM * k, tallM * k], 8, 6);
  }
}

export function tree(stage: Stage, random: Random, kit: Palette, x: number, y: number): void {
  const r = random.between(0.08, 0.28);
  const trunk = random.between(1.8, 3.6);
  const lean = random.between(-0.3, 0.3);
  const wood = random.pick(kit.stones);
  stage.of(wood).limb(
    [
      [x, y, 0],
      [x + lean * 0.3, y, trunk * 0.5],
      [x + lean, y, trunk * 1.3],
    ],
    [r * 1.2, r, r * 0.7],
    WHEEL,
    { segments: 8, uv: [0, 0, 1, 4] },
  );
  const bare = random.chance(0.3);
  if (bare) {
    for (let i = 0; i < 9; i += 1) {
      const z = trunk * random.between(0.7, 1.3);
      stage
        .of(wood)
        .bar(
          [x + lean * 0.8, y, z],
          [x + random.between(-2, 2), y + random.between(-2, 2), z + random.between(0.8, 2.5)],
          r * 0.25,
          4,
        );
    }
  } else
    clump(
      stage,
      random,
      random.pick(kit.leaves),
      [x + lean, y, trunk + 1.4],
      random.between(1.2, 2.3),
      random.between(1.1, 2.2),
      9,
    );
  stage.block(x, y, r + 0.2);
}

/** A parked car or van along x, its middle at x, y. */
export function car(
  stage: Stage,
  random: Random,
  kit: Palette,
  x: number,
  y: number,
  yawRad: number,
): void {
  const paint = random.chance(0.6)
    ? fromHsv(0.6, random.between(0, 0.12), random.between(0.05, 0.9))
    : fromHsv(random.next(), random.between(0.3, 0.8), random.between(0.12, 0.6));
  const body = material(speckled(paint, 0.06, random.next(), 32), 0.6);
  const pane = material(speckled([0.13, 0.15, 0.18], 0.6, random.next(), 32), 0.8);
  const van = random.chance(0.2);
  const long = van ? 2.5 : random.between(1.8, 2.3);
  const tall = van ? 2 : random.between(1.38, 1.6);
  const c = Math.cos(yawRad);
  const s = Math.sin(yawRad);
  const at = (u: number, v: number, z: number): Vec3 => [x + c * u - s * v, y + s * u + c * v, z];
  const ring = (
    u: number,
    z: number,
    w: number,
    h: number,
  ): Parameters<ReturnType<Stage['of']>['loft']>[0][number] => ({
    centre: at(u, 0, z),
    side: [-s, c, 0],
    front: [0, 0, 1],
    sideM: w,
    frontM: h,
    power: 5,
  });
  stage
    .of(body)
    .loft(
      [
        ring(-long, 0.62, 0.75, 0.25),
        ring(-long * 0.9, 0.62, 0.86, 0.34),
        ring(long * 0.5, 0.6, 0.87, 0.34),
        ring(long * 0.95, 0.53, 0.82, 0.24),
        ring(long, 0.5, 0.7, 0.18),
      ],
      { segments: 16 },
    );
  const roof = tall - 0.9;
  const front = van ? long * 0.9 : long * 0.42;
  stage
    .of(pane)
    .loft(
      [
        ring(-long * 0.92, 0.9, 0.74, 0.05),
        ring(-long * (van ? 0.9 : 0.66), 0.9 + roof / 2, 0.72, roof / 2),
        ring(front * 0.5, 0.9 + roof / 2, 0.72, roof / 2),
        ring(front, 0.9, 0.74, 0.05),
      ],
      { segments: 16 },
    );
  stage
    .of(body)
    .loft(
      [
        ring(-long * (van ? 0.92 : 0.64), tall - 0.05, 0.68, 0.035),
        ring(front * 0.48, tall - 0.05, 0.68, 0.035),
      ],
      { segments: 12 },
    );
  for (const u of [-0.62, 0.62]) {
    for (const v of [-0.8, 0.8]) {
      stage.of(kit.black).ellipsoid(at(u * long, v, 0.32), [0.33, 0.12, 0.33], 12, 8, [
        [c, s, 0],
        [-s, c, 0],
        [0, 0, 1],
      ]);
      stage
        .of(random.pick(kit.metals))
        .ellipsoid(at(u * long, v * 1.09, 0.32), [0.18, 0.06, 0.18], 8, 6, [
          [c, s, 0],
          [-s, c, 0],
          [0, 0, 1],
        ]);
    }
  }
  for (let u = -1; u <= 1; u += 1)
    stage.block(x + c * u * long * 0.7, y + s * u * long * 0.7, 1.05);
}
