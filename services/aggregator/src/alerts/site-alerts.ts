import { AlertEngine, type LiveSnapshot, type SiteAlert, type SiteGeometry } from '@hitonami/crowd';
import type { Alert } from '@hitonami/service';
import type { KnownAlerts } from './board.js';
import { toRecord } from './record.js';

/** Active alerts are repeated this often, so that whoever comes late learns of them, ms. */
export const REPEAT_MS = 10_000;
/** People are told of what happens now: event time at most this far from the clock, ms. */
const NOW_MS = 60_000;
/** Over this many records that the log has not taken, only the newest of each alert is kept. */
const WAITING_MAX = 1_000;

/**
 * The alerts of one site on their way to the log, for as long as its partition is held: changes at once, what is active
 * every ten seconds, and of every revision one record that people are told of.
 *
 * A replay must page nobody: records of event time that lies more than a minute from the clock are not announced. Where
 * the aggregator was away and has caught up, what is then still active is announced; an end is announced to those who
 * were told of the beginning.
 */
export class SiteAlerts {
  private readonly engine: AlertEngine;
  private readonly tellsPeople: boolean;
  private readonly announced: Map<string, number>;
  private geometry: SiteGeometry;
  private waiting: Alert[] = [];
  private repeatedMs = -Infinity;

  /**
   * @param known what the topic says is active already
   * @param tellsPeople false: a recording is worked on, and nobody is ever told
   */
  constructor(geometry: SiteGeometry, known: KnownAlerts, tellsPeople: boolean) {
    this.geometry = geometry;
    this.engine = new AlertEngine(geometry);
    this.engine.restore(known.active, known.untilUs);
    this.announced = new Map(known.announced);
    this.tellsPeople = tellsPeople;
  }

  active(): Iterable<SiteAlert> {
    return this.engine.active();
  }

  /** @param nowUs event time @param clockMs the clock */
  evaluate(
    geometry: SiteGeometry,
    nowUs: number,
    snapshot: LiveSnapshot | undefined,
    clockMs: number,
  ): void {
    if (geometry !== this.geometry) this.engine.follow(geometry);
    this.geometry = geometry;
    const isNow = this.tellsPeople && Math.abs(clockMs - nowUs / 1000) <= NOW_MS;
    for (const alert of this.engine.evaluate(nowUs, snapshot)) {
      const isEnd = alert.state === 'resolved';
      this.put(alert, isEnd ? this.tellsPeople && this.announced.has(alert.id) : isNow);
      if (isEnd) this.announced.delete(alert.id);
    }
    if (isNow)
      for (const alert of this.engine.active())
        if (this.announced.get(alert.id) !== alert.revision) this.put(alert, true);
  }

  /** What is to be appended now, oldest first: changes, and what is due to be repeated. */
  take(clockMs: number): Alert[] {
    const records = this.waiting;
    this.waiting = [];
    if (clockMs - this.repeatedMs >= REPEAT_MS) {
      this.repeatedMs = clockMs;
      const changed = new Set(records.map(({ id }) => id));
      for (const alert of this.engine.active())
        if (!changed.has(alert.id)) records.push(toRecord(alert, false));
    }
    return records;
  }

  /** The log did not take them: they go before what has come since. */
  giveBack(records: readonly Alert[]): void {
    this.waiting = [...records, ...this.waiting];
    if (this.waiting.length <= WAITING_MAX) return;
    const newest = new Map<string, Alert>();
    for (const record of this.waiting) {
      const announce = record.announce || newest.get(record.id)?.announce === true;
      newest.delete(record.id);
      newest.set(record.id, { ...record, announce });
    }
    this.waiting = [...newest.values()];
  }

  private put(alert: SiteAlert, announce: boolean): void {
    this.waiting.push(toRecord(alert, announce));
    if (announce) this.announced.set(alert.id, alert.revision);
  }
}
