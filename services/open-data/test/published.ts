import {
  addDays,
  localInstantMs,
  type PlanDataset,
  type ReleasedCell,
  type SitePlan,
} from '@hitonami/model';
import type { PublicFolder, ReleaseDraft } from '@hitonami/releases';

/** Releases for tests, written as the publisher writes them: days of a station with a rush hour. */

const HOUR_MS = 3_600_000;

export interface Published {
  readonly dataset: string;
  /** `2026-10-05`, or `2026-10`. */
  readonly period: string;
  readonly correction?: { ja: string; en: string };
  /** What of its dataset is another one than the plan's. */
  readonly changes?: Partial<PlanDataset>;
}

/** Writes a release of a dataset of the plan. */
export async function publishRelease(
  folder: PublicFolder,
  plan: SitePlan,
  { dataset: id, period, correction, changes }: Published,
) {
  const found = plan.datasets.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no dataset ${id}`);
  const dataset: PlanDataset = { ...found, ...changes };
  const first = period.length > 7 ? period : `${period}-01`;
  const next = period.length > 7 ? addDays(first, 1) : `${addDays(first, 31).slice(0, 8)}01`;
  const [fromMs, toMs] = [first, next].map((day) => localInstantMs(day, 0, plan.timeZone)) as [
    number,
    number,
  ];
  const draft: ReleaseDraft = {
    ...{ site: plan.site, siteName: plan.name, publisher: plan.operator.name },
    ...{ contact: plan.operator.contact, timeZone: plan.timeZone },
    ...{ dataset, period, fromMs, toMs, planVersions: [plan.version], plan },
    ...(correction !== undefined && { correction }),
    protection: {
      ...{ k: 10, rule: dataset.noise === undefined ? 'suppression' : 'noise' },
      roundedTo: dataset.roundedTo,
      ...(dataset.noise !== undefined && { epsilon: 0.5, contributionsMax: 4, error95: 12 }),
      words: {
        ja: '10人に満たない値は公表しません。',
        en: 'No value of fewer than ten people is told.',
      },
    },
  };
  const writer = await folder.begin(draft);
  for (let startMs = fromMs; startMs < toMs; startMs += dataset.stepS * 1000)
    await writer.write(cellsOf(plan, dataset, startMs));
  return writer.finish({ isCountOfProtectedTold: dataset.noise === undefined });
}

function cellsOf(plan: SitePlan, dataset: PlanDataset, startMs: number): ReleasedCell[] {
  const ways = waysOf(plan, dataset);
  const lengthMs = dataset.stepS * 1000;
  return ways.map((places, i) => {
    const people = Math.round(
      rush(startMs, plan.timeZone) *
        (30 + 25 * Math.sin(i + 1)) *
        (places.length === 0 ? ways.length : 1),
    );
    const key = {
      ...{ places, startMs, lengthMs },
      ...(dataset.subject === 'lines' && { direction: 'forward' as const }),
    };
    const quality = { coverage: i === 1 ? 0.9 : 1, doubtful: 0, saturation: people > 60 ? 0.4 : 0 };
    if (people < 10) return { key, absent: 'protected', measures: {}, quality };
    const density = people / 200;
    const measures =
      dataset.subject === 'areas'
        ? {
            occupancy: people,
            occupancyMax: Math.round(people * 1.6),
            density,
            los: density > 0.3 ? 'B' : 'A',
            meanSpeedMS: 1.2,
          }
        : { count: people, ...(dataset.subject !== 'lines' && { meanTravelS: 40 }) };
    return { key, measures, quality };
  });
}

function waysOf(plan: SitePlan, { subject }: PlanDataset): string[][] {
  const areas = plan.areas.map(({ id }) => id);
  switch (subject) {
    case 'areas':
      return [...areas.map((id) => [id]), []];
    case 'lines':
      return plan.lines.map(({ id }) => [id]);
    case 'movements':
      return areas.flatMap((from, i) => areas.slice(i + 1, i + 3).map((to) => [from, to]));
    case 'sequences':
      return areas.slice(2).map((id, i) => [areas[i] ?? '', areas[i + 1] ?? '', id]);
  }
}

/** Two peaks a day, nobody at night. */
function rush(ms: number, timeZone: string): number {
  const hour = ((ms - localInstantMs('2026-01-01', 0, timeZone)) / HOUR_MS) % 24;
  const peak = (at: number): number => Math.exp(-(((hour - at) / 2) ** 2));
  return 2 * peak(8.5) + 1.6 * peak(18) + (hour > 6 && hour < 23 ? 0.4 : 0);
}
