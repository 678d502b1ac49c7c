import type { Point } from '@hitonami/model';
import { closedRing } from '../geometry.js';
import type { Gate, Obstacle, World } from '../world.js';
import { rectangle, type PlanSketch } from './plan.js';

/** Ticket gates stand across x = 16: seven lanes between housings, from south to north, the widest last. */
const GATES_X = [15.3, 16.7] as const;
const GATES_FROM_Y = 1.9;
const HOUSING_M = 0.2;
const LANE_M = 0.62;
const WIDE_LANE_M = 0.95;
const LANES = ['forward', 'forward', 'forward', 'forward', 'backward', 'backward', 'both'] as const;
const SERVICE_S = 1.3;

function gateBank(): { gates: Gate[]; housings: Obstacle[]; endY: number } {
  const gates: Gate[] = [];
  const housings: Obstacle[] = [];
  const [x0, x1] = GATES_X;
  let y = GATES_FROM_Y;
  const addHousing = (): void => {
    const polygon = rectangle(x0, y, x1, y + HOUSING_M);
    housings.push({ id: `housing-${housings.length + 1}`, polygon, kind: 'gate', heightM: 1.05 });
    y += HOUSING_M;
  };
  addHousing();
  LANES.forEach((direction, i) => {
    const widthM = i === LANES.length - 1 ? WIDE_LANE_M : LANE_M;
    const middle = y + widthM / 2;
    gates.push({
      id: `gate-${i + 1}`,
      from: [x0, middle],
      to: [x1, middle],
      widthM,
      serviceS: SERVICE_S,
      direction,
    });
    y += widthM;
    addHousing();
  });
  return { gates, housings, endY: y };
}

/** A hall with two doors, a row of ticket gates, and an inner hall from which stairs lead to the platforms. */
export function stationWorld(): World {
  const { gates, housings, endY } = gateBank();
  const outline: readonly Point[] = [
    [0, 0],
    [23, 0],
    [23, 2],
    [26, 2],
    [26, 8],
    [23, 8],
    [23, 10],
    [8.5, 10],
    [8.5, 11.6],
    [4.5, 11.6],
    [4.5, 10],
    [0, 10],
    [0, 7],
    [-1.6, 7],
    [-1.6, 3],
    [0, 3],
  ];
  const fence = { kind: 'wall', heightM: 1.1 } as const;
  return {
    walkable: [closedRing(outline)],
    obstacles: [
      { id: 'fence-south', polygon: rectangle(15.9, 0, 16.1, GATES_FROM_Y), ...fence },
      { id: 'fence-north', polygon: rectangle(15.9, endY, 16.1, 10), ...fence },
      ...housings,
      { id: 'pillar-1', polygon: rectangle(5.3, 2.6, 5.8, 3.1), kind: 'pillar', heightM: 4.2 },
      { id: 'pillar-2', polygon: rectangle(11.2, 2.6, 11.7, 3.1), kind: 'pillar', heightM: 4.2 },
      { id: 'bench', polygon: rectangle(11.6, 9.3, 13.4, 9.75), kind: 'bench', heightM: 0.45 },
      { id: 'kiosk', polygon: rectangle(1.2, 0.1, 3.4, 1.1), kind: 'kiosk', heightM: 1.2 },
    ],
    doors: [
      { id: 'west', from: [-1.6, 3], to: [-1.6, 7] },
      { id: 'north', from: [4.5, 11.6], to: [8.5, 11.6] },
      { id: 'stairs', from: [26, 2], to: [26, 8] },
    ],
    gates,
    stairs: [{ id: 'stairs', polygon: rectangle(23, 2, 26, 8), slowdown: 0.55, towards: [1, 0] }],
    platforms: [],
    trains: [],
    ceilingHeightM: 4.2,
  };
}

const BARREL = { k1: -0.12, k2: 0.012 };

export const STATION_PLAN: PlanSketch = {
  site: 'shiokaze',
  name: { ja: '潮風駅（見本）', en: 'Shiokaze Station (demo)' },
  areas: [
    {
      id: 'west-hall',
      name: { ja: '西ホール', en: 'West hall' },
      kind: 'walkway',
      polygon: rectangle(0, 0, 8, 10),
    },
    {
      id: 'gate-front',
      name: { ja: '改札前', en: 'Before the gates' },
      kind: 'walkway',
      polygon: rectangle(8, 0, 15.3, 10),
    },
    {
      id: 'inner-hall',
      name: { ja: '改札内', en: 'Inside the gates' },
      kind: 'walkway',
      polygon: rectangle(16.7, 0, 23, 10),
    },
    {
      id: 'stairs-foot',
      name: { ja: '階段口', en: 'Foot of the stairs' },
      kind: 'stairs',
      polygon: rectangle(23, 2, 26, 8),
    },
  ],
  lines: [
    { id: 'west-door', name: { ja: '西口', en: 'West door' }, from: [0, 6.8], to: [0, 3.2] },
    { id: 'north-door', name: { ja: '北口', en: 'North door' }, from: [5, 10], to: [8, 10] },
    { id: 'gate-line', name: { ja: '改札', en: 'Ticket gates' }, from: [16, 8.6], to: [16, 1.8] },
    { id: 'stairs-line', name: { ja: '階段', en: 'Stairs' }, from: [22.9, 7.8], to: [22.9, 2.2] },
  ],
  cameras: [
    // Back to back in the middle of the hall: in a crowd a camera that looks flat sees the first row and hidden ones.
    {
      id: 'hall-west',
      at: [7.8, 5.1, 3.8],
      yawDeg: 180,
      tiltDeg: 31,
      fieldOfViewDeg: 88,
      maxDistanceM: 10.5,
      ...BARREL,
    },
    {
      id: 'hall-north',
      at: [6.4, 0.3, 3.6],
      yawDeg: 90,
      tiltDeg: 25,
      rollDeg: 1.5,
      fieldOfViewDeg: 86,
      maxDistanceM: 13,
      ...BARREL,
    },
    {
      id: 'hall-east',
      at: [8.2, 5.1, 3.8],
      yawDeg: 0,
      tiltDeg: 38,
      fieldOfViewDeg: 98,
      maxDistanceM: 9,
      ...BARREL,
    },
    {
      id: 'hall-south',
      at: [0.3, 9.7, 3.5],
      yawDeg: -50,
      tiltDeg: 26,
      rollDeg: -2,
      fieldOfViewDeg: 80,
      maxDistanceM: 12,
    },
    {
      id: 'gates',
      at: [22.7, 5.2, 3.8],
      yawDeg: 180,
      tiltDeg: 30,
      fieldOfViewDeg: 88,
      maxDistanceM: 10,
      ...BARREL,
    },
    {
      // In the middle, so that who waits at the stairs is near enough to be found.
      id: 'inner',
      at: [18.6, 5.1, 3.8],
      yawDeg: 0,
      tiltDeg: 31,
      fieldOfViewDeg: 92,
      maxDistanceM: 9,
      ...BARREL,
    },
  ],
};
