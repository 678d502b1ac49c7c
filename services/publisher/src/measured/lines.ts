import { datasetPlaces, type MeasuredCell, type PlanDataset, type SitePlan } from '@hitonami/model';
import type { ReleaseReads } from '@hitonami/warehouse';
import type { LocalDay } from '../releases/periods.js';
import { daySteps, keyOf, NOT_SEEN, requireFew } from './steps.js';

/**
 * Distinct people behind the passages of one direction, at least: of the pseudonyms that reached the line, as many went the other
 * way alone as there were passages that way at most; the rest, divided by the tracks that one person makes. Flow legs whose times
 * are longer steps than the cells' bound nothing.
 */
export function peopleOfDirection(
  tracks: number,
  passagesOtherWay: number,
  tracksPerPerson: number,
): number {
  return Math.floor(Math.max(0, tracks - passagesOtherWay) / tracksPerPerson);
}

/** The cells of a day of count lines: by step, line and direction. */
export async function lineCells(
  reads: Pick<ReleaseReads, 'lineSteps' | 'lineTracks'>,
  plan: SitePlan,
  dataset: PlanDataset,
  day: LocalDay,
): Promise<MeasuredCell[]> {
  const lines = datasetPlaces(plan, dataset);
  const { steps, read } = daySteps(day, dataset);
  requireFew(steps.length * lines.length * 2, dataset);
  const { tracksPerPerson, legTimeStepS } = plan.governance;
  const rows = new Map(
    (await reads.lineSteps(plan.site, lines, read)).map((row) => [`${row.step} ${row.line}`, row]),
  );
  const tracks = new Map(
    (await reads.lineTracks(plan.site, lines, read)).map((row) => [
      `${row.step} ${row.line}`,
      row.tracks,
    ]),
  );
  const isBounded = legTimeStepS <= read.baseS;
  return steps.flatMap((step, i) =>
    lines.flatMap((line) =>
      (['backward', 'forward'] as const).map((direction): MeasuredCell => {
        const key = { ...keyOf([line], step), direction };
        const row = rows.get(`${i} ${line}`);
        if (row === undefined) return { key, measures: {}, peopleMin: null, quality: NOT_SEEN };
        const other = direction === 'forward' ? row.backward : row.forward;
        const found = tracks.get(`${i} ${line}`) ?? 0;
        return {
          key,
          measures: { count: row[direction] },
          peopleMin: isBounded ? peopleOfDirection(found, other, tracksPerPerson) : null,
          quality: { coverage: row.coverage, doubtful: row.doubtful, saturation: null },
        };
      }),
    ),
  );
}
