import { LEVELS, levelOfService, type AreaKind, type LevelOfService } from '../los.js';
import type { Series } from './trajectories.js';

/**
 * Upper bounds of specific flow of A to E, persons/(m·min); F has none: there the flow breaks down and may be anything.
 * Source: Fruin, Pedestrian Planning and Design, ch. 4, converted from persons per foot and minute.
 */
export const LOS_SPECIFIC_FLOW_BOUNDS: Readonly<
  Record<Exclude<AreaKind, 'queue'>, readonly number[]>
> = {
  walkway: [23.0, 32.8, 49.2, 65.6, 82.0],
  stairs: [16.4, 23.0, 32.8, 42.7, 55.8],
};

/** What a wall takes of a corridor's width on its side, m. Source: Fruin, ch. 4 (18 inches). */
export const WALL_CLEARANCE_M = 0.457;

/** Level of service of a specific flow (persons/(m·min)); a bound belongs to the better level. */
export function levelOfServiceOfFlow(
  kind: Exclude<AreaKind, 'queue'>,
  specificFlowPerMMin: number,
): LevelOfService {
  const index = LOS_SPECIFIC_FLOW_BOUNDS[kind].findIndex((bound) => specificFlowPerMMin <= bound);
  return LEVELS[index === -1 ? 5 : index] ?? 'F';
}

/** The width of a corridor that people use, m: less the clearance on each side with a wall. */
export function effectiveWidth(widthM: number, walls: 0 | 1 | 2): number {
  return Math.max(0, widthM - walls * WALL_CLEARANCE_M);
}

/** How many frames an area was at each level of service; frames whose density is not known (NaN) are none. */
export function framesByLevel(kind: AreaKind, density: Series): Record<LevelOfService, number> {
  const frames = { A: 0, B: 0, C: 0, D: 0, E: 0, F: 0 };
  for (const value of density.values) {
    if (!Number.isNaN(value)) frames[levelOfService(kind, value)]++;
  }
  return frames;
}
