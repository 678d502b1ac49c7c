import { closedRing } from '../geometry.js';
import type { World } from '../world.js';
import { rectangle, type PlanSketch } from './plan.js';

const BARE: Pick<World, 'obstacles' | 'gates' | 'stairs' | 'platforms' | 'trains'> = {
  obstacles: [],
  gates: [],
  stairs: [],
  platforms: [],
  trains: [],
};

/** A corridor of 30 m by 4.5 m with a door across either end. */
export function corridorWorld(): World {
  return {
    ...BARE,
    walkable: [closedRing(rectangle(0, 0, 30, 4.5))],
    doors: [
      { id: 'west', from: [0, 0.2], to: [0, 4.3] },
      { id: 'east', from: [30, 0.2], to: [30, 4.3] },
    ],
    ceilingHeightM: 3.3,
  };
}

export const CORRIDOR_PLAN: PlanSketch = {
  site: 'shiokaze-corridor',
  name: { ja: '潮風駅連絡通路（見本）', en: 'Shiokaze Station, passage (demo)' },
  areas: [
    {
      id: 'west-part',
      name: { ja: '通路西', en: 'Passage, west' },
      kind: 'walkway',
      polygon: rectangle(2, 0, 10, 4.5),
    },
    {
      id: 'middle-part',
      name: { ja: '通路中央', en: 'Passage, middle' },
      kind: 'walkway',
      polygon: rectangle(10, 0, 20, 4.5),
    },
    {
      id: 'east-part',
      name: { ja: '通路東', en: 'Passage, east' },
      kind: 'walkway',
      polygon: rectangle(20, 0, 28, 4.5),
    },
  ],
  lines: [
    { id: 'west-line', name: { ja: '西端', en: 'West' }, from: [7, 4.35], to: [7, 0.15] },
    { id: 'middle-line', name: { ja: '中央', en: 'Middle' }, from: [15, 4.35], to: [15, 0.15] },
    { id: 'east-line', name: { ja: '東端', en: 'East' }, from: [23, 4.35], to: [23, 0.15] },
  ],
  cameras: [
    {
      id: 'west-in',
      at: [0.2, 2.2, 3],
      yawDeg: 0,
      tiltDeg: 26,
      fieldOfViewDeg: 84,
      maxDistanceM: 13,
      k1: -0.1,
      k2: 0.01,
    },
    {
      id: 'west-back',
      at: [19, 2.3, 3],
      yawDeg: 180,
      tiltDeg: 25,
      fieldOfViewDeg: 80,
      maxDistanceM: 13,
    },
    {
      id: 'east-in',
      at: [11, 2.3, 3],
      yawDeg: 0,
      tiltDeg: 25,
      rollDeg: 1,
      fieldOfViewDeg: 80,
      maxDistanceM: 13,
    },
    {
      id: 'east-back',
      at: [29.8, 2.2, 3],
      yawDeg: 180,
      tiltDeg: 26,
      fieldOfViewDeg: 84,
      maxDistanceM: 13,
      k1: -0.1,
      k2: 0.01,
    },
  ],
};

/** A room of 12 m by 10 m that empties through a passage of 2.4 m by 4 m into a hall. */
export function bottleneckWorld(): World {
  return {
    ...BARE,
    walkable: [
      closedRing([
        [0, 0],
        [12, 0],
        [12, 3.8],
        [16, 3.8],
        [16, 0.5],
        [24, 0.5],
        [24, 9.5],
        [16, 9.5],
        [16, 6.2],
        [12, 6.2],
        [12, 10],
        [0, 10],
      ]),
    ],
    doors: [
      { id: 'in', from: [0, 1], to: [0, 9] },
      { id: 'out', from: [24, 1], to: [24, 9] },
    ],
    ceilingHeightM: 4.5,
  };
}

export const BOTTLENECK_PLAN: PlanSketch = {
  site: 'shiokaze-exit',
  name: { ja: '潮風駅出口（見本）', en: 'Shiokaze Station, exit (demo)' },
  areas: [
    {
      id: 'room',
      name: { ja: '出口前', en: 'Before the exit' },
      kind: 'walkway',
      polygon: rectangle(0, 0, 12, 10),
    },
    {
      id: 'funnel',
      name: { ja: '通路手前', en: 'Before the passage' },
      kind: 'walkway',
      polygon: rectangle(8.8, 2.8, 12, 7.2),
    },
    {
      id: 'passage',
      name: { ja: '狭い通路', en: 'Narrow passage' },
      kind: 'walkway',
      polygon: rectangle(12, 3.8, 16, 6.2),
    },
    {
      id: 'hall',
      name: { ja: '出口ホール', en: 'Exit hall' },
      kind: 'walkway',
      polygon: rectangle(16, 0.5, 24, 9.5),
    },
  ],
  lines: [
    {
      id: 'passage-line',
      name: { ja: '通路', en: 'Passage' },
      from: [14, 6.1],
      to: [14, 3.9],
    },
    {
      id: 'hall-line',
      name: { ja: 'ホール', en: 'Hall' },
      from: [20, 9.2],
      to: [20, 0.8],
    },
  ],
  cameras: [
    {
      id: 'room-south',
      at: [0.3, 0.3, 4],
      yawDeg: 40,
      tiltDeg: 27,
      fieldOfViewDeg: 88,
      maxDistanceM: 13,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'room-north',
      at: [0.3, 9.7, 4],
      yawDeg: -40,
      tiltDeg: 27,
      fieldOfViewDeg: 88,
      maxDistanceM: 13,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'funnel-east',
      at: [6.4, 5, 4.2],
      yawDeg: 0,
      tiltDeg: 33,
      fieldOfViewDeg: 84,
      maxDistanceM: 9,
    },
    {
      id: 'passage',
      at: [19.5, 5, 3.9],
      yawDeg: 180,
      tiltDeg: 30,
      fieldOfViewDeg: 80,
      maxDistanceM: 11,
    },
    {
      id: 'hall',
      at: [16.3, 9.2, 4],
      yawDeg: -45,
      tiltDeg: 30,
      rollDeg: 1,
      fieldOfViewDeg: 90,
      maxDistanceM: 12,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'room-back',
      at: [11.7, 9.7, 4],
      yawDeg: 215,
      tiltDeg: 28,
      fieldOfViewDeg: 88,
      maxDistanceM: 12,
    },
  ],
};

