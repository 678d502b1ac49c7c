import { useEffect, useRef, useState } from 'react';
import { fitted, pass, replayClock, type ReplayClock } from './clock.js';

/** A replay clock that runs with the screen, for so many windows of so many seconds. */
export function useReplayClock(
  count: number,
  stepS: number,
): [ReplayClock, (change: (clock: ReplayClock) => ReplayClock) => void] {
  const [kept, setClock] = useState(() => replayClock(count, stepS));
  // Other data: the same share of the way, at once and not one picture later.
  const isSame = kept.count === count && kept.stepS === stepS;
  const clock = isSame ? kept : fitted(kept, count, stepS);
  if (!isSame) setClock(clock);
  const { isPlaying } = clock;
  const last = useRef(0);
  useEffect(() => {
    if (!isPlaying) return undefined;
    last.current = performance.now();
    let frame = requestAnimationFrame(function tick(now) {
      const elapsedMs = now - last.current;
      last.current = now;
      setClock((before) => pass(before, elapsedMs));
      frame = requestAnimationFrame(tick);
    });
    return () => cancelAnimationFrame(frame);
  }, [isPlaying]);
  return [clock, setClock];
}
