import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Flows } from '../../../src/contract/index.js';
import { ChartCard } from '../charts/ChartCard.js';
import { fileName, stamp } from '../charts/file-name.js';
import type { Palette } from '../charts/palette.js';
import { PeriodPicker, usePeriod } from '../charts/PeriodPicker.js';
import { iso, toLocalInput } from '../charts/zoned-time.js';
import { get, url } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { figure, percent } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { usePurpose, usePurposes } from '../shared/purposes.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { odMatrix, SANKEY_LINKS_MAX, sankeyOption, trustOf } from './matrix.js';
import { OdTable } from './OdTable.js';
import { PairTable } from './PairTable.js';
import { words } from './words.js';
import './flows.css';

/** From this share of guessed movements the page warns. */
const MUCH_GUESSED = 0.3;
const DAY_MS = 86_400_000;

/** Who goes from where to where, and how far that can be trusted. */
export default function FlowsView() {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const now = useNow();
  const period = usePeriod();
  // A sum of a part of the time would pass for one of the whole: nothing is cut here, the server says from when on.
  const { purpose } = usePurpose('measures');
  const { isAsked } = usePurposes();
  const query = { from: iso(period.fromMs), to: iso(period.toMs), purpose };
  const { data, error, refetch } = useQuery({
    queryKey: ['flows', plan.site, period.fromMs, period.toMs, purpose],
    queryFn: () => get<Flows>(`/sites/${plan.site}/flows`, query),
    enabled: period.fault === undefined && !isAsked,
  });
  const place = usePlaces();
  const name = (what: string, extension: string): string =>
    fileName(
      [
        plan.site,
        what,
        stamp(toLocalInput(period.fromMs, plan.timeZone)),
        stamp(toLocalInput(period.toMs, plan.timeZone)),
      ],
      extension,
    );
  const pairs = useMemo(() => data?.pairs ?? [], [data]);
  const matrix = useMemo(() => odMatrix(pairs, place.order), [pairs, place.order]);
  const option = useMemo(
    () => (palette: Palette) =>
      sankeyOption(pairs, place.nameOf, place.order, palette, {
        from: t.from,
        to: t.to,
        journeys: (count) => t.journeys(figure(count)),
      }),
    [pairs, place, t],
  );
  const { joinedShare, confidence } = trustOf(pairs);
  const top = pairs.toSorted((a, b) => b.journeys - a.journeys)[0];
  const stop = language === 'ja' ? '。' : '; ';
  return (
    <main id="main" className="page">
      <div>
        <h1>{t.title}</h1>
        <p className="quiet">{t.lead}</p>
      </div>
      <PeriodPicker period={period} hasStep={false} />
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {data === undefined && error === null && period.fault === undefined ? <Waiting /> : null}
      {data !== undefined && pairs.length === 0 ? <p className="card">{t.none}</p> : null}
      {top === undefined ? null : (
        <>
          <section className="card trust">
            <h2>{t.trust}</h2>
            <p>
              {joinedShare === null
                ? t.joinedUnknown
                : joinedShare === 0
                  ? t.joinedNone
                  : t.joined(percent(joinedShare))}{' '}
              {confidence === null ? null : t.sure(percent(confidence))}
            </p>
            {(joinedShare ?? 0) >= MUCH_GUESSED ? <p className="fault">{t.careful}</p> : null}
            {period.fromMs < now - plan.retention.measuresDays * DAY_MS ? (
              <p>
                {t.withoutSmall(
                  String(plan.retention.measuresDays),
                  String(plan.governance.smallestGroup),
                )}
              </p>
            ) : null}
          </section>
          <ChartCard
            title={t.sankey}
            summary={[
              t.total(figure(matrix.total)),
              t.largest(place.nameOf(top.from), place.nameOf(top.to), figure(top.journeys)),
              ...(pairs.length > SANKEY_LINKS_MAX
                ? [t.shown(String(SANKEY_LINKS_MAX), String(pairs.length))]
                : []),
            ].join(stop)}
            option={option}
            height={`${Math.min(44, Math.max(18, 2.4 * matrix.origins.length + 6))}rem`}
            file={name('flows', 'png')}
            csv={{
              href: url(`/sites/${plan.site}/flows`, { ...query, format: 'csv' }),
              file: name('flows', 'csv'),
            }}
          >
            <PairTable matrix={matrix} pairs={pairs} nameOf={place.nameOf} />
          </ChartCard>
          <section className="card chart-card">
            <h2>{t.matrix}</h2>
            <p className="quiet">{t.hint}</p>
            <OdTable matrix={matrix} nameOf={place.nameOf} />
          </section>
        </>
      )}
    </main>
  );
}

/** Places of the plan in its order, areas then lines, and their names. */
function usePlaces(): { order: string[]; nameOf: (id: string) => string } {
  const plan = usePlan();
  const say = useSay();
  return useMemo(() => {
    const places = [...plan.areas, ...plan.lines];
    const names = new Map(places.map(({ id, name }) => [id, say(name)]));
    return { order: places.map(({ id }) => id), nameOf: (id) => names.get(id) ?? id };
  }, [plan, say]);
}
