/** Names under which a picture might travel; only numbers, booleans and absent values pass under them. */
export const PIXEL_KEYS: ReadonlySet<string> = new Set([
  'image',
  'images',
  'frame',
  'frames',
  'buffer',
  'pixels',
  'raw',
  'body',
]);

const DEPTH_MAX = 6;
const ENTRIES_MAX = 100;
const TEXT_LENGTH_MAX = 4_000;

/**
 * A copy of a value that is safe to write to a log: binary data is replaced by its size, everything under a name of
 * `PIXEL_KEYS` by its type, errors keep only their words, and depth, breadth and length are bounded.
 */
export function withhold(value: unknown): unknown {
  return copy(value, '', 0);
}

function copy(value: unknown, key: string, depth: number): unknown {
  if (typeof value === 'string') {
    if (PIXEL_KEYS.has(key.toLowerCase())) return `[text of ${value.length} characters withheld]`;
    return value.length > TEXT_LENGTH_MAX ? `${value.slice(0, TEXT_LENGTH_MAX)}…` : value;
  }
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes withheld]`;
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) {
    return `[${value.byteLength} bytes withheld]`;
  }
  if (PIXEL_KEYS.has(key.toLowerCase())) return '[object withheld]';
  if (depth >= DEPTH_MAX) return '[deeper levels withheld]';
  if (value instanceof Error) return copyError(value, depth);
  if (Array.isArray(value)) return copyArray(value, depth);
  if (value instanceof Date) return value;
  const json: unknown = (value as { toJSON?: unknown }).toJSON;
  if (typeof json === 'function') return copy(json.call(value), key, depth + 1);
  if (value instanceof Map || value instanceof Set) return `[${value.size} entries withheld]`;
  const result: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value).slice(0, ENTRIES_MAX)) {
    result[name] = copy(entry, name, depth + 1);
  }
  return result;
}

function copyArray(value: readonly unknown[], depth: number): unknown[] {
  const head = value.slice(0, ENTRIES_MAX).map((entry) => copy(entry, '', depth + 1));
  if (value.length > ENTRIES_MAX) head.push(`[${value.length - ENTRIES_MAX} more withheld]`);
  return head;
}

/** Other properties that a library hung on its error may hold what was being worked on. */
function copyError(error: Error & { code?: unknown; detail?: unknown }, depth: number): unknown {
  return {
    type: error.name,
    message: copy(error.message, '', depth + 1),
    ...(error.code === undefined ? {} : { code: copy(error.code, 'code', depth + 1) }),
    ...(error.detail === undefined ? {} : { detail: copy(error.detail, 'detail', depth + 1) }),
    stack: copy(error.stack, '', depth + 1),
    ...(error.cause === undefined ? {} : { cause: copy(error.cause, 'cause', depth + 1) }),
  };
}
