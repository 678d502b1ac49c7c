import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attackGateLog,
  attackGateLogByLegs,
  auditRisk,
  findingsOf,
  judgeRebuilt,
  outsideGates,
  passagesOf,
  pick,
  rebuildPaths,
  rejoin,
  RESOLUTIONS,
  SeededRandom,
  unicityOfLegs,
  unicityOfPaths,
  type Gate,
} from '../src/index.js';
import { assign } from '../src/risk/assignment.js';
import { hallOf, hasWalks, straightWalks, walkers, type Walk } from './risk-support.js';

const random = (seed = 1) => new SeededRandom(seed);

describe('rebuilding paths from positions without a name', () => {
  it('follows people who walk past one another, and gives each a path of his own', () => {
    const { sightings, person } = straightWalks(hallOf(60, 3));
    const { count, pathOf } = rebuildPaths(sightings);
    expect(judgeRebuilt(person, pathOf).share).toBeGreaterThan(0.85);
    expect(count).toBeLessThan(75);
  });

  it('is helped by the velocities that are stored with the positions', () => {
    const crowd = hallOf(250, 0.3);
    const [blind, told] = [false, true].map((withVelocity) => {
      const { sightings, person } = straightWalks(crowd, 1, withVelocity);
      return judgeRebuilt(person, rebuildPaths(sightings).pathOf).share ?? 0;
    });
    expect(told).toBeGreaterThan((blind ?? 1) + 0.05);
  });

  it('says how likely it is that a path is one person’s', () => {
    const side: Walk = { fromS: 0, toS: 20, x0: 0, y0: 0, vx: 1, vy: 0 };
    const far = straightWalks([side, { ...side, y0: 8 }]).sightings;
    const near = straightWalks([side, { ...side, y0: 0.1 }]).sightings;
    expect([...rebuildPaths(far).chance]).toEqual([expect.closeTo(1), expect.closeTo(1)]);
    expect(Math.max(...rebuildPaths(near).chance)).toBeLessThan(0.1);
  });

  it('tells, without the truth, about how many it got right', () => {
    for (const everyS of [4, 1, 0.3]) {
      const { sightings, person } = straightWalks(hallOf(200, everyS));
      const nothing = { legs: [], legTimeStepS: 60, gates: [], placesOfGates: [] };
      const { rebuilt } = auditRisk({ sightings, person, ...nothing }, { seed: 1, cuts: 1 });
      expect(Math.abs(rebuilt.estimatedShare! - rebuilt.people!.share!)).toBeLessThan(0.25);
    }
  });

  it('does not lead from one floor to another, nor over a longer gap than is allowed', () => {
    const { sightings } = straightWalks([{ fromS: 0, toS: 9, x0: 0, y0: 0, vx: 0, vy: 0 }]);
    const floors = { ...sightings, floor: sightings.floor.map((_, i) => (i < 5 ? 0 : 1)) };
    expect(rebuildPaths(floors).count).toBe(2);
    expect(rebuildPaths(sightings, { gapS: 0.5 }).count).toBe(10);
  });

  it('counts a person as rebuilt only where one path has nine tenths of him, and little else', () => {
    const person = new Int32Array(20).fill(0, 0, 10).fill(1, 10);
    expect(judgeRebuilt(person, person)).toEqual({ people: 2, whole: 2, share: 1 });
    expect(judgeRebuilt(person, new Int32Array(20)).whole).toBe(0);
    const torn = person.map((label, i) => (i < 2 ? 2 : label));
    expect(judgeRebuilt(person, torn)).toEqual({ people: 2, whole: 1, share: 0.5 });
    const one = person.map((label, i) => (i < 1 ? 2 : label));
    expect(judgeRebuilt(person, one).whole).toBe(2);
  });

  it.skipIf(!hasWalks)('rebuilds four of five real walkers whole, and more', () => {
    const names = ['biwi_hotel', 'crowds_zara01', 'crowds_zara02'];
    const shares = names.map((name) => {
      const { sightings, person } = walkers(name);
      return judgeRebuilt(person, rebuildPaths(sightings).pathOf);
    });
    const whole = shares.reduce((sum, share) => sum + share.whole, 0);
    const people = shares.reduce((sum, share) => sum + share.people, 0);
    expect(people).toBeGreaterThan(680);
    expect(whole / people).toBeGreaterThan(0.8);
  });
});

