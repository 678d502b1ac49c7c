import {
  COUNT_INTERVAL_MAX_US,
  US_PER_S,
  windowStartUs,
  type CountFrame,
  type Observation,
  type PositionFrameView,
} from '@hitonami/model';
import { CounterRows, type LoggedCount } from './counter-rows.js';
import { TRACK_GONE_US, WindowFold, type LoggedFrame } from './fold.js';
import type { SiteGeometry } from './geometry.js';
import type { PlanHistory } from './plans.js';
import type { ClosedWindow, LateFrame } from './rows.js';
import { Sessions } from './sequence-memory.js';
import { DEFAULT_WATERMARK, Watermark, type WatermarkOptions } from './watermark.js';

/** A capture this far ahead of the clock of the ingestor that received it is a wrong clock, µs. */
const FUTURE_MAX_US = 1_000_000;

/** Distance in event time between two remembered places of the log, µs. */
const MARK_US = US_PER_S;

export interface SiteStreamOptions {
  site: string;
  plans: PlanHistory;
  watermark?: WatermarkOptions;
  /** Windows that end by this instant are written already; they are folded, and not given out again. µs. */
  closedUntilUs?: number;
  /** What `movedSinceUs` was at that instant. */
  movedSinceUs?: ReadonlyMap<string, number>;
}

/** What became of a record, for the metrics. */
export type Fate =
  'folded' | 'duplicate' | 'late' | 'future' | 'no-plan' | 'unknown-camera' | 'malformed' | 'tick';

export interface Pushed {
  fate: Fate;
  late?: LateFrame;
  /** Windows that this record closed, oldest first. */
  closed: readonly ClosedWindow[];
}

const NONE: readonly ClosedWindow[] = [];

interface Taken {
  readonly fate: Fate;
  readonly late?: LateFrame;
}

/** Made once: there is one for every record of the log. */
const TAKEN = {
  folded: { fate: 'folded' },
  duplicate: { fate: 'duplicate' },
  future: { fate: 'future' },
  noPlan: { fate: 'no-plan' },
  unknownCamera: { fate: 'unknown-camera' },
  malformed: { fate: 'malformed' },
  tick: { fate: 'tick' },
} as const satisfies Record<string, Taken>;

/**
 * The stream of one site: observations in the order of the log go in, closed windows come out.
 * The ten points of its semantics are in the design; the same log gives the same windows, wherever it was cut.
 */
export class SiteStream {
  readonly site: string;
  private readonly plans: PlanHistory;
  private readonly options: WatermarkOptions;
  private readonly watermark: Watermark;
  private readonly sessions = new Sessions();
  private readonly marks: { offset: number; newestUs: number }[] = [];
  private waiting: LoggedFrame[] = [];
  private waitingCounts: LoggedCount[] = [];
  private readonly counters: CounterRows;
  private fold: WindowFold | undefined;
  private nextStartUs: number | undefined;
  private nextOffset = 0;
  private written: number;
  /** What is to be taken over at the instant where an earlier run stopped. */
  private moved: { atUs: number; sinceUs: ReadonlyMap<string, number> } | undefined;

  constructor(options: SiteStreamOptions) {
    this.site = options.site;
    this.plans = options.plans;
    this.options = options.watermark ?? DEFAULT_WATERMARK;
    this.watermark = new Watermark(this.options);
    this.counters = new CounterRows(this.plans, this.options.latenessUs);
    this.written = options.closedUntilUs ?? -Infinity;
    if (options.closedUntilUs !== undefined)
      this.moved = { atUs: this.written, sinceUs: options.movedSinceUs ?? new Map() };
  }

  /** Event time up to which every window is closed, µs; −Infinity before the first. */
  get closedUntilUs(): number {
    return this.written;
  }

  /** How far event time has come, µs. */
  get watermarkUs(): number {
    return this.watermark.valueUs;
  }

  /** How far the closing of windows lags behind the newest capture, µs. */
  get watermarkDelayUs(): number {
    return this.watermark.newest - this.watermark.valueUs;
  }

  /** Cameras that are believed to have been moved or turned, and since when, µs; as of `closedUntilUs`. */
  get movedSinceUs(): ReadonlyMap<string, number> {
    const moved = new Map<string, number>();
    const since = this.fold?.movedSinceUs ?? new Float64Array(0);
    for (const { id, index } of this.fold?.site.cameras ?? []) {
      const sinceUs = since[index] ?? 0;
      if (sinceUs > 0) moved.set(id, sinceUs);
    }
    return this.moved?.sinceUs ?? moved;
  }

  /** The plan in force, undefined before the first window. */
  get geometry(): SiteGeometry | undefined {
    return this.fold?.site;
  }

  /**
   * Takes the next record of the log.
   * @param offset the record's place in its partition; must rise
   */
  push(observation: Observation, offset: number): Pushed {
    this.nextOffset = offset + 1;
    const taken = this.take(observation, offset);
    this.mark(offset);
    const closed = this.closeDue();
    return taken.late
      ? { fate: taken.fate, late: taken.late, closed }
      : { fate: taken.fate, closed };
  }

