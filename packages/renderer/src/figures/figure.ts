import type { Figure, Mesh, Placement, Vec3 } from '../mesh.js';
import type { Appearance, Part } from './appearance.js';
import { carried } from './bags.js';
import { arms, detailFor, legs, torso } from './body.js';
import { bodyPose, type BodyPose, type Habit } from './gait.js';
import { head } from './head.js';
import { Random } from './random.js';
import type { Sculpt } from './sculpt.js';
import { skeletonOf } from './skeleton.js';
import { add } from './vec.js';
import { bicycle, pushchair, wheelchair } from './vehicles.js';

/** Where a person is and what the person does at one instant. */
export interface Moment {
  readonly person: number;
  readonly x: number;
  readonly y: number;
  /** Height of the floor. Default 0. */
  readonly z?: number;
  readonly vx: number;
  readonly vy: number;
  /** Where the body is turned to, from x (east) towards y (north). */
  readonly headingRad: number;
  /** Cycles of the gait (two steps each); see `cyclesPerS`. */
  readonly phase: number;
  readonly umbrellaUp?: boolean;
  /** About how tall the person is in the picture: how finely the meshes are made. Default 150. */
  readonly heightPx?: number;
}

/** How a person holds the body: all that decides its shape, wherever it is. */
export type Stance = Pick<Moment, 'person' | 'phase' | 'umbrellaUp' | 'heightPx'> & {
  readonly speedMps: number;
};

/** A person's meshes in one stance; `Figure` says what they are. */
export interface Body {
  readonly meshes: readonly Mesh[];
  readonly bodyMeshes: number;
  /** Middle of the head, in the body's own frame: x ahead, y left, z up, the floor at 0. */
  readonly headCentre: Vec3;
  readonly headRadiusM: number;
  readonly heightM: number;
}

const NOWHERE: Placement = { origin: [0, 0, 0], headingRad: 0 };

/** A person's meshes at a moment, in world metres. The same arguments give the same meshes. */
export function figureOf(who: Appearance, moment: Moment): Figure {
  const placed = placementOf(moment);
  const body = bodyOf(who, { ...moment, speedMps: Math.hypot(moment.vx, moment.vy) }, placed);
  const { placed: _, ...figure } = figureAt(body, moment);
  return figure;
}

/** A body where the moment puts it; its stance is its own. */
export function figureAt(body: Body, moment: Moment): Figure {
  const placed = placementOf(moment);
  const turned = turn(body.headCentre, placed.headingRad);
  return {
    person: moment.person,
    meshes: body.meshes,
    placed,
    bodyMeshes: body.bodyMeshes,
    head: { centre: add(placed.origin, turned), radiusM: body.headRadiusM },
    velocity: [moment.vx, moment.vy, 0],
    heightM: body.heightM,
    foot: placed.origin,
  };
}

function placementOf({ x, y, z, headingRad }: Moment): Placement {
  return { origin: [x, y, z ?? 0], headingRad };
}

