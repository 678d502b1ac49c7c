import type { Obstacle, Train, World } from '../world.js';
import { closedRing } from '../geometry.js';
import { rectangle, type PlanSketch } from './plan.js';

const LONG_TRAIN: Omit<Train, 'timetable'> = {
  id: 'local',
  platform: 'platform-1',
  doorsM: [2.6, 7.4, 12.2, 17, 21.8, 26.6, 31.4],
  doorWidthM: 1.3,
  to: { 'stairs-west': 3, 'stairs-middle': 5 },
};

/** A side platform of 34 m with stairs at its west end and in its middle. */
export function longPlatformWorld(timetable: Train['timetable']): World {
  const pillar = (x: number): Obstacle => ({
    id: `pillar-${x}`,
    polygon: rectangle(x - 0.2, 4.4, x + 0.2, 4.8),
    kind: 'pillar',
    heightM: 3.8,
  });
  return {
    walkable: [
      closedRing([
        [0, 0],
        [34, 0],
        [34, 7],
        [20, 7],
        [20, 11],
        [15, 11],
        [15, 7],
        [0, 7],
        [0, 6],
        [-4, 6],
        [-4, 2.5],
        [0, 2.5],
      ]),
    ],
    obstacles: [
      pillar(5),
      pillar(12),
      pillar(23),
      pillar(30),
      { id: 'bench-1', polygon: rectangle(8, 6.5, 10, 6.95), kind: 'bench', heightM: 0.45 },
      { id: 'bench-2', polygon: rectangle(25, 6.5, 27, 6.95), kind: 'bench', heightM: 0.45 },
      { id: 'vending', polygon: rectangle(22.2, 6.2, 23.4, 6.95), kind: 'kiosk', heightM: 1.5 },
    ],
    doors: [
      { id: 'stairs-west', from: [-4, 2.5], to: [-4, 6] },
      { id: 'stairs-middle', from: [15, 11], to: [20, 11] },
    ],
    gates: [],
    stairs: [
      { id: 'west', polygon: rectangle(-4, 2.5, -1.5, 6), slowdown: 0.55, towards: [-1, 0] },
      { id: 'middle', polygon: rectangle(15, 8.5, 20, 11), slowdown: 0.55, towards: [0, 1] },
    ],
    platforms: [
      {
        id: 'platform-1',
        edge: [
          [0, 0],
          [34, 0],
        ],
        waitingDepthM: 5.6,
      },
    ],
    trains: [{ ...LONG_TRAIN, timetable }],
    ceilingHeightM: 3.8,
  };
}

export const LONG_PLATFORM_PLAN: PlanSketch = {
  site: 'shiokaze-platform',
  name: { ja: '潮風駅1番線（見本）', en: 'Shiokaze Station, platform 1 (demo)' },
  areas: [
    {
      id: 'platform-west',
      name: { ja: 'ホーム西', en: 'Platform, west' },
      kind: 'walkway',
      polygon: rectangle(0, 0, 12, 7),
    },
    {
      id: 'platform-middle',
      name: { ja: 'ホーム中央', en: 'Platform, middle' },
      kind: 'walkway',
      polygon: rectangle(12, 0, 22, 7),
    },
    {
      id: 'platform-east',
      name: { ja: 'ホーム東', en: 'Platform, east' },
      kind: 'walkway',
      polygon: rectangle(22, 0, 34, 7),
    },
    {
      id: 'stairs-middle-foot',
      name: { ja: '中央階段下', en: 'Foot of the middle stairs' },
      kind: 'stairs',
      polygon: rectangle(15, 7, 20, 9.5),
    },
  ],
  lines: [
    {
      id: 'west-exit',
      name: { ja: '西階段', en: 'West stairs' },
      from: [-0.7, 2.7],
      to: [-0.7, 5.8],
    },
    {
      id: 'middle-exit',
      name: { ja: '中央階段', en: 'Middle stairs' },
      from: [15.2, 7.6],
      to: [19.8, 7.6],
    },
  ],
  cameras: [
    {
      id: 'west-stairs',
      at: [7.6, 3.2, 3.4],
      yawDeg: 180,
      tiltDeg: 27,
      fieldOfViewDeg: 84,
      maxDistanceM: 11,
      k1: -0.1,
      k2: 0.01,
    },
    {
      id: 'west',
      at: [5.8, 6.7, 3.4],
      yawDeg: -23,
      tiltDeg: 27,
      fieldOfViewDeg: 82,
      maxDistanceM: 13,
    },
    {
      id: 'middle-stairs',
      at: [17.5, 0.3, 3.6],
      yawDeg: 90,
      tiltDeg: 30,
      fieldOfViewDeg: 88,
      maxDistanceM: 10.5,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'middle',
      at: [26.6, 6.3, 3.4],
      yawDeg: 203,
      tiltDeg: 27,
      rollDeg: 1,
      fieldOfViewDeg: 82,
      maxDistanceM: 13,
    },
    {
      id: 'east',
      at: [33.7, 6.7, 3.4],
      yawDeg: 204,
      tiltDeg: 27,
      fieldOfViewDeg: 84,
      maxDistanceM: 13,
      k1: -0.1,
      k2: 0.01,
    },
    {
      id: 'far-east',
      at: [21.2, 6.7, 3.4],
      yawDeg: -22,
      tiltDeg: 27,
      fieldOfViewDeg: 82,
      maxDistanceM: 13,
    },
  ],
};

