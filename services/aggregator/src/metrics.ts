import { levelOfService, LEVELS, type AreaRow, type ClosedWindow } from '@hitonami/crowd';
import type { SitePlan } from '@hitonami/model';
import type { Metrics } from '@hitonami/service';
import { liveMetrics } from './alerts/metrics.js';
import type { Withheld } from './storing.js';

const WRITE_BUCKETS_S = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/** What the aggregator tells Prometheus. */
export type AggregatorMetrics = ReturnType<typeof aggregatorMetrics>;

export function aggregatorMetrics(metrics: Metrics) {
  const area = ['site', 'floor', 'area'] as const;
  const ofSite = {
    density: metrics.gauge({
      name: 'hitonami_area_density',
      help: 'Mean density of the last window, persons/m².',
      labels: area,
    }),
    occupancy: metrics.gauge({
      name: 'hitonami_area_occupancy',
      help: 'Mean number of people in the last window.',
      labels: area,
    }),
    los: metrics.gauge({
      name: 'hitonami_area_level_of_service',
      help: 'Fruin’s level of service of the last window: 0 = A to 5 = F.',
      labels: area,
    }),
    coverage: metrics.gauge({
      name: 'hitonami_area_coverage_ratio',
      help: 'Share of the area and of the last window that was really seen.',
      labels: area,
    }),
    lastSeen: metrics.gauge({
      name: 'hitonami_area_last_observation_timestamp_seconds',
      help: 'End of the last window in which any of the area was seen.',
      labels: area,
    }),
    crossings: metrics.counter({
      name: 'hitonami_line_crossings_total',
      help: 'Completed passages of a count line.',
      labels: ['site', 'line', 'direction'],
    }),
    doubtful: metrics.gauge({
      name: 'hitonami_area_doubtful_ratio',
      help: 'Share of what was seen of the area in the last window by cameras that were probably moved or turned.',
      labels: area,
    }),
    moved: metrics.gauge({
      name: 'hitonami_camera_moved',
      help: '1 where a camera was probably moved or turned since it was calibrated, else 0.',
      labels: ['site', 'camera'],
    }),
    writtenUntil: metrics.gauge({
      name: 'hitonami_written_until_timestamp_seconds',
      help: 'Event time up to which every window of the site is in the warehouse.',
      labels: ['site'],
    }),
    watermarkDelay: metrics.gauge({
      name: 'hitonami_watermark_delay_seconds',
      help: 'How far the closing of windows lies behind the newest capture.',
      labels: ['site'],
    }),
    withheld: metrics.counter({
      name: 'hitonami_withheld_total',
      help: 'Positions and flow legs that were seen and not stored: too near to a ticket gate, or for no purpose in force.',
      labels: ['site', 'table', 'reason'],
    }),
    late: metrics.counter({
      name: 'hitonami_late_frames_total',
      help: 'Frames that came after their window had closed.',
      labels: ['site', 'camera'],
    }),
  };
  const lag = metrics.gauge({
    name: 'hitonami_log_lag_records',
    help: 'Records in the log that are not yet read.',
    labels: ['topic', 'partition'],
  });
  return {
    ...ofSite,
    live: liveMetrics(metrics),
    lag,
    records: metrics.counter({
      name: 'hitonami_observations_total',
      help: 'Records of the log by what became of them.',
      labels: ['outcome'],
    }),
    rows: metrics.counter({
      name: 'hitonami_warehouse_rows_written_total',
      help: 'Rows written.',
      labels: ['table'],
    }),
    refusals: metrics.counter({
      name: 'hitonami_warehouse_refusals_total',
      help: 'Writes that had to be tried again.',
    }),
    writeSeconds: metrics.histogram({
      name: 'hitonami_warehouse_write_seconds',
      help: 'Time to write the windows that closed together, with their rollups.',
      buckets: WRITE_BUCKETS_S,
    }),
    /**
     * Shows the windows of a site that closed together: the areas as the last one has them, when each was last seen, every
     * crossing.
     */
    show(windows: readonly ClosedWindow[], plan: SitePlan): void {
      const last = windows.at(-1);
      for (const window of windows) {
        for (const row of window.areas) {
          const area = plan.areas.find(({ id }) => id === row.area);
          if (!area) continue;
          const labels = { site: row.site, floor: area.floor, area: row.area };
          if (row.observedDm2Us > 0)
            ofSite.lastSeen.set(labels, (row.startUs + row.lengthUs) / 1e6);
          if (window === last) showArea(ofSite, row, labels, area.kind);
        }
      }
      for (const { site, camera, movedSinceUs } of windows.at(-1)?.cameras ?? [])
        ofSite.moved.set({ site, camera }, Number(movedSinceUs > 0));
      for (const { site, line, forward, backward } of windows.flatMap(({ lines }) => lines)) {
        ofSite.crossings.inc({ site, line, direction: 'forward' }, forward);
        ofSite.crossings.inc({ site, line, direction: 'backward' }, backward);
      }
    },
    /** Counts what of a window was not stored. */
    withhold(site: string, { atGate, positions, legs }: Withheld): void {
      ofSite.withheld.inc({ site, table: 'positions', reason: 'ticket-gate' }, atGate);
      ofSite.withheld.inc({ site, table: 'positions', reason: 'no-purpose' }, positions);
      ofSite.withheld.inc({ site, table: 'flow_legs', reason: 'no-purpose' }, legs);
    },
    /** Removes every series of a site: its partition belongs to another aggregator now. */
    async forgetSite(site: string): Promise<void> {
      for (const metric of Object.values(ofSite)) await metrics.forget(metric, { site });
    },
    forgetPartition: (topic: string, partition: number) =>
      metrics.forget(lag, { topic, partition: String(partition) }),
  };
}

type AreaLabels = { site: string; floor: string; area: string };
type AreaGauges = Pick<
  ReturnType<typeof aggregatorMetrics>,
  'density' | 'occupancy' | 'los' | 'coverage' | 'doubtful'
>;

/** A density that is not known has no series, rather than a zero. */
function showArea(
  gauges: AreaGauges,
  row: AreaRow,
  labels: AreaLabels,
  kind: Parameters<typeof levelOfService>[0],
): void {
  const coverage = row.observedDm2Us / (row.areaDm2 * row.lengthUs);
  gauges.coverage.set(labels, coverage);
  if (row.observedDm2Us === 0) {
    gauges.density.remove(labels);
    gauges.occupancy.remove(labels);
    gauges.los.remove(labels);
    gauges.doubtful.remove(labels);
    return;
  }
  const density = row.personUs / (row.observedDm2Us / 100);
  gauges.density.set(labels, density);
  gauges.doubtful.set(labels, row.doubtfulDm2Us / row.observedDm2Us);
  gauges.occupancy.set(labels, (density * row.areaDm2) / 100);
  gauges.los.set(labels, LEVELS.indexOf(levelOfService(kind, density)));
}
