import type { Light, Vec3 } from '../mesh.js';
import type { Random } from '../figures/random.js';

/** Daylight at an hour of the day (0 to 24), at about 35° north in spring; `cloud` 0 clear to 1 overcast. */
export function daylight(hour: number, cloud: number, southRad = -Math.PI / 2): Light {
  const turn = ((hour - 12) / 12) * Math.PI;
  const up = Math.cos(turn) * 0.82 + 0.02;
  const day = Math.min(1, Math.max(0, (up + 0.08) / 0.35));
  const across = Math.sin(turn);
  const warm = Math.max(0, 1 - Math.max(0, up) / 0.45);
  const clear = (1 - cloud) * day;
  const sun: Vec3 = [1.5 * clear, (1.4 - 0.35 * warm) * clear, (1.25 - 0.75 * warm) * clear];
  const night = 0.035;
  const sky: Vec3 = [
    night + (0.38 + 0.28 * cloud) * day,
    night + (0.43 + 0.24 * cloud) * day,
    night * 1.2 + (0.52 + 0.17 * cloud) * day,
  ];
  const level = Math.max(0.05, up);
  const flat = Math.sqrt(Math.max(0, 1 - level * level));
  // The sun goes from east over south to west; `southRad` says where south is on the floor.
  const angle = southRad - across * 1.5;
  const direction: Vec3 = [Math.cos(angle) * flat, Math.sin(angle) * flat, level];
  const ground: Vec3 = [
    sky[0] * 0.42 + sun[0] * 0.1,
    sky[1] * 0.4 + sun[1] * 0.1,
    sky[2] * 0.37 + sun[2] * 0.1,
  ];
  return {
    ...(clear > 0.02 && up > 0.02 ? { sunDirection: direction } : {}),
    sun,
    sky,
    ground,
    lamps: [],
    exposure: 1,
  };
}

export interface LampLayout {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  readonly z: number;
  readonly everyM: number;
}

/** Each lamp costs time at every corner of every triangle. */
const LAMPS_MAX = 12;

/** Lamps in rows under a ceiling; `kelvin`-like warmth 0 cold to 1 warm. */
export function lampLight(
  layout: LampLayout,
  warmth: number,
  strength: number,
  ambient: number,
): Light {
  const colour: Vec3 = [
    strength,
    strength * (0.96 - 0.16 * warmth),
    strength * (1 - 0.45 * warmth),
  ];
  const lamps: { position: Vec3; colour: Vec3 }[] = [];
  for (let x = layout.x0 + layout.everyM / 2; x < layout.x1; x += layout.everyM) {
    for (let y = layout.y0 + layout.everyM / 2; y < layout.y1; y += layout.everyM) {
      if (lamps.length < LAMPS_MAX) lamps.push({ position: [x, y, layout.z], colour });
    }
  }
  const tone: Vec3 = [1, 0.97 - 0.1 * warmth, 1 - 0.28 * warmth];
  return {
    sun: [0, 0, 0],
    sky: [ambient * tone[0], ambient * tone[1], ambient * tone[2]],
    ground: [ambient * 0.55 * tone[0], ambient * 0.53 * tone[1], ambient * 0.5 * tone[2]],
    lamps,
    exposure: 1,
  };
}

/** Light for training: any hour that a picture can be taken at, any weather, any lamps. */
export function randomDaylight(random: Random): Light {
  const cloud = random.weighted([
    [random.between(0.8, 1), 5],
    [random.between(0.2, 0.8), 2],
    [random.between(0, 0.2), 3],
  ]);
  return daylight(random.between(6.8, 17.4), cloud, random.between(-Math.PI, Math.PI));
}
