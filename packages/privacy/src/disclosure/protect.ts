import type { CellKey, MeasuredCell, ReleasedCell } from '@hitonami/model';
import { components, type Component } from './components.js';
import { complements } from './complement.js';
import { isTotal, keyText } from './keys.js';
import { isWithheld, type Model } from './model.js';
import { observe } from './observe.js';
import { mayHaveMeans, withholdPeaks } from './peaks.js';
import type { LpSolver } from './solver.js';
import { withSums } from './sums.js';
import { absenceOf, absentCell, besideOf, toldCell } from './tell.js';
import type { DisclosureRules, Known, ProtectedBlock } from './types.js';
import { verify } from './verify.js';

/** Times that more is withheld, one cell of each sum a time, before all that hangs together with a narrowed cell goes. */
const ROUNDS_MAX = 60;

/**
 * What may be told of one block of time of one dataset, such as a local day: blocks that lie apart share no sum, so a year is
 * protected day by day.
 *
 * 1. A cell is told only if at least k different people are behind it (`peopleMin`); with too little coverage it is `not-seen`,
 *    whoever was there. 0 and 1 to k − 1 share `protected`, and all measures of a cell go together.
 * 2. An attacker knows every told value to within its rounding, all sums between cells (over places, over shorter steps, over
 *    ways), every release before and whatever else is said to be known. More cells are withheld, as `protected` too, until
 *    each withheld one is left with the whole range from 0 to k − 1.
 *
 * The quantity that is bounded is that of the sums: mean occupancy of an area, count of a line or way. That is more than is
 * asked of people: someone who was there for a part of the step adds less than 1 to a mean, and a passage is at most one
 * person, so that where the mean or count may be anything from 0 to k − 1, the number of different people may be, too. Most
 * people at one instant are kept apart: they bound the mean, and are told of a sum only where its parts account for them.
 *
 * What it does not hide: the choice of what is withheld is made from the data, by a rule that everybody can read.
 *
 * @param cells of whole steps; a sum over places (`places: []`) is told as the sum of the places that were seen
 * @throws HitonamiError `INPUT` where a count or an occupancy is negative or no number
 */
export function protectBlock(
  cells: readonly MeasuredCell[],
  rules: DisclosureRules,
  known: Known,
  solver: LpSolver,
): ProtectedBlock {
  const summed = withSums(cells, rules);
  const wasWithheld = withheldIn(known, rules);
  const absences = summed.map((cell) => {
    const absent = absenceOf(cell, rules);
    return absent === undefined && wasWithheld(cell.key) ? 'protected' : absent;
  });
  const first = summed.map((cell, i) => {
    const absent = absences[i];
    return absent === undefined
      ? toldCell(cell, rules, besideOf(cell, rules))
      : absentCell(cell, absent);
  });
  const model = observe({ ...rules, cells: first }, known.releases, known.observations, rules.k);
  const { exposed, unproved } =
    rules.isComplementary === false
      ? { exposed: [], unproved: 0 }
      : withholdMore(model, rules.k, solver);
  const variableOf = new Map(
    model.variables.flatMap(({ ownCell }, i) => (ownCell === undefined ? [] : [[ownCell, i]])),
  );
  let complementary = 0;
  const released = summed.map((cell, i): ReleasedCell => {
    const variable = variableOf.get(i) ?? -1;
    const held = model.variables[variable];
    const before = first[i];
    if (before === undefined || before.absent !== undefined || held === undefined)
      return before ?? absentCell(cell, 'not-measured');
    if (held.own === undefined) {
      complementary++;
      return absentCell(cell, 'protected');
    }
    const has = {
      hasPeak: held.ownPeak !== undefined,
      hasMeans: mayHaveMeans(model, variable),
    };
    return has.hasMeans && has.hasPeak === (before.measures.occupancyMax != null)
      ? before
      : toldCell(cell, rules, has);
  });
  return {
    cells: released,
    few: absences.filter((absent) => absent === 'protected').length,
    complementary,
    notSeen: absences.filter((absent) => absent === 'not-seen').length,
    unproved,
    exposed: exposed.flatMap((variable) => model.variables[variable]?.key ?? []),
  };
}

/**
 * Whether a release before withheld a cell to protect it: then it stays withheld. Sums over places are of the places of their own
 * dataset; of ways, an earlier version left out those that it withheld.
 */
function withheldIn(known: Known, { subject }: DisclosureRules): (key: CellKey) => boolean {
  const withheld = new Set<string>();
  const told: Set<string>[] = [];
  for (const release of known.releases) {
    if (release.subject !== subject) continue;
    for (const { key, absent } of release.cells)
      if (absent === 'protected' && (release.isEarlierVersion || !isTotal(key)))
        withheld.add(keyText(key));
    if (release.isEarlierVersion && (subject === 'movements' || subject === 'sequences'))
      told.push(new Set(release.cells.map(({ key }) => keyText(key))));
  }
  return (key) => {
    const text = keyText(key);
    return withheld.has(text) || told.some((listed) => !listed.has(text));
  };
}

/**
 * Withholds more cells of the block until no withheld one is narrowed too far.
 *
 * @returns the cells that stay narrowed whatever is withheld, and how many others were taken for narrowed without proof
 */
function withholdMore(
  model: Model,
  k: number,
  solver: LpSolver,
): { exposed: number[]; unproved: number } {
  const exposed = new Set<number>();
  const proven = {
    ...{ low: new Set<number>(), high: new Set<number>() },
    undecided: new Set<number>(),
  };
  let isChanged: ((variable: number) => boolean) | undefined;
  for (let round = 0; ; round++) {
    withholdPeaks(model);
    const { failed, limits, demandOf } = verify(model, k, solver, proven, (component) =>
      isOfInterest(model, component, isChanged),
    );
    const open = failed.filter(({ variable }) => !exposed.has(variable));
    if (open.length === 0) return { exposed: [...exposed], unproved: proven.undecided.size };
    const { withhold, without } = complements(model, open, limits, demandOf);
    for (const variable of without) exposed.add(variable);
    const chosen =
      round < ROUNDS_MAX
        ? withhold
        : allAround(
            model,
            open.map(({ variable }) => variable),
          );
    const changed = new Set(chosen);
    for (const index of changed) {
      const variable = model.variables[index];
      if (variable === undefined) continue;
      variable.own = undefined;
      variable.ownPeak = undefined;
    }
    isChanged = (variable) => changed.has(variable);
  }
}

/** A component is looked at where the block tells something in it, and anew where something in it was withheld since. */
function isOfInterest(
  model: Model,
  { variables, rows }: Component,
  isChanged: ((variable: number) => boolean) | undefined,
): boolean {
  if (isChanged !== undefined) return variables.some((variable) => isChanged(variable));
  return (
    variables.some((variable) => model.variables[variable]?.ownCell !== undefined) ||
    rows.some((row) => model.rows[row]?.kind === 'bound')
  );
}

/** Everything that the block tells in the components of some cells. */
function allAround(model: Model, narrowed: readonly number[]): number[] {
  const wanted = new Set(narrowed);
  return components(model)
    .filter(({ variables }) => variables.some((variable) => wanted.has(variable)))
    .flatMap(({ variables }) =>
      variables.filter((index) => {
        const variable = model.variables[index];
        return variable !== undefined && !isWithheld(variable) && variable.own !== undefined;
      }),
    );
}