/** A person's body in a stance, its meshes in its own frame or brought to where it stands. */
export function bodyOf(who: Appearance, stance: Stance, placed = NOWHERE): Body {
  const { speedMps } = stance;
  const detail = detailFor(stance.heightPx ?? 150);
  const umbrellaUp = stance.umbrellaUp === true && who.kind === 'walker';
  const rides = who.kind === 'bicycle' && (speedMps > 1.7 || who.habit < 0.45);
  const seatM = who.kind === 'wheelchair' ? 0.56 : rides ? 0.92 + 0.04 * who.statureM : undefined;
  const random = new Random(stance.person, 0x77);
  const shift = random.between(-1, 1);
  const glance = random.normal() * 0.5;
  const walks = who.kind === 'wheelchair' ? 0 : speedMps;
  let pose = bodyPose({
    speedMps: walks,
    statureM: who.statureM,
    phase: stance.phase + who.phase,
    habit: habitOf(who, walks, umbrellaUp),
    busyLeft: who.busyLeft,
    shift,
    glance,
  });
  if (who.kind === 'wheelchair') pose = seated(pose);
  if (rides) pose = riding(pose, stance.phase);
  const bones = skeletonOf(pose, who.statureM, who, seatM);
  const lower = legs(who, bones, detail);
  const upper = arms(who, bones, detail);
  const parts: [Part, Sculpt][] = [
    ['torso', torso(who, bones, detail)],
    ['sleeve', upper.sleeves],
    ['skin', upper.skin],
    ['bottom', lower.cloth],
    ['skin', lower.skin],
    ['shoe', lower.shoes],
    ...head(who, bones, detail),
  ];
  const apart: [Part, Sculpt][] = [];
  if (who.kind === 'walker') {
    const carries = carried(who, bones, detail, umbrellaUp);
    parts.push(...carries.worn);
    apart.push(...carries.apart);
  }
  if (who.kind === 'pushchair') apart.push(...pushchair(who));
  if (who.kind === 'wheelchair') apart.push(...wheelchair(seatM ?? 0.56));
  if (who.kind === 'bicycle') {
    apart.push(
      ...bicycle(rides ? [0.16, 0, 0] : [0.12, who.busyLeft ? 0.42 : -0.42, 0], who.phase > 0.5),
    );
  }
  const meshed = (made: [Part, Sculpt][]): Mesh[] =>
    made
      .filter(([, sculpt]) => sculpt.triangles.length > 0)
      .map(([part, sculpt]) => sculpt.mesh(who.materials[part], placed.origin, placed.headingRad));
  const body = meshed(parts);
  return {
    meshes: [...body, ...meshed(apart)],
    bodyMeshes: body.length,
    headCentre: bones.head,
    headRadiusM: bones.headM * 1.08,
    heightM: bones.head[2] + bones.headM,
  };
}

function habitOf(who: Appearance, speedMps: number, umbrellaUp: boolean): Habit {
  if (umbrellaUp) return 'umbrella';
  if (who.kind === 'pushchair' || who.kind === 'bicycle') return 'push';
  if (who.kind === 'wheelchair') return 'phone';
  if (
    who.bag === 'handbag' ||
    who.bag === 'briefcase' ||
    who.bag === 'suitcase' ||
    who.bag === 'shopping'
  ) {
    return 'carry';
  }
  const k = who.habit;
  if (speedMps < 0.12) {
    if (k < 0.26) return 'phone';
    if (k < 0.4) return 'crossed';
    if (k < 0.55) return 'pockets';
    if (k < 0.62) return 'behind';
    if (k < 0.7) return 'gesture';
    if (k < 0.76) return 'call';
    return 'hang';
  }
  if (k < 0.1) return 'phone';
  if (k < 0.15) return 'call';
  if (k < 0.27) return 'pockets';
  if (k < 0.35 || (who.bag === 'backpack' && k < 0.5)) return 'strap';
  if (k < 0.39) return 'gesture';
  return 'hang';
}

function seated(pose: BodyPose): BodyPose {
  const leg = { hip: 1.42, knee: 1.3, foot: 0.05, spread: 0.12 };
  const arm = { shoulder: 0.3, elbow: 1.1, out: 0.2, inward: 0.05 };
  return { ...pose, legs: [leg, leg], arms: [arm, arm], lean: -0.08, sway: 0 };
}

function riding(pose: BodyPose, phase: number): BodyPose {
  const leg = (at: number): BodyPose['legs'][0] => {
    const c = Math.cos(2 * Math.PI * at);
    return {
      hip: 0.78 + 0.42 * c,
      knee: 1.0 + 0.55 * Math.cos(2 * Math.PI * (at - 0.07)),
      foot: -0.1,
      spread: 0.05,
    };
  };
  const arm = { shoulder: 0.75, elbow: 0.45, out: 0.16, inward: -0.05 };
  return {
    ...pose,
    legs: [leg(phase), leg(phase + 0.5)],
    arms: [arm, arm],
    lean: 0.3,
    sway: 0,
    twist: 0,
  };
}

function turn([x, y, z]: Vec3, headingRad: number): Vec3 {
  const [c, s] = [Math.cos(headingRad), Math.sin(headingRad)];
  return [c * x - s * y, s * x + c * y, z];
}
