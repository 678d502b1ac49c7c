import {
  findSelfCrossing,
  polygonArea,
  polygonContains,
  ringArea,
  type Polygon,
} from '../geometry/polygon.js';
import { cameraPurposeIssues } from './check-camera-purposes.js';
import { cameraIssues } from './check-cameras.js';
import { datasetIssues } from './check-datasets.js';
import { governanceIssues } from './check-governance.js';
import { lineOwner } from './ownership.js';
import type { SitePlan } from './schema.js';

/** One thing wrong with a plan: where it is, what is wrong, and how to mend it. */
export interface PlanIssue {
  /** Path of the key, such as `areas[2].polygon`. */
  key: string;
  problem: string;
  mend: string;
}

const MIN_AREA_M2 = 0.1;
const MIN_LINE_M = 0.2;

/** What the shape alone cannot say: references, geometry, and that everything counted is seen by somebody. */
export function checkMeaning(plan: SitePlan): PlanIssue[] {
  return [
    ...timeZoneIssues(plan),
    ...idIssues(plan),
    ...floorIssues(plan),
    ...plan.areas.flatMap((area, i) =>
      polygonIssues(`areas[${i}].polygon`, area.polygon.coordinates),
    ),
    ...sizeIssues(plan),
    ...plan.cameras.flatMap((camera, i) =>
      polygonIssues(`cameras[${i}].coverage`, camera.coverage.coordinates),
    ),
    ...cameraIssues(plan),
    ...lineIssues(plan),
    ...bandIssues(plan),
    ...actionCardIssues(plan),
    ...governanceIssues(plan),
    ...cameraPurposeIssues(plan),
    ...datasetIssues(plan),
  ];
}

function timeZoneIssues(plan: SitePlan): PlanIssue[] {
  try {
    new Intl.DateTimeFormat('en', { timeZone: plan.timeZone });
    return [];
  } catch {
    const mend = 'use a name of the IANA time zone database, such as Asia/Tokyo';
    return [{ key: 'timeZone', problem: `'${plan.timeZone}' is not a time zone`, mend }];
  }
}

/** Areas and lines share one space of names, since a movement goes from one of them to another; so do all that observe. */
function idIssues(plan: SitePlan): PlanIssue[] {
  const spaces = [
    [['floors', plan.floors]],
    [
      ['areas', plan.areas],
      ['lines', plan.lines],
    ],
    [
      ['cameras', plan.cameras],
      ['counters', plan.counters],
    ],
  ] as const;
  const issues: PlanIssue[] = [];
  for (const space of spaces) {
    const first = new Map<string, string>();
    for (const [list, items] of space) {
      items.forEach((item, i) => {
        const key = `${list}[${i}].id`;
        const before = first.get(item.id);
        if (before === undefined) first.set(item.id, key);
        else
          issues.push({
            key,
            problem: `'${item.id}' is already the id of ${before}`,
            mend: 'give each its own id; areas share theirs with lines, cameras with counters',
          });
      });
    }
  }
  return issues;
}

function floorIssues(plan: SitePlan): PlanIssue[] {
  const floors = new Set(plan.floors.map((floor) => floor.id));
  const lists = [
    ['areas', plan.areas],
    ['lines', plan.lines],
    ['cameras', plan.cameras],
    ['ticketGates', plan.ticketGates],
  ] as const;
  return lists.flatMap(([list, items]) =>
    items.flatMap((item, i) =>
      floors.has(item.floor)
        ? []
        : [
            {
              key: `${list}[${i}].floor`,
              problem: `'${item.floor}' is not a floor of this plan`,
              mend: `use one of: ${[...floors].join(', ')}`,
            },
          ],
    ),
  );
}

function polygonIssues(key: string, polygon: Polygon): PlanIssue[] {
  const issues: PlanIssue[] = [];
  polygon.forEach((ring, i) => {
    const ringKey = `${key}.coordinates[${i}]`;
    const [first, last] = [ring[0], ring.at(-1)];
    if (first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) {
      issues.push({
        key: ringKey,
        problem: 'the ring is open',
        mend: 'end it with its first point',
      });
      return;
    }
    const crossing = findSelfCrossing(ring);
    if (crossing) {
      const [a, b] = crossing;
      const at = (edge: number): string =>
        `${edge} (${String(ring[edge])} to ${String(ring[edge + 1])})`;
      issues.push({
        key: ringKey,
        problem: `the ring crosses itself: edge ${at(a)} meets edge ${at(b)}`,
        mend: 'list the corners in the order of a walk around the area',
      });
    } else if (Math.abs(ringArea(ring)) < MIN_AREA_M2) {
      issues.push({
        key: ringKey,
        problem: `the ring encloses under ${MIN_AREA_M2} m²`,
        mend: 'check its unit: metres',
      });
    }
  });
  const [outer, ...holes] = polygon;
  holes.forEach((hole, i) => {
    if (issues.length > 0 || hole.every(([x, y]) => polygonContains([outer ?? []], x, y))) return;
    const ringKey = `${key}.coordinates[${i + 1}]`;
    issues.push({
      key: ringKey,
      problem: 'the hole is not inside its ring',
      mend: 'move it, or drop it',
    });
  });
  if (issues.length === 0 && polygonArea(polygon) < MIN_AREA_M2) {
    issues.push({ key, problem: 'its holes leave nothing of it', mend: 'check the holes' });
  }
  return issues;
}

