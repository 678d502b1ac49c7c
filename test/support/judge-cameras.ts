import type { ClosedWindow } from '@hitonami/crowd';
import type { EightCameraRun } from './eight-cameras.js';

/** How far what the cameras measured is from the truth; shares are 0 to 1. */
export interface Judgement {
  /** Σ over areas and windows of |measured − true| person-seconds ÷ Σ true. */
  personError: number;
  /** (Σ measured − Σ true) ÷ Σ true. */
  personBias: number;
  /** Σ over windows of |Σ over areas of (measured − true)| ÷ Σ true. */
  siteError: number;
  /** Σ over lines and directions of |measured − true| ÷ Σ true, over the whole run. */
  crossingError: number;
  crossings: number;
}

export function judge({ windows, truth }: EightCameraRun): Judgement {
  const measured = personSeconds(windows);
  const right = personSeconds(truth);
  let [error, sum, bias] = [0, 0, 0];
  const site = new Map<number, number>();
  for (const [key, value] of right) {
    const difference = (measured.get(key) ?? 0) - value;
    error += Math.abs(difference);
    bias += difference;
    sum += value;
    const start = Number(key.split(' ')[0]);
    site.set(start, (site.get(start) ?? 0) + difference);
  }
  const passed = crossings(windows);
  const passedTruly = crossings(truth);
  let [crossingError, crossed] = [0, 0];
  for (const [key, value] of passedTruly) {
    crossingError += Math.abs((passed.get(key) ?? 0) - value);
    crossed += value;
  }
  return {
    personError: error / sum,
    personBias: bias / sum,
    siteError: [...site.values()].reduce((all, value) => all + Math.abs(value), 0) / sum,
    crossingError: crossingError / crossed,
    crossings: crossed,
  };
}

function personSeconds(windows: readonly ClosedWindow[]): Map<string, number> {
  return new Map(
    windows.flatMap(({ areas }) =>
      areas.map((row) => [`${row.startUs} ${row.area}`, row.personUs / 1e6] as const),
    ),
  );
}

function crossings(windows: readonly ClosedWindow[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of windows.flatMap(({ lines }) => lines)) {
    sums.set(`${row.line} forward`, (sums.get(`${row.line} forward`) ?? 0) + row.forward);
    sums.set(`${row.line} backward`, (sums.get(`${row.line} backward`) ?? 0) + row.backward);
  }
  return sums;
}
