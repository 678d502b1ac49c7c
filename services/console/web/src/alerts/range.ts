import { serverNow } from '../shared/server-clock.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The last hours up to the end of this minute: the same for a minute, so that nothing is asked anew with every tick. */
export function lastHours(hours: number): { readonly from: string; readonly to: string } {
  const endMs = Math.ceil(serverNow() / MINUTE_MS) * MINUTE_MS;
  return {
    from: new Date(endMs - hours * HOUR_MS).toISOString(),
    to: new Date(endMs).toISOString(),
  };
}
