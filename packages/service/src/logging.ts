import { pino } from 'pino';
import type { DestinationStream, Level, Logger } from 'pino';
import { withhold } from './withhold.js';

export type { Logger } from 'pino';

const STDOUT = 1;

export interface LoggerOptions {
  service: string;
  /** Default `info`. */
  level?: Level | 'silent';
  /** Default: standard output. */
  destination?: DestinationStream;
}

/**
 * A logger that writes one JSON object a line. Nothing that could hold a picture gets through: binary values, and
 * texts or objects under the names in `PIXEL_KEYS`, are replaced by a note of their size.
 */
export function createLogger(options: LoggerOptions): Logger {
  const settings = {
    level: options.level ?? 'info',
    base: { service: options.service, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: withhold, error: withhold },
    formatters: {
      level: (label: string) => ({ level: label }),
      bindings: (bindings: object) => withhold(bindings) as Record<string, unknown>,
      log: (fields: object) => withhold(fields) as Record<string, unknown>,
    },
    hooks: {
      // Values interpolated into the message (%o, %j) do not pass through the formatters.
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: LogMethod): void {
        const [first, ...rest] = args as unknown[];
        const head = first instanceof Error ? { err: withhold(first), msg: first.message } : first;
        method.apply(this, [head, ...rest.map(withhold)] as Parameters<Logger['info']>);
      },
    },
  };
  // Written at once: a line that waits in memory is lost where the process ends right after it, and that is the line
  // which says why.
  const destination = options.destination ?? pino.destination({ dest: STDOUT, sync: true });
  const logger = pino(settings, destination);
  // pino does not format what is bound later; children inherit these two.
  const child = Reflect.get(logger, 'child') as Method;
  const setBindings = Reflect.get(logger, 'setBindings') as Method;
  const guarded: Record<'child' | 'setBindings', Method> = {
    child(bindings, ...rest) {
      return child.call(this, withhold(bindings), ...rest);
    },
    setBindings(bindings) {
      return setBindings.call(this, withhold(bindings));
    },
  };
  return Object.assign<Logger, object>(logger, guarded);
}

type Method = (this: Logger, ...args: unknown[]) => unknown;

type LogMethod = (this: Logger, ...args: Parameters<Logger['info']>) => void;
