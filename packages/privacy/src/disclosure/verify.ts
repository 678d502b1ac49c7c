import { components, type Component } from './components.js';
import type { Narrowed } from './complement.js';
import { demands, isMet, type DemandOf } from './demands.js';
import { startingLimits } from './limits.js';
import type { Model } from './model.js';
import { narrowedByPeaks } from './peaks.js';
import { narrowed, type Proven } from './prove.js';
import { propagate } from './propagate.js';
import type { LpSolver } from './solver.js';

export interface Verdict {
  /** Withheld cells that can be narrowed too far. */
  readonly failed: readonly Narrowed[];
  /** What is known of each variable by itself. */
  readonly limits: { readonly lower: Float64Array; readonly upper: Float64Array };
  readonly demandOf: DemandOf;
}

/**
 * Whether an attacker with a linear program over all sums narrows a withheld cell too far. Where sums lead around in no circle,
 * going from sum to sum gives exactly what the program would; else that comes first, being cheap, and the program decides where
 * it finds nothing.
 */
export function verify(
  model: Model,
  k: number,
  solver: LpSolver,
  proven: Proven,
  isOfInterest: (component: Component) => boolean,
): Verdict {
  const limits = startingLimits(model);
  const demandOf = demands(model, k);
  const lower = limits.lower.slice();
  const upper = limits.upper.slice();
  const failed: Narrowed[] = [...narrowedByPeaks(model)];
  for (const component of components(model)) {
    if (!isOfInterest(component)) continue;
    const isPossible = propagate(model, component.rows, lower, upper);
    const tooNarrow = component.variables.filter((variable) => {
      const demand = demandOf(variable);
      if (demand === undefined) return false;
      return !isPossible || !isMet(demand, lower[variable] ?? 0, upper[variable] ?? Infinity);
    });
    if (tooNarrow.length > 0) failed.push(...tooNarrow.map((variable) => ({ variable })));
    else if (!component.isForest && isOfBlock(model, component))
      failed.push(
        ...narrowed(model, component, limits, demandOf, proven, solver).map((variable) => ({
          variable,
        })),
      );
  }
  return { failed, limits, demandOf };
}

/** Where the block tells nothing (any more), what is known is what was known, and was asked when it was released. */
function isOfBlock({ variables, rows }: Model, component: Component): boolean {
  return (
    component.variables.some((variable) => variables[variable]?.own !== undefined) ||
    component.rows.some((row) => rows[row]?.kind === 'bound')
  );
}
