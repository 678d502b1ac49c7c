import type { AreaWindow, Scenario, ScenarioRun } from '@hitonami/simulator';
import { startScenario } from '@hitonami/simulator';
import type { FilmMoment } from '@hitonami/renderer';
import { FRAMES_PER_S } from '../scenario/film-scenario.js';
import { LiveReel } from '../scenario/live-reel.js';

const STEP_S = 1 / FRAMES_PER_S;
/** The crowd has walked for so long before anybody looks, s. */
const BEFORE_S = 20;
/** A machine that stood still does not make the crowd run after the clock for longer than this, steps. */
const CATCH_UP_MAX = 5 * FRAMES_PER_S;

/** A scenario that goes on by the clock. */
export class LiveCrowd {
  readonly reel = new LiveReel<FilmMoment>();
  readonly #run: ScenarioRun;
  /** Event time of the run's start, the start of a window: its windows are those that are measured. */
  readonly #startMs: number;
  readonly #timer: NodeJS.Timeout;

  constructor(scenario: Scenario, seed: number) {
    this.#run = startScenario(scenario, seed);
    const windowMs = 1000 * scenario.plan.windowS;
    const beforeMs = Date.now() - 1000 * BEFORE_S;
    this.#startMs = Math.floor(beforeMs / windowMs) * windowMs;
    this.#follow(Infinity);
    this.#timer = setInterval(() => {
      this.#follow(CATCH_UP_MAX);
    }, 1000 * STEP_S);
  }

  /** People who are truly there now. */
  get present(): number {
    return this.#run.people().length;
  }

  /** What is true of a window that is over. */
  window(area: string, startUs: number): AreaWindow | undefined {
    const startS = startUs / 1e6 - this.#startMs / 1e3;
    return this.#run.truth
      .areas()
      .find((row) => row.area === area && Math.abs(row.startS - startS) < STEP_S / 2);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #follow(stepsMax: number): void {
    const dueS = (Date.now() - this.#startMs) / 1000;
    for (let steps = 0; this.#run.timeS + STEP_S <= dueS && steps < stepsMax; steps++)
      this.#run.step(STEP_S);
    const { timeS } = this.#run;
    this.reel.show({ timeS, people: this.#run.people(), trains: this.#run.trains() });
  }
}
