import { parsePlan } from '@hitonami/model';
import { scenario } from '@hitonami/simulator';
import { progressOn } from '../progress.js';
import { judgeRun, type ScenarioJudgement } from '../scenario/judge-run.js';
import { formatTable, shown } from '../table.js';
import { readText } from '../read-text.js';
import { withTemporaryFolder } from '../temporary-folder.js';

export interface EvaluateScenarioOptions {
  model?: string;
  plan?: string;
  /** Default 1. */
  seed?: number;
  /** Instead of the scenario's own length, s. */
  seconds?: number;
  json?: boolean;
}

/**
 * `hitonami evaluate --scenario rush-hour`: drawn frames of every camera of the scenario through the whole road, without
 * loss, against the truth.
 */
export async function evaluateScenario(
  name: string,
  options: EvaluateScenarioOptions,
  print: (line: string) => void,
): Promise<void> {
  const plan = options.plan === undefined ? undefined : parsePlan(await readText(options.plan));
  const seed = options.seed ?? 1;
  const chosen = scenario(name, plan && { plan });
  const progress = progressOn(process.stderr);
  const judgement = await withTemporaryFolder('scenario', (dataFolder) =>
    judgeRun(
      { ...chosen, durationS: options.seconds ?? chosen.durationS },
      {
        dataFolder,
        seed,
        ...(options.model !== undefined && { model: options.model }),
      },
      (done, expected) => {
        progress.count('frames', done, expected);
      },
    ),
  ).finally(() => {
    progress.end();
  });
  print(options.json ? JSON.stringify({ scenario: name, seed, ...judgement }) : asTable(judgement));
}

function asTable(judged: ScenarioJudgement): string {
  const percent = (share: number | undefined): string =>
    share === undefined ? shown(share, 1) : `${(100 * share).toFixed(1)} %`;
  return formatTable(
    [{ head: 'figure' }, { head: 'value', align: 'right' }],
    [
      ['cameras, frames', `${judged.cameras}, ${judged.frames}`],
      ['areas × windows', String(judged.windows)],
      ['true density, mean, persons/m²', shown(judged.meanDensity, 3)],
      ['true density, highest of a window', shown(judged.highestDensity, 3)],
      ['density error, mean, persons/m²', shown(judged.densityError, 3)],
      ['density error, share of the true density', percent(judged.densityErrorShare)],
      ['density bias (below 0: people missed)', percent(judged.densityBias)],
      ['level of service right', percent(judged.losExact)],
      ['level of service right within one', percent(judged.losWithinOne)],
      ['windows at level E or F', String(judged.crowdedWindows)],
      ['count error there (below 0: people missed)', percent(judged.crowdedCountError)],
      ['passages of lines, true', String(judged.crossings)],
      ['passage error', percent(judged.crossingError)],
      ['movements between places, true', String(judged.movements)],
      ['movement error', percent(judged.movementError)],
      ['journeys (origin to destination), true', String(judged.journeys)],
      ['journeys measured ÷ true', shown(judged.journeyRatio, 2)],
      ['OD error', percent(judged.odError)],
      ['positions within 1 m of a person: mean distance, m', shown(judged.positionErrorM, 3)],
      ['  of as many thrown at random', shown(judged.randomErrorM, 3)],
      ['positions: share within 1 m of somebody', percent(judged.positionPrecision)],
      ['  of as many thrown at random', percent(judged.randomPrecision)],
      ['people with a position within 1 m', percent(judged.positionRecall)],
      ['  with one thrown at random', percent(judged.randomRecall)],
    ],
  );
}