describe('rejoining paths that were cut', () => {
  it('finds nearly everyone again after a cut, and after darkness fewer', () => {
    const { sightings, person } = straightWalks(hallOf(200, 1));
    const [none, long] = [0, 5].map((darkS) =>
      rejoin(sightings, person, { darkS, cuts: 50, random: random() }),
    );
    expect(none?.share).toBeGreaterThan(0.97);
    expect(long?.share).toBeLessThan(none?.share ?? 0);
    expect(none?.cut).toBeGreaterThan(500);
  });

  it.skipIf(!hasWalks)(
    'rejoins 99 % of real walkers at an instant, over 90 % after two seconds',
    () => {
      const { sightings, person } = walkers('crowds_zara01');
      const share = (darkS: number) =>
        rejoin(sightings, person, { darkS, cuts: 100, random: random() }).share;
      expect(share(0)).toBeGreaterThan(0.99);
      expect(share(2)).toBeGreaterThan(0.9);
      expect(share(30)).toBeLessThan(0.6);
    },
  );

  it('gives the same again with the same seed', () => {
    const { sightings, person } = straightWalks(hallOf(50, 1));
    const options = () => ({ darkS: 1, cuts: 20, random: random(7) });
    expect(rejoin(sightings, person, options())).toEqual(rejoin(sightings, person, options()));
  });
});

describe('unicity', () => {
  it('singles out who was alone, and not who was with another all the time', () => {
    const one: Walk = { fromS: 0, toS: 30, x0: 0.1, y0: 0.1, vx: 1, vy: 0 };
    const { sightings, person } = straightWalks([one, { ...one, y0: 0.2 }, { ...one, y0: 30.1 }]);
    const [fine] = RESOLUTIONS;
    const { shares, paths } = unicityOfPaths(sightings, person, fine!, { random: random() });
    expect(paths).toBe(3);
    expect(shares).toEqual([1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3]);
  });

  it('never falls with another point, and is not higher where less is known', () => {
    const { sightings, person } = straightWalks(hallOf(300, 1));
    const found = RESOLUTIONS.map((resolution) =>
      unicityOfPaths(sightings, person, resolution, { random: random() }),
    );
    for (const { shares } of found)
      for (let p = 1; p < shares.length; p++)
        expect(shares[p]).toBeGreaterThanOrEqual(shares[p - 1]!);
    expect(found[0]!.shares[0]).toBeGreaterThan(found[1]!.shares[0]!);
    expect(found[1]!.shares[3]).toBeGreaterThan(found[2]!.shares[3]!);
  });

  it.skipIf(!hasWalks)('of real walkers: one exact point singles out nearly all', () => {
    const { sightings } = walkers('crowds_zara01');
    const { pathOf } = rebuildPaths(sightings);
    const at = (cellM: number, stepS: number) =>
      unicityOfPaths(sightings, pathOf, { cellM, stepS }, { random: random() }).shares;
    expect(at(0.5, 1)[0]).toBeGreaterThan(0.95);
    expect(at(5, 60)[3]).toBeGreaterThan(0.1);
    expect(at(5, 60)[3]).toBeLessThan(0.3);
  });

  it('of flow legs: the same way at the same step of time hides two in one another', () => {
    const leg = (pseudonym: string, leftS: number) => ({
      ...{ pseudonym, fromPlace: 'hall', toPlace: 'gate', leftS, reachedS: leftS },
    });
    const legs = [leg('a', 5), leg('b', 50), leg('c', 130)];
    const shares = (stepS: number) => unicityOfLegs(legs, stepS, { random: random() }).shares;
    expect(shares(1)[0]).toBe(1);
    expect(shares(60)).toEqual([1 / 3, 1 / 3, 1 / 3, 1 / 3, 1 / 3]);
    expect(shares(600)[4]).toBe(0);
  });
});

