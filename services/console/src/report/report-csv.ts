import type { Report } from '../contract/index.js';
import { csvText, type Cell } from '../measures/csv.js';
import { absenceOf, headerOf, type Outside } from '../measures/primary.js';

const LEVELS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;
const COLUMNS = [
  ...['area', 'mean_occupancy', 'occupancy_max', 'occupancy_max_at', 'coverage'],
  ...LEVELS.map((level) => `hours_at_${level}`),
  'hours_unseen',
];

/** The areas of a report as a table; outside, areas of which too little may be told have the reason alone. */
export function reportCsv({ areas }: Pick<Report, 'areas'>, outside: Outside | undefined): string {
  const rows = areas.map((area): Cell[] => {
    const because = absenceOf(area, outside);
    if (because !== undefined) {
      const { length } = [...LEVELS, 'hours_unseen'];
      return [
        area.area,
        null,
        null,
        null,
        area.coverage,
        ...Array<null>(length).fill(null),
        because,
      ];
    }
    return [
      ...[area.area, area.meanOccupancy, area.occupancyMax, area.occupancyMaxAt, area.coverage],
      ...LEVELS.map((level) => area.hoursAtLevel[level] ?? 0),
      area.hoursUnseen,
      ...(outside === undefined ? [] : [null]),
    ];
  });
  return csvText(headerOf(COLUMNS, outside), rows);
}
