import { ALERT_SEVERITIES, cameraStart, US_PER_S } from '@hitonami/model';
import type { SiteGeometry } from '../geometry.js';
import type { LiveSnapshot } from '../live.js';
import type { AlertLevel, Finding, SiteAlert } from './alert.js';
import {
  areaFindings,
  cameraFindings,
  counterFindings,
  lineFindings,
  type LiveAreaNow,
} from './findings.js';
import { Latch } from './latch.js';
import type { LineMinute } from './line-minute.js';
import { coverageNeeded, plannedCoverage } from './thresholds.js';
import { Trend } from './trend.js';

/** After a longer pause what lasted before is not known to have lasted since, µs. */
const GAP_MAX_US = 10 * US_PER_S;
/** After a start every camera has this long to send its first frame before alerts of before are taken for unseen, µs. */
const START_GRACE_US = 5 * US_PER_S;

interface Entry {
  latch: Latch;
  alert: SiteAlert | undefined;
  /** The evaluation that last had a finding for it. */
  turn: number;
}

interface AreaMemory {
  trend: Trend;
  densityPerMin: number | undefined;
}

/**
 * The alerts of one site. Pure: event time and live snapshots go in, changes of alerts come out; the same sequence of both
 * gives the same alerts with the same ids. Evaluate it about once a second, or as often as there is something new.
 *
 * What each rule says is in `findings.ts`, what lets it fire, resolve or become unseen in `latch.ts`.
 */
export class AlertEngine {
  private site: SiteGeometry;
  private needed: number[] = [];
  /** By camera: from when on the plan lets it send, µs. */
  private startUs: ReadonlyMap<string, number> = new Map();
  private readonly entries = new Map<string, Entry>();
  private readonly areas = new Map<string, AreaMemory>();
  /** By camera: its last frame, or when it was first waited for, µs. */
  private readonly lastFrameUs = new Map<string, number>();
  /** By counter: when its line was last counted, or when it was first waited for, µs. */
  private readonly countedUs = new Map<string, { lastUs: number; hasReported: boolean }>();
  private firstUs = Infinity;
  private lastUs = -Infinity;
  /** The newest capture of the snapshot at hand, µs. */
  private capturedUs = -Infinity;
  private turn = 0;

  constructor(site: SiteGeometry) {
    this.site = site;
    this.follow(site);
  }

  /** Goes on under another version of the plan. What it does away with is resolved at the next evaluation. */
  follow(site: SiteGeometry): void {
    this.site = site;
    const planned = plannedCoverage(site);
    this.needed = site.areas.map((area) => coverageNeeded(site, area, planned));
    this.startUs = new Map(
      site.plan.cameras.map((camera) => [
        camera.id,
        (cameraStart(site.plan, camera).fromMs ?? Infinity) * 1000,
      ]),
    );
  }

  /**
   * Takes over what an earlier run had found, so that the same alert goes on under the same id.
   * @param untilUs how far it had come: nothing before that is evaluated again
   */
  restore(alerts: Iterable<SiteAlert>, untilUs: number): void {
    for (const alert of alerts) {
      if (alert.state === 'resolved') continue;
      const severity = (ALERT_SEVERITIES.indexOf(alert.severity) + 1) as AlertLevel;
      const latch = new Latch({ severity, state: alert.state });
      this.entries.set(keyOf(alert), { latch, alert, turn: 0 });
    }
    this.lastUs = Math.max(this.lastUs, untilUs);
  }

  /** What fires, or fired and cannot be seen, as of the last evaluation. */
  *active(): Iterable<SiteAlert> {
    for (const { alert } of this.entries.values()) if (alert) yield alert;
  }

  /**
   * Evaluates every rule.
   * @param nowUs event time; an evaluation that is not later than the last does nothing
   * @param snapshot as of `nowUs`; undefined where no frame has come yet
   * @returns the alerts whose severity or state changed, those that resolved among them
   */
  evaluate(nowUs: number, snapshot: LiveSnapshot | undefined): SiteAlert[] {
    if (nowUs <= this.lastUs) return [];
    if (nowUs - this.lastUs > GAP_MAX_US)
      for (const { latch } of this.entries.values()) latch.forgetPending();
    this.firstUs = Math.min(this.firstUs, nowUs);
    this.lastUs = nowUs;
    this.capturedUs = Math.max(this.capturedUs, snapshot?.capturedUs ?? -Infinity);
    this.turn += 1;
    const changes: SiteAlert[] = [];
    this.evaluateAreas(nowUs, snapshot, changes);
    const lines = new Map(snapshot?.lines.map((line) => [line.line, line]));
    for (const line of this.site.lines)
      for (const finding of lineFindings(this.site, line, lines.get(line.plan.id)))
        this.step(nowUs, finding, changes);
    this.evaluateCameras(nowUs, snapshot, changes);
    this.evaluateCounters(nowUs, lines, changes);
    this.endWhatIsGone(nowUs, changes);
    return changes;
  }

  private evaluateAreas(
    nowUs: number,
    snapshot: LiveSnapshot | undefined,
    changes: SiteAlert[],
  ): void {
    const areas = new Map(snapshot?.areas.map((area) => [area.area, area]));
    for (const area of this.site.areas) {
      const now = areas.get(area.plan.id);
      const needed = this.needed[area.index] as number;
      const { densityPerMin } = this.remember(area.plan.id, nowUs, meanDensity(now, area.areaDm2));
      const context = { area, coverageNeeded: needed, densityPerMin };
      for (const finding of areaFindings(this.site, context, now))
        this.step(nowUs, finding, changes);
    }
  }

