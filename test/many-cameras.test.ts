import { describe, expect, it } from 'vitest';
import { concourse, runEightCameras } from './support/eight-cameras.js';
import { judge } from './support/judge-cameras.js';

/** Short, so that the whole suite is. */
const SECONDS = 150;

describe('eight cameras with overlaps and a blind gap, through the tracker of each', () => {
  it('count each person once, each passage once, and know where people go', () => {
    const judged = judge(runEightCameras({ seed: 7, scenario: concourse(SECONDS, 120) }));
    expect(judged.siteError).toBeLessThan(0.03);
    expect(judged.personError).toBeLessThan(0.045);
    expect(judged.crossingError).toBeLessThan(0.025);
    // Pairs of places have few journeys each in so short a run, so that each wrong one shows.
    expect(judged.odError).toBeLessThan(0.65);
    expect(Math.abs(judged.journeyRatio - 1)).toBeLessThan(0.1);
    expect(judged.moved).toEqual([]);
  }, 180_000);

  it('show when one of them was turned by 5°', () => {
    const angle = (5 * Math.PI) / 180;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    // It hangs above x = 20.5 m at the south wall, and believes that it still looks where it did.
    const place = (x: number, y: number): [number, number] => [
      20.5 + cos * (x - 20.5) - sin * y,
      sin * (x - 20.5) + cos * y,
    ];
    const moved = { camera: 'camera-south-2', fromS: 20, place };
    const judged = judge(runEightCameras({ seed: 8, scenario: concourse(SECONDS, 150), moved }));
    expect(judged.moved).toContain('camera-south-2');
  }, 180_000);
});
