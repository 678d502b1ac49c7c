import type { MeasuredCell, ReleasedCell } from '@hitonami/model';
import { describe, expect, it } from 'vitest';
import {
  attack,
  NOTHING_KNOWN,
  protectBlock,
  type Known,
  type KnownRelease,
} from '../src/index.js';
import {
  areaCell,
  cellsOf,
  HOUR_MS,
  K,
  QUARTER_MS,
  rulesOf,
  solver,
  toldOf,
  wayCell,
} from './disclosure-support.js';

const protect = (cells: MeasuredCell[], known: Known = NOTHING_KNOWN, changed = {}) =>
  protectBlock(cells, rulesOf(changed), known, solver);

const release = (cells: readonly ReleasedCell[], changed: Partial<KnownRelease> = {}) => ({
  subject: 'areas' as const,
  roundedTo: 1,
  isEarlierVersion: false,
  cells,
  ...changed,
});

const steady = (people: number) => ({ mean: people, peak: people });

/** An hour of an area that has so many in each quarter. */
const quarters = (...people: number[]) => people.map(steady);

describe('a cell', () => {
  it('is told where k people were, and absent where fewer were; none and few look the same', () => {
    const { cells, few } = protect([
      areaCell('hall', 0, { mean: 4, peak: 10 }),
      areaCell('stairs', 0, { mean: 4, peak: 9 }),
      areaCell('shop', 0, { mean: 0, peak: 0 }),
    ]);
    const [hall, stairs, shop] = cells;
    expect(hall?.absent).toBeUndefined();
    expect(stairs).toEqual({ ...shop, key: stairs?.key });
    expect(stairs).toMatchObject({ absent: 'protected', measures: {} });
    expect(few).toBe(2);
  });

  it('is not-seen by its coverage alone, and not-measured where it has no measures', () => {
    const empty = areaCell('hall', 0, steady(0), { coverage: 0.49 });
    const full = areaCell('hall', 0, steady(80), { coverage: 0.49 });
    const [one] = protect([empty]).cells;
    const [other] = protect([full]).cells;
    expect(one).toEqual(other);
    expect(one?.absent).toBe('not-seen');
    expect(protect([{ ...full, measures: {} }]).cells[0]?.absent).toBe('not-measured');
  });

  it('has no saturation where it is absent: an empty place has none', () => {
    const quality = { coverage: 1, doubtful: 0, saturation: 0.3 };
    const cell = { ...areaCell('hall', 0, steady(3)), quality };
    expect(protect([cell]).cells[0]?.quality.saturation).toBeNull();
  });

  it('says in density and level no more than in its rounded occupancy', () => {
    const areas = new Map([['hall', { areaM2: 50, los: (d: number) => (d > 0.5 ? 'F' : 'A') }]]);
    const told = [23, 24.9, 26].map(
      (mean) =>
        protect([areaCell('hall', 0, { mean, peak: 40 })], NOTHING_KNOWN, { areas, roundedTo: 5 })
          .cells[0]?.measures,
    );
    expect(told[0]).toMatchObject({ occupancy: 25, occupancyMax: 40, density: 0.5, los: 'A' });
    expect(told[1]).toEqual(told[0]);
    expect(told[2]).toEqual(told[0]);
  });

  it('is refused where it holds no number of people', () => {
    expect(() => protect([areaCell('hall', 0, { mean: -1, peak: 20 })])).toThrow(/-1 people/);
  });
});

