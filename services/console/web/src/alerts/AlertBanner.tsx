import { Link } from 'react-router';
import type { Alert } from '../../../src/contract/index.js';
import { useMay } from '../app/session.js';
import { clock, duration } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { problemSentence } from '../shared/problem-words.js';
import { usePlan } from '../shared/site.js';
import {
  byUrgency,
  isShelved,
  needsSomebody,
  placeOf,
  thresholdOf,
  valueOf,
  whatOf,
} from './describe.js';
import { useActiveAlerts, useDeed } from './queries.js';
import { Severity } from './Severity.js';
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
  const unshelved = active.filter((alert) => !isShelved(alert, now));
  // Whom nobody has answered yet first; else the worst of what goes on, though somebody has it in hand.
  const [first = unshelved.at(0)] = waiting;
  const others = unshelved.filter((alert) => alert !== first);
  return (
    <aside
      className={`banner no-print ${waiting[0] === undefined ? 'is-calm' : `severity-${waiting[0].severity}`}`}
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
            <Link to={`/sites/${plan.site}/alerts`}>{t.onlyShelved(active.length)}</Link>
          )}
        </p>
      ) : (
        <FirstAlert key={first.id} alert={first} others={others} now={now} />
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
  readonly others: readonly Alert[];
  readonly now: number;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const mayAct = useMay('operator') && needsSomebody(alert, now);
  const deed = useDeed(plan.site, alert.id);
  const value = valueOf(alert, language);
  const lastsS = (now - Date.parse(alert.since)) / 1000;
  const at = (time: string) => clock(time, language, plan.timeZone);
  const parts = [
    alert.state === 'cannot-see' ? t.cannotSee : undefined,
    value === undefined
      ? undefined
      : `${value} (${t.threshold} ${thresholdOf(alert, language) ?? '–'})`,
    t.sinceFor(at(alert.since), duration(lastsS, language)),
    alert.acknowledgedAt === null
      ? undefined
      : t.acknowledgedBy(alert.acknowledgedBy ?? t.system, at(alert.acknowledgedAt)),
  ];
  const [worst] = others.toSorted(byUrgency(now));
  return (
    <>
      <p className="banner-text">
        <Severity severity={alert.severity} />{' '}
        <Link to={`/sites/${plan.site}/alerts/${encodeURIComponent(alert.id)}`}>
          <strong>{placeOf(alert, plan, language)}</strong> {whatOf(alert, language)}
        </Link>
        {' · '}
        {parts.filter((part) => part !== undefined).join(' · ')}
        {deed.isError ? ` · ${problemSentence(deed.error, language)}` : ''}
      </p>
      {worst === undefined ? null : (
        <Link className="banner-count" to={`/sites/${plan.site}/alerts`}>
          <Severity severity={worst.severity} /> {t.more(others.length)}
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
