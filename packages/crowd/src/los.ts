/** Kind of an area, which decides the density that its level of service allows. */
export type AreaKind = 'walkway' | 'stairs' | 'queue';

/** Fruin's level of service: A (free) to F (breakdown). */
export type LevelOfService = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

export const LEVELS: readonly LevelOfService[] = ['A', 'B', 'C', 'D', 'E', 'F'];

/**
 * Upper density bounds of A to E, persons/m²; F is above.
 * Source: Fruin, Pedestrian Planning and Design, ch. 4, converted from sq ft per person.
 */
export const LOS_DENSITY_BOUNDS: Readonly<Record<AreaKind, readonly number[]>> = {
  walkway: [0.308, 0.431, 0.718, 1.076, 2.153],
  stairs: [0.538, 0.718, 1.076, 1.538, 2.691],
  queue: [0.828, 1.076, 1.538, 3.588, 5.382],
};

/** Level of service of a mean density (persons/m²); a bound belongs to the better level. */
export function levelOfService(kind: AreaKind, density: number): LevelOfService {
  const index = LOS_DENSITY_BOUNDS[kind].findIndex((bound) => density <= bound);
  return LEVELS[index === -1 ? 5 : index] ?? 'F';
}
