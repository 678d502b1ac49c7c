import { useMemo, type ReactNode } from 'react';
import type { Report } from '../../../src/contract/index.js';
import { words as alertWords } from '../alerts/words.js';
import { peak, samples } from '../charts/gaps.js';
import type { Palette } from '../charts/palette.js';
import { clock, dayClock, duration, figure, longDay, percent } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { LEVELS, LOS_FILL, LOS_TEXT } from '../shared/los.js';
import { usePlan } from '../shared/site.js';
import { densityOption, levelsOption } from './charts.js';
import { Picture } from './Picture.js';
import { words } from './words.js';
import { TableBox } from '../shared/TableBox.js';

/** The report as it is printed: cautions first, then numbers with their units and coverage. */
export function Sheet({ report, madeMs }: { readonly report: Report; readonly madeMs: number }) {
  const t = useWords(words);
  const a = useWords(alertWords);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const { timeZone } = plan;
  const names = useMemo(
    () => new Map([...plan.areas, ...plan.lines].map(({ id, name }) => [id, say(name)])),
    [plan, say],
  );
  const nameOf = useMemo(() => (id: string) => names.get(id) ?? id, [names]);
  const fromMs = Date.parse(report.from);
  const toMs = Date.parse(report.to);
  const isDay = report.period === 'day';
  const levels = useMemo(
    () => (palette: Palette) =>
      levelsOption(report.areas, nameOf, LOS_FILL, LOS_TEXT, t.unseen, palette),
    [report, nameOf, t],
  );
  const time = (at: string | number): string => (isDay ? clock : dayClock)(at, language, timeZone);
  return (
    <article className="paper">
      <header>
        <h2 className="paper-title">{(isDay ? t.dayReport : t.monthReport)(say(plan.name))}</h2>
        <p>
          {t.period}: {longDay(fromMs, language, timeZone)} {clock(fromMs, language, timeZone)} –{' '}
          {longDay(toMs, language, timeZone)} {clock(toMs, language, timeZone)}
        </p>
        <p className="quiet">
          {say(plan.operator.name)} ・ {t.plan(String(plan.version))} ・ {t.made}{' '}
          {longDay(madeMs, language, timeZone)} {clock(madeMs, language, timeZone)}
        </p>
      </header>
      <section className="cautions">
        <h3>{t.cautions}</h3>
        {madeMs < toMs ? <p>{t.notOver}</p> : null}
        {report.cautions.length === 0 ? (
          <p>{t.noCautions}</p>
        ) : (
          <ul>
            {report.cautions.map((caution) => (
              <li key={caution.en}>{say(caution)}</li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>{t.summary}</h3>
        <PaperTable>
          <thead>
            <tr>
              <th scope="col">{t.area}</th>
              <th scope="col" className="number">
                {t.mean}
              </th>
              <th scope="col" className="number">
                {t.most}
              </th>
              <th scope="col">{t.mostAt}</th>
              <th scope="col" className="number">
                {t.coverage}
              </th>
              <th scope="col" className="number">
                {t.unseen} ({t.hours})
              </th>
            </tr>
          </thead>
          <tbody>
            {report.areas.map((area) => (
              <tr key={area.area}>
                <th scope="row">{nameOf(area.area)}</th>
                <td className="number">{figure(area.meanOccupancy, 1)}</td>
                <td className="number">{figure(area.occupancyMax)}</td>
                <td>{area.occupancyMaxAt === null ? '–' : time(area.occupancyMaxAt)}</td>
                <td className="number">{percent(area.coverage)}</td>
                <td className="number">{figure(area.hoursUnseen, 1)}</td>
              </tr>
            ))}
          </tbody>
        </PaperTable>
      </section>
      <section>
        <h3>{t.levels}</h3>
        <p className="quiet">{t.levelsWhy}</p>
        <Picture option={levels} heightPx={60 + 34 * report.areas.length} label={t.levels} />
        <PaperTable>
          <thead>
            <tr>
              <th scope="col">{t.area}</th>
              {LEVELS.map((level) => (
                <th key={level} scope="col" className="number">
                  {level}
                </th>
              ))}
              <th scope="col" className="number">
                {t.unseen}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.areas.map((area) => (
              <tr key={area.area}>
                <th scope="row">{nameOf(area.area)}</th>
                {LEVELS.map((level) => (
                  <td key={level} className="number">
                    {figure(area.hoursAtLevel[level] ?? 0, 1)}
                  </td>
                ))}
                <td className="number">{figure(area.hoursUnseen, 1)}</td>
              </tr>
            ))}
          </tbody>
        </PaperTable>
      </section>
      <section>
        <h3>{t.density}</h3>
        {report.areas.map((area) => (
          <AreaPicture
            key={area.area}
            area={area}
            name={nameOf(area.area)}
            period={{ fromMs, toMs, untilMs: madeMs }}
            time={time}
            isDay={isDay}
          />
        ))}
      </section>
      <section>
        <h3>{t.lines}</h3>
        <p className="quiet">{t.linesWhy}</p>
        <PaperTable>
          <thead>
            <tr>
              <th scope="col">{t.line}</th>
              <th scope="col" className="number">
                {t.forward}
              </th>
              <th scope="col" className="number">
                {t.backward}
              </th>
              <th scope="col" className="number">
                {t.both}
              </th>
              <th scope="col" className="number">
                {t.coverage}
              </th>
            </tr>
          </thead>
          <tbody>
            {report.lines.map((line) => {
              // Without a window nobody knows: a sum of nothing is no zero.
              const isKnown = line.coverage !== null;
              return (
                <tr key={line.line}>
                  <th scope="row">{nameOf(line.line)}</th>
                  <td className="number">{figure(isKnown ? line.forward : null)}</td>
                  <td className="number">{figure(isKnown ? line.backward : null)}</td>
                  <td className="number">
                    {figure(isKnown ? line.forward + line.backward : null)}
                  </td>
                  <td className="number">{percent(line.coverage)}</td>
                </tr>
              );
            })}
          </tbody>
        </PaperTable>
      </section>
      <section>
        <h3>{t.alerts}</h3>
        {report.alerts.length === 0 ? (
          <p>{t.noAlerts}</p>
        ) : (
          <PaperTable>
            <thead>
              <tr>
                <th scope="col">{t.severity}</th>
                <th scope="col">{t.what}</th>
                <th scope="col">{t.where}</th>
                <th scope="col" className="number">
                  {t.count}
                </th>
                <th scope="col" className="number">
                  {t.firing}
                </th>
              </tr>
            </thead>
            <tbody>
              {report.alerts.map((alert) => (
                <tr key={`${alert.rule} ${alert.subject} ${alert.severity}`}>
                  <td>{said(a, alert.severity)}</td>
                  <th scope="row">{said(a, alert.rule)}</th>
                  <td>{nameOf(alert.subject)}</td>
                  <td className="number">{figure(alert.count)}</td>
                  <td className="number">{duration(alert.firingS, language)}</td>
                </tr>
              ))}
            </tbody>
          </PaperTable>
        )}
      </section>
      <footer className="quiet">{t.foot}</footer>
    </article>
  );
}

/** The word of a rule or severity; its code where there is none. */
function said(dictionary: Readonly<Record<string, unknown>>, code: string): string {
  const word = dictionary[code];
  return typeof word === 'string' ? word : code;
}

function AreaPicture({
  area,
  name,
  period,
  time,
  isDay,
}: {
  readonly area: Report['areas'][number];
  readonly name: string;
  readonly period: { readonly fromMs: number; readonly toMs: number; readonly untilMs: number };
  readonly time: (at: number) => string;
  readonly isDay: boolean;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const kind = plan.areas.find(({ id }) => id === area.area)?.kind ?? 'walkway';
  const { fromMs, toMs, untilMs } = period;
  const option = useMemo(
    () => (palette: Palette) =>
      densityOption(
        area,
        kind,
        { fromMs, toMs, untilMs },
        {
          unit: t.densityUnit,
          name,
          unseen: t.unseen,
          clock: (ms) => (isDay ? clock : dayClock)(ms, language, plan.timeZone),
          figure: (value) => figure(value, 2),
        },
        palette,
      ),
    [area, kind, fromMs, toMs, untilMs, t, name, isDay, language, plan.timeZone],
  );
  const top = peak(samples(area.series.points, area.series.stepS, ({ density }) => density));
  const said =
    top === undefined
      ? t.noNumbers
      : t.peak(`${figure(top.value, 2)} ${t.densityUnit}`, time(top.ms));
  return (
    <figure className="paper-figure">
      <figcaption>
        <strong>{name}</strong> <span className="quiet">{said}</span>
      </figcaption>
      <Picture option={option} heightPx={isDay ? 170 : 150} label={t.densitySaid(name, said)} />
    </figure>
  );
}

/** A table that is scrolled on a phone, and whole on paper. */
function PaperTable({ children }: { readonly children: ReactNode }) {
  const t = useWords(words);
  return (
    <TableBox label={t.table}>
      <table className="table">{children}</table>
    </TableBox>
  );
}