describe('the attacker who holds the gate log', () => {
  const gates: Gate[] = [0, 1, 2, 3].map((i) => ({
    floor: 0,
    line: [
      [0, i * 2.5],
      [0, i * 2.5 + 2.5],
    ],
  }));
  const { sightings, person } = straightWalks(hallOf(150, 3));
  const passages = passagesOf(sightings, person, gates);

  it('names nearly every path where the positions at the gate are stored', () => {
    const attack = attackGateLog(
      sightings,
      rebuildPaths(sightings).pathOf,
      gates,
      passages,
      person,
    );
    expect(attack.passages).toBe(150);
    expect(attack.rightShare).toBeGreaterThan(0.9);
    expect(attack.share).toBeGreaterThan(0.8);
  });

  it('is not kept from those who walk straight on, where what is within 5 m of a gate is not stored', () => {
    const kept = outsideGates(sightings, gates);
    const stored = pick(sightings, kept);
    const whose = Int32Array.from(kept, (i) => person[i]!);
    const attack = attackGateLog(stored, rebuildPaths(stored).pathOf, gates, passages, whose);
    expect(stored.count).toBeLessThan(0.75 * sightings.count);
    expect(attack.share).toBeGreaterThan(0.5);
  });

  it.skipIf(!hasWalks)('names far fewer real walkers where it is not stored', () => {
    const real = walkers('crowds_zara02');
    const lanes: Gate[] = Array.from({ length: 15 }, (_, y) => ({
      floor: 0,
      line: [
        [7, y],
        [7, y + 1],
      ],
    }));
    const log = passagesOf(real.sightings, real.person, lanes);
    const { pathOf } = rebuildPaths(real.sightings);
    const all = attackGateLog(real.sightings, pathOf, lanes, log, real.person);
    const kept = outsideGates(real.sightings, lanes);
    const stored = pick(real.sightings, kept);
    const whose = Int32Array.from(kept, (i) => real.person[i]!);
    const few = attackGateLog(stored, rebuildPaths(stored).pathOf, lanes, log, whose);
    expect(all.rightShare).toBeGreaterThan(0.8);
    expect(few.rightShare).toBeLessThan(0.6);
    expect(few.share).toBeLessThan(all.share! - 0.1);
  });

  it('leaves no position near a gate of its own floor, and all others', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -20, max: 20, noNaN: true }), fc.nat(30), fc.nat(1))),
        (places) => {
          const at = { ...sightings, count: places.length };
          at.xM = Float64Array.from(places, ([x]) => x);
          at.yM = Float64Array.from(places, ([, y]) => y - 10);
          at.floor = Uint16Array.from(places, ([, , floor]) => floor);
          const kept = new Set(outsideGates(at, gates));
          places.forEach(([x, y, floor], i) => {
            const beyondM = Math.max(0, -(y - 10), y - 10 - 10);
            const isNear = floor === 0 && Math.hypot(x, beyondM) < 5;
            expect(kept.has(i)).toBe(!isNear);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('finds a leg by the place and the step of time', () => {
    const leg = (pseudonym: string, leftS: number) => ({
      ...{ pseudonym, fromPlace: 'hall', toPlace: 'gate', leftS, reachedS: leftS },
    });
    const found = (legs: Parameters<typeof attackGateLogByLegs>[0], stepS: number) =>
      attackGateLogByLegs(legs, [['gate']], [{ gate: 0, atS: 65 }], stepS).singledOut;
    expect(found([leg('a', 65)], 1)).toBe(1);
    expect(found([leg('a', 60), leg('b', 60)], 60)).toBe(0);
    expect(found([leg('a', 60), leg('b', 120)], 60)).toBe(1);
    // Whoever reached the area before and has not left it was there too.
    const stays = [
      leg('a', 10),
      { ...leg('a', 90), fromPlace: 'gate', toPlace: 'exit' },
      leg('b', 60),
    ];
    expect(found(stays, 10)).toBe(0);
  });
});

describe('an audit of nothing', () => {
  it('finds nothing, rather than a zero', () => {
    const { sightings } = straightWalks([]);
    const nothing = { sightings, legs: [], legTimeStepS: 60, gates: [], placesOfGates: [] };
    const figures = auditRisk(nothing, { seed: 1 });
    const limits = { rebuiltShareMax: 0, rejoinedShareMax: 0, legUnicityMax: 0, gateLogMax: 0 };
    const findings = findingsOf(figures, limits);
    expect(findings.map(({ value, isOver }) => [value, isOver])).toEqual([
      [null, false],
      [null, false],
      [null, false],
      [null, false],
    ]);
  });
});

describe('putting ends together at the least cost', () => {
  it('is as good as trying every way', () => {
    const costs = fc.array(fc.array(fc.nat(30), { minLength: 3, maxLength: 3 }), {
      ...{ minLength: 1, maxLength: 3 },
    });
    fc.assert(
      fc.property(costs, (rows) => {
        const ALONE = 20;
        const candidates = rows.flatMap((row, left) =>
          row.map((cost, right) => ({ left, right, cost })),
        );
        const chosen = assign(candidates, ALONE);
        const total =
          chosen.reduce((sum, { cost }) => sum + cost, 0) + ALONE * (rows.length - chosen.length);
        const best = (left: number, used: number[]): number =>
          left === rows.length
            ? 0
            : Math.min(
                ALONE + best(left + 1, used),
                ...[0, 1, 2]
                  .filter((right) => !used.includes(right))
                  .map((right) => rows[left]![right]! + best(left + 1, [...used, right])),
              );
        expect(total).toBe(best(0, []));
      }),
      { numRuns: 200 },
    );
  });
});
