import { material, type Colour, times, speckled } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { shopTexture, skyTexture, windowsTexture } from './facade.js';
import { lampLight, randomDaylight } from './light.js';
import type { Place, Split } from './place.js';
import { car } from './car.js';
import { palette } from './palette.js';
import { addProp, type Prop } from './props.js';
import { Stage, surfaceMaterial } from './stage.js';
import {
  floorSurface,
  foliageTexture,
  wallSurface,
  type FloorFamily,
  type WallFamily,
} from './surfaces.js';

export const OUTDOOR_FLOORS: Readonly<Record<Split, readonly FloorFamily[]>> = {
  train: ['asphalt', 'slabs', 'cobbles', 'concrete', 'gravel', 'mosaic'],
  'held-out': ['herringbone', 'hexagons'],
};
export const WALLS: Readonly<Record<Split, readonly WallFamily[]>> = {
  train: ['plaster', 'brick', 'panels', 'tilewall', 'metal', 'wood', 'stripes'],
  'held-out': ['stone', 'blocks', 'mural'],
};

const STREET_PROPS: readonly (readonly [Prop, number])[] = [
  ['pole', 3],
  ['pillar', 1],
  ['bollard', 3],
  ['bin', 2.5],
  ['sign', 2.5],
  ['board', 2],
  ['totem', 1.5],
  ['statue', 0.7],
  ['rack', 1],
  ['plant', 2.5],
  ['cone', 1],
  ['bench', 1.5],
  ['table', 1.2],
  ['tree', 2.5],
  ['bike', 2.5],
  ['crate', 1],
  ['mannequin', 0.8],
  ['parasol', 0.7],
  ['barrier', 1.2],
];

/**
 * A street: a wide walk at y from -14 to 10 with a house front beyond it, sometimes a road with cars between. Cameras
 * stand in the south and look north.
 */
export function street(random: Random, split: Split): Place {
  const stage = new Stage();
  const kit = palette(random);
  const floor = floorSurface(random, random.pick(OUTDOOR_FLOORS[split]));
  const second = floorSurface(random, random.pick(OUTDOOR_FLOORS[split]));
  const ground = surfaceMaterial(floor);
  const border = surfaceMaterial(second);
  const front = random.between(4, 16);
  const half = 34;
  const from = -30;
  const change = random.chance(0.6) ? random.between(-8, front - 2) : front;
  stage.floor(ground, floor.spanM, -half, from, half, change);
  if (change < front) stage.floor(border, second.spanM, -half, change, half, front, 0.004);
  const isRoad = split === 'train' && random.chance(0.35) && front > 7;
  if (isRoad) {
    const road = surfaceMaterial(floorSurface(random, 'asphalt'));
    stage.floor(road, 3, -half, front - 6, half, front - 2.2, 0.008);
    const curb: Colour = [0.6, 0.6, 0.58];
    const stone = material(speckled(curb, 0.15, random.next(), 64));
    for (const y of [front - 6.1, front - 2.2]) stage.box(stone, [0, y, 0.05], [half, 0.08, 0.06]);
    for (let x = -24; x < 24; x += random.between(5, 9)) {
      if (random.chance(0.75))
        car(stage, random, kit, x, front - 3.1, random.chance(0.5) ? 0 : Math.PI);
      if (random.chance(0.25)) car(stage, random, kit, x + 2, front - 5.1, 0);
    }
  }
  if (random.chance(0.35)) {
    const paint = material(speckled([0.85, 0.85, 0.82], 0.2, random.next(), 64));
    for (let i = 0; i < 8; i += 1) {
      const x = random.between(-8, 8);
      const y = random.between(-8, front - 3);
      stage.floor(
        paint,
        1,
        x,
        y,
        x + random.between(0.1, 2.5),
        y + random.between(0.1, 0.6),
        0.012,
      );
    }
  }
  if (random.chance(0.16)) park(stage, random, front, half);
  else houses(stage, random, split, front, half);
  for (let i = random.whole(4, 20); i > 0; i -= 1) {
    const near = random.chance(0.3);
    const x = random.between(-14, 14);
    const y = near ? random.between(-9, front - 1) : front - random.between(0.4, 2.2);
    addProp(stage, random, kit, random.weighted(STREET_PROPS), x, y);
  }
  if (random.chance(0.25)) {
    const y = random.between(0, front - 0.6);
    const metal = random.pick(kit.metals);
    for (let x = -half; x < half; x += 1.6) stage.box(metal, [x, y, 0.5], [0.03, 0.03, 0.5]);
    for (const z of [0.4, 0.95]) stage.box(metal, [0, y, z], [half, 0.02, 0.03]);
  }
  const sky = material(skyTexture(random), 0, 0.75);
  stage.of(sky).quad([-140, 70, 60], [140, 70, 60], [140, 70, -1], [-140, 70, -1]);
  const light = random.chance(0.09)
    ? lampLight(
        { x0: -20, y0: -10, x1: 20, y1: front, z: 5, everyM: 9 },
        random.next(),
        random.between(6, 14),
        random.between(0.05, 0.2),
      )
    : randomDaylight(random);
  return {
    name: isRoad ? 'street-road' : 'street',
    meshes: stage.meshes(),
    light,
    walk: isRoad
      ? [
          { x0: -22, y0: -12, x1: 22, y1: front - 6.4 },
          { x0: -22, y0: front - 2, x1: 22, y1: front - 0.6 },
        ]
      : [{ x0: -22, y0: -12, x1: 22, y1: front - 0.6 }],
    blocked: stage.blocked,
    cameras: { x0: -6, y0: -15, x1: 6, y1: -7 },
    ceilingM: 12,
    indoors: false,
    alongRad: 0,
  };
}

