/** A chart over time, as ECharts wants it. Pure: colours, words and clocks come in. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Sample, Stretch } from './gaps.js';
import type { Palette } from './palette.js';

export interface ChartLine {
  name: string;
  values: readonly Sample[];
  /** Which of the theme's series colours. */
  colour: number;
  isDashed?: boolean;
  isStep?: boolean;
}

/** A level that matters: a bound of the level of service, or a danger band. */
export interface Threshold {
  value: number;
  label: string;
  kind: 'level' | 'danger';
}

/** The usual range: from the tenth to the ninetieth percentile. */
export interface Band {
  name: string;
  low: readonly Sample[];
  high: readonly Sample[];
  colour?: number;
}

export interface Shade {
  name: string;
  stretches: readonly Stretch[];
  kind: 'unseen' | 'doubtful';
}

export interface TimeChart {
  fromMs: number;
  toMs: number;
  unit: string;
  lines: readonly ChartLine[];
  band?: Band;
  thresholds?: readonly Threshold[];
  shades?: readonly Shade[];
  /** The axis reaches at least to here. */
  least?: number;
  /** The axis ends here, whatever the values: for shares. */
  most?: number;
  clock: (ms: number) => string;
  figure: (value: number | null) => string;
  /** Values may be below zero: the axis reaches as far down as up. */
  isSigned?: boolean;
  /** Share of the axis that a threshold's label takes; more where the chart is low. */
  labelShare?: number;
  /** Hides the legend where there is nothing to tell apart. */
  hasLegend?: boolean;
  /** Where people may enlarge a part (a wheel, a pinch, or the keys of the period's fields). */
  canZoom?: boolean;
}

/** Room above the highest value. */
const HEADROOM = 1.15;
/** Without symbols above this many points. */
const SYMBOLS_MAX = 60;

/** Where the value axis ends: above all that is drawn, and above `least`; thresholds far above do not flatten the line. */
export function axisTop({ lines, band, least = 0, most }: TimeChart): number {
  if (most !== undefined) return most;
  const all = [...lines.map(({ values }) => values), band?.high ?? []];
  const highest = all.reduce(
    (top, values) => values.reduce((t, [, value]) => Math.max(t, Math.abs(value ?? 0)), top),
    0,
  );
  return nice(Math.max(highest * HEADROOM, least, 1e-9));
}

