import type { SitePlan } from '@hitonami/model';
import type { LiveSnapshot } from '@hitonami/service';
import type { AreaWindow } from '@hitonami/simulator';
import type { Measures } from '@hitonami/warehouse';
import { formatTable, shown } from '../table.js';

const MISSING = '–';

/** What the terminal shows of a site: areas with density, measured and true, and level of service; lines with flow. */
export function board(
  plan: SitePlan,
  live: LiveSnapshot | undefined,
  measures: Measures,
  truth: (area: string, startUs: number) => AreaWindow | undefined,
): string {
  const now = new Map(live?.areas.map((area) => [area.area, area]));
  const areas = plan.areas.map((area) => {
    const row = latest(measures.areas.filter((item) => item.area === area.id));
    const present = now.get(area.id);
    return [
      `${area.name.en} ${area.name.ja}`,
      area.kind,
      present ? String(present.people) : MISSING,
      shown(row?.density, 2),
      shown(row && truth(area.id, row.startUs)?.density, 2),
      row?.los ?? MISSING,
      shown(row?.meanSpeedMS, 2),
      row?.coverage == null ? MISSING : `${(100 * row.coverage).toFixed(0)} %`,
    ];
  });
  const lines = plan.lines.map((line) => {
    const row = latest(measures.lines.filter((item) => item.line === line.id));
    return [
      `${line.name.en} ${line.name.ja}`,
      shown(row?.forwardPerMin, 0),
      shown(row?.backwardPerMin, 0),
    ];
  });
  return [
    formatTable(
      [
        { head: 'area' },
        { head: 'kind' },
        { head: 'now', align: 'right' },
        { head: 'persons/m²', align: 'right' },
        { head: 'true', align: 'right' },
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
        { head: 'to its left /min', align: 'right' },
        { head: 'to its right /min', align: 'right' },
      ],
      lines,
    ),
  ].join('\n');
}

function latest<Row extends { startUs: number }>(rows: readonly Row[]): Row | undefined {
  return rows.reduce<Row | undefined>(
    (best, row) => (best && best.startUs >= row.startUs ? best : row),
    undefined,
  );
}
