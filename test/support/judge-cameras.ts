import type { ClosedWindow } from '@hitonami/crowd';
import type { Truth } from '@hitonami/simulator';
import { EIGHT_START_US, type EightCameraRun } from './eight-cameras.js';

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
  /** Σ over pairs of places of |measured − true| journeys ÷ Σ true, over the whole run. */
  odError: number;
  /** Journeys measured ÷ true. */
  journeyRatio: number;
  /** Share of the journeys that lead over a join, and their mean confidence. */
  joinedShare: number;
  meanConfidence: number;
  /** Cameras that were believed to have been moved in any window. */
  moved: string[];
  /** When the first was, s after the start. */
  movedAtS: number | undefined;
}

export function judge({ windows, truth }: EightCameraRun): Judgement {
  const measured = personSeconds(windows);
  const right = truth
    .areas()
    .map(({ area, startS, personS }) => [`${startS} ${area}`, personS] as const);
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
  const passedTruly = crossingsTruly(truth);
  let [crossingError, crossed] = [0, 0];
  for (const [key, value] of passedTruly) {
    crossingError += Math.abs((passed.get(key) ?? 0) - value);
    crossed += value;
  }
  const went = journeys(windows);
  const wentTruly = new Map<string, number>(
    truth.od().map((row) => [`${row.origin} ${row.destination}`, row.people] as const),
  );
  let [odError, trueJourneys, measuredJourneys] = [0, 0, 0];
  for (const key of new Set([...went.keys(), ...wentTruly.keys()])) {
    const [a, b] = [went.get(key) ?? 0, wentTruly.get(key) ?? 0];
    odError += Math.abs(a - b);
    measuredJourneys += a;
    trueJourneys += b;
  }
  const all = windows.flatMap((window) => window.journeys);
  const joined = all.reduce((total, row) => total + row.joined, 0);
  const confidence = all.reduce((total, row) => total + row.confidencePermille, 0) / 1000;
  const suspected = windows.flatMap(({ cameras, startUs }) =>
    cameras.flatMap(({ camera, movedSinceUs }) => (movedSinceUs > 0 ? [{ camera, startUs }] : [])),
  );
  return {
    odError: odError / trueJourneys,
    journeyRatio: measuredJourneys / trueJourneys,
    joinedShare: joined / measuredJourneys,
    meanConfidence: confidence / measuredJourneys,
    moved: [...new Set(suspected.map(({ camera }) => camera))].sort(),
    movedAtS: suspected[0] && (suspected[0].startUs - EIGHT_START_US) / 1e6,
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
      areas.map(
        (row) =>
          [`${(row.startUs - EIGHT_START_US) / 1e6} ${row.area}`, row.personUs / 1e6] as const,
      ),
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

function crossingsTruly(truth: Truth): Map<string, number> {
  return new Map(
    truth
      .lines()
      .flatMap(({ line, forward, backward }) => [
        [`${line} forward`, forward] as const,
        [`${line} backward`, backward] as const,
      ]),
  );
}

function journeys(windows: readonly ClosedWindow[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of windows.flatMap((window) => window.journeys)) {
    const key = `${row.fromPlace} ${row.toPlace}`;
    sums.set(key, (sums.get(key) ?? 0) + row.journeys);
  }
  return sums;
}
