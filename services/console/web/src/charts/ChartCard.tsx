import { isValidElement, useRef, type ReactElement, type ReactNode } from 'react';
import type { EChartsCoreOption } from 'echarts/core';
import { Chart, type ChartHandle } from '../shared/chart/Chart.js';
import { useWords } from '../shared/i18n.js';
import { savePng } from './download.js';
import type { Palette } from './palette.js';
import { useOption } from './use-palette.js';
import { chartWords } from './words.js';
import './charts.css';

interface Properties {
  readonly title: string;
  /** Said above the chart: what it shows in one line; also what a screen reader hears for the picture. */
  readonly summary: string;
  /** Kept stable by the caller (useMemo). */
  readonly option: (palette: Palette) => EChartsCoreOption;
  readonly height?: string;
  /** Name of the PNG file. */
  readonly file: string;
  /** Address of the API's CSV, or a button of the view's own. */
  readonly csv?: { readonly href: string; readonly file: string } | ReactElement;
  /** What marks and bands mean. */
  readonly notes?: ReactNode;
  /** The numbers as a table, beneath. */
  readonly children?: ReactNode;
}

/** A chart with what it says in words above and its numbers beneath, to take along as PNG and CSV. */
export function ChartCard({
  title,
  summary,
  option,
  height,
  file,
  csv,
  notes,
  children,
}: Properties) {
  const t = useWords(chartWords);
  const handle = useRef<ChartHandle>(null);
  const made = useOption(option);
  return (
    <section className="card chart-card">
      <header className="row chart-head">
        <h2>{title}</h2>
        <span className="row no-print">
          {csv === undefined || isValidElement(csv) ? (
            csv
          ) : (
            <a className="button small" href={csv.href} download={csv.file}>
              {t.csv}
              <span className="visually-hidden"> ({title})</span>
            </a>
          )}
          <button
            type="button"
            className="button small"
            onClick={() => savePng(file, handle.current?.toPng() ?? '')}
          >
            {t.png}
            <span className="visually-hidden"> ({title})</span>
          </button>
        </span>
      </header>
      <p className="quiet">{summary}</p>
      <Chart
        ref={handle}
        option={made}
        label={`${title}: ${summary}`}
        {...(height !== undefined && { height })}
      />
      {notes}
      {children === undefined ? null : (
        <details className="chart-table">
          <summary>{t.table}</summary>
          {children}
        </details>
      )}
    </section>
  );
}
