import { HOPS, type Hop, type PlanGovernance, type SitePlan } from '@hitonami/model';

const text = (en: string) => ({ ja: `${en}（和）`, en });

function square(x: number): SitePlan['areas'][number]['polygon'] {
  return {
    type: 'Polygon',
    coordinates: [
      [
        [x, 0],
        [x + 10, 0],
        [x + 10, 10],
        [x, 10],
        [x, 0],
      ],
    ],
  };
}

function exampleGovernance(): PlanGovernance {
  const hop = { body: text('Operator'), access: text('Staff') };
  return {
    noticeDays: 30,
    recipients: [{ id: 'operator', name: text('Operator'), role: 'operator' }],
    purposes: [
      {
        id: 'safety',
        name: text('Safety'),
        description: text('Crowding'),
        benefit: text('Safety'),
        items: ['live', 'measures'],
        recipients: ['operator'],
        retention: { measuresDays: 7, rollupDays: 1826 },
        noticePublishedOn: '2026-01-05',
      },
    ],
    hops: Object.fromEntries(HOPS.map((id) => [id, hop])) as Record<Hop, typeof hop>,
    stages: [{ id: 'first', name: text('First'), startsOn: '2026-02-05' }],
    legTimeStepS: 60,
    smallestGroup: 10,
    tracksPerPerson: 1,
    epsilonPerDay: 1,
    riskLimits: {
      rebuiltShareMax: 0.95,
      rejoinedShareMax: 0.95,
      legUnicityMax: 0.5,
      gateLogMax: 0,
    },
  };
}

/** A site plan with areas of these ids side by side, 10 m each, on one floor, and one action card for all. */
export function examplePlan(areas: readonly string[]): SitePlan {
  return {
    site: 'example',
    version: 1,
    name: text('Example'),
    operator: { name: text('Operator'), contact: 'contact@example.org' },
    timeZone: 'Asia/Tokyo',
    anchor: { longitude: 139.7, latitude: 35.6, bearingDeg: 0 },
    windowS: 10,
    floors: [{ id: 'ground', name: text('Ground') }],
    areas: areas.map((id, i) => ({
      id,
      floor: 'ground',
      name: text(id),
      kind: 'walkway',
      polygon: square(i * 10),
      actionCard: 'crowded',
    })),
    lines: [],
    cameras: [],
    counters: [],
    ticketGates: [],
    dangerBands: { stable: 1, capacity: 2.5, unstable: 3.5, congested: 5 },
    alerting: {
      fireAfterS: 3,
      resolveAfterS: 30,
      risingPerMin: 1,
      unseenAfterS: 15,
      coverageMin: 0.8,
      counterFlowShareMax: 0.25,
      escalateAfterS: 60,
    },
    actionCards: [
      {
        id: 'crowded',
        title: text('Crowded'),
        steps: [text('Limit the gates'), text('Call for help')],
      },
    ],
    retention: { positionsHours: 0, flowLegsDays: 3, measuresDays: 7, rollupDays: 1826 },
    governance: exampleGovernance(),
    datasets: [],
    travellers: [],
  };
}