  /**
   * Where a reader must start again to give the same windows from `closedUntilUs` on: the earliest record that an open
   * window, a journey or hand-over needs, less the lateness.
   */
  resumeOffset(): number {
    let needed = this.nextOffset;
    let neededUs = Infinity;
    for (const item of this.waiting) needed = Math.min(needed, item.offset);
    for (const item of this.waitingCounts) needed = Math.min(needed, item.offset);
    needed = Math.min(needed, this.counters.earliestOffset());
    if (this.fold && this.nextStartUs !== undefined) {
      needed = Math.min(needed, this.fold.earliestHeld(this.nextStartUs));
      // Who was seen shortly before is still known then.
      neededUs = this.fold.neededUs(this.nextStartUs) - TRACK_GONE_US;
    }
    return this.lessLateness(needed, neededUs);
  }

  private take(observation: Observation, offset: number): Taken {
    switch (observation.type) {
      case 'positions':
        return this.frame(observation.frame, offset);
      case 'counts':
        return this.counts(observation.counts, offset);
      case 'tick':
        this.watermark.tick(observation.tick.nowUs);
        return TAKEN.tick;
    }
  }

  private frame(frame: PositionFrameView, offset: number): Taken {
    const { camera, sessionHi, sessionLo, sequence, capturedUs } = frame;
    if (capturedUs > frame.receivedUs + FUTURE_MAX_US) return TAKEN.future;
    const isAdmitted = this.plans.admits('cameras', camera, capturedUs);
    if (isAdmitted === undefined) return TAKEN.noPlan;
    if (!isAdmitted) return TAKEN.unknownCamera;
    if (!this.sessions.note(camera, sessionHi, sessionLo, sequence)) return TAKEN.duplicate;
    this.watermark.frame(camera, capturedUs);
    this.begin();
    if (capturedUs < (this.nextStartUs ?? Infinity)) {
      const lateUs = this.watermark.valueUs - capturedUs;
      return {
        fate: 'late',
        late: { site: this.site, camera, sessionHi, sessionLo, sequence, capturedUs, lateUs },
      };
    }
    this.waiting.push({ frame, offset });
    return TAKEN.folded;
  }

  private counts(count: CountFrame, offset: number): Taken {
    const { counter, sessionHi, sessionLo, sequence, fromUs, toUs } = count;
    if (toUs <= fromUs || toUs - fromUs > COUNT_INTERVAL_MAX_US) return TAKEN.malformed;
    // It has no place in a window before the plan, or of a plan without its counter, and is not taken in parts.
    if (fromUs < this.plans.beginUs) return TAKEN.noPlan;
    const isKnown = [fromUs, toUs - 1].every((atUs) =>
      this.plans.admits('counters', counter, atUs),
    );
    if (!isKnown) return TAKEN.unknownCamera;
    if (!this.sessions.note(counter, sessionHi, sessionLo, sequence)) return TAKEN.duplicate;
    this.watermark.tick(toUs);
    this.begin();
    if (this.counters.foldedAtUs(count) < (this.nextStartUs ?? Infinity)) {
      const lateUs = this.watermark.valueUs - toUs;
      const late = {
        site: this.site,
        camera: counter,
        sessionHi,
        sessionLo,
        sequence,
        capturedUs: toUs,
        lateUs,
      };
      return { fate: 'late', late };
    }
    if (this.hasCounted(count)) return TAKEN.duplicate;
    this.waitingCounts.push({ count, offset });
    return TAKEN.folded;
  }

  /** A report about a time that another of the counter is about: sent again under another session. */
  private hasCounted(count: CountFrame): boolean {
    const isSame = ({ count: other }: LoggedCount): boolean =>
      other.counter === count.counter && other.fromUs < count.toUs && count.fromUs < other.toUs;
    return this.counters.hasCounted(count) || this.waitingCounts.some(isSame);
  }

  /** The first window is the one that holds the watermark of the first record, and is not before the first plan. */
  private begin(): void {
    if (this.fold) return;
    const fromUs = Math.max(this.watermark.valueUs, this.plans.beginUs);
    const geometry = this.plans.inForce(fromUs);
    if (geometry === undefined) return;
    this.nextStartUs = windowStartUs(fromUs, geometry.plan.windowS * US_PER_S);
    this.changePlan(this.nextStartUs);
  }

  private closeDue(): readonly ClosedWindow[] {
    // Nearly every call closes nothing: then it makes nothing.
    let closed: ClosedWindow[] | undefined;
    while (this.fold && this.nextStartUs !== undefined) {
      const lengthUs = this.fold.site.plan.windowS * US_PER_S;
      const startUs = this.nextStartUs;
      const endUs = startUs + lengthUs;
      if (endUs > this.watermark.valueUs) break;
      this.takeOverMoved(startUs);
      const due = this.takeFrames(endUs);
      const counted = this.counters.take(endUs, this.takeCounts(endUs));
      if (due.length === 0 && counted.length === 0 && this.fold.isIdle(startUs)) {
        this.nextStartUs = this.skipTo(startUs, lengthUs);
      } else {
        const isLast = this.planFrom(endUs) !== this.fold.site;
        const window = this.fold.window(startUs, lengthUs, due, isLast);
        window.lines.push(...counted);
        if (endUs > this.written) (closed ??= []).push(window);
        this.nextStartUs = endUs;
      }
      this.written = Math.max(this.written, this.nextStartUs);
      this.changePlan(this.nextStartUs);
    }
    return closed ?? NONE;
  }

