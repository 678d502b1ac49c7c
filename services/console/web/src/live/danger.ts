import type { SitePlan } from '@hitonami/model';
import type { LiveSnapshot } from '../../../src/contract/index.js';

export type LiveArea = LiveSnapshot['areas'][number];
type PlanArea = SitePlan['areas'][number];

/** At and above, a detector sees fewer people than there are: the numbers are lower bounds. */
export const SATURATED_FROM = 0.9;
/** Less of an area seen than this says nothing of it. As the server's. */
export const SEEN_FROM = 0.5;
/** More of an area than this seen by cameras that were probably moved: not to be trusted. */
export const DOUBTFUL_FROM = 0.2;

export const BANDS = ['free', 'stable', 'capacity', 'unstable', 'congested'] as const;
export type Band = (typeof BANDS)[number];

export interface AreaNow {
  readonly plan: PlanArea;
  /** Undefined before the first picture. */
  readonly live: LiveArea | undefined;
  readonly isSeen: boolean;
  readonly isAtLeast: boolean;
  readonly isDoubtful: boolean;
  /** Of the densest spot; undefined where it is not seen. */
  readonly band: Band | undefined;
}

/** The band that a peak density (persons/m²) has reached; a bound belongs to the worse band. */
export function bandOf(peakDensity: number, bands: SitePlan['dangerBands']): Band {
  if (peakDensity >= bands.congested) return 'congested';
  if (peakDensity >= bands.unstable) return 'unstable';
  if (peakDensity >= bands.capacity) return 'capacity';
  return peakDensity >= bands.stable ? 'stable' : 'free';
}

export function areaNow(plan: SitePlan, area: PlanArea, live: LiveArea | undefined): AreaNow {
  const isSeen = live?.density != null && live.coverage >= SEEN_FROM;
  return {
    plan: area,
    live,
    isSeen,
    isAtLeast: live !== undefined && live.saturation >= SATURATED_FROM,
    isDoubtful: live !== undefined && live.doubtful >= DOUBTFUL_FROM,
    band: isSeen ? bandOf(live.peakDensity, area.dangerBands ?? plan.dangerBands) : undefined,
  };
}

/** Every area of a plan as it is now. */
export function areasNow(plan: SitePlan, snapshot: LiveSnapshot | undefined): readonly AreaNow[] {
  const live = new Map(snapshot?.areas.map((each) => [each.area, each]));
  return plan.areas.map((area) => areaNow(plan, area, live.get(area.id)));
}

/** The reached band, one worse where the number is a lower bound, as alerts are judged. */
function danger({ band, isAtLeast }: AreaNow): number {
  if (band === undefined) return -1;
  return Math.min(BANDS.length - 1, BANDS.indexOf(band) + (isAtLeast ? 1 : 0));
}

/**
 * Sorted by danger: the worst band first and in it the densest spot; what is not seen stands above all that is free or stable, since
 * nobody knows, and below what is known to be dangerous.
 */
export function byDanger(a: AreaNow, b: AreaNow): number {
  const UNSEEN_RANK = 1.5;
  const rank = (area: AreaNow) => (area.isSeen ? danger(area) : UNSEEN_RANK);
  return (
    rank(b) - rank(a) ||
    (b.live?.peakDensity ?? 0) - (a.live?.peakDensity ?? 0) ||
    (b.live?.density ?? 0) - (a.live?.density ?? 0) ||
    (a.plan.id < b.plan.id ? -1 : 1)
  );
}
