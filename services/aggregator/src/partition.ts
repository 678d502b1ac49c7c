import {
  LiveView,
  PlanHistory,
  SiteStream,
  type ClosedWindow,
  type LateFrame,
  type SiteGeometry,
  type WatermarkOptions,
} from '@hitonami/crowd';
import type { LogBatch, Resume } from '@hitonami/event-log';
import { decodeObservation, HitonamiError, US_PER_S, type Observation } from '@hitonami/model';
import type { Logger, PlanFollower, PlanInForce } from '@hitonami/service';
import type { AlertBoard } from './alerts/board.js';
import { SiteAlerts } from './alerts/site-alerts.js';
import { EventClock } from './event-clock.js';
import type { AggregatorMetrics } from './metrics.js';
import { readNote, writeNote } from './resume-note.js';
import { RollupLedger, type Bucket } from './rollup-ledger.js';
import type { SiteWork } from './writer.js';

export interface PartitionParts {
  plans: PlanFollower;
  watermark: WatermarkOptions;
  metrics: AggregatorMetrics;
  logger: Logger;
  /** What fires already, when a site is taken over. */
  alerts: AlertBoard;
  /** False where a recording is worked on: nobody is told of what it shows. */
  tellsPeople: boolean;
}

/** One site as it is now. */
export interface LiveSite {
  site: string;
  geometry: SiteGeometry;
  /** Undefined until a frame has come. */
  view: LiveView | undefined;
  alerts: SiteAlerts;
  /** Event time; undefined while old records are read, of which nobody needs alerts. */
  nowUs: number | undefined;
  /** A frame has come since the last time. */
  fresh: boolean;
}

interface SiteState {
  stream: SiteStream;
  plans: PlanHistory;
  /** What the follower knew of its plans when it was last asked. */
  versions: readonly PlanInForce[];
  versionsKnown: Set<number>;
  rollups: RollupLedger;
  live: LiveView | undefined;
  alerts: SiteAlerts | undefined;
  clock: EventClock;
  /** What closed and what came late in the batch at hand. */
  closed: ClosedWindow[];
  late: LateFrame[];
  /** A frame has come since the last snapshot. */
  fresh: boolean;
  /** The version of the plan whose areas the metrics show. */
  shownVersion: number | undefined;
}

/** A position is committed after this many records also where no window closed, so that a restart is short. */
const COMMIT_RECORDS = 10_000;

/** What a batch asks to be written, and where to start again once it is. */
export interface Progress {
  work: SiteWork[];
  position: number;
  note: string;
  closedUntilUs: ReadonlyMap<string, number>;
}

/** The sites of one partition of the log, from the moment it is assigned until it is lost. */
export class Partition {
  private readonly parts: PartitionParts;
  private readonly sites = new Map<string, SiteState>();
  readonly closedUntilUs: Map<string, number>;
  readonly movedSinceUs: Map<string, ReadonlyMap<string, number>>;
  private nextOffset: number;
  /** The place up to which a resume position was given out. */
  private committedAt: number;
  private malformed = 0;
  /** The last batch ended where the log did. */
  private isCaughtUp = false;
  /** It is not held any more: nothing may be shown of it. */
  isClosed = false;
  /** Sites without a plan, looked for once a batch. */
  private readonly planless = new Set<string>();
  /** Fates of the batch at hand: told once a batch, since a counter costs more than the fold of a frame. */
  private readonly fates = new Map<string, number>();

  constructor(parts: PartitionParts, resume: Resume) {
    this.parts = parts;
    const { closedUntilUs, movedSinceUs } = readNote(resume.metadata);
    this.closedUntilUs = closedUntilUs;
    this.movedSinceUs = movedSinceUs;
    this.nextOffset = resume.position;
    this.committedAt = resume.position;
  }

