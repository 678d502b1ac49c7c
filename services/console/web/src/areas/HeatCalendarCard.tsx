import { useMemo } from 'react';
import type { PlanArea } from '@hitonami/model';
import { ChartCard } from '../charts/ChartCard.js';
import { fileName } from '../charts/file-name.js';
import { LEVEL_BOUNDS } from '../charts/levels.js';
import type { Palette } from '../charts/palette.js';
import { useNow } from '../charts/use-now.js';
import { chartWords } from '../charts/words.js';
import { addDays, instantOf, serviceDayOf, serviceDays } from '../charts/zoned-time.js';
import { url } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { TableBox } from '../shared/TableBox.js';
import { figure, longDay } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { LEVELS, LOS_FILL } from '../shared/los.js';
import { usePurpose } from '../shared/purposes.js';
import { usePlan } from '../shared/site.js';
import { heatCalendar, heatCalendarOption, SERVICE_HOURS } from './heat-calendar.js';
import { Level } from './Level.js';
import { seriesQuery, useAreaSeries } from './queries.js';
import { words } from './words.js';

const DAYS = 28;
const HOUR_S = 3_600;
const FILLS = LEVELS.map((level) => LOS_FILL[level]);

/** The last four weeks by hour and day. */
export function HeatCalendarCard({ area }: { readonly area: PlanArea }) {
  const t = useWords(words);
  const c = useWords(chartWords);
  const { language } = useLanguage();
  const { site, timeZone } = usePlan();
  const now = useNow();
  const today = serviceDayOf(now, timeZone);
  const first = addDays(today, 1 - DAYS);
  const period = useMemo(() => serviceDays(first, today, timeZone), [first, today, timeZone]);
  const named = usePurpose('measures', area.id);
  const { data, error, refetch } = useAreaSeries(site, area.id, period, HOUR_S);
  const calendar = useMemo(
    () => heatCalendar(data?.points ?? [], first, DAYS, timeZone, now),
    [data, first, timeZone, now],
  );
  const option = useMemo(
    () => (palette: Palette) =>
      heatCalendarOption(calendar, LEVEL_BOUNDS[area.kind], FILLS, LEVELS, palette, {
        dayName: (day) => shortDay(day, language),
        figure: (value) => figure(value, 2),
        unit: t.densityUnit,
        unseen: t.notSeen,
      }),
    [calendar, area, language, t],
  );
  if (error !== null) return <Fault error={error} onRetry={refetch} />;
  const busiest = calendar.cells
    .flatMap((row, day) => row.map((cell, hour) => ({ cell, day, hour })))
    .reduce<{ density: number; day: number; hour: number } | undefined>(
      (top, { cell, day, hour }) => {
        const density = cell?.density ?? null;
        return density !== null && density > (top?.density ?? -1) ? { density, day, hour } : top;
      },
      undefined,
    );
  const peakSaid =
    busiest === undefined
      ? t.nothing
      : t.peakSaid(
          `${figure(busiest.density, 2)} ${t.densityUnit}`,
          `${longDay(instantOf(calendar.days[busiest.day] ?? first, timeZone, 12), language, timeZone)} ${SERVICE_HOURS[busiest.hour] ?? ''}:00`,
        );
  return (
    <ChartCard
      title={t.heat}
      summary={t.heatSaid(String(DAYS), peakSaid)}
      option={option}
      height="34rem"
      file={fileName([site, area.id, 'hours', first, today], 'png')}
      csv={{
        href: url(`/sites/${site}/areas/${area.id}/series`, {
          ...seriesQuery(period, HOUR_S, named),
          format: 'csv',
        }),
        file: fileName([site, area.id, 'hours', first, today], 'csv'),
      }}
      notes={
        <p className="chart-notes">
          <span>{c.unseenMark}</span>
        </p>
      }
    >
      <TableBox label={t.heat}>
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t.dayWord}</th>
              {SERVICE_HOURS.map((hour) => (
                <th key={hour} scope="col">
                  {hour}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {calendar.days.map((day, i) => (
              <tr key={day}>
                <th scope="row">{shortDay(day, language)}</th>
                {SERVICE_HOURS.map((hour, j) => {
                  const cell = calendar.cells[i]?.[j];
                  return (
                    <td key={hour} className={cell === null ? 'not-seen' : undefined}>
                      {cell === undefined ? null : cell === null ? (
                        <span className="visually-hidden">{t.notSeen}</span>
                      ) : (
                        <>
                          <Level level={cell.los} /> {figure(cell.density, 2)}
                        </>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </TableBox>
    </ChartCard>
  );
}

function shortDay(day: string, language: 'ja' | 'en'): string {
  return new Intl.DateTimeFormat(language === 'ja' ? 'ja-JP' : 'en-GB', {
    timeZone: 'UTC',
    month: 'numeric',
    day: 'numeric',
    weekday: 'short',
  }).format(new Date(`${day}T00:00:00Z`));
}
