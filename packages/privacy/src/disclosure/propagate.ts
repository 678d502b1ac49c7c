import { boundsOfRow, termsOf, type Model } from './model.js';
import { TOLERANCE } from './limits.js';

/** Times that each sum is looked at, on average, before what is found so far has to do. */
const LOOKS_PER_ROW_MAX = 50;
/** Least that a limit has to move to be told on, persons. */
const STEP_MIN = 1e-4;

/**
 * Narrows the limits of variables by one sum after the other until nothing moves. Limits that it finds hold; where no two sums
 * of the component share more than one variable, and none lead around in a circle, they are exact, and an attacker with a
 * linear program finds no other.
 *
 * @returns false where the sums contradict each other
 */
export function propagate(
  model: Model,
  rows: readonly number[],
  lower: Float64Array,
  upper: Float64Array,
): boolean {
  const queue = [...rows];
  const isQueued = new Set(queue);
  const within = new Set(rows);
  let looks = rows.length * LOOKS_PER_ROW_MAX;
  for (const next of queue) {
    if (looks-- <= 0) break;
    isQueued.delete(next);
    const moved = narrow(model, next, lower, upper);
    if (moved === undefined) return false;
    for (const variable of moved) {
      for (const row of model.rowsOf[variable] ?? []) {
        if (row === next || !within.has(row) || isQueued.has(row)) continue;
        isQueued.add(row);
        queue.push(row);
      }
    }
  }
  return true;
}

/** The variables that one sum narrows; undefined where it cannot hold. */
function narrow(
  model: Model,
  index: number,
  lower: Float64Array,
  upper: Float64Array,
): number[] | undefined {
  const row = model.rows[index];
  if (row === undefined) return [];
  const { variables, weights } = termsOf(row);
  const { min, max } = boundsOfRow(row);
  const least = new Sum();
  const most = new Sum();
  for (let at = 0; at < variables.length; at++) {
    const weight = weights[at] ?? 0;
    const i = variables[at] ?? 0;
    least.add(weight * ((weight > 0 ? lower[i] : upper[i]) ?? 0), 1);
    most.add(weight * ((weight > 0 ? upper[i] : lower[i]) ?? 0), 1);
  }
  const moved: number[] = [];
  for (let at = 0; at < variables.length; at++) {
    const weight = weights[at] ?? 0;
    const i = variables[at] ?? 0;
    if (weight === 0) continue;
    const [low, high] = [lower[i] ?? 0, upper[i] ?? Infinity];
    const [ownLeast, ownMost] =
      weight > 0 ? [weight * low, weight * high] : [weight * high, weight * low];
    const from = (min - most.without(ownMost)) / weight;
    const to = (max - least.without(ownLeast)) / weight;
    const [newLow, newHigh] = weight > 0 ? [from, to] : [to, from];
    if (newLow > high + TOLERANCE || newHigh < low - TOLERANCE) return undefined;
    if (newLow > low + STEP_MIN || newHigh < high - STEP_MIN) {
      lower[i] = Math.min(Math.max(low, newLow), high);
      upper[i] = Math.max(Math.min(high, newHigh), lower[i] ?? 0);
      moved.push(i);
    }
  }
  return moved;
}

/** A sum from which one of its terms can be taken again, infinite ones too. */
class Sum {
  #finite = 0;
  #infinite = 0;
  #sign = 1;

  add(value: number, times: 1 | -1): void {
    if (Number.isFinite(value)) this.#finite += times * value;
    else {
      this.#infinite += times;
      this.#sign = Math.sign(value);
    }
  }

  without(value: number): number {
    const infinite = this.#infinite - (Number.isFinite(value) ? 0 : 1);
    if (infinite > 0) return this.#sign * Infinity;
    return Number.isFinite(value) ? this.#finite - value : this.#finite;
  }
}
