import type { Appearance } from '../figures/appearance.js';
import { LEVELS_OF_DETAIL, levelFor } from '../figures/body.js';
import { type Body, bodyOf, type Moment } from '../figures/figure.js';

/** Stances of a walk that are told apart, in one cycle of two steps. */
const PHASES = 12;
/** Speeds that are told apart, m/s: a stride's length follows from the speed. */
const SPEED_STEP_MPS = 0.3;
const SPEED_STEPS = 12;
/** Slower than this a person stands, m/s. */
const STANDS_MPS = 0.12;
/** Bodies that are kept, about 35 kB each; as many again may be on their way out. */
const KEPT_MAX = 1_000;

/**
 * The bodies of people in the stances they were last seen in: making one costs more than drawing it. Which body a moment
 * asks for depends on the moment alone, so what is kept decides nothing but the time it takes.
 */
export class Poses {
  #young = new Map<number, Body>();
  #old = new Map<number, Body>();

  /** A body for the moment: phase and speed are taken to the next step that is told apart. */
  body(who: Appearance, { person, vx, vy, phase, heightPx = 150 }: Moment): Body {
    const speedMps = Math.hypot(vx, vy);
    const level = levelFor(heightPx);
    const speed =
      speedMps < STANDS_MPS
        ? 0
        : Math.min(SPEED_STEPS - 1, Math.max(1, Math.round(speedMps / SPEED_STEP_MPS)));
    const step = speed === 0 ? 0 : Math.floor((phase - Math.floor(phase)) * PHASES);
    const key = ((person * LEVELS_OF_DETAIL + level) * SPEED_STEPS + speed) * PHASES + step;
    const known = this.#young.get(key) ?? this.#old.get(key);
    const body =
      known ??
      bodyOf(who, { person, speedMps: speed * SPEED_STEP_MPS, phase: step / PHASES, heightPx });
    this.#young.set(key, body);
    if (this.#young.size >= KEPT_MAX) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    return body;
  }
}
