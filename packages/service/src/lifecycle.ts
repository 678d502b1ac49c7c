import { performance } from 'node:perf_hooks';
import { HitonamiError } from '@hitonami/model';

export type ServiceState = 'starting' | 'ready' | 'stopping' | 'stopped' | 'failed';

/** The order of a stop. All parts pass one phase before any enters the next. */
export const STOP_PHASES = ['close', 'finish', 'flush', 'disconnect'] as const;

/** Something that was started and has to be stopped; each phase is optional. */
export interface Part {
  readonly name: string;
  /** Close the door: take nothing new. */
  close?(): Promise<void> | void;
  /** Finish what is inside. */
  finish?(): Promise<void> | void;
  /** Bring everything finished to where it is durable. */
  flush?(): Promise<void> | void;
  /** Let go of connections, files, children. Called even when the deadline has passed. */
  disconnect?(): Promise<void> | void;
}

export interface StopReport {
  state: 'stopped' | 'failed';
  /** Why it failed, where it did. */
  error?: unknown;
  /** `part.phase` of every step that threw. */
  faults: readonly { step: string; error: unknown }[];
  /** `part.phase` of every step that was not done by the deadline. */
  overran: readonly string[];
}

export interface LifecycleOptions {
  name: string;
  /** From the call of `stop` until steps are no longer waited for. Default 20 s. */
  stopDeadlineMs?: number;
  onState?(state: ServiceState): void;
}

const STOP_DEADLINE_MS_DEFAULT = 20_000;
/** What a step may still take when the deadline has passed already: enough to close a file. */
const STEP_GRACE_MS = 200;

/**
 * One service's life: starting, ready, stopping, and at the end stopped or failed. Parts are stopped in the reverse
 * order of their registration within each phase, so that whatever depends on another goes first.
 */
export class Lifecycle {
  readonly name: string;
  /** Aborted as soon as a stop begins. */
  readonly signal: AbortSignal;
  /** Settles when the service has ended, however it ended; never rejects. */
  readonly finished: Promise<StopReport>;
  readonly #options: LifecycleOptions;
  readonly #abort = new AbortController();
  readonly #parts: Part[] = [];
  #state: ServiceState = 'starting';
  #error: unknown;
  #hasFailed = false;
  #starting: Promise<void> = Promise.resolve();
  #stopping: Promise<StopReport> | undefined;
  #settle!: (report: StopReport) => void;

  constructor(options: LifecycleOptions) {
    this.name = options.name;
    this.#options = options;
    this.signal = this.#abort.signal;
    this.finished = new Promise((resolve) => (this.#settle = resolve));
    options.onState?.('starting');
  }

  get state(): ServiceState {
    return this.#state;
  }

  /**
   * Takes a started part under its care. Where the stop has begun meanwhile it throws `STOPPED`, which ends the start;
   * the part is stopped with the others.
   */
  own<P extends Part>(part: P): P {
    this.#parts.push(part);
    if (this.#stopping !== undefined) {
      throw new HitonamiError('STOPPED', `${this.name} was asked to stop while it was starting.`);
    }
    return part;
  }

  /**
   * Runs the start; if it fails, what it had started is stopped, in order, and the fault is thrown. Asked to stop in
   * the middle of the start, it stops and throws nothing.
   */
  async start(run: () => Promise<void> | void): Promise<void> {
    const starting = (async () => {
      await run();
    })();
    this.#starting = starting;
    try {
      await starting;
    } catch (error) {
      if (this.#stopping !== undefined) {
        await this.#stopping;
        return;
      }
      await this.fail(error);
      throw error;
    }
    if (this.#state === 'starting') this.#enter('ready');
  }

  /** Stops once, in order; every further call waits for the same end. */
  stop(): Promise<StopReport> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  /** Something broke that the service cannot live without: stops in order, and ends as failed. */
  fail(error: unknown): Promise<StopReport> {
    if (!this.#hasFailed && !this.#isOver()) {
      this.#hasFailed = true;
      this.#error = error;
    }
    return this.stop();
  }

  #isOver(): boolean {
    return this.#state === 'stopped' || this.#state === 'failed';
  }

  async #stop(): Promise<StopReport> {
    this.#enter('stopping');
    this.#abort.abort(new HitonamiError('STOPPED', `${this.name} is stopping.`));
    const allowedMs = this.#options.stopDeadlineMs ?? STOP_DEADLINE_MS_DEFAULT;
    const deadlineMs = performance.now() + allowedMs;
    const faults: { step: string; error: unknown }[] = [];
    const overran: string[] = [];
    // Said by the step that used the time up: a timer may fire a fraction of a millisecond before its time.
    let isTimeUp = false;
    // A start that is still under way sees the signal and ends first, so that no part is made behind the stop's back.
    const settled = this.#starting.then(
      () => undefined,
      () => undefined,
    );
    if (!(await within(allowedMs / 2, settled))) overran.push('start');
    for (const phase of STOP_PHASES) {
      for (const part of [...this.#parts].reverse()) {
        if (part[phase] === undefined) continue;
        const step = `${part.name}.${phase}`;
        const leftMs = deadlineMs - performance.now();
        if ((isTimeUp || leftMs <= 0) && phase !== 'disconnect') {
          overran.push(step);
          continue;
        }
        try {
          const work = Promise.resolve(part[phase]());
          const isDone = await within(Math.max(leftMs, STEP_GRACE_MS), work);
          if (!isDone) {
            overran.push(step);
            isTimeUp = true;
          }
        } catch (error) {
          faults.push({ step, error });
        }
      }
    }
    const state = this.#hasFailed ? 'failed' : 'stopped';
    this.#enter(state);
    const report = {
      state,
      ...(this.#hasFailed ? { error: this.#error } : {}),
      faults,
      overran,
    } satisfies StopReport;
    this.#settle(report);
    return report;
  }

  #enter(state: ServiceState): void {
    this.#state = state;
    this.#options.onState?.(state);
  }
}

/** Waits for some work; false where it was not done in time. */
async function within(timeoutMs: number, work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      resolve(false);
    }, timeoutMs);
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
