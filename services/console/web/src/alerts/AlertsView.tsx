import { Link, useParams } from 'react-router';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { AlertDetail } from './AlertDetail.js';
import { AlertHistory } from './AlertHistory.js';
import { AlertList } from './AlertList.js';
import { useActiveAlerts, useAlertHistory } from './queries.js';
import { lastHours } from './range.js';
import { words } from './words.js';

/** An alert that is no more active is looked for so far back, hours. */
const LOOK_BACK_H = 24 * 31;

/** What fires, what to do about it, what was. */
export default function AlertsView() {
  const t = useWords(words);
  const plan = usePlan();
  const chosen = useParams()['alert'];
  const { data: active, error, refetch } = useActiveAlerts(plan.site);
  const first = active?.find(({ id }) => id === chosen);
  return (
    <main id="main" className="page">
      <div className="row">
        <h1>{t.alerts}</h1>
        <Link className="button" to={`/sites/${plan.site}/handover`}>
          {t.handover}
        </Link>
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      <div className={chosen === undefined ? 'alerts' : 'alerts has-chosen'}>
        <section aria-label={t.active}>
          {active === undefined ? (
            error === null ? (
              <Waiting />
            ) : null
          ) : active.length === 0 ? (
            <p className="alerts-none card">{t.none}</p>
          ) : (
            <AlertList chosen={chosen} />
          )}
        </section>
        {chosen === undefined ? null : (
          <section className="card alerts-chosen" aria-live="polite">
            {first === undefined ? (
              <PastAlert id={chosen} />
            ) : (
              <AlertDetail key={first.id} alert={first} />
            )}
          </section>
        )}
      </div>
      <AlertHistory />
    </main>
  );
}

function PastAlert({ id }: { readonly id: string }) {
  const t = useWords(words);
  const { site } = usePlan();
  const { from, to } = lastHours(LOOK_BACK_H);
  const { data, error } = useAlertHistory(site, from, to);
  const found = data?.find((alert) => alert.id === id);
  if (found !== undefined) return <AlertDetail alert={found} />;
  if (error !== null) return <Fault error={error} />;
  return data === undefined ? <Waiting /> : <p>{t.notFound}</p>;
}
