/**
 * Every fault that hitonami itself raises, by what a caller can do about it.
 *
 * - `CONFIG`: a setting is missing or wrong; the message names the key.
 * - `PLAN`: the site plan is wrong; the message names the key, the place and the mend.
 * - `INPUT`: data from outside is malformed, oversized, late or hostile; sending it again does not help.
 * - `MODEL`: a detector file cannot be used.
 * - `LOG`: the event log failed.
 * - `LOG_FULL`: the event log has no room left on its disk.
 * - `WAREHOUSE`: ClickHouse refused or failed; `detail` holds its own code.
 * - `UNAVAILABLE`: something that should answer does not, for now.
 * - `STOPPED`: the part was asked to stop.
 */
export type ErrorCode =
  | 'CONFIG'
  | 'PLAN'
  | 'INPUT'
  | 'MODEL'
  | 'LOG'
  | 'LOG_FULL'
  | 'WAREHOUSE'
  | 'UNAVAILABLE'
  | 'STOPPED';

export interface HitonamiErrorOptions {
  cause?: unknown;
  /** True where the same call may succeed later without any change. */
  canRetry?: boolean;
  /** A machine-readable detail, such as the code that ClickHouse gave. */
  detail?: string;
}

/** An error that says what was wrong, where, and what to do; never holds image content or a pseudonym. */
export class HitonamiError extends Error {
  override readonly name = 'HitonamiError';
  readonly code: ErrorCode;
  readonly canRetry: boolean;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, options: HitonamiErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.canRetry = options.canRetry ?? false;
    this.detail = options.detail;
  }
}
