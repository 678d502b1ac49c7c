import { useSearchParams } from 'react-router';
import { PeriodPicker, usePeriod } from '../charts/PeriodPicker.js';
import { fromLocalInput, type Period } from '../charts/zoned-time.js';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { Compare } from './Compare.js';
import { useHistory } from './queries.js';
import { Replay } from './Replay.js';
import { words } from './words.js';
import '../charts/charts.css';
import './history.css';

/** A day on the plan again, and two periods side by side. */
export default function HistoryView() {
  const t = useWords(words);
  const plan = usePlan();
  const period = usePeriod();
  const [search] = useSearchParams();
  const { data, error, refetch } = useHistory(
    plan.site,
    period.fault === undefined ? period : undefined,
    period.stepS,
  );
  const otherFrom = fromLocalInput(search.get('with') ?? '', plan.timeZone);
  const other: Period | undefined =
    otherFrom === undefined
      ? undefined
      : { fromMs: otherFrom, toMs: otherFrom + period.toMs - period.fromMs };
  const second = useHistory(plan.site, other, period.stepS);
  return (
    <main id="main" className="page">
      <h1>{t.title}</h1>
      <PeriodPicker period={period} />
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {data === undefined && error === null && period.fault === undefined ? <Waiting /> : null}
      {data === undefined ? null : data.starts.length === 0 ? (
        <p className="card">{t.none}</p>
      ) : (
        <Replay
          history={data}
          period={period}
          other={
            other === undefined || second.data === undefined
              ? undefined
              : { history: second.data, fromMs: other.fromMs }
          }
        />
      )}
      {second.error === null ? null : <Fault error={second.error} onRetry={second.refetch} />}
      <Compare period={period} other={other} first={data} second={second.data} />
    </main>
  );
}
