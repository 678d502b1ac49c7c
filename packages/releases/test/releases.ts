import type { PlanDataset, ReleasedCell, SitePlan } from '@hitonami/model';
import { lineFrom, rectangle, testPlan } from '../../../test/support/plans.js';
import type { ReleaseDraft } from '../src/index.js';

/** Releases for tests: a station of a few places, a day or a month of cells with everything that a cell can be. */

const both = (ja: string, en: string): { ja: string; en: string } => ({ ja, en });

/** Names with everything that an escape has to survive, and one that a spreadsheet would take for a formula. */
export const HARD_NAME = both('=「改札」, "北"\n口', '@SUM(1+1), "north"\r\ngate');

export function stationPlan(changes: Record<string, unknown> = {}): SitePlan {
  const area = (id: string, x: number, name = both(`場所 ${id}`, `Area ${id}`)) => ({
    id,
    floor: 'f1',
    name,
    kind: 'walkway',
    polygon: rectangle(x, 0, x + 10, 10),
  });
  return testPlan({
    areas: [area('hall', 0), area('gate', 10, HARD_NAME), area('platform', 20)],
    lines: [
      { id: 'stairs', floor: 'f1', name: both('階段', 'Stairs'), line: lineFrom([5, 1], [5, 9]) },
    ],
    cameras: [{ id: 'c1', floor: 'f1', coverage: rectangle(0, 0, 30, 10) }],
    ...changes,
  });
}

const DATASET: PlanDataset = {
  id: 'crowding',
  title: both('混雑', 'Crowding'),
  description: both('混雑です。', 'How crowded it is.'),
  keywords: [],
  subject: 'areas',
  stepS: 3_600,
  period: 'day',
  startsOn: '2026-10-01',
  purpose: 'safety',
  audience: 'open',
  licence: 'CC-BY-4.0',
  legalClass: 'statistical-information',
  roundedTo: 1,
};

/** 2026-10-01T00:00:00+09:00 */
export const FROM_MS = Date.UTC(2026, 8, 30, 15);
export const HOUR_MS = 3_600_000;

export function draftOf(
  dataset: Partial<PlanDataset> = {},
  changes: Partial<ReleaseDraft> = {},
): ReleaseDraft {
  const plan = changes.plan ?? stationPlan();
  const of: PlanDataset = { ...DATASET, ...dataset };
  const days = of.period === 'day' ? 1 : 31;
  return {
    site: plan.site,
    siteName: plan.name,
    publisher: plan.operator.name,
    contact: plan.operator.contact,
    timeZone: plan.timeZone,
    dataset: of,
    period: of.period === 'day' ? '2026-10-01' : '2026-10',
    fromMs: FROM_MS,
    toMs: FROM_MS + days * 24 * HOUR_MS,
    planVersions: [1],
    protection: {
      k: 10,
      rule: 'suppression',
      roundedTo: 1,
      words: both('10人未満なし', 'k is 10'),
    },
    plan,
    ...changes,
  };
}

const REASONS = ['protected', 'not-seen', 'not-measured'] as const;

/** Cells of areas, by step and place, the whole last; about one in five is absent. */
export function* areaCells(
  steps: number,
  areas: readonly string[] = ['hall', 'gate', 'platform'],
  lengthMs = HOUR_MS,
): Generator<ReleasedCell[]> {
  for (let step = 0; step < steps; step++)
    yield [...areas, ''].map((area, i) => {
      const n = step * (areas.length + 1) + i;
      const key = {
        places: area === '' ? [] : [area],
        startMs: FROM_MS + step * lengthMs,
        lengthMs,
      };
      const quality = {
        coverage: 1 - (n % 7) / 10,
        doubtful: n % 4 === 0 ? null : (n % 10) / 10,
        saturation: n % 3 === 0 ? null : 1 / ((n % 9) + 1),
      };
      const absent = n % 5 === 3 ? REASONS[n % 3] : undefined;
      if (absent !== undefined) return { key, absent, measures: {}, quality };
      const occupancy = 10 + (n % 50) / 3;
      return {
        key,
        measures: {
          occupancy,
          occupancyMax: 20 + (n % 60),
          density: occupancy / 100,
          los: 'ABCDEF'[n % 6] ?? 'A',
          meanSpeedMS: n % 4 === 1 ? null : 0.5 + (n % 10) / 7,
        },
        quality,
      };
    });
}

/** Cells of everything but areas: the same count, with its ways. */
export function waysCells(
  places: readonly (readonly string[])[],
  steps: number,
  direction?: 'both',
): ReleasedCell[][] {
  return Array.from({ length: steps }, (_, step) =>
    places.flatMap((way, i) =>
      (direction === undefined ? [undefined] : (['forward', 'backward'] as const)).map(
        (side, d) => {
          const count = 10 + ((step + i + d) % 40);
          const isWay = direction === undefined;
          return {
            key: {
              places: way,
              ...(side === undefined ? {} : { direction: side }),
              startMs: FROM_MS + step * HOUR_MS,
              lengthMs: HOUR_MS,
            },
            ...(count % 6 === 0 ? { absent: 'protected' as const } : {}),
            measures:
              count % 6 === 0 ? {} : { count, ...(isWay ? { meanTravelS: count / 7 } : {}) },
            quality: { coverage: 0.9, doubtful: null, saturation: 0.25 },
          };
        },
      ),
    ),
  );
}
