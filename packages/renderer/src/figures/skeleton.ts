import type { Vec3 } from '../mesh.js';
import type { ArmPose, BodyPose, LegPose } from './gait.js';
import { add, along, cross, scale, unit } from './vec.js';

/**
 * Where the joints are, in the body's own frame: x ahead, y left, z up, the floor at z = 0 under the hips. Lengths are
 * shares of the stature (Winter, after Drillis and Contini).
 */
export interface Skeleton {
  readonly statureM: number;
  readonly pelvis: Vec3;
  /** Of the torso: up along the spine, ahead, to the left. */
  readonly up: Vec3;
  readonly ahead: Vec3;
  readonly left: Vec3;
  readonly legs: readonly [LegJoints, LegJoints];
  readonly arms: readonly [ArmJoints, ArmJoints];
  readonly neck: Vec3;
  readonly head: Vec3;
  readonly headUp: Vec3;
  readonly headAhead: Vec3;
  /** Half height of the head. */
  readonly headM: number;
}

export interface LegJoints {
  readonly hip: Vec3;
  readonly knee: Vec3;
  readonly ankle: Vec3;
  /** Where the toes point. */
  readonly toe: Vec3;
}

export interface ArmJoints {
  readonly shoulder: Vec3;
  readonly elbow: Vec3;
  readonly wrist: Vec3;
  readonly hand: Vec3;
}

export const THIGH = 0.245;
export const SHANK = 0.246;
const ANKLE = 0.042;
const UPPER_ARM = 0.175;
const FOREARM = 0.148;

/** `seatM`: height of the hips above the floor for who sits; otherwise the lower foot stands on the floor. */
export function skeletonOf(
  pose: BodyPose,
  statureM: number,
  shape: { readonly child: boolean; readonly curved: number; readonly heavy: number },
  seatM?: number,
): Skeleton {
  const h = statureM;
  const hipHalf = h * (0.05 + 0.008 * shape.curved);
  const leg = (angles: LegPose, side: number): LegJoints => {
    const thigh: Vec3 = unit([Math.sin(angles.hip), side * angles.spread, -Math.cos(angles.hip)]);
    const bent = angles.hip - angles.knee;
    const shank: Vec3 = unit([Math.sin(bent), side * angles.spread * 0.3, -Math.cos(bent)]);
    const hip: Vec3 = [0, side * hipHalf, 0];
    const knee = along(hip, thigh, THIGH * h);
    const ankle = along(knee, shank, SHANK * h);
    const turn = side * 0.12;
    const flat = Math.cos(angles.foot);
    const toe: Vec3 = [flat * Math.cos(turn), flat * Math.sin(turn), Math.sin(angles.foot)];
    return { hip, knee, ankle, toe };
  };
  const hung = [leg(pose.legs[0], 1), leg(pose.legs[1], -1)] as const;
  const lowest = Math.min(...hung.map((joints) => soleZ(joints, h)));
  const pelvis: Vec3 = [0, 0, seatM ?? -lowest];
  const lifted = (joints: LegJoints): LegJoints => ({
    hip: add(joints.hip, pelvis),
    knee: add(joints.knee, pelvis),
    ankle: add(joints.ankle, pelvis),
    toe: joints.toe,
  });
  const up = unit([Math.sin(pose.lean), pose.sway, Math.cos(pose.lean)]);
  const turned: Vec3 = [-Math.sin(pose.twist), Math.cos(pose.twist), 0];
  const ahead = unit(cross(turned, up));
  const left = cross(up, ahead);
  const headShare = shape.child
    ? 0.083 - 0.012 * Math.min(1, Math.max(0, (h - 0.95) / 0.5))
    : 0.0665;
  const headM = h * headShare;
  const trunk = h * (1 - 0.53) - 2 * headM;
  const shoulderHalf = h * (0.112 - 0.013 * shape.curved + 0.008 * shape.heavy);
  const arm = (angles: ArmPose, side: number): ArmJoints => {
    const shoulder = along(along(pelvis, up, trunk * 0.84), left, side * shoulderHalf);
    const point = (angle: number, out: number): Vec3 =>
      unit(along(along(scale(ahead, Math.sin(angle)), up, -Math.cos(angle)), left, side * out));
    const upper = point(angles.shoulder, angles.out);
    const fore = point(angles.shoulder + angles.elbow, -angles.inward);
    const elbow = along(shoulder, upper, UPPER_ARM * h);
    const wrist = along(elbow, fore, FOREARM * h);
    return { shoulder, elbow, wrist, hand: along(wrist, fore, 0.05 * h) };
  };
  const neck = along(pelvis, up, trunk * 0.95);
  const yaw = pose.twist + pose.headYaw;
  const headUp = unit([
    Math.sin(pose.lean + pose.headPitch * 0.7) * Math.cos(yaw),
    Math.sin(pose.headPitch * 0.7) * Math.sin(yaw),
    1,
  ]);
  const headSide: Vec3 = [-Math.sin(yaw), Math.cos(yaw), 0];
  const headAhead = unit(cross(headSide, headUp));
  return {
    statureM: h,
    pelvis,
    up,
    ahead,
    left,
    legs: [lifted(hung[0]), lifted(hung[1])],
    arms: [arm(pose.arms[0], 1), arm(pose.arms[1], -1)],
    neck,
    head: along(along(along(pelvis, up, trunk), headUp, headM), headAhead, headM * 0.12),
    headUp,
    headAhead,
    headM,
  };
}

/** Height of the lowest point of the shoe under the hips. */
function soleZ(joints: LegJoints, h: number): number {
  const [, , toeZ] = joints.toe;
  const sole = joints.ankle[2] - ANKLE * h * Math.sqrt(Math.max(0, 1 - toeZ * toeZ));
  return Math.min(sole + toeZ * 0.11 * h, sole - toeZ * 0.045 * h);
}
