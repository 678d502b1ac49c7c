import type { LevelOfService } from '@hitonami/crowd';
import type { TravellerNow } from '@hitonami/releases';

/** What is known of a place at an instant. */
export interface PlaceNow {
  /** Of the area; undefined where too little of it is seen. */
  readonly people: number | undefined;
  /** The peak of a usual day, persons; undefined before there are usual days. */
  readonly usualPeak: number | undefined;
  /** At this time of a usual day, persons. */
  readonly usual: number | undefined;
  readonly los: LevelOfService;
}

type Told = Pick<
  TravellerNow,
  'isAvailable' | 'percentageOfBaseline' | 'usualPercentageOfBaseline' | 'level'
>;

/** Percentages are told in steps of this, shares of the usual peak. */
export const STEP = 0.1;
/** Over twice the usual peak is told as twice. */
const SHARE_MAX = 2;
/** As in Transport for London's feed: quiet below, very busy above. */
const QUIET_BELOW = 0.4;
const VERY_BUSY_ABOVE = 0.7;

const NOTHING: Told = {
  isAvailable: false,
  percentageOfBaseline: null,
  usualPercentageOfBaseline: null,
  level: null,
};

/**
 * What travellers are told. Where fewer than k people are it is quiet, without a number: none and few look the same. Before there
 * is a usual peak, the level is that of service: A and B are quiet, C and D busy.
 */
export function tell({ people, usualPeak, usual, los }: PlaceNow, k: number): Told {
  if (people === undefined) return NOTHING;
  const usualPercentageOfBaseline =
    usual === undefined || usualPeak === undefined || usual < k ? null : stepped(usual / usualPeak);
  const told = { isAvailable: true, usualPercentageOfBaseline };
  if (people < k) return { ...told, percentageOfBaseline: null, level: 'quiet' };
  // Of a place whose usual peak is a handful of people, a percentage would count them.
  if (usualPeak === undefined || usualPeak < k)
    return { ...told, percentageOfBaseline: null, level: levelOf(los) };
  const share = stepped(people / usualPeak);
  const level = share < QUIET_BELOW ? 'quiet' : share > VERY_BUSY_ABOVE ? 'very-busy' : 'busy';
  return { ...told, percentageOfBaseline: share, level };
}

function stepped(share: number): number {
  return Math.min(SHARE_MAX, Math.round(share / STEP) / Math.round(1 / STEP));
}

function levelOf(los: LevelOfService): 'quiet' | 'busy' | 'very-busy' {
  if (los === 'A' || los === 'B') return 'quiet';
  return los === 'C' || los === 'D' ? 'busy' : 'very-busy';
}

/** Between which numbers of people whoever sees what is told knows them to be: they may count the icons, too. */
export function boundsOf(
  { isAvailable, percentageOfBaseline, level }: Told,
  { usualPeak }: Pick<PlaceNow, 'usualPeak'>,
  icons: number,
  iconStep: number,
  k: number,
): { low: number; high: number } | undefined {
  if (!isAvailable) return undefined;
  if (icons === 0 && percentageOfBaseline === null)
    return level === 'quiet' ? { low: 0, high: k - 1 } : { low: k, high: Infinity };
  const byIcons = {
    low: Math.max(k, icons),
    high: icons === 0 ? Infinity : icons + iconStep - 1,
  };
  if (percentageOfBaseline === null || usualPeak === undefined) return byIcons;
  const high =
    percentageOfBaseline >= SHARE_MAX ? Infinity : (percentageOfBaseline + STEP / 2) * usualPeak;
  return {
    low: Math.max(byIcons.low, (percentageOfBaseline - STEP / 2) * usualPeak),
    high: Math.min(byIcons.high, high),
  };
}
