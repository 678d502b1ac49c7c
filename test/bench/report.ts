import { availableParallelism } from 'node:os';
import type { Figure } from './measure.js';

export interface RunFacts {
  quick: boolean;
  seconds: number;
  /** Load before the first part and after each, runnable threads. */
  loads: readonly number[];
}

/** The figures for people. */
export function table(figures: readonly Figure[], run: RunFacts): string {
  const rows = figures.map((figure) => [
    figure.key,
    shown(figure.value),
    figure.unit,
    goal(figure),
    figure.what,
  ]);
  const all = [['figure', 'value', 'unit', 'goal', 'what'], ...rows];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...all.map((row) => row[i]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, i) => (i === 1 ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  const facts =
    `${String(run.seconds)} s on ${String(availableParallelism())} cores, Node ${process.version}, ` +
    `load ${run.loads.join(' → ')}${run.quick ? '; the short form is noisy' : ''}`;
  return `${lines.join('\n')}\n${facts}\n`;
}

/** The figures for machines: one line. */
export function jsonLine(figures: readonly Figure[], run: RunFacts): string {
  const values = figures.map(({ key, value }) => [
    key,
    value === undefined ? null : rounded(value),
  ]);
  return `${JSON.stringify({ ...Object.fromEntries(values), ...run, cores: availableParallelism(), node: process.version })}\n`;
}

function shown(value: number | undefined): string {
  if (value === undefined) return 'skipped';
  return value >= 1000 ? Math.round(value).toLocaleString('en') : rounded(value).toString();
}

/** Three digits are more than a benchmark can promise. */
function rounded(value: number): number {
  return value >= 1000 ? Math.round(value) : Math.round(value * 1000) / 1000;
}

function goal({ goal: least, value }: Figure): string {
  if (least === undefined) return '';
  const text = `≥ ${least.toLocaleString('en')}`;
  if (value === undefined) return text;
  return `${text} ${value >= least ? 'met' : 'missed'}`;
}
