import type { Metrics } from '@hitonami/service';
import { FrameLedger } from './ledger.js';

const LATENCY_BUCKETS_S = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];

/** What the ingestor tells Prometheus. */
export type IngestorMetrics = ReturnType<typeof ingestorMetrics>;

/** `onDestroyed` is told of every frame whose pixels have just been overwritten. */
export function ingestorMetrics(metrics: Metrics, onDestroyed: () => void = () => undefined) {
  const labels = ['site', 'camera'] as const;
  return {
    frames: new FrameLedger(metrics, onDestroyed),
    inference: metrics.histogram({
      name: 'hitonami_inference_seconds',
      help: 'From the hand-over of a frame to a worker until its detections are back.',
      buckets: LATENCY_BUCKETS_S,
    }),
    endToEnd: metrics.histogram({
      name: 'hitonami_ingest_seconds',
      help: 'From the receipt of a frame or batch until its positions are durable in the event log.',
      buckets: LATENCY_BUCKETS_S,
    }),
    clockSkew: metrics.gauge({
      name: 'hitonami_camera_clock_skew_seconds',
      help: 'Clock of the ingestor less the capture time of the newest message: delay and clock error together.',
      labels,
    }),
    people: metrics.gauge({
      name: 'hitonami_people_in_view',
      help: 'People in the newest frame of a camera.',
      labels,
    }),
    saturation: metrics.gauge({
      name: 'hitonami_detector_saturation_ratio',
      help: 'How near the newest frame came to the most people the detector can tell apart.',
      labels,
    }),
    blind: metrics.counter({
      name: 'hitonami_camera_blind_frames_total',
      help: 'Frames in which the camera saw nothing: dark, covered or defocused.',
      labels: [...labels, 'reason'],
    }),
    forgetting: metrics.histogram({
      name: 'hitonami_forgetting_seconds',
      help: 'How long everything waited while memory that had held frames was given back.',
      buckets: LATENCY_BUCKETS_S,
    }),
    batches: metrics.counter({
      name: 'hitonami_sensor_batches_total',
      help: 'Position and count batches by what became of them.',
      labels: ['kind', 'outcome'],
    }),
    refused: metrics.counter({
      name: 'hitonami_refused_total',
      help: 'Frames and batches that were rejected, by reason.',
      labels: ['reason'],
    }),
  };
}
