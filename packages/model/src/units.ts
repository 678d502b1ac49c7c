/** Microseconds: the unit of every time that travels. */
export const US_PER_S = 1_000_000;

/** Start of the window of `lengthUs` that holds `timeUs`; windows are aligned to 1970-01-01T00:00:00Z. */
export function windowStartUs(timeUs: number, lengthUs: number): number {
  return timeUs - (((timeUs % lengthUs) + lengthUs) % lengthUs);
}
