import type { Vec3 } from '../mesh.js';
import type { Appearance, Part } from './appearance.js';
import { Sculpt } from './sculpt.js';
import { along } from './vec.js';

const X: Vec3 = [1, 0, 0];
const Z: Vec3 = [0, 0, 1];

/** A pushchair ahead of the person, with or without a hood, and the child in it. */
export function pushchair(who: Appearance): [Part, Sculpt][] {
  const frame = new Sculpt();
  const cloth = new Sculpt();
  const child = new Sculpt();
  const x = 0.72;
  for (const y of [-0.24, 0.24]) {
    frame.bar([0.28, y, 0.98], [x + 0.35, y, 0.16], 0.014);
    frame.bar([x - 0.25, y, 0.14], [x + 0.18, y, 0.55], 0.014);
    frame.wheel([x + 0.36, y, 0.1], X, Z, 0.085, 0.025, 10);
    frame.wheel([x - 0.25, y, 0.12], X, Z, 0.105, 0.025, 10);
  }
  frame.bar([0.28, -0.24, 0.98], [0.28, 0.24, 0.98], 0.016);
  cloth.box([x + 0.05, 0, 0.42], [0.2, 0, 0.05], [0, 0.19, 0], [0, 0, 0.05]);
  cloth.box([x - 0.16, 0, 0.66], [0.05, 0, 0.03], [0, 0.19, 0], [-0.11, 0, 0.24]);
  cloth.box([x - 0.02, 0, 0.2], [0.2, 0, 0], [0, 0.17, 0], [0, 0, 0.06]);
  if (who.habit < 0.75) {
    cloth.ellipsoid([x - 0.12, 0, 0.88], [0.3, 0.22, 0.2], 9, 6);
  }
  child.ellipsoid([x - 0.02, 0, 0.74], [0.085, 0.08, 0.095], 7, 6);
  cloth.ellipsoid([x + 0.06, 0, 0.52], [0.2, 0.14, 0.14], 8, 5);
  return [
    ['frame', frame],
    ['extra', cloth],
    ['face', child],
  ];
}

/** A wheelchair under a person whose hips are at `seatM`. */
export function wheelchair(seatM: number): [Part, Sculpt][] {
  const frame = new Sculpt();
  const cloth = new Sculpt();
  const y0 = 0.27;
  for (const y of [-y0, y0]) {
    frame.wheel([-0.06, y * 1.12, 0.31], X, Z, 0.29, 0.018, 18);
    for (let i = 0; i < 4; i += 1) {
      const t = (i / 4) * Math.PI;
      const arm: Vec3 = [Math.cos(t) * 0.28, 0, Math.sin(t) * 0.28];
      const hub: Vec3 = [-0.06, y * 1.12, 0.31];
      frame.bar(along(hub, arm, -1), along(hub, arm, 1), 0.004, 3);
    }
    frame.wheel([0.42, y * 0.9, 0.09], X, Z, 0.075, 0.02, 9);
    frame.bar([-0.2, y, 0.95], [-0.17, y, seatM - 0.1], 0.014);
    frame.bar([-0.17, y, seatM - 0.1], [0.4, y, seatM - 0.08], 0.014);
    frame.bar([0.4, y, seatM - 0.08], [0.5, y * 0.8, 0.14], 0.014);
    frame.bar([-0.15, y, seatM + 0.16], [0.22, y, seatM + 0.16], 0.018);
    frame.bar([-0.2, y, 0.95], [-0.34, y, 0.96], 0.016);
  }
  frame.box([0.54, 0, 0.12], [0.1, 0, 0.02], [0, 0.18, 0], [0, 0, 0.012]);
  cloth.box([0.1, 0, seatM - 0.1], [0.24, 0, 0], [0, y0 * 0.95, 0], [0, 0, 0.03]);
  cloth.box([-0.17, 0, seatM + 0.2], [0.02, 0, 0], [0, y0 * 0.95, 0], [-0.03, 0, 0.26]);
  return [
    ['frame', frame],
    ['extra', cloth],
  ];
}

/** A bicycle whose bottom bracket is at `at`; ridden or pushed. */
export function bicycle(at: Vec3, basket: boolean): [Part, Sculpt][] {
  const frame = new Sculpt();
  const tyres = new Sculpt();
  const p = (x: number, y: number, z: number): Vec3 => [at[0] + x, at[1] + y, z];
  const rear = p(-0.43, 0, 0.34);
  const front = p(0.6, 0, 0.34);
  for (const hub of [rear, front]) {
    tyres.wheel(hub, X, Z, 0.32, 0.02, 20);
    for (let i = 0; i < 5; i += 1) {
      const t = (i / 5) * Math.PI;
      const arm: Vec3 = [Math.cos(t) * 0.31, 0, Math.sin(t) * 0.31];
      tyres.bar(along(hub, arm, -1), along(hub, arm, 1), 0.003, 3);
    }
  }
  const bracket = p(0, 0, 0.28);
  const seat = p(-0.16, 0, 0.82);
  const steer = p(0.44, 0, 0.86);
  for (const [a, b] of [
    [bracket, seat],
    [bracket, steer],
    [seat, p(0.42, 0, 0.76)],
    [rear, bracket],
    [rear, seat],
    [front, steer],
  ] as const) {
    frame.bar(a, b, 0.02);
  }
  frame.bar(steer, p(0.4, 0, 1.0), 0.015);
  frame.bar(p(0.36, -0.27, 1.02), p(0.36, 0.27, 1.02), 0.015);
  tyres.box(p(-0.18, 0, 0.91), [0.13, 0, 0], [0, 0.08, 0], [0, 0, 0.035]);
  frame.box(p(-0.43, 0, 0.7), [0.2, 0, 0], [0, 0.03, 0], [0, 0, 0.012]);
  if (basket) frame.box(p(0.62, 0, 0.85), [0.14, 0, 0], [0, 0.17, 0], [0.02, 0, 0.12]);
  return [
    ['frame', frame],
    ['shoe', tyres],
  ];
}
