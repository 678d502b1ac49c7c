import { LiveView, PlanHistory, type SiteGeometry } from '@hitonami/crowd';
import { parsePlan } from '@hitonami/model';
import type { Alert } from '@hitonami/service';
import { describe, expect, it } from 'vitest';
import { frameView } from '../../../test/support/frames.js';
import { fromRecord } from '../src/alerts/record.js';
import type { KnownAlerts } from '../src/alerts/board.js';
import { SiteAlerts } from '../src/alerts/site-alerts.js';
import { crowd } from './crowd.js';
import { hall } from './support.js';

// What of the alerts of a site goes to the log, and of what people are told; by a clock of its own.

const plans = new PlanHistory();
plans.add(parsePlan(hall()), 0);
const geometry = plans.inForce(0) as SiteGeometry;
const NOW_MS = 1_790_000_000_000;
const nothing: KnownAlerts = { active: [], announced: new Map(), untilUs: -Infinity };

/** A second of a hall with so many people in it, evaluated five times. @returns what went to the log */
function second(alerts: SiteAlerts, people: number, eventMs: number, clockMs = eventMs): Alert[] {
  const records: Alert[] = [];
  for (let step = 0; step < 5; step++) {
    const [atMs, nowMs] = [eventMs + 200 * step, clockMs + 200 * step];
    const view = new LiveView(geometry);
    view.update(frameView({ sequence: 1, atMs, people: crowd(people) }));
    alerts.evaluate(geometry, atMs * 1000, view.snapshot(atMs * 1000), nowMs);
    records.push(...alerts.take(nowMs));
  }
  return records;
}

function run(alerts: SiteAlerts, seconds: number, people: number, fromMs: number): Alert[] {
  const all: Alert[] = [];
  for (let s = 0; s < seconds; s++) all.push(...second(alerts, people, fromMs + 1000 * s));
  return all;
}

const brief = ({ state, revision, announce }: Alert): string =>
  `${state.slice(12)} ${String(revision)}${announce ? ' announced' : ''}`;

describe('an alert of now', () => {
  it('goes to the log at once and is announced once; it is repeated every 10 s, and its end is announced', () => {
    const alerts = new SiteAlerts(geometry, nothing, true);
    const firing = run(alerts, 35, 40, NOW_MS);
    expect(firing.map(brief)).toEqual(['FIRING 1 announced', 'FIRING 1', 'FIRING 1', 'FIRING 1']);
    const ending = run(alerts, 35, 0, NOW_MS + 35_000).filter(({ revision }) => revision > 1);
    expect(ending.map(brief)).toEqual(['RESOLVED 2 announced']);
    expect(run(alerts, 20, 0, NOW_MS + 70_000)).toEqual([]);
  });

  it('that the log did not take is given again, before what came since', () => {
    const alerts = new SiteAlerts(geometry, nothing, true);
    const refused = run(alerts, 5, 40, NOW_MS);
    alerts.giveBack(refused);
    expect(run(alerts, 1, 40, NOW_MS + 5_000).map(brief)).toEqual(['FIRING 1 announced']);
  });

  it('is bounded while the log takes nothing: the newest of each is kept, and is still to be announced', () => {
    const alerts = new SiteAlerts(geometry, nothing, true);
    const [record] = run(alerts, 5, 40, NOW_MS);
    expect(record).toBeDefined();
    for (let i = 0; i < 1_001; i++) alerts.giveBack(record ? [record] : []);
    expect(alerts.take(NOW_MS + 6_000).map(brief)).toEqual(['FIRING 1 announced']);
  });
});

describe('an alert of the past', () => {
  it('is on the log, and nobody is told', () => {
    const alerts = new SiteAlerts(geometry, nothing, true);
    const yesterdayMs = NOW_MS - 86_400_000;
    const all: Alert[] = [];
    for (let s = 0; s < 60; s++)
      all.push(...second(alerts, s < 20 ? 40 : 0, yesterdayMs + 1000 * s, NOW_MS + 100 * s));
    expect(new Set(all.map(brief))).toEqual(new Set(['FIRING 1', 'RESOLVED 2']));
  });

  it('is told as soon as the aggregator has caught up, if it is still there', () => {
    const alerts = new SiteAlerts(geometry, nothing, true);
    const behindMs = NOW_MS - 120_000;
    expect(second(alerts, 40, behindMs, NOW_MS)).toEqual([]);
    expect(second(alerts, 40, behindMs + 1_000, NOW_MS).map(brief)).toContain('FIRING 1');
    expect(second(alerts, 40, NOW_MS + 1_000).map(brief)).toEqual(['FIRING 1 announced']);
    expect(second(alerts, 40, NOW_MS + 2_000)).toEqual([]);
  });

  it('is told to nobody where a recording is worked on, however young it is', () => {
    const alerts = new SiteAlerts(geometry, nothing, false);
    const all = [...run(alerts, 15, 40, NOW_MS), ...run(alerts, 35, 0, NOW_MS + 15_000)];
    expect(all.some(({ state }) => state === 'ALERT_STATE_RESOLVED')).toBe(true);
    expect(all.filter(({ announce }) => announce)).toEqual([]);
  });
});

describe('an alert that another aggregator had', () => {
  const first = new SiteAlerts(geometry, nothing, true);
  const [record] = run(first, 5, 40, NOW_MS);
  const alert = record && fromRecord(record);

  it('is not told again; its end is', () => {
    const known = {
      active: alert ? [alert] : [],
      announced: new Map([[alert?.id ?? '', 1]]),
      untilUs: (NOW_MS + 5_000) * 1000,
    };
    const second = new SiteAlerts(geometry, known, true);
    const all = [
      ...run(second, 5, 40, NOW_MS + 6_000),
      ...run(second, 32, 0, NOW_MS + 11_000),
    ].filter(({ announce }) => announce);
    expect(all.map(({ id, state }) => [id, state])).toEqual([[alert?.id, 'ALERT_STATE_RESOLVED']]);
  });

  it('and of which nobody had been told yet, is told', () => {
    const known = { ...nothing, active: alert ? [alert] : [] };
    const second = new SiteAlerts(geometry, known, true);
    expect(run(second, 1, 40, NOW_MS + 6_000).map(brief)).toEqual(['FIRING 1 announced']);
  });
});
