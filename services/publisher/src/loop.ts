import type { Heartbeat, Logger } from '@hitonami/service';

export interface LoopOptions {
  readonly name: string;
  readonly everyMs: number;
  readonly signal: AbortSignal;
  readonly heartbeat: Heartbeat;
  readonly logger: Logger;
}

/** Does something now and again and again, never twice at once; what fails is told, and done again. @returns how to stop, after what runs */
export function startLoop(
  { name, everyMs, signal, heartbeat, logger }: LoopOptions,
  turn: () => Promise<void>,
): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running = Promise.resolve();
  const next = (): void => {
    const startedMs = performance.now();
    running = turn()
      .catch((error: unknown) => {
        if (!signal.aborted) logger.warn({ err: error }, `${name}: it failed, and is tried again`);
      })
      .then(() => {
        heartbeat.beat();
        if (isStopped) return;
        timer = setTimeout(next, Math.max(0, everyMs - (performance.now() - startedMs)));
      });
  };
  next();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await running;
    heartbeat.end();
  };
}
