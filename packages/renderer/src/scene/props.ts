import type { Vec3 } from '../mesh.js';
import type { Random } from '../figures/random.js';
import { addFurniture, type Furniture } from './furniture.js';
import type { Palette } from './palette.js';
import type { Stage } from './stage.js';
import { clump, tree } from './tree.js';

/**
 * Things that stand upright and are no people. A detector that has not seen many of them finds people in every post,
 * poster and plant.
 */
export type Prop =
  | Furniture
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
  | 'tree';

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
    case 'tree':
      tree(stage, random, kit, x, y);
      break;
    default:
      addFurniture(stage, random, { kit, metal, stone, any, yaw }, prop, x, y);
  }
}
