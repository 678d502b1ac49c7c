import { Link } from 'react-router';
import type { Alert } from '../../../src/contract/index.js';
import { clock, duration } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { useNow } from '../shared/now.js';
import { byUrgency, isShelved, placeOf, thresholdOf, valueOf, whatOf } from './describe.js';
import { useActiveAlerts } from './queries.js';
import { words } from './words.js';
import { Severity } from './Severity.js';

/** Beside the plan no more are listed: the others are a click away. */
const COMPACT_MAX = 4;

/** What is active now, who needs somebody first. */
export function AlertList({
  chosen,
  isCompact = false,
}: {
  readonly chosen?: string | undefined;
  readonly isCompact?: boolean;
}) {
  const t = useWords(words);
  const { site } = usePlan();
  const now = useNow();
  const { data: alerts = [] } = useActiveAlerts(site);
  const active = alerts
    .filter((alert) => alert.state !== 'resolved' && !(isCompact && isShelved(alert, now)))
    .toSorted(byUrgency(now));
  if (active.length === 0) return null;
  return (
    <ul className={isCompact ? 'alert-list is-compact' : 'alert-list'} aria-label={t.active}>
      {active.slice(0, isCompact ? COMPACT_MAX : undefined).map((alert) => (
        <li key={alert.id}>
          <AlertItem alert={alert} now={now} isChosen={alert.id === chosen} />
        </li>
      ))}
      {isCompact && active.length > COMPACT_MAX ? (
        <li>
          <Link to={`/sites/${site}/alerts`}>{t.more(active.length - COMPACT_MAX)}</Link>
        </li>
      ) : null}
    </ul>
  );
}

function AlertItem({
  alert,
  now,
  isChosen,
}: {
  readonly alert: Alert;
  readonly now: number;
  readonly isChosen: boolean;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const value = valueOf(alert, language);
  const threshold = thresholdOf(alert, language);
  const lasts = duration((now - Date.parse(alert.since)) / 1000, language);
  return (
    <Link
      className={`alert-item card is-${alert.severity}`}
      aria-current={isChosen ? 'true' : undefined}
      to={`/sites/${plan.site}/alerts/${encodeURIComponent(alert.id)}`}
    >
      <span className="row">
        <Severity severity={alert.severity} />
        <strong>{placeOf(alert, plan, language)}</strong>
      </span>
      <span>{whatOf(alert, language)}</span>
      {value === undefined ? null : (
        <span>
          {value}
          {threshold === undefined ? null : (
            <span className="quiet">
              {' '}
              ({t.threshold} {threshold})
            </span>
          )}
        </span>
      )}
      {alert.minutesToNext === null ? null : (
        <strong>{t.toNext(String(Math.max(1, Math.round(alert.minutesToNext))))}</strong>
      )}
      <span className="quiet">
        {t.sinceFor(clock(alert.since, language, plan.timeZone), lasts)}
        {' · '}
        <AlertState alert={alert} now={now} />
      </span>
    </Link>
  );
}

/** Where an alert stands with people: nobody's, somebody's, shelved. */
export function AlertState({ alert, now }: { readonly alert: Alert; readonly now: number }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const { timeZone } = usePlan();
  const at = (time: string) => clock(time, language, timeZone);
  if (alert.state === 'resolved') return <>{t.resolved}</>;
  const parts = [
    alert.state === 'cannot-see' ? t.cannotSee : undefined,
    isShelved(alert, now) && alert.shelvedUntil !== null
      ? t.shelvedUntil(at(alert.shelvedUntil), alert.shelvedBy ?? t.system)
      : undefined,
    alert.acknowledgedAt === null
      ? t.unacknowledged
      : t.acknowledgedBy(alert.acknowledgedBy ?? t.system, at(alert.acknowledgedAt)),
    alert.escalatedAt === null ? undefined : t.escalated(at(alert.escalatedAt)),
  ];
  return <>{parts.filter((part) => part !== undefined).join(' · ')}</>;
}
