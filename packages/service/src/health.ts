import { performance } from 'node:perf_hooks';

export interface Heartbeat {
  /** Called by a loop whenever it gets round. */
  beat(): void;
  /** The loop has ended as it should. */
  end(): void;
}

export interface Readiness {
  ready(): void;
  /** @param reason for an operator: what it waits for. */
  notReady(reason: string): void;
  /** The component is gone and no longer counts. */
  end(): void;
}

export interface LivenessReport {
  live: boolean;
  loops: Record<string, { live: boolean; silentMs: number; maxSilenceMs: number }>;
}

export interface ReadinessReport {
  ready: boolean;
  components: Record<string, { ready: boolean; reason?: string }>;
}

/**
 * Live means that every loop got round lately, not that the process exists. Ready means that every component can do
 * its work now. A process without components is not ready: nobody has said that it is.
 */
export class Health {
  readonly #now: () => number;
  readonly #loops = new Map<string, { lastMs: number; maxSilenceMs: number }>();
  readonly #components = new Map<string, string | undefined>();

  /** @param now a clock that never goes back, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Registers a loop; from now on silence for longer than `maxSilenceMs` means not live. */
  heartbeat(name: string, maxSilenceMs: number): Heartbeat {
    const loop = { lastMs: this.#now(), maxSilenceMs };
    this.#loops.set(name, loop);
    return {
      beat: () => {
        loop.lastMs = this.#now();
      },
      end: () => {
        if (this.#loops.get(name) === loop) this.#loops.delete(name);
      },
    };
  }

  /** Registers a component, not ready at first. */
  component(name: string, reason = 'starting'): Readiness {
    this.#components.set(name, reason);
    return {
      ready: () => void this.#components.set(name, undefined),
      notReady: (why) => void this.#components.set(name, why),
      end: () => void this.#components.delete(name),
    };
  }

  liveness(): LivenessReport {
    const now = this.#now();
    const loops: LivenessReport['loops'] = {};
    let live = true;
    for (const [name, { lastMs, maxSilenceMs }] of this.#loops) {
      const silentMs = Math.round(now - lastMs);
      const isLive = silentMs <= maxSilenceMs;
      loops[name] = { live: isLive, silentMs, maxSilenceMs };
      live &&= isLive;
    }
    return { live, loops };
  }

  readiness(): ReadinessReport {
    const components: ReadinessReport['components'] = {};
    let ready = this.#components.size > 0;
    for (const [name, reason] of this.#components) {
      components[name] = reason === undefined ? { ready: true } : { ready: false, reason };
      ready &&= reason === undefined;
    }
    return { ready, components };
  }
}
