import { createLogger, type Logger } from '@hitonami/service';

/** The log of a command goes to standard error: standard output is for what was asked. */
export function commandLogger(service: string, level: 'error' | 'warn'): Logger {
  return createLogger({ service, level, destination: process.stderr });
}
