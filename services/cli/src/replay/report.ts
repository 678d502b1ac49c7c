import type { SitePlan } from '@hitonami/model';
import type { Measures } from '@hitonami/warehouse';
import { formatTable, shown } from '../table.js';

/** The windows of a recording in which anything was seen, then what passed the lines and went from place to place. */
export function reportTable(plan: SitePlan, measures: Measures): string {
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: plan.timeZone,
    timeStyle: 'medium',
    dateStyle: 'short',
  });
  const areas = measures.areas
    .filter((row) => row.observedDm2Us > 0)
    .sort((a, b) => a.startUs - b.startUs || (a.area < b.area ? -1 : 1))
    .map((row) => [
      time.format(row.startUs / 1000),
      row.area,
      shown(row.occupancy, 2),
      String(row.peopleMax),
      shown(row.density, 3),
      row.los ?? '–',
      shown(row.meanSpeedMS, 2),
      `${(100 * (row.coverage ?? 0)).toFixed(0)} %`,
    ]);
  const lines = plan.lines.map((line) => {
    const rows = measures.lines.filter((row) => row.line === line.id);
    const sum = (value: (row: (typeof rows)[number]) => number): string =>
      String(rows.reduce((total, row) => total + value(row), 0));
    return [line.id, sum((row) => row.forward), sum((row) => row.backward)];
  });
  return [
    formatTable(
      [
        { head: `window of ${plan.windowS} s` },
        { head: 'area' },
        { head: 'people', align: 'right' },
        { head: 'most', align: 'right' },
        { head: 'persons/m²', align: 'right' },
        { head: 'LOS' },
        { head: 'm/s', align: 'right' },
        { head: 'coverage', align: 'right' },
      ],
      areas,
    ),
    '',
    formatTable(
      [
        { head: 'line' },
        { head: 'to its left', align: 'right' },
        { head: 'to its right', align: 'right' },
      ],
      lines,
    ),
    '',
    formatTable(
      [
        { head: 'from' },
        { head: 'to' },
        { head: 'legs', align: 'right' },
        { head: 'mean s inside', align: 'right' },
      ],
      flowRows(measures),
    ),
  ].join('\n');
}

function flowRows(measures: Measures): string[][] {
  const sums = new Map<string, { legs: number; insideUs: number }>();
  for (const { fromPlace, toPlace, legs, insideUs } of measures.flows) {
    const key = `${fromPlace || '(appeared)'}\n${toPlace || '(gone)'}`;
    const sum = sums.get(key) ?? { legs: 0, insideUs: 0 };
    sums.set(key, { legs: sum.legs + legs, insideUs: sum.insideUs + insideUs });
  }
  return [...sums.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, { legs, insideUs }]) => {
      const [from = '', to = ''] = key.split('\n');
      return [from, to, String(legs), shown(insideUs / legs / 1e6, 1)];
    });
}

/** Every row as one line of JSON, in an order of its own, so that two replays can be compared with `diff`. */
export function* reportLines(measures: Measures): Generator<string> {
  for (const [measure, rows] of Object.entries(measures) as [string, object[]][]) {
    for (const row of rows) yield JSON.stringify({ measure, ...row });
  }
}
