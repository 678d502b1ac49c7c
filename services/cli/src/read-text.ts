import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { HitonamiError } from '@hitonami/model';

/** Longest line that is read, characters: no row and no record is nearly so long. */
const LINE_CHARS_MAX = 65_536;
const LINE_END = /\r?\n|\r(?!\n|$)/;

/**
 * The text of a file, without a byte order mark.
 * @throws HitonamiError `INPUT` for a file that cannot be read, or is not UTF-8: what it says of people would be unreadable
 */
export async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw unreadable(file, cause);
  });
  return decoderOf(file)(bytes);
}

/**
 * The lines of a file as they are read, without their ends and without a byte order mark.
 * @throws HitonamiError `INPUT` as `readText`, and for a line without end
 */
export async function* textLines(file: string): AsyncGenerator<string> {
  const decode = decoderOf(file);
  let rest = '';
  let line = 1;
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
      const lines = (rest + decode(chunk, true)).split(LINE_END);
      rest = lines.pop() ?? '';
      line += lines.length;
      if (rest.length > LINE_CHARS_MAX) {
        throw new HitonamiError(
          'INPUT',
          `${file}, line ${line}: it has over ${LINE_CHARS_MAX} characters`,
        );
      }
      yield* lines;
    }
  } catch (cause) {
    throw cause instanceof HitonamiError ? cause : unreadable(file, cause);
  }
  rest += decode(new Uint8Array());
  if (rest !== '') yield rest;
}

function decoderOf(file: string): (bytes: Uint8Array, hasMore?: boolean) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  return (bytes, hasMore = false) => {
    try {
      return decoder.decode(bytes, { stream: hasMore });
    } catch (cause) {
      throw new HitonamiError('INPUT', `${file} is not UTF-8: save it as UTF-8`, { cause });
    }
  };
}

function unreadable(file: string, cause: unknown): HitonamiError {
  return new HitonamiError('INPUT', `${file} cannot be read: ${(cause as Error).message}`, {
    cause,
  });
}
