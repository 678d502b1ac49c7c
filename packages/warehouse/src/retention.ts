/** How long rows are kept, from the site plan; counted from the end of the window. */
export interface Retention {
  positionsHours: number;
  flowLegsDays: number;
  /** Measures as the aggregator writes them (10 s), and late frames. */
  measuresDays: number;
  /** Rollups of 1 min, 15 min, 1 h. */
  rollupDays: number;
}

/** `'keep'` is for replays of old recordings: a row already past its time would vanish as it is inserted. */
export type RetentionOrKeep = Retention | 'keep';

/** 2100-01-01, which stands for ever, s since 1970. */
export const KEPT_UNTIL_S = 4_102_444_800;

const HOUR_S = 3600;
const DAY_S = 86_400;

/** When a row that ended at `endUs` expires, s since 1970. */
export function expiry(
  retention: RetentionOrKeep,
  what: keyof Retention,
): (endUs: number) => number {
  if (retention === 'keep') return () => KEPT_UNTIL_S;
  const keptS = retention[what] * (what === 'positionsHours' ? HOUR_S : DAY_S);
  return (endUs) => Math.max(0, Math.min(Math.ceil(endUs / 1e6 + keptS), KEPT_UNTIL_S));
}
