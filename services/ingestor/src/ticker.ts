import { encodeTick } from '@hitonami/model';
import type { Logger, PlanFollower } from '@hitonami/service';
import { nowUs } from './clock.js';
import type { Publisher } from './publisher.js';

const TICK_MS = 1_000;

/** Puts a tick a second on the log for every site, so that its windows close also when all its cameras are silent. */
export function startTicker(
  plans: PlanFollower,
  publisher: Publisher,
  logger: Logger,
  beat: () => void,
) {
  let pending = false;
  const timer = setInterval(() => {
    beat();
    if (pending) return;
    pending = true;
    void Promise.all(
      plans.sites().map((site) => publisher.publish(site, encodeTick({ site, nowUs: nowUs() }))),
    )
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'a tick was not taken by the event log');
      })
      .finally(() => (pending = false));
  }, TICK_MS);
  return {
    stop: () => {
      clearInterval(timer);
    },
  };
}
