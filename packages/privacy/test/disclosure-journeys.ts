import type { MeasuredCell, ReleasedCell } from '@hitonami/model';
import { protectBlock, type KnownRelease } from '../src/index.js';
import { K, QUARTER_MS, rulesOf, solver } from './disclosure-support.js';

/** What people did: the places that so many reached, one after the other, each in a quarter of an hour. */
export interface Journey {
  readonly visits: readonly { readonly place: string; readonly quarter: number }[];
  readonly people: number;
}

export const AREAS = ['a', 'b', 'c'] as const;
export const LINE = 'line';
export const PLACES = [...AREAS, LINE] as const;

export type WaySubject = 'lines' | 'movements' | 'sequences';

/** What one journey adds to, by subject: the ways that it goes, and the quarter of an hour in which their last place is reached. */
export function waysOf(
  subject: WaySubject,
  visits: Journey['visits'],
): { places: string[]; quarter: number }[] {
  if (subject === 'lines')
    return visits
      .filter(({ place }) => place === LINE)
      .map(({ quarter }) => ({ places: [LINE], quarter }));
  if (subject === 'movements')
    return visits.slice(1).map(({ place, quarter }, i) => ({
      places: [visits[i]?.place ?? '', place],
      quarter,
    }));
  const areas = visits
    .filter(({ place }) => place !== LINE)
    .filter(({ place }, i, all) => place !== all[i - 1]?.place);
  return [2, 3].flatMap((length) =>
    areas.slice(length - 1).map(({ quarter }, i) => ({
      places: areas.slice(i, i + length).map(({ place }) => place),
      quarter,
    })),
  );
}

/** Every subject counted from the same journeys. Every third passage of a line goes back. */
export function cellsOfJourneys(
  journeys: readonly Journey[],
  subject: WaySubject,
  quarters: number,
  perStep = 1,
): MeasuredCell[] {
  const counts = new Map<string, number[]>();
  const count = quarters / perStep;
  for (const { visits, people } of journeys)
    for (const { places, quarter } of waysOf(subject, visits)) {
      const way = places.join(' ');
      const steps = counts.get(way) ?? new Array<number>(count).fill(0);
      const at = Math.floor(quarter / perStep);
      if (quarter >= 0) steps[at] = (steps[at] ?? 0) + people;
      counts.set(way, steps);
    }
  const lengthMs = perStep * QUARTER_MS;
  const cellOf = (places: string[], step: number, people: number): MeasuredCell => ({
    key: { places, startMs: step * lengthMs, lengthMs },
    measures: { count: people },
    peopleMin: people,
    quality: { coverage: 1, doubtful: 0, saturation: null },
  });
  const all = Array.from({ length: count }, (_, i) => i);
  if (subject === 'lines') {
    const passed = counts.get(LINE) ?? [];
    return all.flatMap((i) => {
      const back = Math.floor((passed[i] ?? 0) / 3);
      return (['backward', 'forward'] as const).map((direction) => {
        const people = direction === 'backward' ? back : (passed[i] ?? 0) - back;
        const cell = cellOf([LINE], i, people);
        return { ...cell, key: { ...cell.key, direction } };
      });
    });
  }
  const ways = [...counts].filter(([, steps]) => steps.some((people) => people >= K)).sort();
  return all.flatMap((i) => ways.map(([way, people]) => cellOf(way.split(' '), i, people[i] ?? 0)));
}

export interface WorldOptions {
  readonly outside?: readonly string[] | undefined;
  /** Quarters of an hour in a step; 1 where nothing is said. */
  readonly perStep?: Partial<Record<WaySubject, number>>;
  readonly isComplementary?: boolean;
}

/** Each subject as it comes out beside those before, without the ways of which nothing is told. */
export function releaseSubjects(
  journeys: readonly Journey[],
  order: readonly WaySubject[],
  quarters: number,
  options: WorldOptions = {},
): KnownRelease[] {
  const releases: KnownRelease[] = [];
  for (const subject of order) {
    const around = 'outside' in options ? options.outside : [LINE];
    const outside = subject === 'sequences' ? around : undefined;
    const { isComplementary = true, perStep = {} } = options;
    const rules = rulesOf({ subject, outside, isComplementary });
    const { cells, exposed } = protectBlock(
      cellsOfJourneys(journeys, subject, quarters, perStep[subject]),
      rules,
      { releases, observations: [] },
      solver,
    );
    if (exposed.length > 0) throw new Error(`exposed: ${JSON.stringify(exposed)}`);
    releases.push({
      ...{ subject, outside, roundedTo: rules.roundedTo, isEarlierVersion: false },
      cells: subject === 'lines' ? cells : listed(cells),
    });
  }
  return releases;
}

function listed(cells: readonly ReleasedCell[]): ReleasedCell[] {
  const told = new Set(
    cells.filter(({ absent }) => absent === undefined).map(({ key }) => key.places.join(' ')),
  );
  return cells.filter(({ key }) => told.has(key.places.join(' ')));
}
