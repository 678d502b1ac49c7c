import { startAtLine, stepAcrossLine, type BandVisit, type LineGeometry } from '@hitonami/crowd';
import { Tracker, type PlaneDetection } from '@hitonami/tracking';
import { describe, expect, it } from 'vitest';

/** A line of 6 m along x at y = 0, counted towards the north (left of its direction) and back. */
const LINE: LineGeometry = {
  ...{ index: 0, floor: 0, xMm: -3000, yMm: 0, ux: 1, uy: 0, lengthMm: 6000 },
  ...{ plan: {} as LineGeometry['plan'], ownerId: 'camera', ownerKind: 'camera' },
};
const PERIOD_US = 200_000;

/** What tracker and count line make of people seen at 5 frames/s. */
function counted(frames: readonly (readonly (readonly [x: number, y: number])[])[]) {
  const tracker = new Tracker();
  const tracks = new Map<number, { x: number; y: number; visits: BandVisit[] }>();
  const counts = { forward: 0, backward: 0, tracks: 0 };
  frames.forEach((people, i) => {
    const detections = people.map(([x, y]): PlaneDetection => ({
      x,
      y,
      confidence: 0.9,
      kind: 0,
      cov: [0.01, 0, 0.01],
    }));
    for (const person of tracker.step(i * PERIOD_US, detections)) {
      const [x, y] = [Math.round(person.x * 1000), Math.round(person.y * 1000)];
      const track = tracks.get(person.track);
      if (track === undefined) {
        const visits: BandVisit[] = [];
        startAtLine(LINE, visits, x, y);
        tracks.set(person.track, { x, y, visits });
        continue;
      }
      const passage = stepAcrossLine(LINE, track.visits, track.x, track.y, x, y);
      if (passage !== 'none') counts[passage]++;
      Object.assign(track, { x, y });
    }
  });
  return { ...counts, tracks: tracks.size };
}

const steps = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
/** An error of the detector that is the same in every run, metres. */
const wobble = (i: number): number => 0.12 * Math.sin(12.9898 * i + 1);

describe('a count line with the tracker before it', () => {
  it('counts who walks across it, once', () => {
    const walk = steps(40).map((i) => [[wobble(i), -4 + 0.2 * i + wobble(i + 50)] as const]);
    expect(counted(walk)).toEqual({ forward: 1, backward: 0, tracks: 1 });
    expect(counted([...walk].reverse())).toEqual({ forward: 0, backward: 1, tracks: 1 });
  });

  it('does not count who loiters on it, and counts once who goes on at last', () => {
    const come = steps(15).map((i) => [[0, -3 + 0.2 * i] as const]);
    const loiter = steps(300).map((i) => [
      [0.3 * Math.sin(i / 9), 0.2 * Math.sin(i / 5) + wobble(i)] as const,
    ]);
    const back = steps(15).map((i) => [[0, -0.2 * i] as const]);
    const on = steps(15).map((i) => [[0, 0.2 * i] as const]);
    expect(counted([...come, ...loiter])).toMatchObject({ forward: 0, backward: 0 });
    expect(counted([...come, ...loiter, ...back])).toMatchObject({ forward: 0, backward: 0 });
    expect(counted([...come, ...loiter, ...on])).toMatchObject({ forward: 1, backward: 0 });
  });

  it('does not count who turns back on it', () => {
    const turn = [...steps(18), ...steps(18).reverse()].map((i) => [[0, -3.2 + 0.2 * i] as const]);
    expect(counted(turn)).toEqual({ forward: 0, backward: 0, tracks: 1 });
  });

  it('is not inflated by a switch of identities on it: two who meet there and turn back cross nothing more than once', () => {
    // Whoever the tracker takes them for, two people leave on two sides: either none has passed, or one each way.
    const meet = steps(41).map((i) => {
      const y = Math.abs(i - 20) * 0.2 + 0.08;
      return [[0.05, -y] as const, [-0.05, y] as const];
    });
    const { forward, backward } = counted(meet);
    expect(forward).toBe(backward);
    expect(forward).toBeLessThanOrEqual(1);
  });

  it('keeps the identity of who is unseen on the line for a second, and counts once', () => {
    const walk = steps(50).map((i) => (i >= 17 && i < 22 ? [] : [[0, -4 + 0.2 * i] as const]));
    expect(counted(walk)).toEqual({ forward: 1, backward: 0, tracks: 1 });
  });

  it('never counts more than once who is given a new identity on it', () => {
    // Unseen for longer than any track is kept, on the line itself: the passage is missed, never made twice.
    const walk = steps(70).map((i) => {
      if (i >= 20 && i < 35) return [];
      return [[0, i < 20 ? -4 + 0.2 * i : 0.2 * (i - 35)] as const];
    });
    const { forward, backward, tracks } = counted(walk);
    expect([backward, tracks]).toEqual([0, 2]);
    expect(forward).toBeLessThanOrEqual(1);
  });
});
