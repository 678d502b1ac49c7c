import type { SitePlan } from '@hitonami/model';
import {
  startScenario,
  type Scenario,
  type SimulatedPerson,
  type Truth,
} from '@hitonami/simulator';
import { withStation, type Station } from '../compose.js';
import { commandLogger } from '../command-logger.js';
import { positionFrames, positionsOf } from '../position-frames.js';
import { closeRecording, endOfRecording, untilWritten } from '../replay/finish.js';
import { filmScenario, FRAMES_PER_S } from './film-scenario.js';
import { PositionJudge } from './judge-positions.js';
import { judgeWindows, type WindowJudgement } from './judge-windows.js';
import { Reel } from './reel.js';

/** 2026-04-01T08:00:00+09:00, µs: the start of a window of any length. */
const START_US = Date.UTC(2026, 2, 31, 23) * 1000;
const PERIOD_S = 1 / FRAMES_PER_S;
const PERIOD_US = PERIOD_S * 1e6;
const WRITE_TIMEOUT_MS = 120_000;
const PARTITIONS = 4;

/** How right the numbers of a scenario are. Undefined is what there was nothing to measure by. */
export interface ScenarioJudgement extends WindowJudgement {
  cameras: number;
  frames: number;
  /**
   * Of positions matched with the nearest person within 1 m, not with the one who was seen: their mean distance, m; how many
   * are of somebody, how many found.
   */
  positionErrorM: number | undefined;
  positionPrecision: number | undefined;
  positionRecall: number | undefined;
  /** The same of as many places thrown at random into the same frames' coverages, with the run's seed. */
  randomErrorM: number | undefined;
  randomPrecision: number | undefined;
  randomRecall: number | undefined;
}

/** Runs a scenario through cameras, gRPC, detection, log, windows and warehouse, and holds all of it against the truth. */
export async function judgeRun(
  scenario: Scenario,
  options: { dataFolder: string; seed: number; model?: string },
  onFrame: (done: number, expected: number) => void,
): Promise<ScenarioJudgement> {
  const { plan } = scenario;
  let judgement: ScenarioJudgement | undefined;
  const stationOptions = {
    dataFolder: options.dataFolder,
    planJson: JSON.stringify(plan),
    ...(options.model !== undefined && { model: options.model }),
    recording: true,
    logger: commandLogger('evaluate', 'error'),
  };
  await withStation(stationOptions, async (station) => {
    const played = await Promise.race([
      play(scenario, station, options.seed, onFrame),
      station.failed,
    ]);
    const measures = await station.warehouse.exportMeasures(plan.site, plan.windowS);
    const positions = await judgePositions(station, plan, played.people, options.seed);
    judgement = {
      cameras: plan.cameras.length,
      frames: played.frames,
      ...judgeWindows(plan, measures, played.truth, START_US),
      positionErrorM: positions.found.errorM,
      positionPrecision: positions.found.precision,
      positionRecall: positions.found.recall,
      randomErrorM: positions.thrown.errorM,
      randomPrecision: positions.thrown.precision,
      randomRecall: positions.thrown.recall,
    };
  });
  return judgement as ScenarioJudgement;
}

interface Played {
  truth: Truth;
  /** Who was there, by instant. */
  people: (readonly SimulatedPerson[])[];
  frames: number;
}

async function play(
  scenario: Scenario,
  station: Station,
  seed: number,
  onFrame: (done: number, expected: number) => void,
): Promise<Played> {
  const { plan, durationS } = scenario;
  const run = startScenario(scenario, seed);
  const people: (readonly SimulatedPerson[])[] = [];
  const step = () => {
    run.step(PERIOD_S);
    const present = run.people();
    people.push(present);
    return { timeS: run.timeS, people: present, trains: run.trains() };
  };
  const instants = Math.floor(durationS * FRAMES_PER_S);
  const reel = new Reel(step, instants, plan.cameras.length);
  let frames = 0;
  await filmScenario(scenario, seed, {
    ingestor: station.doors,
    mode: 'lossless',
    startUs: START_US + PERIOD_US,
    instants: (camera, signal) => reel.instants(camera, signal),
    onReceipt: () => {
      onFrame(++frames, instants * plan.cameras.length);
    },
  });
  const lastUs = START_US + instants * PERIOD_US;
  await closeRecording(station.log, plan.site, lastUs);
  await untilWritten(
    () => station.writtenUntilUs(plan.site),
    endOfRecording(lastUs),
    WRITE_TIMEOUT_MS,
  );
  return { truth: run.truth, people, frames };
}

async function judgePositions(
  { log }: Station,
  plan: SitePlan,
  people: readonly (readonly SimulatedPerson[])[],
  seed: number,
): Promise<PositionJudge> {
  const judge = new PositionJudge(seed);
  const coverages = new Map(plan.cameras.map(({ id, coverage }) => [id, coverage.coordinates]));
  for await (const frame of positionFrames(log, PARTITIONS, plan.site)) {
    const present = people[Math.round((frame.capturedUs - START_US) / PERIOD_US) - 1];
    const coverage = coverages.get(frame.camera);
    if (present && coverage) judge.add(coverage, positionsOf(frame), present);
  }
  return judge;
}
