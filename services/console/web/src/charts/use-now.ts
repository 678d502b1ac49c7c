import { useEffect, useState } from 'react';
import { serverNow } from '../shared/server-clock.js';

/** The time, anew every so often: what is shown of today grows with it. */
export function useNow(everyMs = 60_000): number {
  const [now, setNow] = useState(() => serverNow());
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
