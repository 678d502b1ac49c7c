import type { Material } from '../mesh.js';
import type { Random } from '../figures/random.js';
import { bicycle } from '../figures/vehicles.js';
import type { Palette } from './palette.js';
import type { Stage } from './stage.js';

/** What people put down, lean on or sit on. */
export type Furniture =
  'bench' | 'table' | 'machine' | 'bike' | 'crate' | 'mannequin' | 'parasol' | 'barrier';

/** What one thing is made of, and how it is turned. */
export interface Make {
  readonly kit: Palette;
  readonly metal: Material;
  readonly stone: Material;
  readonly any: Material;
  readonly yaw: number;
}

export function addFurniture(
  stage: Stage,
  random: Random,
  { kit, metal, stone, any, yaw }: Make,
  prop: Furniture,
  x: number,
  y: number,
): void {
  switch (prop) {
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
