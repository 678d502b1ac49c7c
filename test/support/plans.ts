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

const PURPOSES = [
  { id: 'safety', items: ['live', 'measures'], retention: { measuresDays: 7, rollupDays: 36_500 } },
  { id: 'planning', items: ['flow-legs'], retention: { flowLegsDays: 30 } },
  { id: 'research', items: ['positions'], retention: { positionsHours: 24 } },
];

/** Why a plan for tests measures: three purposes since 1970, between them everything, for the operator alone. */
export function testGovernance() {
  const hops = ['camera', 'ingestor', 'log', 'aggregator', 'warehouse', 'console', 'openData'];
  return {
    noticeDays: 7,
    recipients: [{ id: 'operator', name, role: 'operator' }],
    purposes: PURPOSES.map((purpose) => ({
      ...purpose,
      name,
      description: name,
      benefit: name,
      recipients: ['operator'],
      noticePublishedOn: '1970-01-02',
    })),
    hops: Object.fromEntries(hops.map((hop) => [hop, { body: name, access: name }])),
    stages: [{ id: 'first', name, startsOn: '1970-01-02' }],
  };
}

/** What a site's plan holds that gives movements to everybody, and to organisations under a contract. */
export function testMarket() {
  const base = testGovernance();
  const sold = {
    ...{
      id: 'ways',
      title: { ja: '経路', en: 'Ways' },
      description: { ja: '人数。', en: 'Counts.' },
    },
    ...{ subject: 'movements', stepS: 900, period: 'day', startsOn: '2026-01-01' },
    ...{ purpose: 'sale', audience: 'buyers', licence: 'contract' },
    price: { ja: '月5万円', en: '50,000 yen a month' },
    legalClass: 'anonymously-processed-information',
  };
  const recipients = [
    { id: 'all', name: { ja: '公衆', en: 'Everybody' }, role: 'public' },
    { id: 'buyers', name: { ja: '契約者', en: 'Buyers' }, role: 'buyers', contract: 'each' },
  ];
  const sale = {
    ...base.purposes[1],
    ...{ id: 'sale', name: { ja: '提供', en: 'Sale' }, recipients: ['all', 'buyers'] },
  };
  const governance = {
    ...base,
    recipients: [...base.recipients, ...recipients],
    purposes: [...base.purposes, sale],
  };
  const free = { ...sold, id: 'free', audience: 'open', licence: 'CC0-1.0', price: undefined };
  return { governance, datasets: [sold, free] };
}

/** What lets a camera of a plan with `testGovernance` start. */
export const cameraGovernance = {
  need: name,
  counterInstead: name,
  ground: 'own',
  stage: 'first',
  staffBriefedOn: '1970-01-02',
  purposes: ['safety', 'planning', 'research'],
};

/**
 * The text of a valid plan: one floor, a hall of 10 m × 10 m seen whole by one sensor, a line across its middle. Cameras
 * may start, and
 * serve all purposes, unless they say otherwise.
 */
export function planText(changes: Record<string, unknown> = {}): string {
  const document: Record<string, unknown> = {
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
    governance: testGovernance(),
    ...changes,
  };
  const purposes = (document['governance'] as { purposes?: { id: string }[] } | undefined)
    ?.purposes;
  const served = purposes?.map(({ id }) => id) ?? cameraGovernance.purposes;
  const governance = { ...cameraGovernance, purposes: served };
  const cameras = (document['cameras'] as object[]).map((camera) => ({ governance, ...camera }));
  return JSON.stringify({ ...document, cameras });
}

/** A valid plan with changes; throws with every issue where they break it. */
export function testPlan(changes: Record<string, unknown> = {}): SitePlan {
  const { plan, issues } = readPlan(planText(changes));
  if (!plan) throw new Error(issues.map(formatIssue).join('\n'));
  return plan;
}

export const label = name;
