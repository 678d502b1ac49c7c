import { material } from '../figures/paint.js';
import type { Random } from '../figures/random.js';
import { lampLight, randomDaylight } from './light.js';
import { leavesTexture } from './leaves.js';
import type { Place, Split } from './place.js';
import { palette } from './palette.js';
import { addProp, type Prop } from './props.js';
import { Stage, surfaceMaterial } from './stage.js';
import { INDOOR_FLOORS } from './indoor.js';
import { OUTDOOR_FLOORS } from './street.js';
import { floorSurface } from './surfaces.js';

const THINGS: readonly Prop[] = [
  'pole',
  'pillar',
  'bollard',
  'bin',
  'sign',
  'board',
  'totem',
  'statue',
  'rack',
  'plant',
  'cone',
  'bench',
  'table',
  'machine',
  'tree',
  'bike',
  'crate',
  'mannequin',
  'parasol',
  'barrier',
];

/** No place in particular: a floor, pictures of many edges around it at random distances, things everywhere. */
export function clutter(random: Random, split: Split): Place {
  const stage = new Stage();
  const kit = palette(random);
  const floor = floorSurface(
    random,
    random.pick([...INDOOR_FLOORS[split], ...OUTDOOR_FLOORS[split]]),
  );
  stage.floor(surfaceMaterial(floor), floor.spanM, -40, -40, 40, 40);
  const deep = random.between(4, 18);
  const wide = random.between(6, 16);
  // Seams between pictures fall at random places on all four sides.
  const sides = [
    [
      [-wide, deep],
      [wide, deep],
    ],
    [
      [-wide, -deep],
      [wide, -deep],
    ],
    [
      [-wide, -deep],
      [-wide, deep],
    ],
    [
      [wide, -deep],
      [wide, deep],
    ],
  ] as const;
  for (const [a, b] of sides) {
    const length = Math.hypot(b[0] - a[0], b[1] - a[1]);
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + random.between(1.5, 9));
      const at = (s: number): [number, number] => [
        a[0] + ((b[0] - a[0]) * s) / length,
        a[1] + ((b[1] - a[1]) * s) / length,
      ];
      const picture = material(
        leavesTexture(random, 128, 128, random.between(0.05, 0.5)),
        0.02,
        random.chance(0.2) ? 0.3 : 0,
      );
      const tall = random.between(2.5, 9);
      const span = random.between(2, 7);
      stage.wall(picture, span, span * random.between(0.6, 1.4), at(from), at(to), 0, tall);
      from = to;
    }
  }
  for (let i = random.whole(3, 22); i > 0; i -= 1) {
    addProp(
      stage,
      random,
      kit,
      random.pick(THINGS),
      random.between(-wide, wide) * 0.95,
      random.between(-deep, deep) * 0.95,
    );
  }
  const indoors = random.chance(0.4);
  return {
    name: 'clutter',
    meshes: stage.meshes(),
    light: indoors
      ? lampLight(
          { x0: -wide, y0: -deep, x1: wide, y1: deep, z: 4, everyM: 6 },
          random.next(),
          random.between(2, 6),
          random.between(0.1, 0.5),
        )
      : randomDaylight(random),
    walk: [{ x0: -wide + 0.5, y0: -deep + 0.5, x1: wide - 0.5, y1: deep - 0.5 }],
    blocked: stage.blocked,
    cameras: { x0: -wide * 0.9, y0: -deep * 0.9, x1: wide * 0.9, y1: deep * 0.9 },
    ceilingM: 9,
    indoors,
    alongRad: random.between(-Math.PI, Math.PI),
  };
}