  /**
   * Folds a batch. One that failed halfway may be given again: what was folded is passed over.
   * @returns what is to be written and committed now, or undefined where there is nothing to do yet
   */
  async fold({
    records,
    end,
  }: Pick<LogBatch, 'records'> & { end?: number }): Promise<Progress | undefined> {
    this.planless.clear();
    // Ticks and counts name no version, so a site of these alone would never learn a new one from its records.
    for (const [site, state] of this.sites) learn(state, this.parts.plans.versions(site));
    for (const record of records) {
      if (record.offset < this.nextOffset) continue;
      const observation = this.decode(record.value, record.offset);
      // Nearly every record is of a known site and plan; waiting for nothing would still cost a turn each.
      const state = observation && (this.known(observation) ?? (await this.siteOf(observation)));
      this.nextOffset = record.offset + 1;
      if (observation === undefined || state === undefined) {
        this.note(observation ? 'no-plan' : 'malformed');
        continue;
      }
      const pushed = state.stream.push(observation, record.offset);
      if (pushed.fate === 'folded' || pushed.fate === 'tick') state.clock.note(observation);
      this.note(pushed.fate);
      if (pushed.late) {
        state.late.push(pushed.late);
        this.parts.metrics.late.inc({ site: pushed.late.site, camera: pushed.late.camera });
      }
      if (observation.type === 'positions' && pushed.fate === 'folded') {
        this.showLive(state, observation);
      } else if (observation.type === 'counts' && pushed.fate === 'folded') {
        state.live?.count(observation.counts);
      }
      if (pushed.closed.length > 0) state.closed.push(...pushed.closed);
    }
    this.tellFates();
    this.isCaughtUp = end === undefined || this.nextOffset >= end;
    return await this.progress();
  }

  /** Its sites as they are now; `fresh` is of the time since the last call. */
  *takeLive(clockMs: number): Iterable<LiveSite> {
    for (const [site, state] of this.sites) {
      const { geometry } = state.stream;
      if (geometry === undefined) continue;
      state.alerts ??= new SiteAlerts(geometry, this.parts.alerts.of(site), this.parts.tellsPeople);
      const { fresh, live, alerts, clock } = state;
      state.fresh = false;
      const view = live?.site === geometry ? live : undefined;
      yield { site, geometry, view, alerts, nowUs: clock.nowUs(clockMs, this.isCaughtUp), fresh };
    }
  }

  /** The alerts of its sites, those that were looked at. */
  *siteAlerts(): Iterable<SiteAlerts> {
    for (const { alerts } of this.sites.values()) if (alerts) yield alerts;
  }

  /** Removes what is shown of its sites. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const site of this.sites.keys()) {
      await this.parts.metrics.forgetSite(site);
      await this.parts.metrics.live.forgetSite(site);
    }
  }

  private async progress(): Promise<Progress | undefined> {
    const work: SiteWork[] = [];
    for (const state of this.sites.values()) {
      const { stream, rollups } = state;
      const [windows, late] = [state.closed.splice(0), state.late.splice(0)];
      // Rows of counters may be of windows long before: what was rolled up without them is rolled up again.
      for (const { startUs, lengthUs } of windows.flatMap((window) => [window, ...window.lines]))
        rollups.wrote(startUs, lengthUs / US_PER_S);
      const buckets = rollups.takeWhole(stream.closedUntilUs);
      if (Number.isFinite(stream.closedUntilUs)) {
        this.closedUntilUs.set(stream.site, stream.closedUntilUs);
        this.movedSinceUs.set(stream.site, stream.movedSinceUs);
      }
      if (Number.isFinite(stream.watermarkDelayUs)) {
        this.parts.metrics.watermarkDelay.set({ site: stream.site }, stream.watermarkDelayUs / 1e6);
      }
      work.push(...byPlan(state, windows, late, buckets));
      await this.show(state, windows);
    }
    if (work.length === 0 && this.nextOffset - this.committedAt < COMMIT_RECORDS) return undefined;
    this.committedAt = this.nextOffset;
    return {
      work,
      position: this.resumeOffset(),
      note: writeNote(this),
      closedUntilUs: new Map(this.closedUntilUs),
    };
  }

  private async show(state: SiteState, windows: readonly ClosedWindow[]): Promise<void> {
    const version = windows.at(-1)?.planVersion;
    const plan = version === undefined ? undefined : state.plans.version(version);
    if (plan === undefined) return;
    // A new version may have done away with areas and lines: what is no longer there is not shown.
    if (state.shownVersion !== undefined && state.shownVersion !== version)
      await this.parts.metrics.forgetSite(plan.site);
    state.shownVersion = version;
    this.parts.metrics.show(windows, plan);
  }

  private resumeOffset(): number {
    let offset = this.nextOffset;
    for (const { stream } of this.sites.values()) offset = Math.min(offset, stream.resumeOffset());
    return offset;
  }

  private note(fate: string): void {
    this.fates.set(fate, (this.fates.get(fate) ?? 0) + 1);
  }

  private tellFates(): void {
    for (const [outcome, count] of this.fates) this.parts.metrics.records.inc({ outcome }, count);
    this.fates.clear();
  }

  private decode(value: Buffer, offset: number): Observation | undefined {
    try {
      return decodeObservation(value);
    } catch (error) {
      if (!(error instanceof HitonamiError)) throw error;
      if (isPowerOfTwo(++this.malformed)) {
        this.parts.logger.error(
          { err: error, offset, times: this.malformed },
          'a record on the log is malformed, and was passed over',
        );
      }
      return undefined;
    }
  }

  /** The state of the site that a record is about, where the plan version that the record was made with is known too. */
  private known(observation: Observation): SiteState | undefined {
    const state = this.sites.get(siteName(observation));
    const version = planVersion(observation);
    return version === undefined || state?.versionsKnown.has(version) ? state : undefined;
  }

