import type { Vec3 } from '../mesh.js';
import type { Appearance } from './appearance.js';
import { pink } from './paint.js';
import { Sculpt, type Ring } from './sculpt.js';
import type { LegJoints, Skeleton } from './skeleton.js';
import { add, along, cross, lerp, scale, sub, unit } from './vec.js';

/** How finely a body is made: by its height in the picture. */
export interface Detail {
  readonly segments: number;
  /** Segments of arms, legs and what is small. */
  readonly fine: number;
  readonly extras: boolean;
}

/** From the coarsest on, each with the height in the picture from which the next is worth its time, pixels. */
const DETAILS: readonly (Detail & { readonly belowPx: number })[] = [
  { belowPx: 45, segments: 6, fine: 5, extras: false },
  { belowPx: 110, segments: 8, fine: 6, extras: true },
  { belowPx: Infinity, segments: 12, fine: 8, extras: true },
];

export const LEVELS_OF_DETAIL = DETAILS.length;

/** How finely somebody of that height in the picture is made, as an index from the coarsest on. */
export function levelFor(heightPx: number): number {
  return DETAILS.findIndex(({ belowPx }) => heightPx < belowPx);
}

export function detailFor(heightPx: number): Detail {
  return DETAILS[levelFor(heightPx)] as Detail;
}

/** How far down the upper garment hangs below the hips, as a share of the stature. */
const HEM: Readonly<Record<Appearance['top'], number>> = {
  shirt: 0.03,
  tee: 0.035,
  jumper: 0.03,
  jacket: 0.035,
  suit: 0.055,
  coat: 0.2,
  hoodie: 0.035,
  puffer: 0.03,
};

const THICK: Readonly<Record<Appearance['top'], number>> = {
  shirt: 0.004,
  tee: 0.004,
  jumper: 0.009,
  jacket: 0.014,
  suit: 0.01,
  coat: 0.016,
  hoodie: 0.012,
  puffer: 0.028,
};

const ripples =
  (seed: number, depthM: number) =>
  (u: number, v: number): number =>
    depthM * pink(u * 0.5 + seed, v * 0.4 + seed * 7);

/** Torso with its garment, down to the hem; coats hang over the legs and open with the stride. */
export function torso(who: Appearance, bones: Skeleton, detail: Detail): Sculpt {
  const { statureM: h, pelvis, up, ahead, left } = bones;
  const { heavy, curved } = who;
  const thick = THICK[who.top] + who.looseM;
  const trunk = Math.hypot(...sub(bones.neck, pelvis)) / 0.95;
  const side: Vec3 = scale(left, -1);
  const ring = (at: number, w: number, d: number, forward: number, power = 2.5): Ring => ({
    centre: along(along(pelvis, up, at * trunk), ahead, forward * h),
    side,
    front: ahead,
    sideM: w * h + thick,
    frontM: d * h + thick,
    power,
  });
  const belly = 0.024 * heavy;
  const rings: Ring[] = [];
  const long = who.top === 'coat';
  const hem = HEM[who.top] * (long ? 0.7 + 0.6 * who.phase : 1);
  if (long) rings.push(...hanging(bones, hem, thick + 0.01, 0.1, curved, 3));
  else {
    rings.push({
      ...ring(0, 0.084 + 0.012 * curved, 0.066 + 0.014 * heavy, 0),
      centre: along(pelvis, up, -hem * h),
    });
  }
  rings.push(
    ring(0.06, 0.088 + 0.014 * curved + belly * 0.6, 0.069 + belly * 0.8, -0.004),
    ring(0.3, 0.082 - 0.008 * curved + belly, 0.058 + belly * 1.3, 0.004 * heavy),
    ring(0.52, 0.086 - 0.006 * curved + belly * 0.8, 0.062 + belly, 0.002),
    ring(0.7, 0.099 - 0.008 * curved + belly * 0.5, 0.066 + 0.006 * curved + belly * 0.5, 0.004),
    ring(0.82, 0.103 - 0.01 * curved + belly * 0.4, 0.058 + belly * 0.3, -0.002),
    ring(0.89, 0.088 - 0.008 * curved, 0.046, -0.006),
    ring(0.95, 0.05, 0.036, -0.004, 2),
    ring(0.985, 0.033, 0.034, 0, 2),
  );
  const out = new Sculpt();
  out.loft(rings, {
    segments: detail.segments,
    ripple: ripples(who.phase, 0.012 + who.looseM * 0.4),
  });
  return out;
}

