import { HitonamiError } from '@hitonami/model';
import { Crowd, SUBSTEP_S } from './crowd/crowd.js';
import type { TrainState } from './crowd/trains.js';
import type { SimulatedPerson } from './person.js';
import type { Scenario } from './scenario.js';
import { Truth } from './truth/truth.js';

/** Longest step that is asked for at once, seconds. */
const MAX_STEP_S = 60;

/** A run of a scenario. */
export interface ScenarioRun {
  readonly scenario: Scenario;
  /** Seconds since the start. */
  readonly timeS: number;
  /** People who have come in since the start, and gone out; `entered − left = people().length`. */
  readonly entered: number;
  readonly left: number;
  /** Of those who have left: by train. */
  readonly boarded: number;
  /** People who would come in and find no room, outside a door or in a train, now. */
  readonly waitingOutside: number;
  /** Lets `dtS` seconds pass, a multiple of 0.05 s, at most 60. */
  step(dtS: number): void;
  /** Everyone there now, in the order of entering. */
  people(): readonly SimulatedPerson[];
  /** Every train that can be seen now. */
  trains(): readonly TrainState[];
  /** Crossings, densities and movements so far, of the scenario's plan. */
  readonly truth: Truth;
}

/** Starts a run. The same scenario, seed and steps give the same run. */
export function startScenario(scenario: Scenario, seed: number): ScenarioRun {
  if (!Number.isInteger(seed)) throw new HitonamiError('CONFIG', 'the seed must be an integer');
  const crowd = new Crowd(scenario, seed);
  const truth = new Truth(scenario.plan);
  return {
    scenario,
    get timeS() {
      return crowd.timeS;
    },
    get entered() {
      return crowd.entered;
    },
    get left() {
      return crowd.left;
    },
    get boarded() {
      return crowd.boarded;
    },
    get waitingOutside() {
      return crowd.waitingOutside;
    },
    step: (dtS) => {
      const substeps = Math.round(dtS / SUBSTEP_S);
      if (!(dtS <= MAX_STEP_S && substeps >= 1 && Math.abs(substeps * SUBSTEP_S - dtS) < 1e-6)) {
        throw new HitonamiError(
          'CONFIG',
          `a step must be a multiple of ${SUBSTEP_S} s and at most ${MAX_STEP_S} s, not ${dtS}`,
        );
      }
      for (let i = 0; i < substeps; i++) {
        crowd.advance();
        truth.observe(crowd.agents, crowd.timeS, SUBSTEP_S);
      }
    },
    people: () => crowd.people(),
    trains: () => crowd.trains.states(),
    truth,
  };
}
