import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import type { History } from '../../../src/contract/index.js';
import { ChartCard } from '../charts/ChartCard.js';
import { saveCsv } from '../charts/download.js';
import { csv, fileName, stamp } from '../charts/file-name.js';
import { CLOSING_MS, type Sample } from '../charts/gaps.js';
import type { Palette } from '../charts/palette.js';
import { timeChartOption, type TimeChart } from '../charts/time-chart.js';
import { useNow } from '../charts/use-now.js';
import { chartWords } from '../charts/words.js';
import { MS_PER_DAY, toLocalInput, type Period } from '../charts/zoned-time.js';
import { dayClock, figure, percent } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import {
  areaSamples,
  compareMeans,
  differences,
  lineSamples,
  shifted,
  type Comparison,
} from './comparison.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';

type Measure = 'density' | 'occupancy' | 'speedMS' | 'coverage';
const MEASURES: readonly Measure[] = ['density', 'occupancy', 'speedMS', 'coverage'];

/** Under this share measured, a comparison is greyed. */
const KNOWN_MIN = 0.5;

/** Two periods of the same length side by side. */
export function Compare({
  period,
  other,
  first,
  second,
}: {
  readonly period: Period;
  readonly other: Period | undefined;
  readonly first: History | undefined;
  readonly second: History | undefined;
}) {
  const t = useWords(words);
  const { timeZone } = usePlan();
  const [, setSearch] = useSearchParams();
  const choose = (ms: number | undefined): void => {
    setSearch(
      (search) => {
        const next = new URLSearchParams(search);
        if (ms === undefined) next.delete('with');
        else next.set('with', toLocalInput(ms, timeZone));
        return next;
      },
      { replace: true },
    );
  };
  return (
    <section className="compare">
      <div className="row no-print">
        <h2>{t.compare}</h2>
        <button
          type="button"
          className="button small"
          onClick={() => choose(period.fromMs - MS_PER_DAY)}
        >
          {t.dayBefore}
        </button>
        <button
          type="button"
          className="button small"
          onClick={() => choose(period.fromMs - 7 * MS_PER_DAY)}
        >
          {t.weekBefore}
        </button>
        <label className="row">
          {t.compareWith}
          <input
            type="datetime-local"
            value={other === undefined ? '' : toLocalInput(other.fromMs, timeZone)}
            onChange={({ target }) => {
              if (target.value === '') return;
              setSearch(
                (search) => {
                  const next = new URLSearchParams(search);
                  next.set('with', target.value);
                  return next;
                },
                { replace: true },
              );
            }}
          />
        </label>
        {other === undefined ? null : (
          <button type="button" className="button small" onClick={() => choose(undefined)}>
            {t.compareStop}
          </button>
        )}
      </div>
      {other === undefined || first === undefined || second === undefined ? null : (
        <Comparisons period={period} other={other} first={first} second={second} />
      )}
    </section>
  );
}

