import type { Report } from '../contract/index.js';
import { csvText, type Cell } from '../measures/csv.js';

const LEVELS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
const COLUMNS = [
  ...['area', 'mean_occupancy', 'occupancy_max', 'occupancy_max_at', 'coverage'],
  ...LEVELS.map((level) => `hours_at_${level}`),
  'hours_unseen',
];

/** The areas of a report as a table. */
export function reportCsv({ areas }: Pick<Report, 'areas'>): string {
  const rows = areas.map((area): Cell[] => [
    ...[area.area, area.meanOccupancy, area.occupancyMax, area.occupancyMaxAt, area.coverage],
    ...LEVELS.map((level) => area.hoursAtLevel[level] ?? 0),
    area.hoursUnseen,
  ]);
  return csvText(COLUMNS, rows);
}