/**
 * The sums of a window are exact while saturation (1,000 permille) × area (0.01 m²) × window (µs) is below 2^53; a larger
 * area would lose digits without a word.
 */
function sizeIssues(plan: SitePlan): PlanIssue[] {
  const maxM2 = Math.floor(Number.MAX_SAFE_INTEGER / (1_000 * 100 * plan.windowS * 1e6));
  return plan.areas.flatMap((area, i) =>
    polygonArea(area.polygon.coordinates) <= maxM2
      ? []
      : [
          {
            key: `areas[${i}].polygon`,
            problem: `it is over ${maxM2} m², the most whose sums stay exact in windows of ${plan.windowS} s`,
            mend: 'divide it, or use a shorter window',
          },
        ],
  );
}

function lineIssues(plan: SitePlan): PlanIssue[] {
  const issues: PlanIssue[] = [];
  plan.lines.forEach((line, i) => {
    const [a, b] = line.line.coordinates;
    if (Math.hypot(b[0] - a[0], b[1] - a[1]) < MIN_LINE_M) {
      issues.push({
        key: `lines[${i}].line`,
        problem: `it is shorter than ${MIN_LINE_M} m`,
        mend: 'give two distinct ends',
      });
    } else if (lineOwner(plan, line) === undefined) {
      issues.push({
        key: `lines[${i}]`,
        problem: `no camera covers the band of 0.5 m on both sides of '${line.id}', and no counter counts it`,
        mend: 'move the line into one camera’s coverage, or add a counter for it',
      });
    }
  });
  const lines = new Set(plan.lines.map((line) => line.id));
  const counted = new Map<string, string>();
  plan.counters.forEach((counter, i) => {
    const other = counted.get(counter.line);
    if (!lines.has(counter.line)) {
      issues.push({
        key: `counters[${i}].line`,
        problem: `'${counter.line}' is not a line of this plan`,
        mend: 'name a line',
      });
    } else if (other !== undefined) {
      issues.push({
        key: `counters[${i}].line`,
        problem: `'${counter.line}' is counted by '${other}' already`,
        mend: 'leave one',
      });
    }
    counted.set(counter.line, counter.id);
  });
  return issues;
}

function actionCardIssues(plan: SitePlan): PlanIssue[] {
  const cards = new Set(plan.actionCards.map((card) => card.id));
  const issues: PlanIssue[] = [];
  if (cards.size < plan.actionCards.length) {
    issues.push({
      key: 'actionCards',
      problem: 'two cards have the same id',
      mend: 'give each its own id',
    });
  }
  for (const [list, items] of [
    ['areas', plan.areas],
    ['lines', plan.lines],
  ] as const) {
    items.forEach(({ actionCard }, i) => {
      if (actionCard === undefined || cards.has(actionCard)) return;
      issues.push({
        key: `${list}[${i}].actionCard`,
        problem: `'${actionCard}' is not one of the plan’s actionCards`,
        mend: cards.size > 0 ? `use one of: ${[...cards].join(', ')}` : 'add the card',
      });
    });
  }
  return issues;
}

function bandIssues(plan: SitePlan): PlanIssue[] {
  const all = [
    { key: 'dangerBands', bands: plan.dangerBands },
    ...plan.areas.flatMap((area, i) =>
      area.dangerBands ? [{ key: `areas[${i}].dangerBands`, bands: area.dangerBands }] : [],
    ),
  ];
  return all.flatMap(({ key, bands }) => {
    const rising =
      bands.stable < bands.capacity &&
      bands.capacity < bands.unstable &&
      bands.unstable < bands.congested;
    return rising
      ? []
      : [
          {
            key,
            problem: 'the bands do not rise',
            mend: 'stable < capacity < unstable < congested',
          },
        ];
  });
}
