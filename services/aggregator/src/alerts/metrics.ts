import {
  dangerBandsOf,
  flowCapacityOf,
  type LiveSnapshot,
  type SiteAlert,
  type SiteGeometry,
} from '@hitonami/crowd';
import { ALERT_RULES, ALERT_SEVERITIES } from '@hitonami/model';
import type { Metrics } from '@hitonami/service';

/** What is live, and the thresholds of the plan beside it, so that the rules of Prometheus need none of their own. */
export type LiveMetrics = ReturnType<typeof liveMetrics>;

export function liveMetrics(metrics: Metrics) {
  const area = ['site', 'floor', 'area'] as const;
  const ofSite = {
    peakDensity: metrics.gauge({
      name: 'hitonami_area_peak_density',
      help: 'Highest local density now, persons/m².',
      labels: area,
    }),
    saturation: metrics.gauge({
      name: 'hitonami_area_saturation_ratio',
      help: 'Highest saturation of the detectors that see any of the area; near 1 its numbers read "at least".',
      labels: area,
    }),
    liveCoverage: metrics.gauge({
      name: 'hitonami_area_live_coverage_ratio',
      help: 'Share of the area that is seen now.',
      labels: area,
    }),
    coverageThreshold: metrics.gauge({
      name: 'hitonami_area_coverage_threshold_ratio',
      help: 'Share of the area that has to be seen, from the plan: no more than its cameras cover.',
      labels: area,
    }),
    queue: metrics.gauge({
      name: 'hitonami_area_queue_persons',
      help: 'Persons now in an area for which the plan has a longest queue.',
      labels: area,
    }),
    queueThreshold: metrics.gauge({
      name: 'hitonami_area_queue_threshold',
      help: 'The longest queue that does not alert, persons, from the plan.',
      labels: area,
    }),
    bands: metrics.gauge({
      name: 'hitonami_area_density_threshold',
      help: 'From where each danger band begins, persons/m² of highest local density, from the plan.',
      labels: [...area, 'band'],
    }),
    risingThreshold: metrics.gauge({
      name: 'hitonami_area_density_rising_threshold',
      help: 'A mean density that rises faster alerts, persons/m² per second, from the plan.',
      labels: area,
    }),
    kind: metrics.gauge({
      name: 'hitonami_area_kind',
      help: 'Always 1; the kind of the area.',
      labels: [...area, 'kind'],
    }),
    flowThreshold: metrics.gauge({
      name: 'hitonami_line_flow_threshold',
      help: 'What the line can carry, both ways, persons per second: its capacity times its length, from the plan.',
      labels: ['site', 'line'],
    }),
    counterFlowThreshold: metrics.gauge({
      name: 'hitonami_line_counter_flow_threshold_ratio',
      help: 'Share of the passages in the unwanted direction that alerts, from the plan.',
      labels: ['site', 'line', 'direction'],
    }),
    lastFrame: metrics.gauge({
      name: 'hitonami_camera_last_frame_timestamp_seconds',
      help: 'When the newest frame of the camera was captured.',
      labels: ['site', 'camera'],
    }),
    silenceThreshold: metrics.gauge({
      name: 'hitonami_camera_silence_threshold_seconds',
      help: 'A camera of the plan without a frame for longer alerts, also one that never came; from the plan.',
      labels: ['site', 'camera'],
    }),
    blind: metrics.gauge({
      name: 'hitonami_camera_blind',
      help: '1 where the camera sees nothing: covered, defocused or dark; else 0.',
      labels: ['site', 'camera'],
    }),
    delays: metrics.gauge({
      name: 'hitonami_alerting_delay_seconds',
      help: 'How long a threshold must be passed (fire), kept (resolve), and how long a place may be unseen (unseen), from the plan; rules of Prometheus have times of their own.',
      labels: ['site', 'stage'],
    }),
    firing: metrics.gauge({
      name: 'hitonami_alert_firing',
      help: 'Alerts that fire, or fired and cannot be seen.',
      labels: ['site', 'rule', 'severity'],
    }),
  };
  return {
    /** What the plan says: shown once a version of it. */
    showPlan({ plan, areas, lines }: SiteGeometry, coverageNeeded: readonly number[]): void {
      const { site, alerting } = plan;
      ofSite.delays.set({ site, stage: 'fire' }, alerting.fireAfterS);
      ofSite.delays.set({ site, stage: 'resolve' }, alerting.resolveAfterS);
      ofSite.delays.set({ site, stage: 'unseen' }, alerting.unseenAfterS);
      for (const { id: camera } of plan.cameras)
        ofSite.silenceThreshold.set({ site, camera }, alerting.unseenAfterS);
      for (const { plan: one, index } of areas) {
        const labels = { site, floor: one.floor, area: one.id };
        for (const [band, density] of Object.entries(dangerBandsOf(plan, one)))
          ofSite.bands.set({ ...labels, band }, density);
        ofSite.risingThreshold.set(labels, alerting.risingPerMin / 60);
        ofSite.coverageThreshold.set(labels, coverageNeeded[index] ?? 0);
        ofSite.kind.set({ ...labels, kind: one.kind }, 1);
        if (one.queueMaxPersons !== undefined)
          ofSite.queueThreshold.set(labels, one.queueMaxPersons);
      }
      for (const { plan: one, lengthMm } of lines) {
        const line = { site, line: one.id };
        ofSite.flowThreshold.set(line, (flowCapacityOf(one) * lengthMm) / 1000 / 60);
        if (one.mainDirection === undefined) continue;
        const direction = one.mainDirection === 'forward' ? 'backward' : 'forward';
        ofSite.counterFlowThreshold.set({ ...line, direction }, alerting.counterFlowShareMax);
      }
    },
    /** What is now. What is not seen has no series, rather than a zero. */
    showNow({ plan }: SiteGeometry, snapshot: LiveSnapshot | undefined): void {
      const { site } = plan;
      const now = new Map(snapshot?.areas.map((one) => [one.area, one]));
      for (const one of plan.areas) {
        const labels = { site, floor: one.floor, area: one.id };
        const seen = now.get(one.id);
        ofSite.liveCoverage.set(labels, seen?.coverage ?? 0);
        if (seen === undefined || seen.coverage === 0) {
          for (const gone of [ofSite.peakDensity, ofSite.saturation, ofSite.queue])
            gone.remove(labels);
          continue;
        }
        ofSite.peakDensity.set(labels, seen.peakDensity);
        ofSite.saturation.set(labels, seen.saturation);
        if (one.queueMaxPersons !== undefined) ofSite.queue.set(labels, seen.people);
      }
      for (const { camera, capturedUs, blind } of snapshot?.cameras ?? []) {
        ofSite.lastFrame.set({ site, camera }, capturedUs / 1e6);
        ofSite.blind.set({ site, camera }, Number(blind));
      }
    },
    /** Zero where a rule could fire and does not, so that a rate or an absence can be asked for. */
    showAlerts(site: string, active: Iterable<SiteAlert>): void {
      const counts = new Map<string, number>();
      for (const { rule, severity } of active) {
        const key = `${rule} ${severity}`;
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
      for (const rule of ALERT_RULES)
        for (const severity of rule === 'density' ? ALERT_SEVERITIES : (['warning'] as const))
          ofSite.firing.set({ site, rule, severity }, counts.get(`${rule} ${severity}`) ?? 0);
    },
    /** Removes every series of a site. */
    async forgetSite(site: string): Promise<void> {
      for (const metric of Object.values(ofSite)) await metrics.forget(metric, { site });
    },
  };
}
