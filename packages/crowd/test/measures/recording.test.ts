import { expect, it } from 'vitest';
import { label, lineFrom, rectangle, testPlan } from '../../../../test/support/plans.js';
import { measureRecording } from '../../src/index.js';
import { record, walk } from './trajectories.js';

it('a recording on a plan gives every measure of its areas and lines', () => {
  const area = (id: string, kind: string, x0: number, x1: number) => ({
    id,
    floor: 'f1',
    name: label,
    kind,
    polygon: rectangle(x0, 0, x1, 10),
  });
  const plan = testPlan({
    areas: [area('hall', 'walkway', 0, 5), area('gates', 'queue', 5, 10)],
    lines: [{ id: 'middle', floor: 'f1', name: label, line: lineFrom([5, 1], [5, 9]) }],
  });
  const paths = [
    // Through the hall to the gate, waits 10 s, and goes.
    walk([0, 0.5, 5], [8, 8.5, 5], [18, 8.5, 5], [19, 9.5, 5]),
    // Comes behind, gives up after 5 s, and goes back.
    walk([2, 0.5, 5.2], [9, 7.5, 5.2], [14, 7.5, 5.2], [22, 0.5, 5.2]),
  ];
  const found = measureRecording(plan, 'f1', record(paths, 25), {
    servers: { gates: [[9, 5]] },
  });
  expect(found.places).toEqual(['hall', 'gates']);
  expect([...found.originDestination]).toEqual([1, 1, 0, 0]);
  expect([...found.legs]).toEqual([0, 2, 1, 0]);
  expect(found.lines[0]?.crossings.map(({ person, direction }) => [person, direction])).toEqual([
    [0, 'backward'],
    [1, 'backward'],
    [1, 'forward'],
  ]);
  const [hall, gates] = found.areas;
  expect(hall?.queue).toBeUndefined();
  expect(hall?.meanSpeed).toBeCloseTo(1, 0);
  expect(gates?.queue?.visits.map(({ end }) => end)).toEqual(['served', 'left']);
  expect(gates?.queue?.visits[0]?.waitS).toBeCloseTo(10, 0);
  expect(gates?.queue?.visits[1]?.waitS).toBeCloseTo(5, 0);
  expect(gates?.framesByLevel.A).toBe(gates?.density.values.length);
  expect(gates?.densest?.density).toBeCloseTo(2 / 2.25, 9);
  expect(gates?.stopAndGo.restarts).toBe(2);
  const personS = found.heatMap?.personS.reduce((sum, value) => sum + value, 0) ?? 0;
  expect(personS).toBeCloseTo(19.1 + 20.1, 6);
});

it('a floor that the plan does not have, and a recording of nobody, give nothing', () => {
  const none = record([], 5);
  expect(measureRecording(testPlan(), 'roof', none).heatMap).toBeUndefined();
  const [hall] = measureRecording(testPlan(), 'f1', none).areas;
  expect(hall?.meanSpeed).toBeNaN();
  expect(hall?.densest).toBeUndefined();
});