/** A short platform of 18 m with one flight of stairs at its west end: who comes down stands before who waits. */
export function shortPlatformWorld(timetable: Train['timetable']): World {
  return {
    walkable: [
      closedRing([
        [0, 0],
        [18, 0],
        [18, 5],
        [0, 5],
        [0, 4.4],
        [-4.5, 4.4],
        [-4.5, 1.2],
        [0, 1.2],
      ]),
    ],
    obstacles: [
      { id: 'pillar-1', polygon: rectangle(8.8, 3.9, 9.2, 4.3), kind: 'pillar', heightM: 3.8 },
      { id: 'bench', polygon: rectangle(14, 4.5, 16, 4.95), kind: 'bench', heightM: 0.45 },
    ],
    doors: [{ id: 'stairs', from: [-4.5, 1.2], to: [-4.5, 4.4] }],
    gates: [],
    stairs: [
      { id: 'stairs', polygon: rectangle(-4.5, 1.2, -1.6, 4.4), slowdown: 0.55, towards: [-1, 0] },
    ],
    platforms: [
      {
        id: 'platform-2',
        edge: [
          [0, 0],
          [18, 0],
        ],
        waitingDepthM: 4.7,
      },
    ],
    trains: [
      {
        id: 'delayed',
        platform: 'platform-2',
        doorsM: [2.4, 6.8, 11.2, 15.6],
        doorWidthM: 1.3,
        to: { stairs: 1 },
        timetable,
      },
    ],
    ceilingHeightM: 3.8,
  };
}

export const SHORT_PLATFORM_PLAN: PlanSketch = {
  site: 'shiokaze-narrow',
  name: { ja: '潮風駅2番線（見本）', en: 'Shiokaze Station, platform 2 (demo)' },
  areas: [
    {
      id: 'stairs-landing',
      name: { ja: '階段前', en: 'Before the stairs' },
      kind: 'walkway',
      polygon: rectangle(0.2, 0.8, 4.2, 4.8),
    },
    {
      id: 'platform-middle',
      name: { ja: 'ホーム中央', en: 'Platform, middle' },
      kind: 'walkway',
      polygon: rectangle(4.2, 0, 11, 5),
    },
    {
      id: 'platform-east',
      name: { ja: 'ホーム東', en: 'Platform, east' },
      kind: 'walkway',
      polygon: rectangle(11, 0, 18, 5),
    },
  ],
  lines: [
    {
      id: 'stairs-line',
      name: { ja: '階段', en: 'Stairs' },
      from: [-0.8, 1.4],
      to: [-0.8, 4.2],
    },
    {
      id: 'middle-line',
      name: { ja: 'ホーム中央線', en: 'Middle of the platform' },
      from: [11, 0.25],
      to: [11, 4.75],
    },
  ],
  cameras: [
    {
      id: 'stairs',
      at: [6.6, 2.6, 3.5],
      yawDeg: 180,
      tiltDeg: 32,
      fieldOfViewDeg: 86,
      maxDistanceM: 9,
      k1: -0.12,
      k2: 0.012,
    },
    {
      id: 'landing',
      at: [0.2, 4.75, 3.6],
      yawDeg: -40,
      tiltDeg: 36,
      fieldOfViewDeg: 92,
      maxDistanceM: 9,
      k1: -0.14,
      k2: 0.015,
    },
    {
      id: 'middle',
      at: [4.6, 4.8, 3.5],
      yawDeg: -20,
      tiltDeg: 30,
      fieldOfViewDeg: 86,
      maxDistanceM: 11,
    },
    {
      id: 'east',
      at: [17.8, 4.8, 3.6],
      yawDeg: 205,
      tiltDeg: 30,
      fieldOfViewDeg: 86,
      maxDistanceM: 11.5,
    },
    {
      id: 'edge',
      at: [12.8, 4.8, 3.6],
      yawDeg: 215,
      tiltDeg: 34,
      rollDeg: -1.5,
      fieldOfViewDeg: 90,
      maxDistanceM: 10,
      k1: -0.12,
      k2: 0.012,
    },
  ],
};
