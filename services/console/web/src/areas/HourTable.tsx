import type { AreaSeries } from '../../../src/contract/index.js';
import { figure, percent } from '../shared/format.js';
import { useWords } from '../shared/i18n.js';
import { byHour } from './hourly.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';

/** Beneath the charts: the same hour by hour, for those who read rather than see. */
export function HourTable({
  series,
  fromMs,
  toMs,
  clock,
}: {
  readonly series: AreaSeries;
  readonly fromMs: number;
  readonly toMs: number;
  readonly clock: (ms: number) => string;
}) {
  const t = useWords(words);
  return (
    <TableBox label={t.density}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.hour}</th>
            <th scope="col" className="number">
              {t.density} ({t.densityUnit})
            </th>
            <th scope="col" className="number">
              {t.densityMax}
            </th>
            <th scope="col" className="number">
              {t.peak} ({t.densityUnit})
            </th>
            <th scope="col" className="number">
              {t.occupancy}
            </th>
            <th scope="col" className="number">
              {t.occupancyMax}
            </th>
            <th scope="col" className="number">
              {t.speed} ({t.speedUnit})
            </th>
            <th scope="col" className="number">
              {t.pressure} ({t.pressureUnit})
            </th>
            <th scope="col" className="number">
              {t.coverage}
            </th>
            <th scope="col" className="number">
              {t.windows}
            </th>
          </tr>
        </thead>
        <tbody>
          {byHour(series.points, series.stepS, fromMs, toMs).map((row) => (
            <tr key={row.startMs} className={row.windows === 0 ? 'not-seen' : undefined}>
              <th scope="row">{clock(row.startMs)}</th>
              <td className="number">{row.windows === 0 ? t.notSeen : figure(row.density, 2)}</td>
              <td className="number">{figure(row.densityMax, 2)}</td>
              <td className="number">{figure(row.peakDensity, 2)}</td>
              <td className="number">{figure(row.occupancy, 1)}</td>
              <td className="number">{figure(row.occupancyMax)}</td>
              <td className="number">{figure(row.speedMS, 2)}</td>
              <td className="number">{figure(row.pressureMax, 3)}</td>
              <td className="number">{percent(row.coverage)}</td>
              <td className="number">
                {row.windows} / {row.expected}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableBox>
  );
}