  /** The same for any record: waits for the plan version that it was made with. */
  private async siteOf(observation: Observation): Promise<SiteState | undefined> {
    const site = siteName(observation);
    const version = planVersion(observation);
    const known = this.sites.get(site);
    if (this.planless.has(site)) return undefined;
    if (
      !this.parts.plans
        .versions(site)
        .some(({ plan }) => version === undefined || plan.version === version)
    ) {
      await this.parts.plans.refresh();
    }
    const versions = this.parts.plans.versions(site);
    if (versions.length === 0) {
      this.planless.add(site);
      return undefined;
    }
    // Whoever had the site before may just have found something.
    if (known === undefined) await this.parts.alerts.refresh();
    const state = known ?? this.openSite(site, versions);
    learn(state, versions);
    // Noted also where the log has no such version, so that it is looked for once and not at every frame.
    if (version !== undefined) state.versionsKnown.add(version);
    return state;
  }

  private openSite(site: string, versions: readonly PlanInForce[]): SiteState {
    const plans = new PlanHistory();
    const closedUntilUs = this.closedUntilUs.get(site);
    const state: SiteState = {
      plans,
      stream: new SiteStream({
        site,
        plans,
        watermark: this.parts.watermark,
        ...(closedUntilUs !== undefined && { closedUntilUs }),
        movedSinceUs: this.movedSinceUs.get(site) ?? new Map(),
      }),
      versions: [],
      versionsKnown: new Set(),
      rollups: new RollupLedger(),
      closed: [],
      late: [],
      live: undefined,
      alerts: undefined,
      clock: new EventClock(),
      fresh: false,
      shownVersion: undefined,
    };
    if (closedUntilUs !== undefined) {
      // The longer windows around the place where an earlier run stopped may hold rows of that run.
      for (const { plan } of versions) state.rollups.wrote(closedUntilUs - 1, plan.windowS);
    }
    this.sites.set(site, state);
    return state;
  }

  private showLive(state: SiteState, { frame }: Extract<Observation, { type: 'positions' }>): void {
    const { geometry } = state.stream;
    if (geometry === undefined) return;
    if (state.live?.site !== geometry) {
      state.live = new LiveView(geometry, () => state.stream.movedSinceUs);
    }
    state.live.update(frame);
    state.fresh = true;
  }
}

/** The follower makes a new list for every version that it learns, so the same list has nothing new. */
function learn(state: SiteState, versions: readonly PlanInForce[]): void {
  if (state.versions === versions) return;
  state.versions = versions;
  for (const { plan, inForceFromUs } of versions) {
    state.plans.add(plan, inForceFromUs);
    state.versionsKnown.add(plan.version);
  }
}

function siteName(observation: Observation): string {
  if (observation.type === 'positions') return observation.frame.site;
  return observation.type === 'counts' ? observation.counts.site : observation.tick.site;
}

function planVersion(observation: Observation): number | undefined {
  return observation.type === 'positions' ? observation.frame.planVersion : undefined;
}

function isPowerOfTwo(value: number): boolean {
  return (value & (value - 1)) === 0;
}

/** One piece of work per version of the plan, oldest first: retention and kinds of area are those of the window's plan. */
function byPlan(
  { plans, stream }: SiteState,
  windows: readonly ClosedWindow[],
  late: LateFrame[],
  buckets: Bucket[],
): SiteWork[] {
  const current = stream.geometry?.plan;
  if (current === undefined) return [];
  const versions = [...new Set(windows.map((window) => window.planVersion))];
  const work = versions.map((version) => ({
    plan: plans.version(version) ?? current,
    windows: windows.filter((window) => window.planVersion === version),
    late: [] as LateFrame[],
    buckets: [] as Bucket[],
  }));
  if (late.length + buckets.length > 0) work.push({ plan: current, windows: [], late, buckets });
  return work;
}
