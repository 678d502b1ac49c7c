/**
 * Upper density bounds of the levels of service A to E by kind of area, persons/m²; F is above.
 * Source: Fruin, Pedestrian Planning and Design, ch. 4. The measuring itself is the server's; a test keeps these the same as
 * `LOS_DENSITY_BOUNDS` of @hitonami/crowd, which is not for the browser.
 */
export const LEVEL_BOUNDS = {
  walkway: [0.308, 0.431, 0.718, 1.076, 2.153],
  stairs: [0.538, 0.718, 1.076, 1.538, 2.691],
  queue: [0.828, 1.076, 1.538, 3.588, 5.382],
} as const;

/**
 * From here on a crowd's pressure was seen to be dangerous, 1/s²; and where the local density is under this, persons/m², there
 * is none. The same as those of @hitonami/crowd, as above.
 * Source: Helbing, Johansson and Al-Abideen, Phys. Rev. E 75 (2007) 046109.
 */
export const PRESSURE_CRITICAL = 0.02;
export const PRESSURE_DENSITY_MIN = 2.153;

/** A bound belongs to the better level. 0 is A, 5 is F. */
export function levelIndex(kind: keyof typeof LEVEL_BOUNDS, density: number): number {
  const at = LEVEL_BOUNDS[kind].findIndex((bound) => density <= bound);
  return at === -1 ? LEVEL_BOUNDS[kind].length : at;
}
