import { HitonamiError } from '@hitonami/model';
import { LogAway, messageOf } from '../faults.js';

/** Protocol errors that mean that the group has moved on without this member. */
const MOVED_ON = new Set(['ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID', 'REBALANCE_IN_PROGRESS']);
const TOO_LARGE = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);

/** Turns kafkajs's errors into ours. `what` says what was being done. */
export function mapped(error: unknown, what: string): HitonamiError {
  if (error instanceof HitonamiError) return error;
  const type = typeOf(error);
  const canRetry = isPassing(error) || (type !== undefined && MOVED_ON.has(type));
  const message = `${what}: ${messageOf(error)}`;
  if (type === undefined && canRetry) return new LogAway(message, { cause: error, canRetry });
  const isTooLarge = type !== undefined && TOO_LARGE.has(type);
  return new HitonamiError(isTooLarge ? 'INPUT' : 'LOG', message, {
    cause: error,
    canRetry,
    ...(type === undefined ? {} : { detail: type }),
  });
}

export function movedOn(error: unknown): boolean {
  const type = typeOf(error);
  return type !== undefined && MOVED_ON.has(type);
}

/** The protocol's name of the error, found under kafkajs's wrappings. */
function typeOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++)
    if ('type' in at && typeof at.type === 'string') return at.type;
  return undefined;
}

/** Also under an error of which kafkajs says that it cannot be retried: it says so of one that it has retried enough. */
function isPassing(error: unknown): boolean {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    if (at.name === 'KafkaJSNumberOfRetriesExceeded') return true;
    if ('retriable' in at && at.retriable === true) return true;
  }
  return false;
}