/** A corridor of 44 m by 4 m that opens into a hall of 20 m by 14 m. */
export function longWayWorld(): World {
  return {
    ...BARE,
    walkable: [
      closedRing([
        [0, 0],
        [44, 0],
        [44, -5],
        [64, -5],
        [64, 9],
        [44, 9],
        [44, 4],
        [0, 4],
      ]),
    ],
    obstacles: [
      { id: 'pillar-1', polygon: rectangle(53.6, 4.4, 54.1, 4.9), kind: 'pillar', heightM: 4.2 },
      { id: 'pillar-2', polygon: rectangle(53.6, -1.4, 54.1, -0.9), kind: 'pillar', heightM: 4.2 },
      { id: 'kiosk', polygon: rectangle(57, 7.4, 60, 8.9), kind: 'kiosk', heightM: 1.2 },
    ],
    doors: [
      { id: 'west', from: [0, 0.3], to: [0, 3.7] },
      { id: 'south', from: [50, -5], to: [54, -5] },
      { id: 'east', from: [64, 0], to: [64, 4] },
    ],
    ceilingHeightM: 4.2,
  };
}

/** Eight cameras with overlaps, and two stretches of the corridor (about x 12.5 to 15.5 and 34 to 37) that none sees. */
export const LONG_WAY_PLAN: PlanSketch = {
  site: 'shiokaze-long',
  name: { ja: '潮風地下通路（見本）', en: 'Shiokaze underground passage (demo)' },
  areas: [
    {
      id: 'corridor-west',
      name: { ja: '通路西', en: 'Corridor, west' },
      kind: 'walkway',
      polygon: rectangle(2.5, 0, 12.5, 4),
    },
    {
      id: 'corridor-middle',
      name: { ja: '通路中央', en: 'Corridor, middle' },
      kind: 'walkway',
      polygon: rectangle(16, 0, 34, 4),
    },
    {
      id: 'corridor-east',
      name: { ja: '通路東', en: 'Corridor, east' },
      kind: 'walkway',
      polygon: rectangle(37.5, 0, 44, 4),
    },
    {
      id: 'hall-south',
      name: { ja: 'ホール南', en: 'Hall, south' },
      kind: 'walkway',
      polygon: rectangle(44, -5, 64, 2),
    },
    {
      id: 'hall-north',
      name: { ja: 'ホール北', en: 'Hall, north' },
      kind: 'walkway',
      polygon: rectangle(44, 2, 64, 9),
    },
  ],
  lines: [
    { id: 'west-line', name: { ja: '西', en: 'West' }, from: [6, 3.85], to: [6, 0.15] },
    { id: 'middle-line', name: { ja: '中央', en: 'Middle' }, from: [25, 3.85], to: [25, 0.15] },
    { id: 'mouth-line', name: { ja: '通路口', en: 'Mouth' }, from: [42.5, 3.85], to: [42.5, 0.15] },
    { id: 'south-line', name: { ja: '南口', en: 'South' }, from: [48.5, -3.2], to: [55.5, -3.2] },
    { id: 'east-line', name: { ja: '東口', en: 'East' }, from: [61.8, 5.2], to: [61.8, -1.2] },
  ],
  cameras: [
    {
      id: 'corridor-1',
      at: [0.2, 2, 3.2],
      yawDeg: 0,
      tiltDeg: 26,
      fieldOfViewDeg: 84,
      maxDistanceM: 12.3,
      k1: -0.1,
      k2: 0.01,
    },
    {
      id: 'corridor-2',
      at: [28, 2.1, 3.2],
      yawDeg: 180,
      tiltDeg: 25,
      fieldOfViewDeg: 80,
      maxDistanceM: 12.5,
    },
    {
      id: 'corridor-3',
      at: [21.6, 2.1, 3.2],
      yawDeg: 0,
      tiltDeg: 25,
      fieldOfViewDeg: 80,
      maxDistanceM: 12.5,
    },
    {
      id: 'corridor-4',
      at: [49.5, 2, 3.4],
      yawDeg: 180,
      tiltDeg: 26,
      fieldOfViewDeg: 84,
      maxDistanceM: 12.4,
    },
    {
      id: 'hall-1',
      at: [44.3, 8.7, 3.8],
      yawDeg: -38,
      tiltDeg: 25,
      fieldOfViewDeg: 86,
      maxDistanceM: 13.5,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'hall-2',
      at: [44.3, -4.7, 3.8],
      yawDeg: 38,
      tiltDeg: 25,
      fieldOfViewDeg: 86,
      maxDistanceM: 13.5,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'hall-3',
      at: [52.5, 8.7, 3.8],
      yawDeg: -40,
      tiltDeg: 25,
      rollDeg: 1.5,
      fieldOfViewDeg: 86,
      maxDistanceM: 14,
    },
    {
      id: 'hall-4',
      at: [63.7, 8.7, 3.8],
      yawDeg: 232,
      tiltDeg: 25,
      fieldOfViewDeg: 88,
      maxDistanceM: 14,
      k1: -0.12,
      k2: 0.012,
    },
  ],
};
