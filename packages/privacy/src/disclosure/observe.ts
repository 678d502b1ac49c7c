import type { CellKey, DatasetSubject, ReleasedCell } from '@hitonami/model';
import { isTotal, keyText } from './keys.js';
import {
  toldBounds,
  type BetweenRow,
  type Bounds,
  type Model,
  type Row,
  type Variable,
} from './model.js';
import { boundsOf } from './tell.js';
import type { KnownRelease, Observation } from './types.js';
import { betweenSums } from './between.js';
import { placeSums } from './place-sums.js';
import { timeSums } from './time-sums.js';
import { waySums } from './way-sums.js';

/** A release as an attacker reads it, with the variable of each of its cells that was measured. */
export interface ReadRelease {
  readonly subject: DatasetSubject;
  readonly outside?: readonly string[] | undefined;
  readonly cells: readonly { readonly cell: ReleasedCell; readonly variable: number }[];
}

/** The block that is being released, beside what was told before. */
export interface OwnRelease {
  readonly subject: DatasetSubject;
  readonly outside?: readonly string[] | undefined;
  readonly roundedTo: number;
  readonly k: number;
  readonly cells: readonly ReleasedCell[];
}

/** What an attacker makes of all that is told: one variable for each cell, and the sums between them. */
export function observe(
  own: OwnRelease | undefined,
  known: readonly KnownRelease[],
  observations: readonly Observation[],
  k: number,
): Model {
  const reader = new Reader(k);
  const releases: ReadRelease[] = [];
  if (own !== undefined) releases.push(reader.own(own));
  for (const [i, release] of known.entries()) releases.push(reader.known(release, i));
  const rows: Row[] = [
    ...releases.flatMap((release) => placeSums(release)),
    ...timeSums(releases, (subject, key) => reader.unlisted(subject, key)),
    ...releases.flatMap((release) => waySums(release, (key) => reader.remainder(key))),
    ...betweenSums(releases, reader).filter((row) => mayHold(row, reader.variables)),
    ...observations.flatMap((observation) => reader.observed(observation)),
  ];
  const rowsOf: number[][] = reader.variables.map(() => []);
  for (const [i, row] of rows.entries()) {
    for (const part of row.parts) rowsOf[part]?.push(i);
    if (row.kind === 'sum') rowsOf[row.whole]?.push(i);
  }
  return { variables: reader.variables, rows, rowsOf };
}

class Reader {
  readonly variables: Variable[] = [];
  readonly #named = new Map<string, number>();
  readonly #k: number;

  constructor(k: number) {
    this.#k = k;
  }

