/**
 * How a person's joints are bent. Angles in radians in the body's own frame: hip and shoulder positive ahead, knee and
 * elbow positive when bent. The curves follow the usual textbook of gait (Winter, Biomechanics and Motor Control of
 * Human Movement): heel strike at phase 0, toe off at about 0.62, the knee bends most at about 0.72.
 */
export interface LegPose {
  readonly hip: number;
  readonly knee: number;
  /** Sole against the floor: positive toes up. */
  readonly foot: number;
  /** Outward. */
  readonly spread: number;
}

export interface ArmPose {
  readonly shoulder: number;
  readonly elbow: number;
  /** Upper arm away from the body. */
  readonly out: number;
  /** The forearm turned towards the body's middle. */
  readonly inward: number;
}

export interface BodyPose {
  readonly legs: readonly [left: LegPose, right: LegPose];
  readonly arms: readonly [left: ArmPose, right: ArmPose];
  /** Torso ahead. */
  readonly lean: number;
  /** Torso to the left. */
  readonly sway: number;
  /** Shoulders against the hips about the vertical. */
  readonly twist: number;
  readonly headYaw: number;
  readonly headPitch: number;
}

export type Habit =
  | 'hang'
  | 'phone'
  | 'crossed'
  | 'pockets'
  | 'strap'
  | 'call'
  | 'carry'
  | 'push'
  | 'umbrella'
  | 'behind'
  | 'gesture';

const bump = (phase: number, at: number, width: number): number => {
  let d = phase - at;
  d -= Math.round(d);
  return Math.exp(-((d / width) ** 2));
};

function walkingLeg(phase: number, stride: number): LegPose {
  const p = phase - Math.floor(phase);
  return {
    hip: stride * (0.11 + 0.4 * Math.cos(2 * Math.PI * (p + 0.02))),
    knee: 0.06 + stride * (0.24 * bump(p, 0.14, 0.09) + 1.02 * bump(p, 0.72, 0.125)),
    foot:
      stride * (0.32 * bump(p, 0, 0.05) - 0.62 * bump(p, 0.57, 0.075) - 0.75 * bump(p, 0.68, 0.08)),
    spread: 0.02,
  };
}

/** Arms of a habit; `side` is +1 left, -1 right. `swing` moves them with the stride. */
function arm(habit: Habit, left: boolean, swing: number, busyLeft: boolean): ArmPose {
  const busy = left === busyLeft;
  const free: ArmPose = {
    shoulder: swing,
    elbow: 0.22 + Math.max(0, swing) * 0.7,
    out: 0.1,
    inward: 0.12,
  };
  switch (habit) {
    case 'hang':
      return free;
    case 'phone':
      return busy ? { shoulder: 0.35, elbow: 1.75, out: 0.16, inward: 0.55 } : free;
    case 'call':
      return busy ? { shoulder: 0.55, elbow: 2.45, out: 0.45, inward: 0.25 } : free;
    case 'crossed':
      return { shoulder: 0.32, elbow: 1.62, out: 0.14, inward: left ? 1.15 : 1.05 };
    case 'pockets':
      return { shoulder: -0.22 + swing * 0.25, elbow: 0.72, out: 0.3, inward: 0.5 };
    case 'strap':
      return busy ? { shoulder: 0.3, elbow: 2.2, out: 0.2, inward: 0.35 } : free;
    case 'carry':
      return busy ? { shoulder: swing * 0.25, elbow: 0.1, out: 0.14, inward: 0 } : free;
    case 'push':
      return { shoulder: 0.5, elbow: 0.95, out: 0.08, inward: 0.1 };
    case 'umbrella':
      return busy ? { shoulder: 0.45, elbow: 1.9, out: 0.1, inward: 0.15 } : free;
    case 'behind':
      return { shoulder: -0.55, elbow: 0.75, out: 0.12, inward: 0.9 };
    case 'gesture':
      return busy ? { shoulder: 0.7, elbow: 1.1, out: 0.35, inward: 0.3 } : free;
  }
}

export interface GaitInput {
  readonly speedMps: number;
  readonly statureM: number;
  /** Cycles; a cycle is two steps. */
  readonly phase: number;
  readonly habit: Habit;
  readonly busyLeft: boolean;
  /** -1 to 1: on which leg the weight rests when standing, how the head is turned. */
  readonly shift: number;
  readonly glance: number;
}

/** Steps a second of a walker: rises with speed, falls with stature. */
export function cyclesPerS(speedMps: number, statureM: number): number {
  const stride = 1.5 * Math.sqrt(statureM / 1.72);
  return Math.min(1.5, 0.42 + speedMps / stride / 1.8);
}

export function bodyPose(input: GaitInput): BodyPose {
  const { speedMps, habit, busyLeft, shift, glance } = input;
  const looksDown = habit === 'phone';
  if (speedMps < 0.12) {
    const rest: LegPose = { hip: 0.02, knee: 0.03, foot: 0, spread: 0.05 };
    const eased: LegPose = {
      hip: 0.05 + 0.22 * Math.abs(shift),
      knee: 0.06 + 0.3 * Math.abs(shift),
      foot: 0,
      spread: 0.1 + 0.08 * Math.abs(shift),
    };
    return {
      legs: shift > 0 ? [rest, eased] : [eased, rest],
      arms: [arm(habit, true, 0.03, busyLeft), arm(habit, false, 0.03, busyLeft)],
      lean: looksDown ? 0.05 : 0.01,
      sway: shift * 0.05,
      twist: glance * 0.15,
      headYaw: glance * 0.7,
      headPitch: looksDown ? 0.5 : 0.05,
    };
  }
  const stride = Math.min(1.35, 0.25 + 0.75 * (speedMps / 1.3));
  const p = input.phase;
  const swing = 0.36 * stride * Math.cos(2 * Math.PI * p);
  return {
    legs: [walkingLeg(p, stride), walkingLeg(p + 0.5, stride)],
    arms: [arm(habit, true, -swing + 0.04, busyLeft), arm(habit, false, swing + 0.04, busyLeft)],
    lean: 0.03 + 0.035 * stride + (habit === 'push' ? 0.06 : 0),
    sway: 0.025 * Math.sin(2 * Math.PI * p),
    twist: -0.1 * stride * Math.cos(2 * Math.PI * p),
    headYaw: glance * 0.45,
    headPitch: looksDown ? 0.45 : 0.06,
  };
}
