import { setTimeout as sleep } from 'node:timers/promises';
import { ClickHouseError } from '@clickhouse/client';
import { HitonamiError } from '@hitonami/model';

/**
 * ClickHouse's codes after which the same request may succeed without change. Told by number, never by text.
 * Source: `ErrorCodes.cpp`.
 */
const RETRYABLE: ReadonlySet<string> = new Set([
  '3', // UNEXPECTED_END_OF_FILE
  '32', // ATTEMPT_TO_READ_AFTER_EOF
  '159', // TIMEOUT_EXCEEDED
  '202', // TOO_MANY_SIMULTANEOUS_QUERIES
  '203', // NO_FREE_CONNECTION
  '209', // SOCKET_TIMEOUT
  '210', // NETWORK_ERROR
  '236', // ABORTED
  '241', // MEMORY_LIMIT_EXCEEDED
  '242', // TABLE_IS_READ_ONLY
  '252', // TOO_MANY_PARTS
  '285', // TOO_FEW_LIVE_REPLICAS
  '319', // UNKNOWN_STATUS_OF_INSERT
  '394', // QUERY_WAS_CANCELLED
  '439', // CANNOT_SCHEDULE_TASK
  '999', // KEEPER_EXCEPTION
]);

/** A fault of the client or of ClickHouse as hitonami's own, with ClickHouse's code as its detail. */
export function warehouseFault(error: unknown, doing: string): HitonamiError {
  if (error instanceof HitonamiError) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof ClickHouseError) {
    return new HitonamiError(
      'WAREHOUSE',
      `ClickHouse refused to ${doing}: ${text} (code ${error.code}, ${error.type ?? 'unnamed'})`,
      { cause: error, canRetry: RETRYABLE.has(error.code), detail: error.code },
    );
  }
  // What is left are faults of the way there; a bug of our own is none and must not be tried again.
  const isBug =
    error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError;
  const code = (error as NodeJS.ErrnoException).code;
  return new HitonamiError(
    isBug ? 'WAREHOUSE' : 'UNAVAILABLE',
    `could not ${doing}: ${text === '' ? String(code) : text}`,
    { cause: error, canRetry: !isBug, ...(code === undefined ? {} : { detail: code }) },
  );
}

export interface Retry {
  /** Tries in all. */
  attempts: number;
  /** Pause after the first; doubles, ms. */
  firstMs: number;
  /** Longest pause, ms. */
  maxMs: number;
}

/** About 11 s in all: longer than an embedded engine takes to come back. */
export const RETRY_DEFAULT: Retry = { attempts: 8, firstMs: 100, maxMs: 5_000 };

/** Does one thing, again where its fault may pass; after the last try the fault is thrown. */
export async function withRetry<T>(
  retry: Retry,
  doing: string,
  task: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await task();
    } catch (error) {
      const fault = warehouseFault(error, doing);
      if (!fault.canRetry || attempt >= retry.attempts) throw fault;
      await sleep(Math.min(retry.firstMs * 2 ** (attempt - 1), retry.maxMs));
    }
  }
}