  /**
   * Nothing was seen and nobody is followed: the next window worth opening, so that a long silence costs nothing. Never
   * beyond a change of the plan, from which on windows may have another length.
   */
  private skipTo(startUs: number, lengthUs: number): number {
    let nextUs = Math.min(this.watermark.valueUs, this.plans.nextChangeUs(startUs));
    for (const { frame } of this.waiting) nextUs = Math.min(nextUs, frame.capturedUs);
    for (const { count } of this.waitingCounts)
      nextUs = Math.min(nextUs, this.counters.foldedAtUs(count));
    nextUs = Math.min(nextUs, this.counters.nextDueUs());
    return Math.max(startUs + lengthUs, windowStartUs(nextUs, lengthUs));
  }

  /**
   * The plan of a window that starts at `startUs`. One that was heard of after its instant waits until windows of its
   * length begin, so that none is ever off the grid.
   */
  private planFrom(startUs: number): SiteGeometry | undefined {
    const due = this.plans.inForce(startUs);
    const isOnGrid = due !== undefined && startUs % (due.plan.windowS * US_PER_S) === 0;
    return isOnGrid ? due : this.fold?.site;
  }

  private changePlan(startUs: number): void {
    const now = this.planFrom(startUs);
    const before = this.fold;
    if (now === undefined || now === before?.site) return;
    this.fold = new WindowFold(now);
    // A camera that the new plan describes as the old one did is still where it should not be.
    for (const { id, index } of now.cameras) {
      const was = before?.site.cameraIndex.get(id);
      if (before === undefined || was === undefined) continue;
      const isSame =
        JSON.stringify(before.site.plan.cameras[was]) === JSON.stringify(now.plan.cameras[index]);
      if (isSame) this.fold.movedSinceUs[index] = before.movedSinceUs[was] ?? 0;
    }
    this.watermark.expect(now.plan.cameras.map((camera) => camera.id));
  }

  /** At the instant where an earlier run stopped, what it believed of the cameras is believed again. */
  private takeOverMoved(startUs: number): void {
    if (this.fold === undefined || this.moved === undefined || startUs < this.moved.atUs) return;
    for (const { id, index } of this.fold.site.cameras)
      this.fold.movedSinceUs[index] = this.moved.sinceUs.get(id) ?? 0;
    this.moved = undefined;
  }

  private takeFrames(endUs: number): LoggedFrame[] {
    const due: LoggedFrame[] = [];
    const rest: LoggedFrame[] = [];
    for (const item of this.waiting) (item.frame.capturedUs < endUs ? due : rest).push(item);
    this.waiting = rest;
    return due.sort(byCapture);
  }

  private takeCounts(endUs: number): LoggedCount[] {
    const isDue = ({ count }: LoggedCount): boolean => this.counters.foldedAtUs(count) < endUs;
    const due = this.waitingCounts.filter(isDue);
    if (due.length > 0) this.waitingCounts = this.waitingCounts.filter((item) => !isDue(item));
    return due.sort((a, b) => a.count.toUs - b.count.toUs);
  }

  /** Remembers which captures were known at which place of the log, so that `lessLateness` can look back. */
  private mark(offset: number): void {
    const newestUs = this.watermark.newest;
    const last = this.marks.at(-1);
    if (last === undefined || newestUs >= last.newestUs + MARK_US)
      this.marks.push({ offset, newestUs });
  }

  private lessLateness(needed: number, neededUs: number): number {
    let at = this.marks.length - 1;
    while (at > 0 && (this.marks[at]?.offset ?? 0) > needed) at--;
    const newestUs = Math.min(this.marks[at]?.newestUs ?? -Infinity, neededUs);
    const knownUs = newestUs - this.options.latenessUs - MARK_US;
    while (at > 0 && (this.marks[at]?.newestUs ?? 0) > knownUs) at--;
    this.marks.splice(0, at);
    return Math.min(needed, this.marks[0]?.offset ?? needed);
  }
}

/** Frames in the order of the fold; a total order, so that the order of the log does not matter. */
function byCapture(a: LoggedFrame, b: LoggedFrame): number {
  const f = a.frame;
  const g = b.frame;
  if (f.capturedUs !== g.capturedUs) return f.capturedUs - g.capturedUs;
  if (f.camera !== g.camera) return f.camera < g.camera ? -1 : 1;
  return f.sessionHi - g.sessionHi || f.sessionLo - g.sessionLo || f.sequence - g.sequence;
}