/** The next of 1, 1.5, 2, 3, 4, 5, 6, 8 times a power of ten. */
export function nice(value: number): number {
  const scale = 10 ** Math.floor(Math.log10(value));
  const step = [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((s) => value <= s * scale * (1 + 1e-12)) ?? 10;
  return Number((step * scale).toPrecision(6));
}

export function timeChartOption(chart: TimeChart, colours: Palette): EChartsCoreOption {
  const top = axisTop(chart);
  const em = colours.fontPx;
  const colourOf = (i: number): string => colours.series[i % colours.series.length] ?? colours.text;
  const hasLegend = chart.hasLegend ?? chart.lines.length + (chart.band ? 1 : 0) > 1;
  return {
    animation: false,
    textStyle: { color: colours.text },
    grid: {
      left: em,
      right: (chart.thresholds ?? []).length > 0 ? 5 * em : 1.5 * em,
      top: (hasLegend ? 4 : 2.5) * em,
      bottom: 0.5 * em,
      containLabel: true,
    },
    ...(hasLegend && {
      legend: {
        type: 'scroll',
        itemWidth: 2 * em,
        itemHeight: 0.8 * em,
        top: 0,
        left: 0,
        textStyle: { color: colours.text, fontSize: em },
        pageTextStyle: { color: colours.text },
        data: [...chart.lines.map(({ name }) => name), ...(chart.band ? [chart.band.name] : [])],
      },
    }),
    tooltip: {
      trigger: 'axis',
      backgroundColor: colours.surface,
      textStyle: { color: colours.text, fontSize: em },
      formatter: (items: unknown) => tooltip(items, chart),
    },
    xAxis: {
      type: 'time',
      min: chart.fromMs,
      max: chart.toMs,
      axisLabel: { color: colours.muted, fontSize: em, hideOverlap: true, formatter: chart.clock },
      axisLine: { lineStyle: { color: colours.grid } },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: chart.isSigned === true ? -top : 0,
      max: top,
      name: chart.unit,
      nameTextStyle: { color: colours.muted, fontSize: em, align: 'left' },
      axisLabel: { color: colours.muted, fontSize: em },
      // Where thresholds are drawn, lines of the grid would be taken for them.
      splitLine: {
        show: (chart.thresholds ?? []).length === 0,
        lineStyle: { color: colours.grid, opacity: 0.6 },
      },
    },
    ...(chart.canZoom === true && {
      dataZoom: [{ type: 'inside', filterMode: 'none', zoomOnMouseWheel: 'ctrl' }],
    }),
    series: [
      ...(chart.band ? bandSeries(chart.band, colours) : []),
      ...chart.lines.map((line, i) => ({
        type: 'line',
        name: line.name,
        data: line.values.map(([ms, value]) => [ms, value]),
        // A window that nobody saw is no point between its neighbours.
        connectNulls: false,
        showSymbol: line.values.length <= SYMBOLS_MAX,
        symbolSize: 0.35 * em,
        ...(line.isStep === true && { step: 'end' }),
        lineStyle: {
          color: colourOf(line.colour),
          width: (line.isDashed === true ? 0.12 : 0.16) * em,
          type: line.isDashed === true ? 'dashed' : 'solid',
        },
        itemStyle: { color: colourOf(line.colour) },
        z: 3,
        ...(i === 0 && {
          markLine: markLine(chart, top, colours),
          markArea: markArea(chart, colours),
        }),
      })),
    ],
  };
}

/** Two lines stacked: the lower one unseen, the upper one filled down to it. Both are null together. */
function bandSeries(band: Band, colours: Palette): object[] {
  const lows = new Map(band.low);
  const both = band.high.map(([ms, high]): [number, number | null, number | null] => {
    const low = lows.get(ms) ?? null;
    return low === null || high === null ? [ms, null, null] : [ms, low, Math.max(0, high - low)];
  });
  const colour =
    band.colour === undefined ? colours.band : (colours.series[band.colour] ?? colours.band);
  const plain = {
    type: 'line',
    stack: `band ${band.name}`,
    connectNulls: false,
    showSymbol: false,
    silent: true,
    lineStyle: { width: 0 },
    itemStyle: { color: colour },
    z: 1,
  };
  return [
    { ...plain, name: `${band.name} low`, data: both.map(([ms, low]) => [ms, low]) },
    {
      ...plain,
      name: band.name,
      data: both.map(([ms, , width]) => [ms, width]),
      areaStyle: { color: colour, opacity: 0.25 },
    },
  ];
}

/** Share of the axis that a label takes: of two nearer than this, the higher one is written. */
const LABEL_SHARE = 0.06;

function markLine(
  { thresholds = [], labelShare }: TimeChart,
  top: number,
  colours: Palette,
): object {
  const written = legible(thresholds, top, labelShare);
  return {
    silent: true,
    symbol: 'none',
    animation: false,
    data: thresholds
      .filter(({ value }) => value <= top)
      .map((threshold) => {
        const { value, label, kind } = threshold;
        const colour = kind === 'danger' ? colours.danger : colours.muted;
        return {
          yAxis: value,
          lineStyle: { color: colour, type: kind === 'danger' ? 'solid' : 'dotted', width: 1 },
          label: {
            show: written.has(threshold),
            formatter: label,
            position: kind === 'danger' ? 'insideStartTop' : 'end',
            color: colour,
            fontSize: 0.9 * colours.fontPx,
          },
        };
      }),
  };
}

/** Thresholds whose label does not lie on that of a higher one of its kind. */
export function legible(
  thresholds: readonly Threshold[],
  top: number,
  share = LABEL_SHARE,
): Set<Threshold> {
  const out = new Set<Threshold>();
  const lowest = { level: Infinity, danger: Infinity };
  for (const threshold of thresholds.toSorted((a, b) => b.value - a.value)) {
    const { value, kind } = threshold;
    if (value > top || lowest[kind] - value < share * top) continue;
    out.add(threshold);
    lowest[kind] = value;
  }
  return out;
}

function markArea({ shades = [] }: TimeChart, colours: Palette): object {
  return {
    silent: true,
    animation: false,
    data: shades.flatMap(({ kind, stretches }) =>
      stretches.map(({ fromMs, toMs }) => [
        {
          xAxis: fromMs,
          itemStyle: {
            color: kind === 'unseen' ? colours.unseen : colours.doubtful,
            opacity: kind === 'unseen' ? 0.3 : 0.18,
          },
        },
        { xAxis: toMs },
      ]),
    ),
  };
}

interface TooltipItem {
  seriesName?: string;
  value?: unknown;
}

function tooltip(items: unknown, chart: TimeChart): string {
  const list = (Array.isArray(items) ? items : [items]) as TooltipItem[];
  const names = new Set(chart.lines.map(({ name }) => name));
  const at = (list[0]?.value as readonly [number] | undefined)?.[0];
  const rows = list
    .filter(({ seriesName }) => seriesName !== undefined && names.has(seriesName))
    .map(({ seriesName, value }) => {
      const v = (value as readonly [number, number | null] | undefined)?.[1] ?? null;
      return `${seriesName ?? ''}: ${chart.figure(v)} ${chart.unit}`;
    });
  const range = at === undefined ? undefined : bandAt(chart, at);
  return [
    ...(at === undefined ? [] : [chart.clock(at)]),
    ...rows,
    ...(range === undefined ? [] : [range]),
  ].join('\n');
}

function bandAt({ band, figure }: TimeChart, ms: number): string | undefined {
  const low = band?.low.find(([at]) => at === ms)?.[1] ?? null;
  const high = band?.high.find(([at]) => at === ms)?.[1] ?? null;
  if (band === undefined || low === null || high === null) return undefined;
  return `${band.name}: ${figure(low)}–${figure(high)}`;
}