function Comparisons({
  period,
  other,
  first,
  second,
}: {
  readonly period: Period;
  readonly other: Period;
  readonly first: History;
  readonly second: History;
}) {
  const t = useWords(words);
  const c = useWords(chartWords);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const [chosenArea, setArea] = useState<string>();
  const [measure, setMeasure] = useState<Measure>('density');
  const area = plan.areas.find(({ id }) => id === chosenArea) ?? plan.areas[0];
  const unit = { density: t.densityUnit, occupancy: t.persons, speedMS: t.speedUnit, coverage: '' }[
    measure
  ];
  const names = {
    density: t.density,
    occupancy: t.occupancy,
    speedMS: t.speedMeasure,
    coverage: t.coverage,
  };
  const chart = useMemo((): TimeChart => {
    const a = area === undefined ? [] : areaSamples(first, area.id, measure);
    const b = area === undefined ? [] : areaSamples(second, area.id, measure);
    const clock = (ms: number): string => dayClock(ms, language, plan.timeZone);
    return {
      fromMs: period.fromMs,
      toMs: period.toMs,
      unit,
      lines: [
        { name: `${t.first} ${clock(period.fromMs)}–`, values: a, colour: 0 },
        {
          name: `${t.second} ${clock(other.fromMs)}–`,
          values: shifted(b, period.fromMs - other.fromMs),
          colour: 1,
          isDashed: true,
        },
      ],
      clock,
      figure: (value) => figure(value, 2),
    };
  }, [
    area,
    first,
    second,
    measure,
    period.fromMs,
    period.toMs,
    other.fromMs,
    unit,
    t,
    language,
    plan,
  ]);
  const option = useMemo(() => (palette: Palette) => timeChartOption(chart, palette), [chart]);
  const difference = useMemo((): TimeChart => {
    const a = area === undefined ? [] : areaSamples(second, area.id, measure);
    const b = area === undefined ? [] : areaSamples(first, area.id, measure);
    const values = shifted(
      differences(a, other.fromMs, b, period.fromMs),
      period.fromMs - other.fromMs,
    );
    return {
      ...chart,
      isSigned: true,
      lines: [{ name: t.difference, values, colour: 2 }],
      figure: (value) => signed(value, (size) => figure(size, 2)),
    };
  }, [chart, area, first, second, measure, period.fromMs, other.fromMs, t]);
  const differenceOption = useMemo(
    () => (palette: Palette) => timeChartOption(difference, palette),
    [difference],
  );
  const now = useNow();
  const compared = (of: (history: History) => Sample[], id: string): Comparison =>
    compareMeans(
      { values: of(second), fromMs: other.fromMs },
      { values: of(first), fromMs: period.fromMs },
      now - first.stepS * 1_000 - CLOSING_MS,
      id,
    );
  const rows: { name: string; unit: string; row: Comparison }[] = [
    ...plan.areas.map(({ id, name }) => ({
      name: `${say(name)} – ${t.meanDensity}`,
      unit: t.densityUnit,
      row: compared((of) => areaSamples(of, id, 'density'), id),
    })),
    ...plan.lines.map(({ id, name }) => ({
      name: `${say(name)} – ${t.meanFlow}`,
      unit: t.flowUnit,
      row: compared((of) => lineSamples(of, id), id),
    })),
  ];
  const file = (extension: string, what = 'compare'): string =>
    fileName(
      [
        plan.site,
        what,
        stamp(toLocalInput(period.fromMs, plan.timeZone)),
        stamp(toLocalInput(other.fromMs, plan.timeZone)),
      ],
      extension,
    );
  const own =
    area === undefined ? undefined : compared((of) => areaSamples(of, area.id, measure), area.id);
  return (
    <div className="compare">
      <div className="compare-chart">
        <div className="row no-print">
          <label className="row">
            {t.area}
            <select value={area?.id} onChange={({ target }) => setArea(target.value)}>
              {plan.areas.map(({ id, name }) => (
                <option key={id} value={id}>
                  {say(name)}
                </option>
              ))}
            </select>
          </label>
          <label className="row">
            {t.measure}
            <select
              value={measure}
              onChange={({ target }) =>
                setMeasure(MEASURES.find((m) => m === target.value) ?? 'density')
              }
            >
              {MEASURES.map((each) => (
                <option key={each} value={each}>
                  {names[each]}
                </option>
              ))}
            </select>
          </label>
        </div>
        <ChartCard
          title={area === undefined ? '' : `${say(area.name)} – ${names[measure]}`}
          summary={t.differenceSaid(
            names[measure],
            `${figure(own?.second, 2)} ${unit}`,
            `${figure(own?.first, 2)} ${unit}`,
          )}
          option={option}
          file={file('png')}
        />
        <ChartCard
          title={t.difference}
          summary={t.differenceMean(
            `${signed(own?.difference ?? null, (value) => figure(value, 2))} ${unit}`,
          )}
          option={differenceOption}
          height="14rem"
          file={file('png', 'difference')}
        />
      </div>
      <section className="card chart-card">
        <header className="row chart-head">
          <h2>{t.comparisonTable}</h2>
          <button
            type="button"
            className="button small no-print"
            onClick={() =>
              saveCsv(
                file('csv'),
                csv(
                  [
                    'subject',
                    'unit',
                    'this_period',
                    'other_period',
                    'difference',
                    'share',
                    'measured_share',
                  ],
                  rows.map(({ unit: of, row }) => [
                    row.id,
                    of,
                    row.second,
                    row.first,
                    row.difference,
                    row.share,
                    row.known,
                  ]),
                ),
              )
            }
          >
            {c.csv}
          </button>
        </header>
        <p className="quiet">{t.onlyKnown}</p>
        <TableBox label={t.comparisonTable}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.measure}</th>
                <th scope="col" className="number">
                  {t.first}
                </th>
                <th scope="col" className="number">
                  {t.second}
                </th>
                <th scope="col" className="number">
                  {t.difference}
                </th>
                <th scope="col" className="number">
                  {t.known}
                </th>
              </tr>
            </thead>
            <tbody>
              {rows.map(({ name, unit: of, row }) => (
                <tr key={name} className={row.known < KNOWN_MIN ? 'not-seen' : undefined}>
                  <th scope="row">
                    {name} <span className="quiet">({of})</span>
                  </th>
                  <td className="number">{figure(row.second, 2)}</td>
                  <td className="number">{figure(row.first, 2)}</td>
                  <td className="number">
                    {signed(row.difference, (value) => figure(value, 2))}
                    {row.share === null ? '' : ` (${signed(row.share, percent)})`}
                  </td>
                  <td className="number">{percent(row.known)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      </section>
    </div>
  );
}

/** With its sign; what rounds to nothing has none. */
function signed(value: number | null, write: (value: number | null) => string): string {
  if (value === null) return write(null);
  const size = write(Math.abs(value));
  if (!/[1-9]/.test(size)) return `±${size}`;
  return `${value > 0 ? '+' : '−'}${size}`;
}