describe('complementary suppression', () => {
  const hall = areaCell('hall', 0, steady(50));
  const stairs = areaCell('stairs', 0, steady(12));
  const shop = areaCell('shop', 0, steady(3));
  const whole = areaCell(undefined, 0, steady(65));

  it('withholds a second place where one could be taken from the sum', () => {
    const { cells, few, complementary } = protect([whole, hall, stairs, shop]);
    expect(cells.map(({ absent }) => absent)).toEqual([
      undefined,
      undefined,
      'protected',
      'protected',
    ]);
    expect({ few, complementary }).toEqual({ few: 1, complementary: 1 });
  });

  it('is what keeps the attacker out: without it the cell is found', () => {
    const { cells } = protect([whole, hall, stairs, shop], NOTHING_KNOWN, {
      isComplementary: false,
    });
    const known = { releases: [release(cells)], observations: [] };
    const [found] = attack(known, K, solver);
    expect(found).toMatchObject({ key: shop.key, isNarrowed: true });
    expect([found?.min, found?.max]).toEqual([2.5, 4]);
    const safe = protect([whole, hall, stairs, shop]).cells;
    const after = attack({ releases: [release(safe)], observations: [] }, K, solver);
    expect(after.map(({ isNarrowed }) => isNarrowed)).toEqual([false, false]);
  });

  it('withholds the sum where no place is enough', () => {
    const { cells } = protect([whole, shop]);
    expect(cells.map(({ absent }) => absent)).toEqual(['protected', 'protected']);
  });

  it('lets rounding do it where that is enough', () => {
    const { complementary } = protect([whole, hall, stairs, shop], NOTHING_KNOWN, {
      roundedTo: 10,
    });
    expect(complementary).toBe(0);
  });

  it('does not count on places that were not seen: they are in no sum', () => {
    const unseen = areaCell('deck', 0, steady(500), { coverage: 0.1 });
    const { cells } = protect([whole, unseen, hall, stairs, shop]);
    expect(toldOf(cells, undefined).measures.occupancy).toBe(65);
    expect(toldOf(cells, 'deck').absent).toBe('not-seen');
    expect(toldOf(cells, 'stairs').absent).toBe('protected');
  });

  it('does not depend on the order of the cells', () => {
    const cells = [whole, hall, stairs, shop];
    const one = protect(cells).cells;
    expect(protect([...cells].reverse()).cells).toEqual([...one].reverse());
  });

  it('takes peak and speed from a sum of which a part is withheld, where they would tell of it', () => {
    const parts = [areaCell('a', 0, steady(30)), areaCell('b', 0, steady(5)), shop];
    const { measures, quality } = toldOf(
      protect([areaCell(undefined, 0, { mean: 38, peak: 37 }), ...parts, stairs]).cells,
      undefined,
    );
    expect(measures.meanSpeedMS).toBeNull();
    expect(quality.saturation).toBeNull();
  });
});

describe('what was told before', () => {
  const world = {
    areas: ['hall', 'shop'],
    quarters: [quarters(50, 50, 50, 50), quarters(20, 20, 2, 20)],
  };
  const byQuarter = protect(cellsOf(world, 1)).cells;

  it('in shorter steps: an hour is withheld from which a quarter could be worked out', () => {
    expect(toldOf(byQuarter, 'shop', 2 * QUARTER_MS).absent).toBe('protected');
    const alone = protect(cellsOf(world, 4)).cells;
    const both = protect(cellsOf(world, 4), { releases: [release(byQuarter)], observations: [] });
    expect(toldOf(alone, 'shop').absent).toBeUndefined();
    expect(toldOf(both.cells, 'shop').absent).toBe('protected');
    const known = (hours: ReleasedCell[]) => ({
      releases: [release(byQuarter), release(hours)],
      observations: [],
    });
    expect(attack(known(alone), K, solver).some(({ isNarrowed }) => isNarrowed)).toBe(true);
    expect(attack(known(both.cells), K, solver).some(({ isNarrowed }) => isNarrowed)).toBe(false);
  });

  it('in longer steps: a second quarter is withheld instead', () => {
    const hours = protect(cellsOf(world, 4)).cells;
    const { cells, exposed } = protect(cellsOf(world, 1), {
      releases: [release(hours)],
      observations: [],
    });
    expect(exposed).toEqual([]);
    const ofShop = cells.filter(({ key }) => key.places[0] === 'shop');
    expect(ofShop.filter(({ absent }) => absent === 'protected').length).toBeGreaterThan(1);
  });

  it('by an earlier version: what that withheld stays withheld, whatever the correction says', () => {
    const before = protect([areaCell('hall', 0, steady(30)), areaCell('shop', 0, steady(4))]).cells;
    const { cells } = protect([areaCell('hall', 0, steady(31)), areaCell('shop', 0, steady(14))], {
      releases: [release(before, { isEarlierVersion: true })],
      observations: [],
    });
    expect(toldOf(cells, 'hall').measures.occupancy).toBe(31);
    expect(toldOf(cells, 'shop').absent).toBe('protected');
  });

  it('by an earlier version: what that told covers nothing', () => {
    const now = [
      areaCell(undefined, 0, steady(75)),
      areaCell('hall', 0, steady(50)),
      areaCell('stairs', 0, steady(12)),
      areaCell('deck', 0, steady(11)),
      areaCell('shop', 0, steady(2)),
    ];
    const first = protect(now.slice(1, 4)).cells;
    const { cells } = protect(now, {
      releases: [release(first, { isEarlierVersion: true })],
      observations: [],
    });
    // All others are known, so the sum has to go.
    expect(toldOf(cells, undefined).absent).toBe('protected');
  });

  it('by an earlier version: a correction of a sum does not tell of a withheld place', () => {
    const cellsWith = (hall: number) => [
      areaCell(undefined, 0, steady(hall + 15)),
      areaCell('hall', 0, steady(hall)),
      areaCell('stairs', 0, steady(12)),
      areaCell('shop', 0, steady(3)),
    ];
    const before = release(protect(cellsWith(50)).cells, { isEarlierVersion: true });
    const { cells } = protect(cellsWith(90), { releases: [before], observations: [] });
    const known = { releases: [before, release(cells)], observations: [] };
    expect(attack(known, K, solver).filter(({ isNarrowed }) => isNarrowed)).toEqual([]);
    expect(toldOf(cells, 'hall').measures.occupancy).toBe(90);
  });

  it('outside: a headcount of the whole site makes a sum of its own', () => {
    const cells = [
      areaCell('hall', 0, steady(50)),
      areaCell('shop', 0, steady(3)),
      areaCell('deck', 0, steady(20)),
    ];
    const terms = cells.map(({ key }) => ({ key, weight: 1 }));
    const headcount = { subject: 'areas' as const, terms, min: 73, max: 73 };
    const { complementary } = protect(cells, { releases: [], observations: [headcount] });
    expect(complementary).toBe(1);
  });

  it('that gives a withheld cell away by itself is said, since nothing mends it now', () => {
    const shop = areaCell('shop', 0, steady(3));
    const told = {
      subject: 'areas' as const,
      terms: [{ key: shop.key, weight: 1 }],
      min: 0,
      max: 4,
    };
    const { exposed } = protect([shop], { releases: [], observations: [told] });
    expect(exposed).toEqual([shop.key]);
  });
});

