import type { EChartsCoreOption } from 'echarts/core';
import type { AreaPoint } from '../../../src/contract/index.js';
import type { Palette } from '../charts/palette.js';
import {
  addDays,
  localClock,
  MS_PER_HOUR,
  SERVICE_DAY_STARTS_HOUR,
  serviceDay,
  serviceDayOf,
} from '../charts/zoned-time.js';

/** Hours of a service day in order: 4, 5, … 23, 0, … 3. */
export const SERVICE_HOURS: readonly number[] = Array.from(
  { length: 24 },
  (_, i) => (i + SERVICE_DAY_STARTS_HOUR) % 24,
);

export interface HeatCalendar {
  /** Service days, oldest first. */
  days: string[];
  /** `cells[day][hour since 04:00]`; null where nothing was seen; undefined: yet to come. */
  cells: (AreaPoint | null | undefined)[][];
}

/** Windows of an hour by service day and hour. Days without a row stay, empty: they were not seen. */
export function heatCalendar(
  points: readonly AreaPoint[],
  firstDay: string,
  count: number,
  timeZone: string,
  nowMs = Infinity,
): HeatCalendar {
  const days = Array.from({ length: count }, (_, i) => addDays(firstDay, i));
  const cells = days.map((day) => {
    const { fromMs } = serviceDay(day, timeZone);
    return SERVICE_HOURS.map((_, i): AreaPoint | null | undefined =>
      fromMs + (i + 1) * MS_PER_HOUR > nowMs ? undefined : null,
    );
  });
  for (const point of points) {
    const ms = Date.parse(point.start);
    const row = cells[days.indexOf(serviceDayOf(ms, timeZone))];
    const { hour } = localClock(ms, timeZone);
    const column = SERVICE_HOURS.indexOf(hour);
    if (row && point.density !== null) row[column] = point;
  }
  return { days, cells };
}

export interface HeatCalendarWords {
  dayName: (day: string) => string;
  figure: (value: number | null) => string;
  unit: string;
  unseen: string;
}

/** Hour across, day down. A cell that was not seen is not drawn: what shows is the hatched ground behind it. */
export function heatCalendarOption(
  { days, cells }: HeatCalendar,
  /** Upper bounds of A to E, persons/m², and the six fills. */
  bounds: readonly number[],
  fills: readonly string[],
  letters: readonly string[],
  colours: Palette,
  words: HeatCalendarWords,
): EChartsCoreOption {
  const data = cells.flatMap((row, day) =>
    row.flatMap((cell, hour) =>
      cell?.density == null ? [] : [{ value: [hour, day, cell.density], name: cell.los ?? '' }],
    ),
  );
  const unseen = cells.flatMap((row, day) =>
    row.flatMap((cell, hour) => (cell === null ? [{ value: [hour, day, 0] }] : [])),
  );
  return {
    animation: false,
    grid: {
      left: 4,
      right: 8,
      top: 2.2 * colours.fontPx,
      bottom: 3.6 * colours.fontPx,
      containLabel: true,
    },
    tooltip: {
      formatter: (item: unknown) => {
        const { value } = item as { value: readonly [number, number, number] };
        const cell = cells[value[1]]?.[value[0]];
        const hour = `${SERVICE_HOURS[value[0]] ?? ''}:00`;
        const said =
          cell?.density == null
            ? words.unseen
            : `${words.figure(cell.density)} ${words.unit} ${cell.los ?? ''}`;
        return `${words.dayName(days[value[1]] ?? '')} ${hour}\n${said}`;
      },
    },
    xAxis: {
      type: 'category',
      position: 'top',
      data: SERVICE_HOURS.map(String),
      axisLabel: { color: colours.muted, fontSize: colours.fontPx, interval: 'auto' },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: days.map(words.dayName),
      axisLabel: { color: colours.muted, fontSize: colours.fontPx },
      axisTick: { show: false },
      axisLine: { show: false },
    },
    visualMap: {
      type: 'piecewise',
      seriesIndex: 0,
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      textStyle: { color: colours.text, fontSize: colours.fontPx },
      itemGap: 6,
      pieces: letters.map((letter, i) => ({
        ...(i > 0 && { gt: bounds[i - 1] ?? 0 }),
        ...(i < bounds.length && { lte: bounds[i] ?? 0 }),
        label: letter,
        color: fills[i] ?? '',
      })),
    },
    series: [
      {
        type: 'heatmap',
        data,
        itemStyle: { borderWidth: 1, borderColor: colours.surface },
        emphasis: { itemStyle: { borderColor: colours.text } },
      },
      {
        type: 'heatmap',
        data: unseen,
        itemStyle: {
          color: colours.unseen,
          opacity: 0.35,
          borderWidth: 1,
          borderColor: colours.surface,
          decal: { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [1, 4], rotation: -0.8 },
        },
      },
    ],
  };
}
