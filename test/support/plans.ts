import { readPlan, formatIssue, type SitePlan } from '@hitonami/model';

/** A closed rectangle as a GeoJSON polygon; metres. */
export function rectangle(x0: number, y0: number, x1: number, y1: number) {
  const corners: [number, number][] = [
    [x0, y0],
    [x1, y0],
    [x1, y1],
    [x0, y1],
    [x0, y0],
  ];
  return { type: 'Polygon' as const, coordinates: [corners] };
}

/** A count line from a to b; metres. */
export function lineFrom(a: [number, number], b: [number, number]) {
  return {
    type: 'LineString' as const,
    coordinates: [a, b] as [[number, number], [number, number]],
  };
}

const name = { ja: '試験', en: 'Test' };

/** The text of a valid plan: one floor, a hall of 10 m × 10 m seen whole by one sensor, a line across its middle. */
export function planText(changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    site: 'test',
    version: 1,
    name,
    operator: { name, contact: 'test@example.org' },
    timeZone: 'Asia/Tokyo',
    anchor: { longitude: 139.7, latitude: 35.6, bearingDeg: 0 },
    floors: [{ id: 'f1', name }],
    areas: [{ id: 'hall', floor: 'f1', name, kind: 'walkway', polygon: rectangle(0, 0, 10, 10) }],
    lines: [{ id: 'middle', floor: 'f1', name, line: lineFrom([5, 1], [5, 9]) }],
    cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 10, 10) }],
    ...changes,
  });
}

/** A valid plan with changes; throws with every issue where they break it. */
export function testPlan(changes: Record<string, unknown> = {}): SitePlan {
  const { plan, issues } = readPlan(planText(changes));
  if (!plan) throw new Error(issues.map(formatIssue).join('\n'));
  return plan;
}

export const label = name;
