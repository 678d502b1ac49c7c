import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import {
  HitonamiError,
  type DatasetSubject,
  type ReleasedCell,
  type ReleaseFile,
} from '@hitonami/model';
import { cellOf, type Value } from '../tables/table.js';

const READ_BYTES = 256 * 1024;

/**
 * The cells of a release, read back from its JSON Lines, some hundred at a time. Whoever reads to the end knows that they are what was
 * told: the file's checksum is compared there.
 *
 * @throws HitonamiError `UNAVAILABLE` (`damaged`) where the file is not the one that was written
 */
export async function* toldCells(
  path: string,
  file: ReleaseFile,
  subject: DatasetSubject,
): AsyncIterable<readonly ReleasedCell[]> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const bytes of createReadStream(path, { highWaterMark: READ_BYTES })) {
      hash.update(bytes as Buffer);
      const lines = (rest + decoder.decode(bytes as Buffer, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0)
        yield lines.map((line) => cellOf(subject, JSON.parse(line) as Record<string, Value>));
    }
  } catch (error) {
    throw damaged(file.name, error);
  }
  if (rest !== '' || hash.digest('hex') !== file.sha256) throw damaged(file.name);
}

function damaged(name: string, cause?: unknown): HitonamiError {
  return new HitonamiError(
    'UNAVAILABLE',
    `${name} is not as it was published: restore it from a copy, for what was told has to be known before more is told`,
    { detail: 'damaged', cause },
  );
}