/** House fronts along y = `front`, from -`half` to `half`. */
export function houses(
  stage: Stage,
  random: Random,
  split: Split,
  front: number,
  half: number,
): void {
  let x = -half;
  let z = 0;
  while (x < half) {
    const wide = random.between(6, 22);
    const setback = random.chance(0.3) ? random.between(0, 3) : 0;
    const y = front + setback;
    const windows = material(windowsTexture(random, random.pick(WALLS[split])), 0.1);
    const ground = random.between(2.8, 4.6);
    if (random.chance(0.6)) {
      const shop = material(
        shopTexture(random),
        0.1,
        random.chance(0.5) ? random.between(0.1, 0.6) : 0,
      );
      stage.wall(shop, random.between(4, 9), ground, [x, y], [x + wide, y], 0, ground);
      if (random.chance(0.4))
        stage.box(windows, [x + wide / 2, y - 0.5, ground + 0.1], [wide / 2, 0.55, 0.1]);
    } else if (random.chance(0.5)) {
      const surface = wallSurface(random, random.pick(WALLS[split]));
      stage.wall(
        surfaceMaterial(surface),
        surface.spanM,
        surface.spanM,
        [x, y],
        [x + wide, y],
        0,
        ground,
      );
    } else stage.wall(windows, random.between(2, 4.5), ground, [x, y], [x + wide, y], 0, ground);
    z = ground + random.whole(1, 4) * 3.2;
    stage.wall(windows, random.between(2, 5), 3.2, [x, y], [x + wide, y], ground, z);
    stage.wall(windows, 3, 3.2, [x, y], [x, y + 8], 0, z);
    stage.wall(windows, 3, 3.2, [x + wide, y], [x + wide, y + 8], 0, z);
    x += wide + (random.chance(0.15) ? random.between(1, 5) : 0);
  }
  if (random.chance(0.1)) {
    // A side wall near the camera.
    const surface = wallSurface(random, random.pick(WALLS[split]));
    const side = random.chance(0.5) ? 1 : -1;
    const wx = side * random.between(5, 11);
    stage.wall(surfaceMaterial(surface), surface.spanM, surface.spanM, [wx, -3], [wx, front], 0, 5);
  }
}

function park(stage: Stage, random: Random, front: number, half: number): void {
  const leaf = material(foliageTexture(random));
  const grass = times([0.3, 0.42, 0.2], random.between(0.6, 1.2));
  stage.floor(material(speckled(grass, 0.3, random.next(), 128)), 4, -half, front, half, 70);
  for (let i = 0; i < 36; i += 1) {
    const x = random.between(-half, half);
    const y = front + random.between(0.5, 20);
    const r = random.between(0.6, 3.2);
    stage.of(leaf).ellipsoid([x, y, r * 0.6], [r, r, r * random.between(0.6, 1.3)], 9, 6);
  }
}
