import { material, speckled } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { carriageTexture } from './facade.js';
import { dressWall, HALL_PROPS, hangSigns, INDOOR_FLOORS } from './indoor.js';
import { lampLight, randomDaylight } from './light.js';
import { palette } from './palette.js';
import type { Place, Split } from './place.js';
import { addProp } from './props.js';
import { Stage, surfaceMaterial } from './stage.js';
import { houses } from './street.js';
import { floorSurface } from './surfaces.js';

/** A platform along x with its edge, track, train or wall beyond, under a roof or in the open. */
export function platform(random: Random, split: Split): Place {
  const stage = new Stage();
  const kit = palette(random);
  const wide = random.between(4, 11);
  const half = 40;
  const floor = floorSurface(random, random.pick(INDOOR_FLOORS[split]));
  stage.floor(surfaceMaterial(floor), floor.spanM, -half, 0, half, wide);
  const white = material(speckled([0.88, 0.88, 0.86], 0.15, random.next(), 64));
  const yellow = material(speckled([0.86, 0.69, 0.16], 0.18, random.next(), 64), 0.05);
  const gravel = surfaceMaterial(floorSurface(random, 'gravel'));
  const rail = material(speckled([0.35, 0.3, 0.27], 0.3, random.next(), 32), 0.4);
  const island = random.chance(0.5);
  const edges = island ? [0, wide] : [0];
  for (const edge of edges) {
    const out = edge === 0 ? -1 : 1;
    stage.floor(white, 1, -half, edge - out * 0.12, half, edge, 0.006);
    stage.floor(yellow, 0.6, -half, edge - out * 0.8, half, edge - out * 1.15, 0.008);
    stage.wall(random.pick(kit.stones), 3, 1.1, [-half, edge], [half, edge], -1.1, 0);
    stage.floor(gravel, 2, -half, edge + out * 5, half, edge, -1.1);
    for (const r of [1.1, 2.5]) stage.box(rail, [0, edge + out * r, -0.95], [half, 0.04, 0.08]);
    for (let x = -24; x < 24; x += 0.7)
      stage.box(random.pick(kit.stones), [x, edge + out * 1.8, -1.06], [0.12, 1.2, 0.05]);
    if (random.chance(0.5)) {
      const train = material(carriageTexture(random), 0.35, random.between(0, 0.25));
      const from = random.between(-36, 0);
      const y = edge + out * 0.18;
      const length = random.between(18, 40);
      stage.wall(train, 10, 3.5, [from, y], [from + length, y], -0.8, 2.9);
      stage.wall(train, 10, 3.5, [from, y + out * 2.8], [from, y], -0.8, 2.9);
      const roof = random.pick(kit.metals);
      stage.box(roof, [from + length / 2, y + out * 1.4, 2.9], [length / 2, 1.4, 0.12], 0, 0.2);
    } else if (random.chance(0.5)) {
      dressWall(stage, random, split, [-half, edge + out * 5], [half, edge + out * 5], 4.5);
    }
  }
  if (!island) dressWall(stage, random, split, [-half, wide], [half, wide], 4);
  for (let i = random.whole(3, 12); i > 0; i -= 1) {
    addProp(
      stage,
      random,
      kit,
      random.weighted(HALL_PROPS),
      random.between(-20, 20),
      random.between(1.4, wide - (island ? 1.4 : 0.5)),
    );
  }
  const pillars = random.between(4, 9);
  if (random.chance(0.6))
    for (let x = -28; x < 28; x += pillars)
      stage.turned(
        random.pick(kit.stones),
        x,
        wide * 0.5,
        [
          [0, 0.2],
          [4.2, 0.2],
        ],
        10,
      );
  const roofed = random.chance(0.7);
  const outside = surfaceMaterial(
    floorSurface(random, random.pick(['gravel', 'asphalt', 'concrete'])),
  );
  for (const [near, far] of [
    [-5, -45],
    [wide + (island ? 5 : 0), wide + 45],
  ] as const) {
    stage.floor(outside, 3, -60, Math.min(near, far), 60, Math.max(near, far), -1.12);
  }
  houses(stage, random, split, wide + random.between(10, 24), 50);
  const tall = random.between(3.4, 5);
  const sky = material(speckled([0.75, 0.8, 0.86], 0.1, random.next(), 64), 0, 0.7);
  stage.of(sky).quad([-90, 60, 40], [90, 60, 40], [90, 60, -2], [-90, 60, -2]);
  stage.of(sky).quad([70, -60, 40], [70, 60, 40], [70, 60, -2], [70, -60, -2]);
  stage.of(sky).quad([-70, -60, 40], [-70, 60, 40], [-70, 60, -2], [-70, -60, -2]);
  if (roofed)
    stage.floor(
      material(speckled([0.5, 0.5, 0.5], 0.12, random.next(), 64), 0, 0.05),
      3,
      -half,
      -1,
      half,
      wide + 1,
      tall,
    );
  hangSigns(stage, random, { x0: -18, y0: 0.5, x1: 18, y1: wide, tall });
  const light = roofed
    ? lampLight(
        { x0: -21, y0: 0, x1: 21, y1: wide, z: tall - 0.3, everyM: 5 },
        random.next(),
        random.between(2, 5),
        random.between(0.1, 0.45),
      )
    : randomDaylight(random);
  return {
    name: 'platform',
    meshes: stage.meshes(),
    light,
    walk: [{ x0: -26, y0: 0.5, x1: 26, y1: wide - 0.5 }],
    blocked: stage.blocked,
    cameras: { x0: -10, y0: 0.5, x1: 10, y1: wide - 0.4 },
    ceilingM: roofed ? tall : 8,
    indoors: roofed,
    alongRad: 0,
  };
}
