import type { EChartsCoreOption } from 'echarts/core';
import type { Report } from '../../../src/contract/index.js';
import { LEVEL_BOUNDS } from '../charts/levels.js';
import { samples, unseenStretches } from '../charts/gaps.js';
import type { Palette } from '../charts/palette.js';
import { timeChartOption, type TimeChart } from '../charts/time-chart.js';

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F'] as const;

const rounded = (hours: number): number => Math.round(hours * 100) / 100;

/** Hours at each level, an area a bar; what was not seen stands at its end, hatched. */
export function levelsOption(
  areas: Report['areas'],
  nameOf: (id: string) => string,
  fills: Readonly<Record<string, string>>,
  inks: Readonly<Record<string, string>>,
  unseenName: string,
  palette: Palette,
): EChartsCoreOption {
  // Sums of tenths are not whole: the axis ends at a number that people read.
  const total = rounded(
    Math.max(
      0,
      ...areas.map(({ hoursAtLevel, hoursUnseen }) =>
        Object.values(hoursAtLevel).reduce((sum, hours) => sum + hours, hoursUnseen),
      ),
    ),
  );
  const bar = (
    name: string,
    hoursOf: (area: Report['areas'][number]) => number,
    fill: string,
    ink: string,
  ) => ({
    type: 'bar',
    name,
    stack: 'hours',
    barMaxWidth: 2 * palette.fontPx,
    data: areas.map(hoursOf),
    itemStyle: {
      color: fill,
      borderColor: palette.surface,
      borderWidth: 1,
      ...(name === unseenName && {
        decal: {
          symbol: 'rect',
          color: '#ffffff',
          dashArrayX: [1, 0],
          dashArrayY: [2, 4],
          rotation: -0.8,
        },
      }),
    },
    label: {
      show: true,
      color: ink,
      fontSize: palette.fontPx * 0.9,
      // In print nobody can point at a bar: its letter is written where there is room.
      formatter: ({ value }: { value: number }) =>
        total > 0 && value / total > 0.045 ? (name === unseenName ? '' : name) : '',
    },
  });
  return {
    animation: false,
    textStyle: { color: palette.text, fontSize: palette.fontPx },
    grid: { left: 4, right: 16, top: 2.2 * palette.fontPx, bottom: 4, containLabel: true },
    legend: { top: 0, left: 'center', textStyle: { color: palette.text }, itemWidth: 14 },
    xAxis: {
      type: 'value',
      max: total || 1,
      axisLabel: { color: palette.text },
      splitLine: { lineStyle: { color: palette.grid } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: areas.map(({ area }) => nameOf(area)),
      axisLabel: { color: palette.text },
      axisTick: { show: false },
    },
    series: [
      ...LETTERS.map((letter) =>
        bar(
          letter,
          ({ hoursAtLevel }) => hoursAtLevel[letter] ?? 0,
          fills[letter] ?? '',
          inks[letter] ?? '',
        ),
      ),
      bar(unseenName, ({ hoursUnseen }) => hoursUnseen, palette.unseen, palette.text),
    ],
  };
}

/** Density of one area over the period, with the bounds of its levels. Gaps stay gaps. */
export function densityOption(
  area: Report['areas'][number],
  kind: keyof typeof LEVEL_BOUNDS,
  period: { fromMs: number; toMs: number; untilMs: number },
  words: {
    unit: string;
    name: string;
    unseen: string;
    clock: (ms: number) => string;
    figure: (value: number | null) => string;
  },
  palette: Palette,
): EChartsCoreOption {
  const { points, stepS } = area.series;
  const bounds: readonly number[] = LEVEL_BOUNDS[kind];
  const toMs = Math.min(period.toMs, period.untilMs);
  const chart: TimeChart = {
    fromMs: period.fromMs,
    toMs: period.toMs,
    unit: words.unit,
    lines: [
      { name: words.name, values: samples(points, stepS, ({ density }) => density), colour: 0 },
    ],
    thresholds: bounds.map((value, i) => ({
      value,
      label: `${LETTERS[i] ?? ''} | ${LETTERS[i + 1] ?? ''}`,
      kind: 'level',
    })),
    shades: [
      {
        name: words.unseen,
        kind: 'unseen',
        stretches: unseenStretches(
          points,
          stepS,
          { fromMs: period.fromMs, toMs },
          ({ density }) => density !== null,
        ),
      },
    ],
    least: bounds[1] ?? 0,
    clock: words.clock,
    figure: words.figure,
    labelShare: 0.13,
    hasLegend: false,
  };
  return timeChartOption(chart, palette);
}
