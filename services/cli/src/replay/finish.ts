import { encodeTick, HitonamiError, US_PER_S, windowStartUs } from '@hitonami/model';
import { TOPIC_NAMES } from '@hitonami/service';
import type { EventLog } from '@hitonami/event-log';

/** Longest rollup: closing it closes every other window too. */
const LAST_WINDOW_US = 3_600 * US_PER_S;
/** More than any track goes on unseen and any aggregator waits for the late. */
const SETTLED_US = 60 * US_PER_S;

const POLL_MS = 50;

/** The instant up to which every window of a recording must be closed. */
export function endOfRecording(lastCaptureUs: number): number {
  return windowStartUs(lastCaptureUs + SETTLED_US, LAST_WINDOW_US) + LAST_WINDOW_US;
}

/** Says on the log that the recording is over: time goes on, and nobody is seen any more. */
export async function closeRecording(
  log: EventLog,
  site: string,
  lastCaptureUs: number,
): Promise<void> {
  const nowUs = endOfRecording(lastCaptureUs) + SETTLED_US;
  await log.append(TOPIC_NAMES.observations, [{ key: site, value: encodeTick({ site, nowUs }) }]);
}

/** @throws HitonamiError `UNAVAILABLE` where the windows are not written in time; the signal's reason where it is aborted */
export async function untilWritten(
  writtenUntilUs: () => Promise<number | undefined>,
  targetUs: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (((await writtenUntilUs()) ?? 0) < targetUs) {
    signal?.throwIfAborted();
    if (Date.now() > deadline) {
      throw new HitonamiError(
        'UNAVAILABLE',
        `the windows of the recording were not written within ${timeoutMs / 1000} s`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
