import { floorPlaneOptions, type TrackerOptions } from '@hitonami/tracking';
import { TRACKED_MAX } from './columns.js';

/** A detection this much less confident than the camera's threshold may still prolong a track. */
const WEAK_SHARE = 0.5;

/** A track goes on unseen for at least so many frames of a slow camera. */
const COAST_PERIODS = 3;

/** Least confidence that is of any use to the tracker, where `threshold` is what a track may start from. */
export function weakestUseful(threshold: number): number {
  return threshold * WEAK_SHARE;
}

/** How the ingestor tracks on a floor; `evaluate` judges detectors with the same. */
export function trackerOptions(threshold: number, periodUs: number): TrackerOptions {
  const options = floorPlaneOptions({
    confidentFrom: threshold,
    weakFrom: weakestUseful(threshold),
    maxDetections: TRACKED_MAX,
  });
  return { ...options, coastS: Math.max(options.coastS, (COAST_PERIODS * periodUs) / 1e6) };
}
