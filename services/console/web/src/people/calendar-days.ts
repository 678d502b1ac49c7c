import type { CalendarEntry } from '../../../src/contract/index.js';

/** Entries of today and later, the next first; and of the past, the newest first. */
export function aroundToday(
  entries: readonly CalendarEntry[],
  today: string,
): { coming: CalendarEntry[]; past: CalendarEntry[] } {
  const sorted = entries.toSorted(
    (a, b) => a.day.localeCompare(b.day) || a.title.localeCompare(b.title),
  );
  return {
    coming: sorted.filter(({ day }) => day >= today),
    past: sorted.filter(({ day }) => day < today).reverse(),
  };
}
