import type { MeasuredCell, ReleasedCell } from '@hitonami/model';
import {
  NOTHING_KNOWN,
  openLpSolver,
  protectBlock,
  type DisclosureRules,
  type KnownRelease,
  type LpSolver,
} from '@hitonami/privacy';
import { interleave, type BenchOptions, type Figure } from './measure.js';

const AREAS = 1_000;
const STEPS = 24;
const STEP_MS = 3_600_000;
const QUARTER_MS = 900_000;
const QUARTERS = 96;

function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A day of areas by the hour, from empty to some hundred people, and the sum over them. */
function day(number: number): MeasuredCell[] {
  const chance = chances(number + 1);
  const sizes = Array.from({ length: AREAS }, () => Math.exp(5 * chance()));
  return Array.from({ length: STEPS }, (_, step) => {
    const startMs = (number * STEPS + step) * STEP_MS;
    const load = step < 5 ? 0.02 : 1;
    const cells = sizes.map((size, i) => {
      const peak = Math.floor(size * load * (0.5 + chance()));
      return cellOf([`area-${i}`], startMs, peak * (0.2 + 0.5 * chance()), peak);
    });
    const whole = cells.reduce((sum, { measures }) => sum + (measures.occupancy ?? 0), 0);
    return [cellOf([], startMs, whole, Math.floor(whole)), ...cells];
  }).flat();
}

function cellOf(
  places: string[],
  startMs: number,
  occupancy: number,
  occupancyMax: number,
  lengthMs = STEP_MS,
): MeasuredCell {
  const meanSpeedMS = 1.234;
  return {
    key: { places, startMs, lengthMs },
    measures: { occupancy, occupancyMax, density: occupancy / 80, los: 'A', meanSpeedMS },
    peopleMin: occupancyMax,
    quality: { coverage: 0.98765, doubtful: 0, saturation: 0.01 },
  };
}

const AREA_FACTS = { areaM2: 80, los: (density: number) => (density > 0.3 ? 'B' : 'A') };
const RULES: DisclosureRules = {
  subject: 'areas',
  k: 10,
  roundedTo: 1,
  areas: new Map(Array.from({ length: AREAS }, (_, i) => [`area-${i}`, AREA_FACTS])),
};

/** One day of some areas in steps of so many quarters of an hour, whatever the steps: the same people. */
function sameDay(areas: number): (perStep: number) => MeasuredCell[] {
  const chance = chances(1);
  const sizes = Array.from({ length: areas }, () => Math.exp(5 * chance()));
  const loadOf = (hour: number): number => (hour < 5 ? 0.02 : hour < 7 ? 0.3 : 1);
  const quarters = sizes.map((size) =>
    Array.from({ length: QUARTERS }, (_, quarter) => {
      const peak = Math.floor(size * loadOf(quarter / 4) * (0.5 + chance()));
      return { peak, mean: peak * (0.2 + 0.5 * chance()) };
    }),
  );
  return (perStep) =>
    Array.from({ length: QUARTERS / perStep }, (_, step) => {
      const lengthMs = perStep * QUARTER_MS;
      const cells = quarters.map((all, i) => {
        const some = all.slice(step * perStep, (step + 1) * perStep);
        const mean = some.reduce((sum, one) => sum + one.mean, 0) / perStep;
        const peak = Math.max(...some.map((one) => one.peak));
        return cellOf([`area-${i}`], step * lengthMs, mean, peak, lengthMs);
      });
      const whole = cells.reduce((sum, { measures }) => sum + (measures.occupancy ?? 0), 0);
      // At some instant there were at least as many as on average.
      return [cellOf([], step * lengthMs, whole, Math.ceil(whole), lengthMs), ...cells];
    }).flat();
}

/** Hours beside quarters of an hour that are out, and the whole day beside both: CPU time of each, and what was left undecided. */
function besideFiner(areas: number, solver: LpSolver): Figure[] {
  const cellsBy = sameDay(areas);
  const releases: KnownRelease[] = [];
  const figures: Figure[] = [];
  for (const [perStep, step] of [
    [1, 'quarters'],
    [4, 'hours'],
    [QUARTERS, 'days'],
  ] as const) {
    const start = process.cpuUsage();
    const { cells, exposed, unproved } = protectBlock(
      cellsBy(perStep),
      RULES,
      { releases, observations: [] },
      solver,
    );
    const { user, system } = process.cpuUsage(start);
    if (exposed.length > 0) throw new Error(`${exposed.length} cells are exposed`);
    releases.push({ subject: 'areas', roundedTo: 1, cells, isEarlierVersion: false });
    if (perStep === 1) continue;
    const what = `${areas} areas, a day by ${step} beside finer releases of it`;
    figures.push(
      {
        ...{ key: `disclosure_beside_${areas}_${step}`, value: (user + system) / 1e3, unit: 'ms' },
        what: `${what}: CPU time`,
      },
      {
        ...{ key: `disclosure_undecided_${areas}_${step}`, value: unproved, unit: '' },
        what: `${what}: cells that are left undecided`,
      },
    );
  }
  return figures;
}

/** The least that can be done with cells: a copy of each. */
function bareCopy(cells: readonly MeasuredCell[]): ReleasedCell[] {
  return cells.map(({ key, measures, quality }) => ({
    key,
    measures: { ...measures },
    quality: { ...quality },
  }));
}

/** Disclosure control of days of 1,000 areas by the hour, beside a bare copy of their cells. */
export async function disclosure({ quick, say }: BenchOptions): Promise<Figure[]> {
  say('disclosure control of days of 1,000 areas');
  const solver = await openLpSolver();
  const days = Array.from({ length: quick ? 2 : 8 }, (_, i) => day(i));
  const cells = days.length * AREAS * STEPS;
  const rateOf = (protect: (cells: readonly MeasuredCell[]) => readonly ReleasedCell[]) => () => {
    const start = process.cpuUsage();
    let told = 0;
    for (const one of days)
      told += protect(one).filter(({ absent }) => absent === undefined).length;
    if (told === 0) throw new Error('nothing is told');
    const { user, system } = process.cpuUsage(start);
    return cells / ((user + system) / 1e6);
  };
  const rounds = await interleave(quick ? 2 : 5, {
    protect: rateOf((one) => protectBlock(one, RULES, NOTHING_KNOWN, solver).cells),
    copy: rateOf(bareCopy),
  });
  say('disclosure control beside finer releases');
  const beside = (quick ? [20] : [20, 100, 300]).flatMap((areas) => besideFiner(areas, solver));
  return [
    {
      key: 'disclosure_cells_per_cpu_s',
      value: rounds.rate('protect'),
      unit: 'cells/CPU s',
      what: 'disclosure control of days of 1,000 areas by the hour and their sum, cells in a second of CPU time',
    },
    {
      key: 'disclosure_ratio',
      value: rounds.ratio('protect', 'copy'),
      unit: '',
      what: 'the same over a bare copy of the cells',
    },
    ...beside,
  ];
}
