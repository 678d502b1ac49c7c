import { useMemo } from 'react';
import { ChartCard } from '../charts/ChartCard.js';
import { peak } from '../charts/gaps.js';
import type { Palette } from '../charts/palette.js';
import { timeChartOption, type TimeChart } from '../charts/time-chart.js';
import { url } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { figure, listed } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { namedOf, usePurposes } from '../shared/purposes.js';
import { usePlan } from '../shared/site.js';
import { flowLines } from './area-charts.js';
import type { Shown } from './AreaCharts.js';
import { linesOf } from './lines-of.js';
import { seriesQuery, useLineSeries } from './queries.js';
import { words } from './words.js';

type Common = Pick<TimeChart, 'fromMs' | 'toMs' | 'shades' | 'clock' | 'canZoom'>;

/** Both ways over each count line of the area. */
export function FlowCard({
  area,
  period,
  common,
  name,
}: Shown & {
  readonly common: Common;
  readonly name: (what: string, extension: string) => string;
}) {
  const t = useWords(words);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const lines = useMemo(() => linesOf(plan, area), [plan, area]);
  const { answer, chosen } = usePurposes();
  const answers = useLineSeries(
    plan.site,
    lines.map(({ id }) => id),
    period,
    period.stepS,
  );
  // One value for all answers: an array made anew on each render would draw the chart anew each time.
  const stamp = answers.map(({ dataUpdatedAt }) => dataUpdatedAt).join(' ');
  const drawn = useMemo(
    () =>
      flowLines(
        lines.flatMap(({ name: text }, i) => {
          const data = answers[i]?.data;
          return data === undefined ? [] : [{ name: say(text), data }];
        }),
        { forward: t.forward, backward: t.backward },
      ),
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [lines, stamp, say, t],
  );
  const chart = useMemo(
    (): TimeChart => ({
      ...common,
      // What an area's cameras did not see, a line's camera may have: a line has gaps of its own.
      shades: [],
      unit: t.flowUnit,
      lines: drawn,
      least: 5,
      figure: (value) => figure(value, 1),
    }),
    [common, drawn, t],
  );
  const option = useMemo(() => (palette: Palette) => timeChartOption(chart, palette), [chart]);
  if (lines.length === 0)
    return (
      <section className="card">
        <h2>{t.flow}</h2>
        <p className="quiet">{t.noLines}</p>
      </section>
    );
  const failed = answers.find(({ error }) => error !== null);
  const tops = drawn.flatMap((line) => {
    const top = peak(line.values);
    return top === undefined
      ? []
      : [`${line.name} ${figure(top.value, 1)} (${common.clock(top.ms)})`];
  });
  return (
    <ChartCard
      title={t.flow}
      summary={tops.length === 0 ? t.nothing : listed(tops, language)}
      option={option}
      height="16rem"
      file={name('flow', 'png')}
      csv={
        <>
          {lines.map((line) => (
            <a
              key={line.id}
              className="button small"
              href={url(`/sites/${plan.site}/lines/${line.id}/series`, {
                ...seriesQuery(
                  period,
                  period.stepS,
                  namedOf(answer?.purposes ?? [], chosen, 'measures', line.id),
                ),
                format: 'csv',
              })}
              download={name(line.id, 'csv')}
            >
              CSV {say(line.name)}
            </a>
          ))}
        </>
      }
      notes={failed === undefined ? null : <Fault error={failed.error} onRetry={failed.refetch} />}
    />
  );
}