describe('longer steps', () => {
  it('leave room for shorter ones: an hour with hardly anybody on average is withheld', () => {
    const length = { lengthMs: HOUR_MS };
    const { cells } = protect([
      areaCell('hall', 0, { mean: 1, peak: 30 }, length),
      areaCell('deck', 0, { mean: 2, peak: 30 }, length),
    ]);
    expect(cells.map(({ absent }) => absent)).toEqual(['protected', undefined]);
  });
});

describe('ways', () => {
  const ways = (cells: MeasuredCell[], known: Known = NOTHING_KNOWN) =>
    protect(cells, known, { subject: 'sequences' }).cells.map(({ absent }) => absent);

  it('are withheld where what is left of a shorter one would tell of few', () => {
    const all = [
      wayCell(['b', 'c'], 40),
      wayCell(['a', 'b', 'c'], 25),
      wayCell(['d', 'b', 'c'], 13),
    ];
    // 2 are left for all the ways that are not listed.
    expect(ways(all)).toEqual([undefined, undefined, 'protected']);
    expect(ways([wayCell(['b', 'c'], 60), ...all.slice(1)])).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('that an earlier version left out stay out', () => {
    const before = release([], { subject: 'sequences', isEarlierVersion: true });
    expect(ways([wayCell(['a', 'b'], 40)], { releases: [before], observations: [] })).toEqual([
      'protected',
    ]);
  });

  it('are told with their mean time', () => {
    const [cell] = protect([wayCell(['a', 'b'], 40)], NOTHING_KNOWN, {
      subject: 'movements',
    }).cells;
    expect(cell?.measures).toEqual({ count: 40, meanTravelS: 62 });
  });

  it('in two steps: a quarter that is not listed is not what is left of the hour', () => {
    const quarter = (i: number, count: number) =>
      wayCell(['a', 'b'], count, { startMs: i * QUARTER_MS });
    const fine = protect([quarter(0, 30), quarter(1, 30), quarter(2, 30)], NOTHING_KNOWN, {
      subject: 'movements',
    });
    const hour = wayCell(['a', 'b'], 93, { lengthMs: HOUR_MS });
    const known = { releases: [release(fine.cells, { subject: 'movements' })], observations: [] };
    const { cells } = protect([hour], known, { subject: 'movements' });
    expect(cells[0]?.absent).toBe('protected');
  });
});