/** Rings of what hangs from the hips around both legs, from the hem (`reach` of the stature below) upwards. */
function hanging(
  bones: Skeleton,
  reach: number,
  looseM: number,
  widthAt: number,
  curved: number,
  count: number,
): Ring[] {
  const { statureM: h, pelvis, left, ahead } = bones;
  const rings: Ring[] = [];
  for (let i = 0; i < count; i += 1) {
    const share = 1 - i / count;
    const z = pelvis[2] - reach * h * share;
    const [a, b] = bones.legs.map((leg) => legAt(leg, z));
    if (a === undefined || b === undefined) break;
    const middle = scale(add(a, b), 0.5);
    const apart = Math.abs(a[0] - b[0]) / 2;
    const wide = Math.abs(a[1] - b[1]) / 2;
    rings.push({
      centre: [middle[0], middle[1], Math.max(0.03, z)],
      side: unit([-left[0], -left[1], 0]),
      front: unit([ahead[0], ahead[1], 0]),
      sideM: Math.max(wide + 0.05 * h, (widthAt + 0.008 * curved) * h) + looseM * (1 + share),
      frontM: Math.max(apart + 0.052 * h, 0.07 * h) + looseM * (1 + share),
      power: 2.2,
    });
  }
  return rings;
}

function legAt(leg: LegJoints, z: number): Vec3 {
  if (z >= leg.knee[2]) {
    return lerp(
      leg.hip,
      leg.knee,
      Math.min(1, (leg.hip[2] - z) / Math.max(0.05, leg.hip[2] - leg.knee[2])),
    );
  }
  return lerp(
    leg.knee,
    leg.ankle,
    Math.min(1, (leg.knee[2] - z) / Math.max(0.05, leg.knee[2] - leg.ankle[2])),
  );
}

export function arms(
  who: Appearance,
  bones: Skeleton,
  detail: Detail,
): { sleeves: Sculpt; skin: Sculpt } {
  const h = bones.statureM;
  const thick = THICK[who.top] * 0.75 + who.looseM * 0.4;
  const fat = 0.006 * who.heavy * h - 0.004 * who.curved * h;
  const sleeves = new Sculpt();
  const skin = new Sculpt();
  for (const [i, arm] of bones.arms.entries()) {
    const inward = scale(bones.left, i === 0 ? -1 : 1);
    const cap = along(along(arm.shoulder, bones.up, 0.022 * h), inward, 0.028 * h);
    const bend = lerp(arm.elbow, arm.wrist, 0.12);
    const ripple = ripples(who.habit + i, 0.009);
    const r = (share: number): number => share * h + fat + thick;
    if (who.sleeves === 'long') {
      sleeves.limb(
        [
          cap,
          arm.shoulder,
          lerp(arm.shoulder, arm.elbow, 0.5),
          arm.elbow,
          bend,
          lerp(arm.elbow, arm.wrist, 0.6),
          arm.wrist,
        ],
        [0.018 * h, r(0.032), r(0.0275), r(0.0235), r(0.0235), r(0.02), r(0.0165)],
        bones.ahead,
        { segments: detail.fine, ripple },
      );
    } else {
      const end = lerp(arm.shoulder, arm.elbow, 0.72);
      sleeves.limb(
        [cap, arm.shoulder, lerp(arm.shoulder, arm.elbow, 0.4), end],
        [0.018 * h, r(0.032), r(0.029), r(0.029) + 0.004],
        bones.ahead,
        { segments: detail.fine, ripple },
      );
      skin.limb(
        [end, arm.elbow, bend, lerp(arm.elbow, arm.wrist, 0.5), arm.wrist],
        [0.024, 0.022, 0.0225, 0.02, 0.014].map((k) => k * h + fat),
        bones.ahead,
        { segments: detail.fine },
      );
    }
    hand(skin, arm.wrist, arm.hand, inward, h, detail);
  }
  return { sleeves, skin };
}

function hand(out: Sculpt, wrist: Vec3, tip: Vec3, inward: Vec3, h: number, detail: Detail): void {
  const way = sub(tip, wrist);
  const at = (k: number): Vec3 => along(wrist, way, k);
  out.limb(
    [wrist, at(0.5), at(1.1), at(1.75)],
    [0.0135 * h, 0.021 * h, 0.023 * h, 0.009 * h],
    inward,
    { segments: detail.fine, flat: 1 },
  );
}

