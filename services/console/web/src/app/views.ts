/** The views in which nothing is that was measured: what is planned, who asks, and who did what. */
const WITHOUT_MEASURES: ReadonlySet<string> = new Set([
  ...['plan', 'calendar', 'inquiries', 'buyers', 'users', 'audit'],
]);

/** @param view the part of its address behind the site */
export function isOfMeasures(view: string): boolean {
  return !WITHOUT_MEASURES.has(view);
}
