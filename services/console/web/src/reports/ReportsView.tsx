import { useSearchParams } from 'react-router';
import { useQuery } from '@tanstack/react-query';
import type { Report } from '../../../src/contract/index.js';
import { fileName } from '../charts/file-name.js';
import { isDate } from '../charts/period.js';
import { useNow } from '../charts/use-now.js';
import { chartWords } from '../charts/words.js';
import { addDays, serviceDayOf } from '../charts/zoned-time.js';
import { get, url } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { usePurpose, usePurposes } from '../shared/purposes.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { Sheet } from './Sheet.js';
import { words } from './words.js';
import '../charts/charts.css';
import './reports.css';

/** A day or a month of the site on paper. */
export default function ReportsView() {
  const t = useWords(words);
  const c = useWords(chartWords);
  const { site, timeZone } = usePlan();
  const [search, setSearch] = useSearchParams();
  const now = useNow();
  const today = serviceDayOf(now, timeZone);
  const period = search.get('period') === 'month' ? 'month' : 'day';
  const asked = search.get('date');
  // Of whole days yesterday is the newest.
  const date = isDate(asked) ? asked : addDays(today, -1);
  const { purpose } = usePurpose('measures');
  const { isAsked } = usePurposes();
  const { data, error, refetch } = useQuery({
    queryKey: ['report', site, period, date, purpose],
    queryFn: () => get<Report>(`/sites/${site}/report`, { period, date, purpose }),
    enabled: !isAsked,
  });
  const choose = (next: Record<string, string>): void =>
    setSearch({ period, date, ...next }, { replace: true });
  return (
    <main id="main" className="page reports">
      <div className="head-row no-print">
        <h1>{t.title}</h1>
        <span className="row">
          <span className="switch">
            {(['day', 'month'] as const).map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === period}
                onClick={() => choose({ period: each })}
              >
                {t[each]}
              </button>
            ))}
          </span>
          {period === 'day' ? (
            <input
              type="date"
              aria-label={t.dayOf}
              value={date}
              max={today}
              onChange={({ target }) => isDate(target.value) && choose({ date: target.value })}
            />
          ) : (
            <input
              type="month"
              aria-label={t.monthOf}
              value={date.slice(0, 7)}
              max={today.slice(0, 7)}
              onChange={({ target }) =>
                isDate(`${target.value}-01`) && choose({ date: `${target.value}-01` })
              }
            />
          )}
          <a
            className="button"
            href={url(`/sites/${site}/report`, { period, date, purpose, format: 'csv' })}
            download={fileName(
              [site, 'report', period, period === 'day' ? date : date.slice(0, 7)],
              'csv',
            )}
          >
            {c.csv}
          </a>
          <button
            type="button"
            className="button primary"
            disabled={data === undefined}
            onClick={() => window.print()}
          >
            {t.print}
          </button>
        </span>
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <Sheet report={data} madeMs={now} />
      )}
    </main>
  );
}
