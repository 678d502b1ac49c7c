import { HitonamiError, type HitonamiErrorOptions } from '@hitonami/model';

/** Of PostgreSQL's error codes, appendix A of its manual. */
const UNIQUE_VIOLATION = '23505';
const CANNOT_KEEP: ReadonlySet<string> = new Set([
  '22001', // text too long
  '22003', // number out of range
  '22007', // not a date
  '22008', // no such date
  '22021', // a character that the encoding lacks
  '22P02', // not of the type
  '23502', // missing
  '23503', // refers to nothing
  '23514', // a check of the table refuses it
]);
/** Classes that pass: connection, resources, shutdown, and a transaction that met another. */
const PASSING = /^(?:08|53|57|40)/;
/** Of the operating system, and of a pool without a free connection. */
const PASSING_SYSTEM =
  /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT)/;
const PASSING_MESSAGE =
  /connection terminated|timeout exceeded|timed? ?out|client has encountered/i;

/** The records cannot do it for now, or at all: `UNAVAILABLE`. Told apart from other parts that do not answer. */
export class RecordsAway extends HitonamiError {
  constructor(message: string, options: HitonamiErrorOptions = {}) {
    super('UNAVAILABLE', message, options);
  }
}

/**
 * A fault of the driver as one of ours: `INPUT` where the same values are refused again (`detail` names the violated
 * constraint or the code), `UNAVAILABLE` otherwise, with `canRetry` where it is likely to pass. The values are not in it.
 */
export function asFault(error: unknown, doing: string): HitonamiError {
  if (error instanceof HitonamiError) return error;
  const code = textOf(error, 'code') ?? '';
  const message = error instanceof Error ? error.message : String(error);
  if (code === UNIQUE_VIOLATION || CANNOT_KEEP.has(code)) {
    const constraint = textOf(error, 'constraint') ?? code;
    const why = code === UNIQUE_VIOLATION ? 'it exists already' : 'it is not of the kind to keep';
    return new HitonamiError('INPUT', `${doing}: ${why} (${constraint})`, {
      cause: error,
      detail: constraint,
    });
  }
  const passes =
    PASSING.test(code) ||
    PASSING_SYSTEM.test(code) ||
    (code === '' && PASSING_MESSAGE.test(message));
  return new RecordsAway(
    passes
      ? `${doing}: the records do not answer (${code === '' ? message : code}); try again`
      : `${doing}: the records refused (${code === '' ? message : `${code} ${message}`})`,
    { cause: error, canRetry: passes, ...(code !== '' && { detail: code }) },
  );
}

function textOf(error: unknown, key: 'code' | 'constraint'): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const value: unknown = (error as Record<string, unknown>)[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
