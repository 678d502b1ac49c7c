import { parsePlan } from '@hitonami/model';
import type { PositionBatch } from '@hitonami/service';
import { startScenario, type Scenario } from '@hitonami/simulator';
import { label, lineFrom, planText, rectangle } from './plans.js';

/** 2026-04-01T00:00:00Z, µs: the start of an hour. */
export const WALK_START_US = 1_775_001_600_000_000;

const PERIOD_MS = 200;

/** A hall of 20 m × 10 m that two sensors see, with a line between its halves. */
export const walkPlan = planText({
  site: 'hall',
  areas: [
    { id: 'west', floor: 'f1', name: label, kind: 'walkway', polygon: rectangle(0, 0, 10, 10) },
    { id: 'east', floor: 'f1', name: label, kind: 'queue', polygon: rectangle(10, 0, 20, 10) },
  ],
  lines: [{ id: 'between', floor: 'f1', name: label, line: lineFrom([10, 0.1], [10, 9.9]) }],
  cameras: [
    { id: 'sensor-west', floor: 'f1', coverage: rectangle(0, 0, 11, 10) },
    { id: 'sensor-east', floor: 'f1', coverage: rectangle(9, 0, 20, 10) },
  ],
});

const scenario: Scenario = {
  name: 'hall',
  plan: parsePlan(walkPlan),
  world: {
    walkable: [
      [
        [0, 0],
        [20, 0],
        [20, 10],
        [0, 10],
        [0, 0],
      ],
    ],
    doors: [
      { id: 'west', from: [0, 2], to: [0, 8] },
      { id: 'east', from: [20, 2], to: [20, 8] },
    ],
    ...{ obstacles: [], gates: [], stairs: [], platforms: [], trains: [] },
  },
  durationS: 600,
  cameras: [],
  demand: {
    streams: [
      { from: 'west', to: { east: 1 }, ratePerMin: [[0, 40]] },
      { from: 'east', to: { west: 1 }, ratePerMin: [[0, 40]] },
    ],
    ...{ groups: [], crowds: [], pairShare: 0.2, pauseShare: 0.05, maxPeople: 200 },
    kinds: { pushchair: 0, wheelchair: 0, bicycle: 0 },
  },
};

/** What the two sensors report of a simulated crowd, in the order of capture; the same each time. */
export function walkBatches(seconds: number): PositionBatch[] {
  const simulation = startScenario(scenario, 7);
  const batches: PositionBatch[] = [];
  for (let sequence = 0; sequence * PERIOD_MS < seconds * 1000; sequence++) {
    simulation.step(PERIOD_MS / 1000);
    const people = simulation.people();
    for (const [camera, from, to] of [
      ['sensor-west', 0, 11],
      ['sensor-east', 9, 20],
    ] as const) {
      const seen = people.filter(({ x }) => x >= from && x <= to);
      batches.push({
        site: 'hall',
        camera,
        sequence,
        capturedUs: WALK_START_US + sequence * PERIOD_MS * 1000,
        periodUs: PERIOD_MS * 1000,
        blind: false,
        floor: '',
        xM: seen.map(({ x }) => x),
        yM: seen.map(({ y }) => y),
        vxMS: seen.map(({ vx }) => vx),
        vyMS: seen.map(({ vy }) => vy),
        confidence: [],
        kind: [],
        track: seen.map(({ id }) => String(id)),
      });
    }
  }
  return batches;
}
