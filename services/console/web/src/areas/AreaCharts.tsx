import { useMemo } from 'react';
import type { PlanArea } from '@hitonami/model';
import type { AreaSeries, Usual } from '../../../src/contract/index.js';
import { ChartCard } from '../charts/ChartCard.js';
import { fileName, stamp } from '../charts/file-name.js';
import { CLOSING_MS, meanKnown, peak, samples } from '../charts/gaps.js';
import { LEVEL_BOUNDS, PRESSURE_CRITICAL, PRESSURE_DENSITY_MIN } from '../charts/levels.js';
import type { Chosen } from '../charts/period.js';
import type { Palette } from '../charts/palette.js';
import { timeChartOption, type TimeChart } from '../charts/time-chart.js';
import { useNow } from '../charts/use-now.js';
import { chartWords } from '../charts/words.js';
import { MS_PER_DAY, toLocalInput } from '../charts/zoned-time.js';
import { url } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { clock, dayClock, figure, listed, percent } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePurpose } from '../shared/purposes.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import {
  bandsOf,
  besideUsual,
  seenShare,
  shadesOf,
  thresholdsOf,
  usualLines,
} from './area-charts.js';
import { DwellCard } from './DwellCard.js';
import { FlowCard } from './FlowCard.js';
import { HourTable } from './HourTable.js';
import { seriesQuery, useAreaSeries, useUsual } from './queries.js';
import { words } from './words.js';

/** The usual is smooth: a quarter of an hour is fine enough, and has days enough in each step. */
const USUAL_STEP_S = 900;

/** What of a window is drawn. */
type Drawn = keyof Omit<AreaSeries['points'][number], 'start' | 'los' | 'saturation' | 'doubtful'>;

export interface Shown {
  readonly area: PlanArea;
  readonly period: Chosen;
}

export function AreaCharts({ area, period }: Shown) {
  const plan = usePlan();
  const series = useAreaSeries(plan.site, area.id, period, period.stepS);
  const usual = useUsual(plan.site, area.id, period.day, USUAL_STEP_S);
  if (series.data === undefined)
    return series.error === null ? (
      <Waiting />
    ) : (
      <Fault error={series.error} onRetry={series.refetch} />
    );
  return <Charts area={area} period={period} series={series.data} usual={usual.data} />;
}

