import type { Material, Vec3 } from '../mesh.js';
import type { Random } from '../figures/random.js';
import type { Palette } from './palette.js';
import type { Stage } from './stage.js';

const AHEAD: Vec3 = [1, 0, 0];

/** Leaves in balls about a middle. */
export function clump(
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
    AHEAD,
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
