import { US_PER_S } from '@hitonami/model';
import type { AlertState } from '@hitonami/model';
import type { AlertLevel, Finding } from './alert.js';

const LEVELS = [1, 2, 3] as const;

/** What cannot be seen for so long cannot be seen: a camera whose frames come seldom does not flicker, µs. */
const UNSEEN_AFTER_US = 3 * US_PER_S;
/** Frames do not come to the millisecond: what lasted this much less has lasted, µs. */
const SLACK_US = US_PER_S / 10;

/** What a latch was restored from, or begins with. */
export interface Latched {
  severity: AlertLevel;
  state: AlertState;
}

/**
 * The memory of one rule about one subject: from findings, which flicker, to an alert, which does not.
 *
 * - A level fires when it has been reached for `fireAfterUs` without a break.
 * - A level is given up when it has been *seen* to be over for `resolveAfterUs` without a break: below the threshold less
 *   its hysteresis, and trusted.
 * - Where it is not reached and not trusted either for 3 s, nobody can see whether it is over: it becomes `cannot-see`,
 *   at the same severity, and stays so until it is seen to be reached or to be over.
 */
export class Latch {
  severity: AlertLevel = 0;
  state: AlertState = 'resolved';
  /** Per level, from 1: since when it has been reached; since when it has been seen to be over. `Infinity`: it is not. */
  private readonly reachedUs = [Infinity, Infinity, Infinity, Infinity];
  private readonly overUs = [Infinity, Infinity, Infinity, Infinity];
  private unseenUs = Infinity;
  private seenAgainUs = Infinity;

  constructor(latched?: Latched) {
    if (latched === undefined) return;
    this.severity = latched.severity;
    this.state = latched.state;
  }

  /** Nothing fires and nothing is about to. */
  get isIdle(): boolean {
    return this.severity === 0 && this.reachedUs[1] === Infinity;
  }

  /** Time has jumped: what lasted before is not known to have lasted since. */
  forgetPending(): void {
    this.reachedUs.fill(Infinity);
    this.overUs.fill(Infinity);
    this.unseenUs = this.seenAgainUs = Infinity;
  }

  /**
   * @param seenUs when the finding was seen: the capture of the newest frame. What is reached or over lasts from frame to
   *   frame, so one bad frame that stands still fires nothing; what is unseen lasts by `nowUs`
   * @returns whether severity or state changed
   */
  step(nowUs: number, seenUs: number, finding: Finding): boolean {
    const { level, hold, isTrusted, fireAfterUs, resolveAfterUs } = finding;
    let raised: AlertLevel = 0;
    let kept = this.severity;
    for (const k of LEVELS) {
      const reached = (this.reachedUs[k] = since(this.reachedUs[k], seenUs, level >= k));
      if (seenUs - reached >= fireAfterUs - SLACK_US) raised = k;
      this.overUs[k] = since(this.overUs[k], seenUs, isTrusted && hold < k);
    }
    while (kept > 0 && seenUs - (this.overUs[kept] as number) >= resolveAfterUs)
      kept = (kept - 1) as AlertLevel;
    // It falls to a severity that it is at, not to one that it is passing on its way to the end.
    if (kept > 0 && hold < kept) kept = this.severity;
    const severity = raised > kept ? raised : kept;
    const state = this.nextState(nowUs, seenUs, finding, severity, raised);
    const changed = severity !== this.severity || state !== this.state;
    this.severity = severity;
    this.state = state;
    return changed;
  }

  private nextState(
    nowUs: number,
    seenUs: number,
    { hold, isTrusted, fireAfterUs }: Finding,
    severity: AlertLevel,
    raised: AlertLevel,
  ): AlertState {
    if (severity === 0) return 'resolved';
    this.unseenUs = since(this.unseenUs, nowUs, !isTrusted && hold < severity);
    this.seenAgainUs = since(this.seenAgainUs, seenUs, hold >= severity);
    if (this.severity === 0 || raised >= severity) return 'firing';
    if (this.state === 'firing')
      return nowUs - this.unseenUs >= UNSEEN_AFTER_US ? 'cannot-see' : 'firing';
    return seenUs - this.seenAgainUs >= fireAfterUs - SLACK_US ? 'firing' : 'cannot-see';
  }
}

function since(before: number | undefined, nowUs: number, holds: boolean): number {
  return holds ? Math.min(before ?? Infinity, nowUs) : Infinity;
}
