import { performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** How long after pixels were let go of they may lie in memory that nobody uses any more, ms. */
const FORGET_AFTER_MS = 5_000;
/** Collections after the last call of `letGo`: the second finds what the first still saw on its way out. */
const ROUNDS = 2;

export interface ForgettingOptions {
  /** Default 5000. */
  afterMs?: number;
  /** Told how long each collection held everything else up, seconds. */
  onForgotten?: (tookS: number) => void;
}

export interface Forgetting {
  /** Pixels were let go of: whatever of them the transport still has copies of, is memory that nobody uses any more. */
  letGo(): void;
  stop(): void;
}

/**
 * Gives unused memory back soon, and not when the engine next needs some, which may be hours later.
 *
 * The transport cuts a frame into pieces and copies them (HTTP/2, protobuf, TLS); no one but the engine's garbage
 * collection knows these copies. So they are collected a moment after a frame was let go of, at most once each
 * `afterMs`, and an allocator that overwrites what is freed (glibc with `malloc.perturb`) does the rest.
 */
export function startForgetting(options: ForgettingOptions = {}): Forgetting {
  const { afterMs = FORGET_AFTER_MS, onForgotten } = options;
  const collect = garbageCollection();
  let timer: NodeJS.Timeout | undefined;
  let rounds = 0;
  const schedule = (): void => {
    timer ??= setTimeout(forget, afterMs).unref();
  };
  const forget = (): void => {
    timer = undefined;
    rounds--;
    const started = performance.now();
    collect();
    onForgotten?.((performance.now() - started) / 1000);
    if (rounds > 0) schedule();
  };
  return {
    letGo: () => {
      rounds = ROUNDS;
      schedule();
    },
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}

/** The engine's own collection of everything that is not used. It is asked for by a flag, which a new context then sees. */
function garbageCollection(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
