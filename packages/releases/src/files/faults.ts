import { HitonamiError } from '@hitonami/model';

const NO_ROOM = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What is said where a disk fails: one that is full is told from one that is broken, for room can be made. */
export function diskFault(doing: string, error: unknown): HitonamiError {
  if (error instanceof HitonamiError) return error;
  if (NO_ROOM.has(codeOf(error)))
    return new HitonamiError(
      'UNAVAILABLE',
      `no room is left on the disk while ${doing}: make room, then start it again; it goes on where it stopped`,
      { cause: error, canRetry: true, detail: 'no-room' },
    );
  const why = error instanceof Error ? error.message : String(error);
  return new HitonamiError('UNAVAILABLE', `the disk failed while ${doing}: ${why}`, {
    cause: error,
    detail: codeOf(error) || 'disk',
  });
}
