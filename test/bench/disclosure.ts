import type { MeasuredCell, ReleasedCell } from '@hitonami/model';
import { NOTHING_KNOWN, openLpSolver, protectBlock, type DisclosureRules } from '@hitonami/privacy';
import { interleave, type BenchOptions, type Figure } from './measure.js';

const AREAS = 1_000;
const STEPS = 24;
const STEP_MS = 3_600_000;

/** A day of areas by the hour, from empty to some hundred people, and the sum over them. */
function day(number: number): MeasuredCell[] {
  let state = number + 1;
  const chance = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
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
): MeasuredCell {
  const meanSpeedMS = 1.234;
  return {
    key: { places, startMs, lengthMs: STEP_MS },
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
  ];
}
