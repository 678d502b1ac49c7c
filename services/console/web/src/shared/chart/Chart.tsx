import { useEffect, useImperativeHandle, useRef } from 'react';
import type { Ref } from 'react';
import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { property, useTheme } from '../theme.js';
import { init } from './echarts.js';

export interface ChartHandle {
  /** The chart as a PNG `data:` URL, on the page's background. */
  toPng: () => string;
}

/** Colours of the theme that is on, for options. */
export interface ChartColours {
  readonly text: string;
  readonly quiet: string;
  readonly line: string;
  readonly surface: string;
  readonly accent: string;
}

export function chartColours(): ChartColours {
  return {
    text: property('--text'),
    quiet: property('--text-quiet'),
    line: property('--line'),
    surface: property('--surface'),
    accent: property('--accent'),
  };
}

interface Properties {
  /** Made anew for each theme. No formatter that returns HTML: the page's policy forbids its styles. */
  readonly option: (colours: ChartColours) => EChartsCoreOption;
  /** What the chart shows, for those who do not see it. Offer its numbers as a table beside it. */
  readonly label: string;
  /** CSS height; rem, so that it grows with the wall. */
  readonly height?: string;
  readonly onClick?: (event: { readonly name: string; readonly data: unknown }) => void;
  readonly ref?: Ref<ChartHandle>;
}

/** An ECharts chart in the theme, size and font of the page. Keep `option` stable (useCallback): a new one draws anew. */
export function Chart({ option, label, height = '20rem', onClick, ref }: Properties) {
  const { theme } = useTheme();
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType>(undefined);
  const clicked = useRef(onClick);
  useEffect(() => {
    clicked.current = onClick;
  }, [onClick]);

  useEffect(() => {
    if (box.current === null) return undefined;
    const made = init(box.current);
    chart.current = made;
    made.on('click', ({ name, data }) => clicked.current?.({ name, data }));
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(box.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, []);

  useEffect(() => {
    const colours = chartColours();
    const root = getComputedStyle(document.documentElement);
    const given = option(colours);
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    chart.current?.setOption(
      {
        animation: !isStill,
        animationDuration: 200,
        aria: { enabled: true, label: { description: label } },
        ...given,
        textStyle: {
          color: colours.text,
          fontFamily: root.fontFamily,
          fontSize: Number.parseFloat(root.fontSize) * 0.8,
          ...asObject(given['textStyle']),
        },
        // As text on the canvas: as HTML it would carry styles that the content security policy refuses.
        tooltip: {
          renderMode: 'richText',
          confine: true,
          backgroundColor: colours.surface,
          borderColor: colours.line,
          textStyle: { color: colours.text },
          ...asObject(given['tooltip']),
        },
      },
      { notMerge: true },
    );
  }, [option, label, theme]);

  useImperativeHandle(ref, () => ({
    toPng: () =>
      chart.current?.getDataURL({
        type: 'png',
        pixelRatio: 2,
        backgroundColor: property('--surface'),
      }) ?? '',
  }));

  return <div ref={box} className="chart" style={{ height }} role="img" aria-label={label} />;
}

function asObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
