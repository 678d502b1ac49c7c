import { HitonamiError } from '@hitonami/model';

/** A place on the floor, metres, x east and y north of its origin. */
export type Position = readonly [x: number, y: number];

/** A segment through which people come in or go out; it lies on the edge of the walkable polygon or inside it. */
export interface Doorway {
  id: string;
  from: Position;
  to: Position;
  /** Share of the people that use it, relative to the others. Default 1. */
  weight?: number;
}

export interface SimulationOptions {
  /** The same seed and the same steps give the same run. */
  seed: number;
  /** Outline of where people can be; not closed (the first corner is not repeated). */
  walkable: readonly Position[];
  /** Outlines of what stands in the way: pillars, stairs' walls, kiosks. */
  obstacles?: readonly (readonly Position[])[];
  entries: readonly Doorway[];
  exits: readonly Doorway[];
  /**
   * Which share of those from an entry goes to which exit: `routes[entry id][exit id]`. Without it, or for an
   * entry not in it, the exits' weights count, and an exit with the entry's own id is left out.
   */
  routes?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** People who arrive a minute, all entries together, at a time in seconds since the start. */
  ratePerMin: (timeS: number) => number;
  /** Share of people who stop on their way, 0 to 1. Default 0. */
  pauseShare?: number;
  /** How long a stop lasts, seconds. Default 5 to 30. */
  pauseS?: readonly [least: number, most: number];
  /** Most people at once; who comes beyond waits outside. Default 1000. */
  maxPeople?: number;
  /** Side of a cell of the field that leads around corners, metres. Default 0.25. */
  cellM?: number;
}

/** Everything that is optional filled in. */
export type FullOptions = Required<Omit<SimulationOptions, 'routes'>> &
  Pick<SimulationOptions, 'routes'>;

const MIN_CORNERS = 3;

/** Fills in the defaults. Throws HitonamiError `CONFIG` that names what is wrong. */
export function completeOptions(options: SimulationOptions): FullOptions {
  const full: FullOptions = {
    obstacles: [],
    pauseShare: 0,
    pauseS: [5, 30],
    maxPeople: 1000,
    cellM: 0.25,
    ...options,
  };
  if (!Number.isInteger(full.seed)) fail('seed must be an integer');
  [full.walkable, ...full.obstacles].forEach((outline, i) => {
    const name = i === 0 ? 'walkable' : `obstacles[${i - 1}]`;
    if (outline.length < MIN_CORNERS) fail(`${name} needs at least ${MIN_CORNERS} corners`);
    if (!outline.flat().every(Number.isFinite)) fail(`${name} has a corner that is not a number`);
  });
  if (full.entries.length === 0 || full.exits.length === 0) fail('an entry and an exit are needed');
  for (const list of [full.entries, full.exits]) {
    if (new Set(list.map((d) => d.id)).size !== list.length) fail('ids of doorways must differ');
    for (const { id, from, to, weight } of list) {
      if (![...from, ...to].every(Number.isFinite)) fail(`doorway ${id} is not made of numbers`);
      if (weight !== undefined && !(weight >= 0)) fail(`doorway ${id}: weight must be at least 0`);
    }
  }
  if (!(full.pauseShare >= 0 && full.pauseShare <= 1)) fail('pauseShare must be within 0 and 1');
  if (!(full.maxPeople >= 1)) fail('maxPeople must be at least 1');
  if (!(full.cellM > 0)) fail('cellM must be above 0');
  return full;
}

/** For each entry, the weights of the exits in their order. */
export function exitWeights(options: FullOptions): number[][] {
  return options.entries.map((entry) => {
    const route = options.routes?.[entry.id];
    const weights = options.exits.map((exit) => {
      if (route !== undefined) return route[exit.id] ?? 0;
      return exit.id === entry.id ? 0 : (exit.weight ?? 1);
    });
    if (!weights.some((w) => w > 0)) fail(`nobody who enters at ${entry.id} has an exit to go to`);
    return weights;
  });
}

export function fail(what: string): never {
  throw new HitonamiError('CONFIG', `simulation: ${what}`);
}
