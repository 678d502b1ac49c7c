import type { CameraPose } from '@hitonami/simulator';
import { Camera } from '../camera/camera.js';
import { Random } from '../figures/random.js';
import type { Place, Split } from '../scene/place.js';

/**
 * How a camera looks at people: `eye` as a person or a street camera on a tripod does, `station` from a ceiling or a
 * mast, `any` from wherever a camera can be.
 */
export type Viewing = 'eye' | 'station' | 'any';

const SIZES = [
  [480, 320],
  [480, 320],
  [480, 320],
  [480, 360],
  [480, 360],
  [512, 384],
  [640, 360],
  [640, 480],
] as const;
/** Every fifth cell of camera height, tilt and lens belongs to `held-out`. */
const HELD_OUT_EVERY = 5;
const TRIES_MAX = 400;

/** Share of the places within 20 m where somebody could be seen whole. */
function floorSeen(place: Place, pose: CameraPose): number {
  const camera = new Camera(pose);
  let seen = 0;
  let tried = 0;
  for (const { x0, y0, x1, y1 } of place.walk) {
    for (let i = 0; i < 100; i += 1) {
      const x = x0 + ((i % 10) + 0.5) * 0.1 * (x1 - x0);
      const y = y0 + (Math.floor(i / 10) + 0.5) * 0.1 * (y1 - y0);
      if (Math.hypot(x - pose.x, y - pose.y) > 20) continue;
      tried += 1;
      const foot = camera.project([x, y, 0]);
      const top = camera.project([x, y, 1.7]);
      if (foot === undefined || top === undefined) continue;
      const u = (foot.u + top.u) / 2;
      if (u > 0 && u < pose.imageWidth && top.v > 0 && foot.v < pose.imageHeight) seen += 1;
    }
  }
  return seen / Math.max(20, tried);
}

export function viewpoint(
  random: Random,
  place: Place,
  viewing: Viewing,
  split: Split,
): CameraPose {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const { heightM, tiltDeg, focal } = look(random, place, viewing);
    const cell =
      Math.floor(heightM * 4) * 131 +
      Math.floor((tiltDeg + 20) / 3) * 17 +
      Math.floor(focal * 12) * 3;
    const isHeldOut = new Random(cell, 0x11).whole(1, HELD_OUT_EVERY) === 1;
    if (isHeldOut !== (split === 'held-out')) continue;
    const [imageWidth, imageHeight] = random.pick(SIZES);
    const { x0, x1, y0, y1 } = place.cameras;
    const x = random.between(x0, x1);
    const y = random.between(y0, y1);
    const span = random.pick(place.walk);
    const goal = [
      Math.min(span.x1, Math.max(span.x0, x + random.between(-6, 6))) * 0.5 + x * 0.5,
      random.between(span.y0, span.y1),
    ] as const;
    const outdoors = !place.indoors && place.name.startsWith('street');
    const yawRad = outdoors
      ? Math.PI / 2 + random.normal() * 0.22
      : place.name === 'hall' || place.name === 'clutter'
        ? Math.atan2(goal[1] - y, random.between(x0, x1) * 0.6 - x) + random.normal() * 0.25
        : (random.chance(0.5) ? 0 : Math.PI) + random.normal() * 0.4;
    const lens = random.chance(0.5) ? random.between(-0.28, 0.02) / Math.max(1, focal * focal) : 0;
    const fx = focal * imageWidth;
    const pose: CameraPose = {
      x,
      y,
      heightM,
      yawDeg: (yawRad * 180) / Math.PI,
      tiltDeg,
      rollDeg: random.normal() * 1.2,
      imageWidth,
      imageHeight,
      lens: {
        fx,
        fy: fx,
        cx: imageWidth / 2 + random.normal() * 3,
        cy: imageHeight / 2 + random.normal() * 3,
        k1: lens,
        k2: lens < 0 ? -lens * 0.18 : 0,
        k3: 0,
        p1: 0,
        p2: 0,
      },
    };
    if (floorSeen(place, pose) >= (viewing === 'any' ? 0.02 : 0.05)) return pose;
  }
  throw new RangeError(`no camera of kind ${viewing} was found in ${String(TRIES_MAX)} tries`);
}

function look(
  random: Random,
  place: Place,
  viewing: Viewing,
): { heightM: number; tiltDeg: number; focal: number } {
  const top = place.ceilingM - 0.15;
  switch (viewing) {
    case 'eye':
      return {
        heightM: Math.min(top, random.between(1.25, 2.7)),
        tiltDeg: random.between(-3, 8),
        focal: random.between(0.75, 1.75),
      };
    case 'station': {
      const heightM = Math.min(top, random.between(2.5, 8));
      return { heightM, tiltDeg: random.between(10, 60), focal: random.between(0.5, 1.1) };
    }
    case 'any': {
      const heightM = Math.min(top, random.between(1.2, 9));
      const low = heightM < 2.4 ? -8 : 4;
      return {
        heightM,
        tiltDeg: random.between(low, Math.min(80, 25 + heightM * 9)),
        focal: random.between(0.45, 2),
      };
    }
  }
}
