import type { Readable } from 'node:stream';
import { HitonamiError } from '@hitonami/model';
import { warehouseFault } from './faults.js';

const MARK = '__exception__';

/**
 * A result as text, piece by piece. ClickHouse ends a result that broke off with a mark that holds the exception
 * (`\r\n__exception__\r\n<tag>\r\n<text>`): it is thrown here, not passed on as if it were data.
 */
export async function* resultText(
  stream: Readable,
  tag: string | string[] | undefined,
): AsyncGenerator<string> {
  const mark = typeof tag === 'string' ? `\r\n${MARK}\r\n${tag}` : undefined;
  const decoder = new TextDecoder();
  // Held back is only what could be the beginning of the mark.
  let held = '';
  let exception: string | undefined;
  try {
    for await (const piece of stream) {
      if (exception !== undefined) {
        exception += decoder.decode(piece as Buffer, { stream: true });
        continue;
      }
      held += decoder.decode(piece as Buffer, { stream: true });
      const at = mark === undefined ? -1 : held.indexOf(mark);
      if (mark !== undefined && at !== -1) {
        exception = held.slice(at + mark.length);
        held = held.slice(0, at);
      }
      const keep = mark === undefined || exception !== undefined ? 0 : tailLength(held, mark);
      if (held.length > keep) yield held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
    }
  } catch (error) {
    if (exception === undefined) throw warehouseFault(error, 'read the result to its end');
  }
  if (exception !== undefined) throw brokenOff(exception);
  if (held !== '') yield held;
}

/** Length of the longest end of `text` that begins `mark`. */
function tailLength(text: string, mark: string): number {
  for (let length = Math.min(mark.length - 1, text.length); length > 0; length -= 1) {
    if (text.endsWith(mark.slice(0, length))) return length;
  }
  return 0;
}

function brokenOff(exception: string): HitonamiError {
  const code = /Code: (\d+)/.exec(exception)?.[1];
  const text = exception.split(`\r\n${MARK}`)[0]?.trim() ?? '';
  return new HitonamiError('WAREHOUSE', `the result broke off: ${text}`, {
    ...(code === undefined ? {} : { detail: code }),
  });
}
