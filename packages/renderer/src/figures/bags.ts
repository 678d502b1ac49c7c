import type { Vec3 } from '../mesh.js';
import type { Appearance, Part } from './appearance.js';
import type { Detail } from './body.js';
import { Sculpt } from './sculpt.js';
import type { Skeleton } from './skeleton.js';
import { along, lerp, scale, unit } from './vec.js';

/** What belongs to the person's outline, and what stands beside it or above. */
export interface Carried {
  readonly worn: [Part, Sculpt][];
  readonly apart: [Part, Sculpt][];
}

/** What a person carries or pulls. */
export function carried(
  who: Appearance,
  bones: Skeleton,
  detail: Detail,
  umbrellaUp: boolean,
): Carried {
  const worn: [Part, Sculpt][] = [];
  const apart: [Part, Sculpt][] = [];
  const { bag } = who;
  if (bag !== undefined) {
    const made = new Sculpt();
    const straps = new Sculpt();
    const h = bones.statureM;
    const { up, ahead, left, pelvis } = bones;
    const side = who.busyLeft ? 1 : -1;
    const arm = bones.arms[who.busyLeft ? 0 : 1];
    const size = 0.8 + 0.5 * who.phase;
    const at = (upShare: number, x: number, y: number): Vec3 =>
      along(along(along(pelvis, up, upShare * h), ahead, x * h), left, y * h);
    const flat: Vec3 = unit([ahead[0], ahead[1], 0]);
    const across: Vec3 = [-flat[1], flat[0], 0];
    switch (bag) {
      case 'backpack':
        pack(made, at(0.21, -0.125 - 0.015 * size, 0), ahead, left, up, h * size, detail);
        if (detail.extras) {
          for (const y of [0.06, -0.06]) {
            straps.limb(
              [
                at(0.3, -0.06, y),
                at(0.315, 0.02, y),
                at(0.24, 0.085, y * 1.2),
                at(0.15, 0.06, y * 1.5),
              ],
              [0.012, 0.014, 0.014, 0.012],
              ahead,
              { segments: 4, flat: 1.6 },
            );
          }
        }
        break;
      case 'shoulder': {
        const middle = at(0.0, -0.01, side * 0.155);
        softBox(
          made,
          middle,
          scale(across, 0.03 * size),
          scale(flat, 0.11 * size),
          0.09 * size,
          detail,
        );
        const opposite = who.habit > 0.5 ? -0.6 : 0.9;
        const shoulder = at(0.305, 0, side * opposite * 0.09);
        straps.limb([middle, at(0.15, 0.09, side * 0.06), shoulder], [0.012, 0.012, 0.012], left, {
          segments: 4,
        });
        straps.limb([middle, at(0.15, -0.09, side * 0.06), shoulder], [0.012, 0.012, 0.012], left, {
          segments: 4,
        });
        break;
      }
      case 'handbag':
      case 'briefcase':
      case 'shopping': {
        const drop = bag === 'shopping' ? 0.26 : 0.19;
        const grip = arm.hand;
        const tall = bag === 'shopping' ? 0.19 : 0.12;
        const long = bag === 'briefcase' ? 0.21 : 0.15;
        // A child's large bag hangs just above the floor, not in it.
        const low = tall * size + 0.02;
        const middle: Vec3 = [grip[0], grip[1], Math.max(low, grip[2] - drop * size)];
        softBox(
          made,
          middle,
          scale(across, 0.05 * size),
          scale(flat, long * size),
          tall * size,
          detail,
        );
        if (detail.extras) {
          for (const k of [0.5, -0.5]) {
            const end = along(
              [middle[0], middle[1], middle[2] + tall * size * 0.9],
              flat,
              k * long,
            );
            straps.limb([end, lerp(end, grip, 0.6), grip], [0.007, 0.007, 0.007], across, {
              segments: 4,
            });
          }
        }
        break;
      }
      case 'suitcase': {
        const grip = arm.hand;
        const behind = 0.35 + 0.12 * size;
        const foot: Vec3 = along([grip[0], grip[1], 0.06], flat, -behind);
        const tilt = unit(along([0, 0, 1], flat, 0.55));
        const out = unit(along(flat, [0, 0, 1], -0.55));
        const tall = 0.27 * size;
        const middle = along(foot, tilt, tall);
        made.box(middle, scale(out, 0.12 * size), scale(across, 0.19 * size), scale(tilt, tall));
        straps.bar(along(middle, tilt, tall), grip, 0.012, 4);
        for (const y of [-0.14, 0.14])
          straps.ellipsoid(along(foot, across, y * size), [0.05, 0.03, 0.05], 6, 4);
        break;
      }
    }
    (bag === 'suitcase' ? apart : worn).push(['bag', made], ['frame', straps]);
  }
  if (umbrellaUp) apart.push(...umbrella(bones, who, detail));
  return { worn, apart };
}