function Charts({
  area,
  period,
  series,
  usual,
}: Shown & { readonly series: AreaSeries; readonly usual: Usual | undefined }) {
  const t = useWords(words);
  const c = useWords(chartWords);
  const { language } = useLanguage();
  const plan = usePlan();
  const now = useNow();
  const { timeZone, site } = plan;
  // The window that is open, and the one that is being closed, are not unseen.
  const until = Math.min(period.toMs, now - period.stepS * 1_000 - CLOSING_MS);
  const named = usePurpose('measures', area.id);
  const query = { ...seriesQuery(period, period.stepS, named), format: 'csv' };
  const name = (what: string, extension: string): string =>
    fileName(
      [
        site,
        area.id,
        what,
        stamp(toLocalInput(period.fromMs, timeZone)),
        stamp(toLocalInput(period.toMs, timeZone)),
      ],
      extension,
    );

  // `period` is made anew each minute; what it says changes when its ends do.
  const { fromMs, toMs } = period;
  const common = useMemo(() => {
    const isLong = toMs - fromMs > 1.1 * MS_PER_DAY;
    const shades = shadesOf(series, { fromMs, toMs }, until, plan.alerting.coverageMin, c);
    return {
      fromMs,
      toMs,
      shades,
      clock: (ms: number) => (isLong ? dayClock : clock)(ms, language, timeZone),
      canZoom: true,
    };
  }, [series, fromMs, toMs, until, plan, c, language, timeZone]);

  const charts = useMemo(() => {
    const of = (field: Drawn) => samples(series.points, series.stepS, (point) => point[field]);
    const overlay =
      usual === undefined || period.day === undefined
        ? undefined
        : usualLines(usual, period.fromMs, { median: t.usual, band: t.usualBand });
    const isQueue = area.kind === 'queue';
    const density: TimeChart = {
      ...common,
      unit: t.densityUnit,
      lines: [
        { name: overlay === undefined ? t.measured : t.now, values: of('density'), colour: 0 },
        { name: t.peak, values: of('peakDensity'), colour: 1 },
        ...(overlay === undefined ? [] : [overlay.line]),
      ],
      ...(overlay !== undefined && { band: overlay.band }),
      thresholds: thresholdsOf(LEVEL_BOUNDS[area.kind], bandsOf(plan, area), (band) => t[band]),
      least: LEVEL_BOUNDS[area.kind][1],
      figure: (value) => figure(value, 2),
    };
    const occupancy: TimeChart = {
      ...common,
      unit: t.persons,
      lines: [
        { name: t.occupancyMean, values: of('occupancy'), colour: 0 },
        { name: t.occupancyMax, values: of('occupancyMax'), colour: 1 },
      ],
      ...(isQueue &&
        area.queueMaxPersons !== undefined && {
          thresholds: [
            {
              value: area.queueMaxPersons,
              label: `${t.queueMax} ${area.queueMaxPersons}`,
              kind: 'danger',
            },
          ],
          least: area.queueMaxPersons * 1.1,
        }),
      figure: (value) => figure(value, 1),
    };
    const speed: TimeChart = {
      ...common,
      unit: t.speedUnit,
      lines: [{ name: t.speed, values: of('speedMS'), colour: 2 }],
      least: 1.5,
      figure: (value) => figure(value, 2),
    };
    const pressure: TimeChart = {
      ...common,
      unit: t.pressureUnit,
      lines: [
        { name: t.pressureMean, values: of('pressure'), colour: 3 },
        { name: t.pressureMax, values: of('pressureMax'), colour: 1 },
      ],
      thresholds: [{ value: PRESSURE_CRITICAL, label: String(PRESSURE_CRITICAL), kind: 'danger' }],
      least: 1.5 * PRESSURE_CRITICAL,
      figure: (value) => figure(value, 3),
    };
    const coverage: TimeChart = {
      ...common,
      unit: '%',
      lines: [
        {
          name: t.coverage,
          values: of('coverage').map(([ms, value]) => [ms, value === null ? null : value * 100]),
          colour: 4,
        },
      ],
      thresholds: [
        {
          value: plan.alerting.coverageMin * 100,
          label: `${figure(plan.alerting.coverageMin * 100)} %`,
          kind: 'level',
        },
      ],
      most: 100,
      figure: (value) => figure(value, 0),
    };
    return { density, occupancy, speed, pressure, coverage };
  }, [series, usual, common, area, plan, t, period.day, period.fromMs]);

  const options = useMemo(
    () => ({
      density: (palette: Palette) => timeChartOption(charts.density, palette),
      occupancy: (palette: Palette) => timeChartOption(charts.occupancy, palette),
      speed: (palette: Palette) => timeChartOption(charts.speed, palette),
      pressure: (palette: Palette) => timeChartOption(charts.pressure, palette),
      coverage: (palette: Palette) => timeChartOption(charts.coverage, palette),
    }),
    [charts],
  );

  const said = (chart: TimeChart, decimals: number, highest = t.peakSaid): string => {
    const values = chart.lines[0]?.values ?? [];
    const top = peak(
      chart.lines[1] !== undefined && !chart.lines[1].isDashed ? chart.lines[1].values : values,
    );
    if (top === undefined) return t.nothing;
    return listed(
      [
        highest(`${figure(top.value, decimals)} ${chart.unit}`, common.clock(top.ms)),
        t.meanSaid(`${figure(meanKnown(values), decimals)} ${chart.unit}`),
      ],
      language,
    );
  };
  const share = seenShare(series.points, series.stepS, period.fromMs, until);
  const beside =
    usual === undefined || period.day === undefined || now > period.toMs
      ? undefined
      : besideUsual(series.points, usual, period.fromMs);
  const days = Math.max(0, ...(usual?.points.map((point) => point.days) ?? []));
  const csv = (what: string) => ({
    href: url(`/sites/${site}/areas/${area.id}/series`, query),
    file: name(what, 'csv'),
  });
  const notes = (
    <p className="chart-notes">
      <span>{c.unseenMark}</span>
      <span>{c.doubtfulMark}</span>
    </p>
  );
  return (
    <>
      <ChartCard
        title={t.density}
        summary={[
          said(charts.density, 2, t.densestSaid),
          t.seenSaid(percent(share)),
          ...(beside === undefined ? [] : [t.aboveUsual(t[beside.is])]),
        ].join(language === 'ja' ? '。' : '; ')}
        option={options.density}
        height="24rem"
        file={name('density', 'png')}
        csv={csv('series')}
        notes={
          <p className="chart-notes">
            {usual === undefined ? null : (
              <span>
                {days === 0 ? t.usualNone(t[usual.kind]) : t.usualFrom(t[usual.kind], String(days))}
                {usual.note === null ? '' : ` ・ ${usual.note}`}
              </span>
            )}
            <span>{t.bandsNote}</span>
            <span>{c.unseenMark}</span>
            <span>{c.doubtfulMark}</span>
          </p>
        }
      >
        <HourTable series={series} fromMs={period.fromMs} toMs={until} clock={common.clock} />
      </ChartCard>
      <div className="two-up">
        <ChartCard
          title={area.kind === 'queue' ? t.queueLength : t.occupancy}
          summary={said(charts.occupancy, 1)}
          option={options.occupancy}
          height="16rem"
          file={name('occupancy', 'png')}
          csv={csv('series')}
          notes={notes}
        />
        <FlowCard area={area} period={period} common={common} name={name} />
        <ChartCard
          title={t.speed}
          summary={said(charts.speed, 2)}
          option={options.speed}
          height="16rem"
          file={name('speed', 'png')}
          notes={notes}
        />
        <ChartCard
          title={t.pressure}
          summary={
            peak(charts.pressure.lines[1]?.values ?? []) === undefined
              ? t.pressureNone
              : said(charts.pressure, 3)
          }
          option={options.pressure}
          height="16rem"
          file={name('pressure', 'png')}
          csv={csv('series')}
          notes={
            <p className="chart-notes">
              <span>
                {t.pressureNote(figure(PRESSURE_DENSITY_MIN, 2), String(PRESSURE_CRITICAL))}
              </span>
              <span>{c.unseenMark}</span>
              <span>{c.doubtfulMark}</span>
            </p>
          }
        />
        <ChartCard
          title={t.coverage}
          summary={listed(
            [
              t.meanSaid(
                percent(meanKnown(samples(series.points, series.stepS, (p) => p.coverage))),
              ),
              t.seenSaid(percent(share)),
            ],
            language,
          )}
          option={options.coverage}
          height="16rem"
          file={name('coverage', 'png')}
          notes={notes}
        />
        <DwellCard area={area} period={period} />
      </div>
    </>
  );
}