export interface Lower {
  readonly cloth: Sculpt;
  readonly skin: Sculpt;
  readonly shoes: Sculpt;
}

/** Legs in trousers, shorts or a skirt, with shoes. */
export function legs(who: Appearance, bones: Skeleton, detail: Detail): Lower {
  const h = bones.statureM;
  const cloth = new Sculpt();
  const skin = new Sculpt();
  const shoes = new Sculpt();
  const fat = 0.012 * who.heavy * h;
  const tight = who.bottom === 'leggings' || who.bottom === 'skirt' || who.bottom === 'longskirt';
  const loose = tight ? 0 : who.bottom === 'jeans' ? 0.006 : 0.009 + who.looseM * 0.6;
  const cuff = tight ? 0.019 : 0.027 + who.looseM * 0.7;
  const skirt = who.bottom === 'skirt' || who.bottom === 'longskirt';
  const stockings = skirt && who.habit > 0.45;
  for (const [i, leg] of bones.legs.entries()) {
    const thigh = (k: number): Vec3 => lerp(leg.hip, leg.knee, k);
    const shank = (k: number): Vec3 => lerp(leg.knee, leg.ankle, k);
    const back = (p: Vec3, k: number): Vec3 => along(p, bones.ahead, -k * h);
    const ripple = ripples(who.phase * 3 + i, tight ? 0.003 : 0.012);
    const bare = skirt || who.bottom === 'shorts';
    if (!skirt) {
      const points = [
        along(back(leg.hip, 0.006), bones.up, 0.03 * h),
        back(thigh(0.25), 0.004),
        thigh(0.62),
        thigh(0.93),
      ];
      const radii = [0.05, 0.053, 0.043, 0.036].map((k) => k * h + fat + loose);
      if (who.bottom !== 'shorts') {
        points.push(shank(0.08), back(shank(0.36), 0.008), shank(0.7), shank(1.04));
        radii.push(
          0.035 * h + fat * 0.6 + loose,
          0.034 * h + fat * 0.5 + loose,
          0.027 * h + fat * 0.3 + loose,
          cuff * h + loose * 0.4,
        );
      } else radii[3] = 0.046 * h + fat + 0.014;
      cloth.limb(points, radii, bones.ahead, { segments: detail.fine, ripple });
    }
    if (bare) {
      (stockings ? shoes : skin).limb(
        [thigh(0.55), thigh(0.95), shank(0.08), back(shank(0.34), 0.008), shank(0.7), shank(1)],
        [0.044, 0.034, 0.033, 0.034, 0.025, 0.019].map((k) => k * h + fat * 0.6),
        bones.ahead,
        { segments: detail.fine },
      );
    }
    shoe(shoes, leg, h, detail);
  }
  if (skirt) {
    const reach = who.bottom === 'skirt' ? 0.16 + 0.1 * who.phase : 0.36 + 0.08 * who.phase;
    const rings = hanging(bones, reach, 0.012 + 0.03 * who.habit, 0.085, who.curved, 4);
    const { pelvis, up, ahead, left } = bones;
    rings.push({
      centre: along(pelvis, up, 0.1 * h),
      side: scale(left, -1),
      front: ahead,
      sideM: 0.082 * h + fat,
      frontM: 0.062 * h + fat,
    });
    cloth.loft(rings, { segments: detail.segments + 2, ripple: ripples(who.habit * 5, 0.02) });
  }
  return { cloth, skin, shoes };
}

function shoe(out: Sculpt, leg: LegJoints, h: number, detail: Detail): void {
  const { toe, ankle } = leg;
  const side = unit(cross([0, 0, 1], toe));
  const up = cross(toe, side);
  const ring = (x: number, z: number, w: number, t: number): Ring => ({
    centre: along(along(ankle, toe, x * h), up, z * h),
    side,
    front: up,
    sideM: w * h,
    frontM: t * h,
    power: 2.6,
  });
  out.loft(
    [
      ring(-0.046, -0.022, 0.014, 0.014),
      ring(-0.036, -0.01, 0.021, 0.03),
      ring(0.006, -0.008, 0.023, 0.034),
      ring(0.045, -0.021, 0.026, 0.021),
      ring(0.085, -0.027, 0.026, 0.015),
      ring(0.108, -0.031, 0.015, 0.01),
    ],
    { segments: detail.fine },
  );
}
