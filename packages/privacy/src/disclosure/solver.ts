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
  /** A point that keeps all bounds, away from their corners; undefined where there is none or none is found. */
  inside(program: LinearProgram): Float64Array | undefined;
}

/** Its types are those of its CommonJS build, where the function is a member; as an ES module it is the default itself. */
const load = loadHighs as unknown as typeof loadHighs.default;

/** Longest that one objective may take, s. */
const SOLVE_S_MAX = 20;

/** HiGHS' number of the method. */
const PRIMAL_SIMPLEX = 4;

/** Loads HiGHS (WebAssembly in this process: no network, no file but its own). Once is enough. */
export async function openLpSolver(): Promise<LpSolver> {
  const highs = await load();
  const { modelStatus, objectiveSense } = highs.constants;
  const withProgram = <T>(
    { columns, rows }: LinearProgram,
    use: (model: ReturnType<typeof highs.createModel>) => T,
  ): T =>
    highs.withModel((model) => {
      const numCols = columns.lower.length;
      const numRows = rows.lower.length;
      const { starts, indices, values } = rows;
      // Where one objective ends, the next one's point is feasible, and mostly not optimal: the primal method goes on from it.
      const options = { simplex_strategy: PRIMAL_SIMPLEX, time_limit: SOLVE_S_MAX };
      model.options.set({ output_flag: false, ...options });
      model.passModel({
        ...{ numCols, numRows, sense: objectiveSense.minimize, offset: 0 },
        colCost: new Float64Array(numCols),
        ...{ colLower: columns.lower, colUpper: columns.upper },
        ...{ rowLower: rows.lower, rowUpper: rows.upper },
        matrix: { format: 'csr', numRows, numCols, starts, indices, values },
      });
      return use(model);
    });
  const statuses = new Map<number, LpAnswer['status']>([
    [modelStatus.optimal, 'optimal'],
    [modelStatus.infeasible, 'infeasible'],
    [modelStatus.unbounded, 'unbounded'],
  ]);
  return {
    solving: (program, use) =>
      withProgram(program, (model) =>
        use((costs) => {
          model.changeColsCost({ kind: 'range', from: 0, to: costs.length - 1 }, costs);
          const status = statuses.get(model.run().modelStatus) ?? 'undecided';
          return { status, x: model.getSolution().colValue };
        }),
      ),
    inside: (program) =>
      withProgram(program, (model) => {
        // An interior point method that is not led to a corner afterwards ends in the middle.
        model.options.set({ solver: 'ipm', run_crossover: 'off', presolve: 'off' });
        const isFound = model.run().modelStatus === modelStatus.optimal;
        return isFound ? model.getSolution().colValue : undefined;
      }),
  };
}
