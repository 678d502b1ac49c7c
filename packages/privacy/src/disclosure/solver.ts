import loadHighs from 'highs';

/** A linear program: minimise costs × x within bounds, each row's sum within its own; an infinite bound is none. */
export interface LinearProgram {
  readonly columns: { readonly lower: Float64Array; readonly upper: Float64Array };
  readonly rows: {
    readonly lower: Float64Array;
    readonly upper: Float64Array;
    /** Compressed rows. */
    readonly starts: Int32Array;
    readonly indices: Int32Array;
    readonly values: Float64Array;
  };
}

/** Of one objective. */
export interface LpAnswer {
  readonly status: 'optimal' | 'infeasible' | 'unbounded' | 'undecided';
  /** Where it is optimal. */
  readonly x: Float64Array;
}

/** Answers several objectives over one program, each from where the last one ended. */
export interface LpSolver {
  solving<T>(program: LinearProgram, use: (minimise: (costs: Float64Array) => LpAnswer) => T): T;
}

/** Its types are those of its CommonJS build, where the function is a member; as an ES module it is the default itself. */
const load = loadHighs as unknown as typeof loadHighs.default;

/** Longest that one objective may take, s. */
const SOLVE_S_MAX = 20;

/** Loads HiGHS (WebAssembly in this process: no network, no file but its own). Once is enough. */
export async function openLpSolver(): Promise<LpSolver> {
  const highs = await load();
  const { modelStatus, objectiveSense } = highs.constants;
  return {
    solving: ({ columns, rows }, use) =>
      highs.withModel((model) => {
        const numCols = columns.lower.length;
        const numRows = rows.lower.length;
        const { starts, indices, values } = rows;
        model.options.set('output_flag', false);
        model.options.set('time_limit', SOLVE_S_MAX);
        model.passModel({
          numCols,
          numRows,
          sense: objectiveSense.minimize,
          offset: 0,
          colCost: new Float64Array(numCols),
          colLower: columns.lower,
          colUpper: columns.upper,
          rowLower: rows.lower,
          rowUpper: rows.upper,
          matrix: { format: 'csr', numRows, numCols, starts, indices, values },
        });
        return use((costs) => {
          model.changeColsCost({ kind: 'range', from: 0, to: numCols - 1 }, costs);
          const status = model.run().modelStatus;
          return {
            status:
              status === modelStatus.optimal
                ? 'optimal'
                : status === modelStatus.infeasible
                  ? 'infeasible'
                  : status === modelStatus.unbounded
                    ? 'unbounded'
                    : 'undecided',
            x: model.getSolution().colValue,
          };
        });
      }),
  };
}
