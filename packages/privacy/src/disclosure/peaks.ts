import { peakCaps } from './limits.js';
import { isWithheld, toldPeak, type Model, type SumRow } from './model.js';

/**
 * Whether the most people at one instant that a sum tells leave every withheld part able to have been empty all the time.
 *
 * Of a longer step, one of its steps had as many as the whole; over places, the peaks of the parts add up to that of the whole
 * at least. So what is told of the parts has to account for it, or another withheld part must be able to.
 */
export function isPeakOpen(
  { variables }: Model,
  row: SumRow,
  wholePeakMin: number,
  capOf: (variable: number) => number,
): boolean {
  const withheld: number[] = [];
  const told: number[] = [];
  for (const part of row.parts) {
    const variable = variables[part];
    if (variable === undefined) continue;
    if (isWithheld(variable)) withheld.push(capOf(part));
    else told.push(toldPeak(variable)?.max ?? capOf(part));
  }
  if (withheld.length === 0) return true;
  const together = (peaks: readonly number[]): number =>
    row.over === 'time' ? Math.max(0, ...peaks) : peaks.reduce((sum, peak) => sum + peak, 0);
  if (together(told) >= wholePeakMin) return true;
  // The one with the most room is the one that the others would have to do without.
  const others = [...withheld].sort((a, b) => b - a).slice(1);
  return together([...told, ...others]) >= wholePeakMin;
}

/**
 * Takes back what the block tells of most people at one instant where that would tell of a withheld part. To be called again
 * whenever more is withheld.
 */
export function withholdPeaks(model: Model): void {
  const capOf = peakCaps(model);
  for (const row of model.rows) {
    if (row.kind !== 'sum' || row.over === 'ways') continue;
    const whole = model.variables[row.whole];
    if (whole?.ownPeak === undefined) continue;
    if (!isPeakOpen(model, row, whole.ownPeak.min, capOf)) whole.ownPeak = undefined;
  }
}

/**
 * Sums of which an earlier release told the most people at one instant, so that a withheld part must have had them: by row,
 * those parts.
 */
export function narrowedByPeaks(model: Model): { row: number; variable: number }[] {
  const capOf = peakCaps(model);
  return model.rows.flatMap((row, index) => {
    if (row.kind !== 'sum' || row.over === 'ways') return [];
    const peak = model.variables[row.whole]?.knownPeak;
    if (peak === undefined || isPeakOpen(model, row, peak.min, capOf)) return [];
    return row.parts.flatMap((variable) => {
      const part = model.variables[variable];
      return part !== undefined && isWithheld(part) ? [{ row: index, variable }] : [];
    });
  });
}

/**
 * Whether a cell may be told with a mean speed, a mean time and how far detectors were at their limit. No sum bounds what these
 * say of a withheld part, so a cell has them only where none of its parts is withheld, nor, where a sum told them before, any
 * other part of that sum.
 */
export function mayHaveMeans({ variables, rows, rowsOf }: Model, variable: number): boolean {
  return (rowsOf[variable] ?? []).every((r) => {
    const row = rows[r];
    if (row?.kind !== 'sum') return true;
    if (row.whole !== variable && variables[row.whole]?.isKnownWithMeans !== true) return true;
    return row.parts.every((part) => {
      const found = variables[part];
      return found === undefined || found.demand === 'none' || !isWithheld(found);
    });
  });
}
