/**
 * A fault in ClickHouse's own words: number, name, text. Numbers and names are those of
 * ClickHouse's `ErrorCodes.cpp`, so that clients act on them as they do for a server.
 */
export class Exception extends Error {
  readonly code: number;
  readonly status: number;

  constructor(code: number, text: string, status = statusOf(code)) {
    super(text);
    this.code = code;
    this.status = status;
  }
}

const NAMES: Readonly<Record<number, string>> = {
  36: 'BAD_ARGUMENTS',
  48: 'NOT_IMPLEMENTED',
  62: 'SYNTAX_ERROR',
  202: 'TOO_MANY_SIMULTANEOUS_QUERIES',
  209: 'SOCKET_TIMEOUT',
  241: 'MEMORY_LIMIT_EXCEEDED',
  307: 'TOO_MANY_BYTES',
  354: 'ZLIB_INFLATE_FAILED',
  394: 'QUERY_WAS_CANCELLED',
  425: 'SYSTEM_ERROR',
  516: 'AUTHENTICATION_FAILED',
};

/** An exception raised by the door itself rather than by the engine. */
export function doorException(code: number, text: string, status?: number): Exception {
  const name = NAMES[code];
  return new Exception(
    code,
    `Code: ${code}. DB::Exception: ${text}${name === undefined ? '' : ` (${name})`}`,
    status,
  );
}

/** The engine's errors begin with `Code: NN.`; what does not is a standard exception (1001). */
export function engineException(error: unknown): Exception {
  if (error instanceof Exception) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = Number(/^Code:\s*(\d+)/.exec(text)?.[1] ?? 1001);
  const said = text.startsWith('Code:') ? text : `Code: 1001. DB::Exception: ${text}`;
  return new Exception(code, said.trimEnd());
}

const BAD_REQUEST = new Set([
  6, 7, 26, 27, 36, 38, 41, 42, 43, 53, 62, 69, 70, 72, 117, 131, 354, 456, 457,
]);
const NOT_FOUND = new Set([44, 46, 47, 50, 56, 60, 63, 73, 78, 81, 115]);
const UNAVAILABLE = new Set([202, 203, 209, 439]);

/** HTTP status of a code, after ClickHouse's `exceptionCodeToHTTPStatus`. */
function statusOf(code: number): number {
  if (BAD_REQUEST.has(code)) return 400;
  if (code === 516 || code === 194) return 403;
  if (NOT_FOUND.has(code)) return 404;
  if (code === 159) return 408;
  if (code === 307) return 413;
  if (code === 48) return 501;
  if (UNAVAILABLE.has(code)) return 503;
  return 500;
}
