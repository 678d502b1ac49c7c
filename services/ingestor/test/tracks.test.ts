import { decodeObservation, Kind, parsePlan, type PlanCamera } from '@hitonami/model';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DeviceTracks } from '../src/device-tracks.js';
import { PositionSource } from '../src/position-source.js';
import { station } from './support.js';

describe('the tracks of a device', () => {
  it('keep their number while they move as people and things do', () => {
    const tracks = new DeviceTracks();
    const first = tracks.step('9', 1_000_000, 0, 0);
    const second = tracks.step('9', 1_500_000, 1, -0.5);
    expect(second).toMatchObject({ number: first.number, vxMS: 2, vyMS: -1 });
  });

  it('get another number when they come back after a long time, or jump faster than anything moves', () => {
    const tracks = new DeviceTracks();
    const first = tracks.step('9', 1_000_000, 0, 0).number;
    expect(tracks.step('9', 1_200_000, 50, 0)).toMatchObject({ vxMS: 0, vyMS: 0 });
    expect(tracks.step('9', 1_400_000, 50, 0).number).not.toBe(first);
    const second = tracks.step('9', 1_600_000, 50, 0).number;
    expect(tracks.step('9', 30_000_000, 50, 0).number).not.toBe(second);
  });

  it('get another number after more than ten seconds unseen, also between two sweeps', () => {
    const tracks = new DeviceTracks();
    tracks.step('1', 1_000_000_000, 0, 0);
    const { number } = tracks.step('2', 1_009_000_000, 0, 0);
    tracks.step('1', 1_010_000_000, 0, 0);
    expect(tracks.step('2', 1_019_900_000, 50, 50)).toMatchObject({ vxMS: 0, vyMS: 0 });
    expect(tracks.step('2', 1_019_950_000, 50, 50).number).not.toBe(number);
    const { number: near } = tracks.step('3', 1_020_000_000, 0, 0);
    expect(tracks.step('3', 1_030_000_000, 1, 0)).toMatchObject({ number: near });
  });

  it('are remembered up to a limit: those unseen longest go first', () => {
    const tracks = new DeviceTracks(3);
    const numberOf = (track: string, atUs: number) => tracks.step(track, atUs, 0, 0).number;
    const [a, b] = [numberOf('a', 1_000_000), numberOf('b', 1_000_000)];
    for (const [i, track] of ['c', 'b', 'd'].entries()) numberOf(track, 1_200_000 + i);
    expect(tracks.size).toBe(3);
    expect(numberOf('b', 1_400_000)).toBe(b);
    expect(numberOf('a', 1_400_000)).not.toBe(a);
  });
});

describe('the names that a source gives', () => {
  const plan = parsePlan(station());
  const camera = plan.cameras[0] as PlanCamera;
  /** Who is in which frame, and what each is called there. */
  function namesOf(limit: number, frames: readonly (readonly number[])[]): Map<number, bigint>[] {
    const source = new PositionSource(camera, limit);
    return frames.map((tracks, i) => {
      const still = { xM: 0, yM: 0, vxMS: 0, vyMS: 0, confidence: 1, kind: Kind.person };
      const { value } = source.encode(plan, {
        ...{ sequence: i, capturedUs: 1e15 + 100_000 * i, receivedUs: 1e15, periodUs: 100_000 },
        ...{ floor: 'f1', blind: false, saturation: 0 },
        people: tracks.map((track) => ({ track, ...still })),
      });
      const observation = decodeObservation(value);
      if (observation.type !== 'positions') throw new Error('it is no frame of positions');
      const { frame } = observation;
      return new Map(
        tracks.map((track, k) => [track, frame.view.getBigUint64(frame.trackAt + 8 * k, true)]),
      );
    });
  }

  it('are as many as may be in one frame, and whoever was in the last frame keeps theirs', () => {
    const LIMIT = 5;
    const frame = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: LIMIT });
    fc.assert(
      fc.property(fc.array(frame, { minLength: 2, maxLength: 12 }), (frames) => {
        const names = namesOf(LIMIT, frames);
        names.forEach((now, i) => {
          for (const [track, name] of names[i - 1] ?? [])
            if (now.has(track)) expect(now.get(track)).toBe(name);
        });
      }),
    );
  });

  it('of those gone longest are forgotten first, once there are others to name', () => {
    const names = namesOf(3, [[1, 2], [2, 3], [4], [2, 1]]);
    expect(names[3]?.get(2)).toBe(names[0]?.get(2));
    expect(names[3]?.get(1)).not.toBe(names[0]?.get(1));
  });
});