  private remember(area: string, nowUs: number, density: number | undefined): AreaMemory {
    let memory = this.areas.get(area);
    if (memory === undefined) {
      memory = { trend: new Trend(), densityPerMin: undefined };
      this.areas.set(area, memory);
    }
    if (memory.trend.add(nowUs, density)) memory.densityPerMin = memory.trend.perMinute();
    return memory;
  }

  private evaluateCameras(
    nowUs: number,
    snapshot: LiveSnapshot | undefined,
    changes: SiteAlert[],
  ): void {
    const cameras = new Map(snapshot?.cameras.map((camera) => [camera.camera, camera]));
    for (const { id } of this.site.cameras) {
      // Nothing is to come from it yet, so nothing is missing.
      if (nowUs < (this.startUs.get(id) ?? Infinity)) continue;
      const now = cameras.get(id);
      const lastUs = Math.max(this.lastFrameUs.get(id) ?? nowUs, now?.capturedUs ?? -Infinity);
      this.lastFrameUs.set(id, lastUs);
      const camera = {
        camera: id,
        silentUs: Math.max(0, nowUs - lastUs),
        blind: now?.blind === true,
        movedSinceUs: now?.movedSinceUs ?? 0,
      };
      for (const finding of cameraFindings(this.site, camera, nowUs))
        this.step(nowUs, finding, changes);
    }
  }

  private evaluateCounters(
    nowUs: number,
    lines: ReadonlyMap<string, LineMinute>,
    changes: SiteAlert[],
  ): void {
    for (const { ownerKind, ownerId: counter, plan } of this.site.lines) {
      if (ownerKind !== 'counter') continue;
      const known = this.countedUs.get(counter) ?? { lastUs: nowUs, hasReported: false };
      if (lines.get(plan.id)?.seen === true) {
        known.lastUs = nowUs;
        known.hasReported = true;
      }
      this.countedUs.set(counter, known);
      const silentUs = nowUs - known.lastUs;
      const { hasReported } = known;
      for (const finding of counterFindings(this.site, { counter, silentUs, hasReported }))
        this.step(nowUs, finding, changes);
    }
  }

  private step(nowUs: number, finding: Finding, changes: SiteAlert[]): void {
    const key = keyOf(finding);
    let entry = this.entries.get(key);
    if (entry === undefined) {
      if (finding.level === 0) return;
      entry = { latch: new Latch(), alert: undefined, turn: 0 };
      this.entries.set(key, entry);
    }
    entry.turn = this.turn;
    const { latch, alert } = entry;
    if (alert && !finding.isTrusted && nowUs - this.firstUs < START_GRACE_US) return;
    const seenUs = finding.isOfSilence ? nowUs : Math.min(nowUs, this.capturedUs);
    const changed = latch.step(nowUs, seenUs, finding);
    if (latch.severity > 0) {
      entry.alert = this.stand(nowUs, finding, latch, alert, changed);
      if (changed) changes.push(entry.alert);
    } else if (alert) changes.push(this.end(key, alert, nowUs));
    else if (latch.isIdle) this.entries.delete(key);
  }

  /** The alert as it stands now. */
  private stand(
    nowUs: number,
    { rule, subject, value, thresholds, atLeast, minutesTo }: Finding,
    { severity, state }: Latch,
    before: SiteAlert | undefined,
    changed: boolean,
  ): SiteAlert {
    const { site, version } = this.site.plan;
    return {
      id: before?.id ?? `${site}.${rule}.${subject}.${nowUs.toString(36)}`,
      ...{ site, rule, subject, state },
      severity: ALERT_SEVERITIES[severity - 1] ?? 'warning',
      sinceUs: before?.sinceUs ?? nowUs,
      atUs: changed ? nowUs : (before?.atUs ?? nowUs),
      revision: (before?.revision ?? 0) + Number(changed),
      // What was last known stands while nothing is.
      value: value ?? before?.value ?? 0,
      threshold: thresholds[Math.min(severity, thresholds.length) - 1] ?? 0,
      atLeast: value === undefined ? (before?.atLeast ?? false) : atLeast,
      minutesToNext: severity < 3 ? (minutesTo?.((severity + 1) as AlertLevel) ?? 0) : 0,
      planVersion: version,
    };
  }

  /** Areas, lines, cameras and rules that a new plan has done away with. */
  private endWhatIsGone(nowUs: number, changes: SiteAlert[]): void {
    for (const [key, { turn, alert }] of this.entries) {
      if (turn === this.turn) continue;
      if (alert) changes.push(this.end(key, alert, nowUs));
      else this.entries.delete(key);
    }
  }

  private end(key: string, alert: SiteAlert, nowUs: number): SiteAlert {
    this.entries.delete(key);
    return {
      ...alert,
      ...{ state: 'resolved', atUs: nowUs, revision: alert.revision + 1, minutesToNext: 0 },
      planVersion: this.site.plan.version,
    };
  }
}

function keyOf({ rule, subject }: Pick<SiteAlert, 'rule' | 'subject'>): string {
  return `${rule} ${subject}`;
}

/** People in what is seen of the area, persons/m²; undefined where less than half of it is. */
function meanDensity(now: LiveAreaNow | undefined, areaDm2: number): number | undefined {
  if (now === undefined || now.coverage < 0.5) return undefined;
  return now.people / ((now.coverage * areaDm2) / 100);
}