  own({ subject, cells, roundedTo, outside }: OwnRelease): ReadRelease {
    return {
      ...{ subject, outside },
      cells: cells.flatMap((cell, i) => {
        if (cell.absent === 'not-measured') return [];
        const told = toldOf(cell, roundedTo, this.#k);
        const variable = this.#add(nameOf(subject, cell.key, 'own'), {
          key: cell.key,
          own: told.people,
          ownCell: i,
          ownPeak: told.peak,
        });
        return [{ cell, variable }];
      }),
    };
  }

  known(release: KnownRelease, index: number): ReadRelease {
    const { subject, roundedTo, outside } = release;
    return {
      ...{ subject, outside },
      cells: release.cells.flatMap((cell) => {
        if (cell.absent === 'not-measured') return [];
        const told = toldOf(cell, roundedTo, this.#k);
        const name = nameOf(subject, cell.key, String(index));
        const variable = this.#matching(name, cell.key, told.people);
        const held = this.variables[variable];
        if (held !== undefined) {
          held.known = both(held.known, told.people);
          held.knownPeak = both(held.knownPeak, told.peak);
          held.isKnownWithMeans ||= hasMeans(cell);
        }
        return [{ cell, variable }];
      }),
    };
  }

  /** The variable of a cell that no release lists: of ways, those of few people are left out. */
  unlisted(subject: DatasetSubject, key: CellKey): number {
    const name = nameOf(subject, key, 'unlisted');
    return this.#named.get(name) ?? this.#add(name, { key });
  }

  #ofPlaces(subject: DatasetSubject, key: CellKey): number {
    const name = nameOf(subject, key, 'observed');
    return this.#named.get(name) ?? this.#add(name, { key, demand: 'none' });
  }

  /** What a sum has beside its listed parts. */
  remainder(key: CellKey): number {
    return this.#add(undefined, { key, demand: 'room' });
  }

  /** Those of a cell who are in no other that could be told. */
  pending(key: CellKey): number {
    return this.#add(undefined, { key, demand: 'none' });
  }

  /** A cell of which it is said that there was somebody is as good as told; anything else is one more sum. */
  observed({ subject, terms, min, max }: Observation): Row[] {
    const weights = new Map<number, number>();
    for (const { key, weight } of terms) {
      const variable = this.#ofPlaces(subject, key);
      weights.set(variable, (weights.get(variable) ?? 0) + weight);
    }
    const [first, ...more] = weights;
    const held = first && this.variables[first[0]];
    if (held !== undefined && first !== undefined && more.length === 0 && min > 0 && first[1] > 0) {
      held.known = both(held.known, { min: min / first[1], max: max / first[1] });
      return [];
    }
    return [
      { kind: 'bound', min, max, parts: [...weights.keys()], weights: [...weights.values()] },
    ];
  }

  /**
   * The variable that a cell of an earlier release is about: the one that is there, unless the two tell values that exclude
   * each other (one of them was corrected), or what was told once is withheld now: it was corrected too, if only in how many
   * people are behind it, and is to be protected for itself.
   */
  #matching(name: string, key: CellKey, told: Bounds | undefined) {
    const found = this.#named.get(name);
    const variable = found === undefined ? undefined : this.variables[found];
    if (found === undefined || variable === undefined) return this.#add(name, { key });
    if (told === undefined) return found;
    const isWithheldNow = variable.ownCell !== undefined && variable.own === undefined;
    const isSame = !isWithheldNow && overlap(variable.known, told) && overlap(variable.own, told);
    return isSame ? found : this.#add(undefined, { key });
  }

  #add(name: string | undefined, given: Partial<Variable> & { key: CellKey }): number {
    const index =
      this.variables.push({
        own: undefined,
        ownCell: undefined,
        known: undefined,
        ownPeak: undefined,
        knownPeak: undefined,
        isKnownWithMeans: false,
        demand: 'range',
        ...given,
      }) - 1;
    if (name !== undefined) this.#named.set(name, index);
    return index;
  }
}

/** What was corrected may contradict what was not: then neither says anything of the other. */
function mayHold(
  { parts, weights, min, max }: BetweenRow,
  variables: readonly Variable[],
): boolean {
  let [least, most] = [0, 0];
  for (const [at, part] of parts.entries()) {
    const variable = variables[part];
    const told = (variable && toldBounds(variable)) ?? { min: 0, max: Infinity };
    const weight = weights[at] ?? 0;
    least += weight * (weight > 0 ? told.min : told.max);
    most += weight * (weight > 0 ? told.max : told.min);
  }
  return most >= min && least <= max;
}

/** A sum over places is about the places of its own release. */
function nameOf(subject: DatasetSubject, key: CellKey, release: string): string {
  return `${subject} ${keyText(key)}${isTotal(key) ? ` of ${release}` : ''}`;
}

/**
 * What a told cell says of its people. Whoever knows the rule knows, too, that at least k are behind it: as many tracks or
 * passages, or at one instant; and no mean is over its peak.
 */
function toldOf({ absent, measures }: ReleasedCell, step: number, k: number) {
  const { count, occupancy, occupancyMax } = measures;
  if (absent !== undefined) return { people: undefined, peak: undefined };
  const peak = occupancyMax == null ? undefined : atLeast(boundsOf(occupancyMax, step, true), k);
  if (count != null) return { people: atLeast(boundsOf(count, step, true), k), peak };
  if (occupancy == null) return { people: undefined, peak };
  const people = boundsOf(occupancy, step, false);
  return { people: { min: people.min, max: Math.min(people.max, peak?.max ?? Infinity) }, peak };
}

function atLeast({ min, max }: Bounds, least: number): Bounds {
  return { min: Math.min(Math.max(min, least), max), max };
}

function hasMeans({ measures, quality }: ReleasedCell): boolean {
  return (
    measures.meanSpeedMS != null || measures.meanTravelS != null || quality.saturation !== null
  );
}

function overlap(a: Bounds | undefined, b: Bounds): boolean {
  return a === undefined || (a.min <= b.max && b.min <= a.max);
}

function both(a: Bounds | undefined, b: Bounds | undefined): Bounds | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { min: Math.max(a.min, b.min), max: Math.min(a.max, b.max) };
}