function pack(
  out: Sculpt,
  centre: Vec3,
  ahead: Vec3,
  left: Vec3,
  up: Vec3,
  h: number,
  detail: Detail,
): void {
  const side = scale(left, -1);
  const ring = (z: number, w: number, d: number): Parameters<Sculpt['loft']>[0][number] => ({
    centre: along(centre, up, z * h),
    side,
    front: ahead,
    sideM: w * h,
    frontM: d * h,
    power: 3.2,
  });
  out.loft(
    [
      ring(-0.13, 0.05, 0.04),
      ring(-0.12, 0.085, 0.055),
      ring(-0.02, 0.09, 0.06),
      ring(0.08, 0.08, 0.05),
      ring(0.125, 0.05, 0.03),
    ],
    { segments: detail.segments },
  );
}

/** A bag with soft corners about `centre`. */
function softBox(
  out: Sculpt,
  centre: Vec3,
  thin: Vec3,
  long: Vec3,
  tallM: number,
  detail: Detail,
): void {
  const thinM = Math.hypot(...thin);
  const longM = Math.hypot(...long);
  const ring = (z: number, w: number, d: number): Parameters<Sculpt['loft']>[0][number] => ({
    centre: along(centre, [0, 0, 1], z * tallM),
    side: unit(thin),
    front: unit(long),
    sideM: w * thinM,
    frontM: d * longM,
    power: 4,
  });
  out.loft([ring(-1, 0.7, 0.85), ring(-0.8, 1, 1), ring(0.4, 0.95, 0.98), ring(1, 0.5, 0.85)], {
    segments: Math.max(6, detail.segments),
  });
}

function umbrella(bones: Skeleton, who: Appearance, detail: Detail): [Part, Sculpt][] {
  const canopy = new Sculpt();
  const stick = new Sculpt();
  const grip = bones.arms[who.busyLeft ? 0 : 1].hand;
  const top: Vec3 = [
    bones.head[0] * 0.6 + grip[0] * 0.2,
    bones.head[1] * 0.6 + grip[1] * 0.3,
    bones.head[2] + 0.42,
  ];
  stick.bar(grip, top, 0.008, 4);
  const radius = 0.46 + 0.12 * who.phase;
  const ring = (z: number, r: number): Parameters<Sculpt['loft']>[0][number] => ({
    centre: [top[0], top[1], top[2] + z],
    side: [0, -1, 0],
    front: [1, 0, 0],
    sideM: r * radius,
    frontM: r * radius,
  });
  canopy.loft(
    [
      ring(-0.05, 0.02),
      ring(-0.12, 0.78),
      ring(-0.22, 1),
      ring(-0.1, 0.82),
      ring(-0.02, 0.45),
      ring(0.02, 0.02),
    ],
    {
      segments: Math.max(8, detail.segments),
      open: true,
    },
  );
  return [
    ['extra', canopy],
    ['frame', stick],
  ];
}
