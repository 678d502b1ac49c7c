import { useState } from 'react';
import { Link } from 'react-router';
import { RULES, SEVERITIES } from '../../../src/contract/constants.js';
import { Fault } from '../shared/Fault.js';
import { dayClock, duration } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { usePlan } from '../shared/site.js';
import { TableBox } from '../shared/TableBox.js';
import { Waiting } from '../shared/Waiting.js';
import { AlertState } from './AlertList.js';
import { placeOf, valueOf, whatOf } from './describe.js';
import { useAlertHistory } from './queries.js';
import { lastHours } from './range.js';
import { Severity } from './Severity.js';
import { words } from './words.js';

const HOURS = [8, 24, 24 * 7, 24 * 31];

/** What was: by time, place, kind and severity. */
export function AlertHistory() {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const now = useNow();
  const [hours, setHours] = useState(24);
  const [severity, setSeverity] = useState('');
  const [rule, setRule] = useState('');
  const [subject, setSubject] = useState('');
  const { from, to } = lastHours(hours);
  const { data, error, refetch } = useAlertHistory(plan.site, from, to);
  const subjects = [...new Set((data ?? []).map((alert) => alert.subject))].sort();
  const found = (data ?? [])
    .filter(
      (alert) =>
        (severity === '' || alert.severity === severity) &&
        (rule === '' || alert.rule === rule) &&
        (subject === '' || alert.subject === subject),
    )
    .toSorted((a, b) => Date.parse(b.since) - Date.parse(a.since));
  return (
    <section className="alert-history" aria-labelledby="history-title">
      <h2 id="history-title">{t.history}</h2>
      <div className="row">
        <select
          aria-label={t.from}
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {HOURS.map((each) => (
            <option key={each} value={each}>
              {t.lastHours(each)}
            </option>
          ))}
        </select>
        <select
          aria-label={t.where}
          value={subject}
          onChange={(event) => setSubject(event.target.value)}
        >
          <option value="">{t.allPlaces}</option>
          {subjects.map((each) => (
            <option key={each} value={each}>
              {placeOf({ subject: each }, plan, language)}
            </option>
          ))}
        </select>
        <select
          aria-label={t.severity}
          value={severity}
          onChange={(event) => setSeverity(event.target.value)}
        >
          <option value="">{t.allSeverities}</option>
          {SEVERITIES.map((each) => (
            <option key={each} value={each}>
              {t[each]}
            </option>
          ))}
        </select>
        <select aria-label={t.what} value={rule} onChange={(event) => setRule(event.target.value)}>
          <option value="">{t.allRules}</option>
          {RULES.map((each) => (
            <option key={each} value={each}>
              {t[each]}
            </option>
          ))}
        </select>
        <span role="status">{data === undefined ? '' : t.count(found.length)}</span>
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {data === undefined && error === null ? <Waiting /> : null}
      {data !== undefined && found.length === 0 ? <p>{t.noneInRange}</p> : null}
      {found.length === 0 ? null : (
        <TableBox label={t.history}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.since}</th>
                <th scope="col">{t.severity}</th>
                <th scope="col">{t.where}</th>
                <th scope="col">{t.what}</th>
                <th scope="col">{t.value}</th>
                <th scope="col">{t.lasted}</th>
                <th scope="col">{t.state}</th>
              </tr>
            </thead>
            <tbody>
              {found.map((alert) => (
                <tr key={alert.id}>
                  <td>{dayClock(alert.since, language, plan.timeZone)}</td>
                  <td>
                    <Severity severity={alert.severity} />
                  </td>
                  <td>
                    <Link to={`/sites/${plan.site}/alerts/${encodeURIComponent(alert.id)}`}>
                      {placeOf(alert, plan, language)}
                    </Link>
                  </td>
                  <td>{whatOf(alert, language)}</td>
                  <td>{valueOf(alert, language) ?? '–'}</td>
                  <td>
                    {duration(
                      ((alert.state === 'resolved' ? Date.parse(alert.at) : now) -
                        Date.parse(alert.since)) /
                        1000,
                      language,
                    )}
                  </td>
                  <td>
                    <AlertState alert={alert} now={now} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </section>
  );
}
