import type { HitonamiError } from '@hitonami/model';
import type { z } from 'zod';
import { KEY_PREFIX, readConfig } from './config/read.js';
import type { Environment } from './config/read.js';
import type { OperationsConfig } from './config/shapes.js';
import { Health } from './health.js';
import { Lifecycle } from './lifecycle.js';
import type { Part, StopReport } from './lifecycle.js';
import { createLogger } from './logging.js';
import type { Logger } from './logging.js';
import { createMetrics } from './metrics.js';
import type { Metrics } from './metrics.js';
import { startOperations } from './operations.js';

/** What several services in one process share. */
export interface Shared {
  logger: Logger;
  metrics: Metrics;
  health: Health;
}

/** What a service is given to start with. */
export interface ServiceContext<C> extends Shared {
  config: C;
  /** Aborted as soon as the service begins to stop. */
  signal: AbortSignal;
  /** Takes a started part under care: it is stopped in order, also where a later part fails to start. */
  own: <P extends Part>(part: P) => P;
  /** Something broke that the service cannot live without. */
  fail: (error: unknown) => void;
}

export interface Service<C> {
  name: string;
  /** Starts every part, hands each to `own`, and returns once the service is ready. */
  start(context: ServiceContext<C>): Promise<void>;
}

export interface RunningService {
  readonly name: string;
  readonly lifecycle: Lifecycle;
  stop(): Promise<StopReport>;
}

export interface StartOptions {
  /** Default 20 s. */
  stopDeadlineMs?: number;
  /** Called before the start, so that it can be stopped in its middle. */
  onLifecycle?(lifecycle: Lifecycle): void;
}

/**
 * Starts one service in this process beside others; they share the logger, the metrics and the health. Returns when it
 * is ready, or when it was stopped before it could be.
 *
 * @throws whatever the start threw, when all that it had started is stopped.
 */
export async function startService<C>(
  service: Service<C>,
  config: C,
  shared: Shared,
  options: StartOptions = {},
): Promise<RunningService> {
  const logger = shared.logger.child({ component: service.name });
  const readiness = shared.health.component(service.name);
  const states = shared.metrics.gauge({
    name: 'hitonami_service_state',
    help: '1 for the state that the service is in.',
    labels: ['service', 'state'],
  });
  let last: string | undefined;
  const lifecycle = new Lifecycle({
    name: service.name,
    ...(options.stopDeadlineMs === undefined ? {} : { stopDeadlineMs: options.stopDeadlineMs }),
    onState: (state) => {
      if (last !== undefined) states.set({ service: service.name, state: last }, 0);
      states.set({ service: service.name, state }, 1);
      last = state;
      if (state === 'ready') readiness.ready();
      else readiness.notReady(state);
      logger.info({ state }, `${service.name} is ${state}`);
    },
  });
  options.onLifecycle?.(lifecycle);
  await lifecycle.start(() =>
    service.start({
      ...shared,
      logger,
      config,
      signal: lifecycle.signal,
      own: (part) => lifecycle.own(part),
      fail: (error) => {
        logger.fatal({ err: error }, `${service.name} cannot go on`);
        void lifecycle.fail(error);
      },
    }),
  );
  return { name: service.name, lifecycle, stop: () => lifecycle.stop() };
}

/** What the exit code of a service process says. */
export const EXIT_CODES = {
  /** Stopped when asked, everything finished. */
  stopped: 0,
  /** Failed; the log says why. */
  failed: 1,
  /** Stopped when asked, but a step threw or was not done by the deadline. */
  stopIncomplete: 3,
  /** The configuration cannot be used; nothing was started. */
  configuration: 78,
} as const;

/** The part of `process` that is listened to. */
export interface ProcessEvents {
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
}

export interface RunOptions {
  environment: Environment;
  prefix?: string;
  /** Default: the real process. */
  events?: ProcessEvents;
  /** Default: standard output. */
  logger?: Logger;
}

/**
 * Runs one service as this process, from its environment to its exit code: `process.exit(await runService(…))`.
 *
 * SIGTERM and SIGINT stop it in order, a second one at once; an unhandled rejection or exception fails it. Metrics and
 * health are served from before the start until after the stop, so that both can be watched.
 */
export async function runService<S extends z.ZodObject>(
  service: Service<z.output<S>> & { schema: S },
  options: RunOptions,
): Promise<number> {
  let config: z.output<S> & OperationsConfig;
  try {
    config = readConfig(
      service.schema,
      options.environment,
      options.prefix ?? KEY_PREFIX,
    ) as typeof config;
  } catch (error) {
    const logger = options.logger ?? createLogger({ service: service.name });
    logger.fatal({ err: error }, (error as HitonamiError).message);
    return EXIT_CODES.configuration;
  }
  const logger = options.logger ?? createLogger({ service: service.name, level: config.logLevel });
  const shared: Shared = { logger, metrics: createMetrics(service.name), health: new Health() };

  const life = listenToProcess(options.events ?? process, logger);
  const live = async (): Promise<number> => {
    const operations = await startOperations({ address: config.metricsAddress, ...shared });
    logger.info({ url: operations.url }, 'metrics and health are served');
    try {
      const running = await startService<z.output<S>>(service, config, shared, {
        stopDeadlineMs: config.stopDeadline,
        onLifecycle: life.attach,
      });
      return exitCode(await running.lifecycle.finished, logger);
    } finally {
      await operations.stop();
    }
  };
  try {
    return await Promise.race([live(), life.forced]);
  } catch (error) {
    logger.fatal({ err: error }, `${service.name} could not start`);
    return EXIT_CODES.failed;
  } finally {
    life.unlisten();
  }
}

/** Turns what comes to the process into calls of the lifecycle, also of what came before there was one. */
function listenToProcess(events: ProcessEvents, logger: Logger) {
  let lifecycle: Lifecycle | undefined;
  let wanted: ((lifecycle: Lifecycle) => void) | undefined;
  let force!: (code: number) => void;
  const forced = new Promise<number>((resolve) => (force = resolve));

  const apply = (deed: (lifecycle: Lifecycle) => void): void => {
    wanted = deed;
    if (lifecycle !== undefined) deed(lifecycle);
  };
  const onSignal = (signal: unknown): void => {
    if (wanted !== undefined) {
      logger.warn({ signal }, 'asked again: stopping at once');
      force(EXIT_CODES.failed);
      return;
    }
    logger.info({ signal }, 'asked to stop');
    apply((life) => void life.stop());
  };
  const onUnhandled = (error: unknown): void => {
    logger.fatal({ err: error }, 'an error that nobody handled');
    apply((life) => void life.fail(error));
  };
  const listeners = [
    ['SIGTERM', onSignal],
    ['SIGINT', onSignal],
    ['unhandledRejection', onUnhandled],
    ['uncaughtException', onUnhandled],
  ] as const;
  for (const [event, listener] of listeners) events.on(event, listener);
  return {
    /** Resolves with the exit code when asked a second time. */
    forced,
    attach: (life: Lifecycle): void => {
      lifecycle = life;
      wanted?.(life);
    },
    unlisten: (): void => {
      for (const [event, listener] of listeners) events.off(event, listener);
    },
  };
}

function exitCode(report: StopReport, logger: Logger): number {
  for (const { step, error } of report.faults)
    logger.error({ err: error, step }, 'a step of the stop failed');
  if (report.overran.length > 0)
    logger.error({ steps: report.overran }, 'not done by the stop deadline');
  if (report.state === 'failed') return EXIT_CODES.failed;
  return report.faults.length + report.overran.length > 0
    ? EXIT_CODES.stopIncomplete
    : EXIT_CODES.stopped;
}
