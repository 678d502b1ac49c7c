import type { liveAlerts, LiveSnapshot } from '../../../src/contract/index.js';
import type { z } from 'zod';

type LiveAlerts = z.output<typeof liveAlerts>;

export interface LiveEvents {
  readonly snapshot: (snapshot: LiveSnapshot) => void;
  readonly alerts: (alerts: LiveAlerts) => void;
  readonly plan: () => void;
  readonly open: () => void;
  /** The stream has ended; it is opened again by itself. */
  readonly lost: () => void;
}

const RETRY_FIRST_MS = 1_000;
const RETRY_MAX_MS = 10_000;
/** Nothing for so long: the stream may be half dead, and is opened anew. */
const QUIET_MAX_MS = 30_000;

/**
 * The live stream of a site, opened again with growing pauses until `close` is called. EventSource alone gives up for ever where the
 * server answers with an error (signed out, restarting).
 */
export function openLive(address: string, on: LiveEvents): { readonly close: () => void } {
  let source: EventSource | undefined;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let quietTimer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = RETRY_FIRST_MS;

  const heard = () => {
    clearTimeout(quietTimer);
    quietTimer = setTimeout(again, QUIET_MAX_MS);
  };
  const start = () => {
    clearTimeout(retryTimer);
    source?.close();
    const opened = new EventSource(address);
    source = opened;
    heard();
    opened.onopen = () => {
      pauseMs = RETRY_FIRST_MS;
      heard();
      on.open();
    };
    opened.onerror = () => {
      // Its own retry has no growing pause, and none at all after an error's answer.
      opened.close();
      clearTimeout(quietTimer);
      retryTimer = setTimeout(start, pauseMs);
      pauseMs = Math.min(RETRY_MAX_MS, pauseMs * 2);
      on.lost();
    };
    const listen = <T>(name: string, tell: (data: T) => void) => {
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        heard();
        tell(JSON.parse(event.data) as T);
      });
    };
    listen('snapshot', on.snapshot);
    listen('alerts', on.alerts);
    listen('plan', on.plan);
  };
  const again = () => {
    pauseMs = RETRY_FIRST_MS;
    start();
  };
  addEventListener('online', again);
  start();
  return {
    close: () => {
      removeEventListener('online', again);
      clearTimeout(retryTimer);
      clearTimeout(quietTimer);
      source?.close();
    },
  };
}
