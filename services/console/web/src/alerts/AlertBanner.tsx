import { Link } from 'react-router';
import type { Alert } from '../../../src/contract/index.js';
import { useMay } from '../app/session.js';
import { clock, duration } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { usePlan } from '../shared/site.js';
import { byUrgency, needsSomebody, placeOf, thresholdOf, valueOf, whatOf } from './describe.js';
import { useActiveAlerts, useDeed } from './queries.js';
import { SoundSwitch } from './SoundSwitch.js';
import { words } from './words.js';
import './alerts.css';

/** On every page: the alert that needs somebody most, in words that a screen reader says at once. */
export function AlertBanner() {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const { data: alerts = [] } = useActiveAlerts(plan.site);
  const now = useNow();
  const active = alerts.filter(({ state }) => state !== 'resolved').toSorted(byUrgency(now));
  const waiting = active.filter((alert) => needsSomebody(alert, now));
  const [first, ...others] = waiting;
  return (
    <aside
      className={`banner no-print ${first === undefined ? 'is-calm' : `severity-${first.severity}`}`}
      aria-label={t.alerts}
    >
      <p className="visually-hidden" role="alert">
        {waiting
          .map((alert) =>
            t.announce(t[alert.severity], placeOf(alert, plan, language), whatOf(alert, language)),
          )
          .join('. ')}
      </p>
      {first === undefined ? (
        <p className="banner-text">
          {active.length === 0 ? (
            t.none
          ) : (
            <Link to={`/sites/${plan.site}/alerts`}>{t.activeAcknowledged(active.length)}</Link>
          )}
        </p>
      ) : (
        <FirstAlert key={first.id} alert={first} others={others.length} now={now} />
      )}
      <SoundSwitch alerts={active} />
    </aside>
  );
}

function FirstAlert({
  alert,
  others,
  now,
}: {
  readonly alert: Alert;
  readonly others: number;
  readonly now: number;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const mayAct = useMay('operator');
  const deed = useDeed(plan.site, alert.id);
  const value = valueOf(alert, language);
  const lastsS = (now - Date.parse(alert.since)) / 1000;
  return (
    <>
      <p className="banner-text">
        <strong>{t[alert.severity]}</strong>{' '}
        <Link to={`/sites/${plan.site}/alerts/${encodeURIComponent(alert.id)}`}>
          <strong>{placeOf(alert, plan, language)}</strong> {whatOf(alert, language)}
        </Link>{' '}
        {alert.state === 'cannot-see' ? <em>{t.cannotSee}</em> : null}
        {value === undefined ? null : (
          <span>
            {value}
            <span className="banner-more">
              {' '}
              ({t.threshold} {thresholdOf(alert, language)})
            </span>
          </span>
        )}{' '}
        <span>
          {t.sinceFor(clock(alert.since, language, plan.timeZone), duration(lastsS, language))}
        </span>
      </p>
      {others === 0 ? null : (
        <Link className="banner-count" to={`/sites/${plan.site}/alerts`}>
          {t.more(others)}
        </Link>
      )}
      {mayAct ? (
        <button
          type="button"
          className="button"
          disabled={deed.isPending}
          onClick={() => deed.mutate({ do: 'acknowledge', note: '' })}
        >
          {t.acknowledge}
        </button>
      ) : null}
    </>
  );
}
