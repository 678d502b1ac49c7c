import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Alert, Handover } from '../../../src/contract/index.js';
import { useMay, useUser } from '../app/session.js';
import { get, send } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { clock, dayClock, duration } from '../shared/format.js';
import { useLanguage, useSay, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { problemSentence } from '../shared/problem-words.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { NoteForm } from './AlertDetail.js';
import { AlertState } from './AlertList.js';
import { placeOf, valueOf, whatOf } from './describe.js';
import { lastHours } from './range.js';
import { Severity } from './Severity.js';
import { words } from './words.js';
import './alerts.css';

const SHIFTS_H = [4, 8, 12, 24];

/** What one shift tells the next, on one page that can be printed. */
export default function HandoverView() {
  const t = useWords(words);
  const say = useSay();
  const { language } = useLanguage();
  const plan = usePlan();
  const user = useUser();
  const mayWrite = useMay('operator');
  const now = useNow();
  const cache = useQueryClient();
  const [hours, setHours] = useState(8);
  const { from, to } = lastHours(hours);
  const { data, error, refetch } = useQuery({
    queryKey: ['handover', plan.site, from, to],
    queryFn: () => get<Handover>(`/sites/${plan.site}/handover`, { from, to }),
    placeholderData: (before) => before,
  });
  const write = useMutation({
    mutationFn: (text: string) => send('POST', `/sites/${plan.site}/notes`, { text }),
    onSuccess: () => cache.invalidateQueries({ queryKey: ['handover', plan.site] }),
  });
  const at = (time: string) => dayClock(time, language, plan.timeZone);
  return (
    <main id="main" className="page handover">
      <h1>
        {say(plan.name)} – {t.handover}
      </h1>
      <div className="row no-print">
        <select
          aria-label={t.shift}
          value={hours}
          onChange={(event) => setHours(Number(event.target.value))}
        >
          {SHIFTS_H.map((each) => (
            <option key={each} value={each}>
              {t.lastHours(each)}
            </option>
          ))}
        </select>
        <button type="button" className="button" onClick={() => print()}>
          {t.print}
        </button>
      </div>
      <p>
        {at(from)} – {at(to)}
      </p>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <>
          <Part title={t.stillActive} alerts={data.active} now={now} />
          <Part title={t.stillShelved} alerts={data.shelved} now={now} />
          <section>
            <h2>{t.notes}</h2>
            {data.notes.length === 0 ? <p className="quiet">{t.noNotes}</p> : null}
            <ol className="log">
              {data.notes.map((note) => (
                <li key={`${note.at}${note.text}`}>
                  <time dateTime={note.at}>{clock(note.at, language, plan.timeZone)}</time>
                  <span>{note.user}</span>
                  <span>{note.text}</span>
                </li>
              ))}
            </ol>
            {mayWrite ? (
              <NoteForm label={t.writeNote} onNote={(text) => write.mutate(text)} />
            ) : null}
            {write.isError ? (
              <p className="fault" role="alert">
                {problemSentence(write.error, language)}
              </p>
            ) : null}
          </section>
          <Part title={t.wasResolved} alerts={data.resolved} now={now} />
          <p className="quiet">{t.printedAt(dayClock(now, language, plan.timeZone), user.name)}</p>
          <p className="print-only">{t.signature}</p>
        </>
      )}
    </main>
  );
}

function Part({
  title,
  alerts,
  now,
}: {
  readonly title: string;
  readonly alerts: readonly Alert[];
  readonly now: number;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  return (
    <section>
      <h2>
        {title} ({alerts.length})
      </h2>
      {alerts.length === 0 ? <p className="quiet">{t.nothing}</p> : null}
      {alerts.map((alert) => {
        const end = alert.state === 'resolved' ? Date.parse(alert.at) : now;
        const done = alert.actions.filter(({ kind }) => kind === 'step' || kind === 'note');
        return (
          <article key={alert.id} className="handover-alert">
            <p>
              <Severity severity={alert.severity} />{' '}
              <strong>{placeOf(alert, plan, language)}</strong> {whatOf(alert, language)}{' '}
              {valueOf(alert, language)}
            </p>
            <p className="quiet">
              {t.sinceFor(
                dayClock(alert.since, language, plan.timeZone),
                duration((end - Date.parse(alert.since)) / 1000, language),
              )}
              {' · '}
              <AlertState alert={alert} now={now} />
            </p>
            {done.length === 0 ? null : (
              <ul>
                {done.map((action) => (
                  <li key={`${action.at}${action.text}`}>
                    {clock(action.at, language, plan.timeZone)} {action.user ?? t.system}:{' '}
                    {action.text}
                  </li>
                ))}
              </ul>
            )}
          </article>
        );
      })}
    </section>
  );
}
