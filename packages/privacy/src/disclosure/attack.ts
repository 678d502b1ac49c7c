import type { CellKey } from '@hitonami/model';
import { components } from './components.js';
import { demands, isMet } from './demands.js';
import { startingLimits } from './limits.js';
import { isWithheld, type Bounds } from './model.js';
import { observe } from './observe.js';
import { programOf } from './program.js';
import type { LpSolver } from './solver.js';
import type { Known } from './types.js';

/** What an attacker finds out about one withheld cell. */
export interface Found {
  readonly key: CellKey;
  /** Least and most that it can be: mean occupancy of an area, count of a line or way. */
  readonly min: number;
  readonly max: number;
  /** Less than 0 to k − 1 is left (of a sum: beside what is told of it). */
  readonly isNarrowed: boolean;
  /** The program was too hard within its limits; the cell counts as narrowed. */
  readonly isUndecided: boolean;
}

/**
 * The attacker: whoever has all the releases (all formats of one are the same cells) and what is known besides, and solves for
 * each withheld cell for the least and the most that it can be, by a linear program over all sums at once. It is exact for means,
 * and for counts too where sums are over places and over steps within steps, since every corner of such a program is whole.
 *
 * It has the released cells alone, so it can be run on files. Two programs for each withheld cell: for tests, and for blocks of
 * some thousand cells; `protectBlock` asks the same question of many cells at once.
 */
export function attack(known: Known, k: number, solver: LpSolver): Found[] {
  const model = observe(undefined, known.releases, known.observations, k);
  const limits = startingLimits(model);
  const demandOf = demands(model, k);
  const found: Found[] = [];
  const tell = (variable: number, { min, max }: Bounds, isUndecided: boolean): void => {
    const demand = demandOf(variable);
    const key = model.variables[variable]?.key;
    if (key === undefined || model.variables[variable]?.demand !== 'range') return;
    found.push({
      key,
      min,
      max,
      isNarrowed: demand !== undefined && (isUndecided || !isMet(demand, min, max)),
      isUndecided,
    });
  };
  const seen = new Set<number>();
  for (const component of components(model)) {
    const { program, columnOf } = programOf(model, component, limits, () => undefined);
    solver.solving(program, (minimise) => {
      for (const variable of component.variables) {
        const held = model.variables[variable];
        const column = columnOf.get(variable);
        if (held === undefined || !isWithheld(held) || column === undefined) continue;
        seen.add(variable);
        const ends = ([1, -1] as const).map((sign) => {
          const costs = new Float64Array(program.columns.lower.length);
          costs[column] = sign;
          const { status, x } = minimise(costs);
          if (status === 'optimal') return x[column];
          return status === 'unbounded' && sign === -1 ? Infinity : undefined;
        });
        const [min, max] = ends;
        if (min === undefined || max === undefined) tell(variable, { min: 0, max: Infinity }, true);
        else tell(variable, { min, max }, false);
      }
    });
  }
  for (const [variable, held] of model.variables.entries()) {
    if (!isWithheld(held) || seen.has(variable)) continue;
    tell(
      variable,
      { min: limits.lower[variable] ?? 0, max: limits.upper[variable] ?? Infinity },
      false,
    );
  }
  return found;
}
