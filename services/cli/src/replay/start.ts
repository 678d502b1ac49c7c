import { HitonamiError } from '@hitonami/model';

/** What a recording tells of its time. */
export interface RecordedTime {
  /** When its first frame was taken, by its own word. */
  createdMs?: number | undefined;
  /** When its file was last changed. */
  changedMs: number;
  /** Undefined where it does not say. */
  durationS: number | undefined;
}

/**
 * Capture time of a recording's first frame, µs: what is asked for, else the recording's own word, else so long before its
 * file was closed as it is long. A file that was copied by a clock that is ahead ends now.
 *
 * @throws HitonamiError `INPUT` for one that would end in the future, or of which neither start nor length is known
 */
export function startUsOf(
  source: string,
  { createdMs, changedMs, durationS }: RecordedTime,
  asked: Date | undefined,
  nowMs: number,
): number {
  const toldMs = asked?.getTime() ?? createdMs;
  if (toldMs === undefined) {
    if (durationS === undefined) {
      throw new HitonamiError(
        'INPUT',
        `${source} does not say how long it is: give the time of its first frame with --start`,
      );
    }
    return Math.floor(Math.min(changedMs, nowMs) - durationS * 1000) * 1000;
  }
  const endMs = toldMs + (durationS ?? 0) * 1000;
  if (endMs > nowMs) {
    const why = asked === undefined ? 'by the start that it gives itself' : 'from this start on';
    throw new HitonamiError(
      'INPUT',
      `${source} would end in the future (${new Date(endMs).toISOString()}) ${why}: give the time of its first frame with --start`,
    );
  }
  return toldMs * 1000;
}
