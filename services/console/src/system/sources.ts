import { FRAME_FIGURE_METRICS, MetricsSources as Sources, type Logger } from '@hitonami/service';

export { rateOf, samplesOf, type Source } from '@hitonami/service';

/** What the system view is made of. */
const WANTED = new Set([
  ...FRAME_FIGURE_METRICS,
  'hitonami_camera_clock_skew_seconds',
  'hitonami_detector_saturation_ratio',
  'hitonami_log_lag_records',
  'hitonami_watermark_delay_seconds',
  'hitonami_written_until_timestamp_seconds',
  'hitonami_warehouse_refusals_total',
]);

/** What the services tell, as far as the system view shows it. */
export class MetricsSources extends Sources {
  constructor(urls: readonly string[], logger: Logger) {
    super(urls, WANTED, logger);
  }
}
