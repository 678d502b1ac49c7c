import { loadavg } from 'node:os';

/** One measured figure. */
export interface Figure {
  /** Its name in the line of JSON. */
  key: string;
  /** Undefined where the part that it needs is missing. */
  value: number | undefined;
  unit:
    | ''
    | 'frames/s'
    | 'frames/CPU s'
    | 'people/s'
    | 'people/CPU s'
    | 'records/s'
    | 'rows/s'
    | 'cells/CPU s'
    | '1/s'
    | 'ms'
    | 'MiB';
  /** What it should reach at least. */
  goal?: number;
  /** What it is, for the table. */
  what: string;
}

export interface BenchOptions {
  /** The shortened form: fewer rounds and shorter ones, so noisier. */
  quick: boolean;
  /** A folder of this run, removed at its end. */
  folder: string;
  /** Where child processes leave CPU profiles, if wanted. */
  profiles: string | undefined;
  /** Says on standard error what is being done. */
  say: (line: string) => void;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? NaN) + (high ?? NaN)) / 2;
}

/** Rates by contender, one a round. */
export class Rounds<Name extends string> {
  private readonly rates: Record<Name, number[]>;

  constructor(rates: Record<Name, number[]>) {
    this.rates = rates;
  }

  rate(name: Name): number {
    return median(this.rates[name]);
  }

  /** Median of the rounds' own ratios: what disturbs the machine for longer than a round falls out. */
  ratio(name: Name, to: Name): number {
    return median(this.rates[name].map((rate, i) => rate / (this.rates[to][i] ?? NaN)));
  }
}

/** Runs the contenders in turn, A B A B …; each returns its rate. */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Record<Name, () => number | Promise<number>>,
): Promise<Rounds<Name>> {
  const entries = Object.entries(contenders) as [Name, () => number | Promise<number>][];
  const rates = Object.fromEntries(entries.map(([name]) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of entries) rates[name]?.push(await run());
  }
  return new Rounds(rates as Record<Name, number[]>);
}

/** Load of the last minute, runnable threads: what else the machine was doing. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

export function secondsSince(startMs: number): number {
  return (performance.now() - startMs) / 1000;
}

/** CPU time of all threads of this process, s: unlike the clock's it does not depend on what else the machine does. */
export function cpuSecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
