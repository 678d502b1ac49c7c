import { useRef, useState } from 'react';
import type { SyntheticEvent } from 'react';
import { Link } from 'react-router';
import type { Alert } from '../../../src/contract/index.js';
import { useMay } from '../app/session.js';
import { clockSeconds, dayClock, duration } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { useNow } from '../shared/now.js';
import { problemSentence } from '../shared/problem-words.js';
import { usePlan } from '../shared/site.js';
import { AlertState } from './AlertList.js';
import { isShelved, placeOf, stepsOf, thresholdOf, valueOf, whatOf } from './describe.js';
import { useDeed } from './queries.js';
import { Severity } from './Severity.js';
import { ShelveDialog } from './ShelveDialog.js';
import { words } from './words.js';

/** One alert: how it stands, what to do, what was done. */
export function AlertDetail({ alert }: { readonly alert: Alert }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const now = useNow();
  const mayAct = useMay('operator');
  const deed = useDeed(plan.site, alert.id);
  const shelving = useRef<HTMLDialogElement>(null);
  const isActive = alert.state !== 'resolved';
  const end = isActive ? now : Date.parse(alert.at);
  const area = plan.areas.find(({ id }) => id === alert.subject);
  return (
    <article className="alert-detail" aria-labelledby="alert-title">
      <header className="row">
        <Severity severity={alert.severity} />
        <h2 id="alert-title">
          {placeOf(alert, plan, language)} – {whatOf(alert, language)}
        </h2>
      </header>
      <p>
        <AlertState alert={alert} now={now} />
      </p>
      {alert.state === 'cannot-see' ? <p className="fault">{t.cannotSeeWhy}</p> : null}
      <dl className="facts">
        <Fact name={t.value} value={valueOf(alert, language)} />
        <Fact name={t.threshold} value={thresholdOf(alert, language)} />
        <Fact
          name={t.toNextHead}
          value={
            alert.minutesToNext === null
              ? undefined
              : t.minutes(Math.max(1, Math.round(alert.minutesToNext)))
          }
        />
        <Fact name={t.since} value={dayClock(alert.since, language, plan.timeZone)} />
        <Fact name={t.lasted} value={duration((end - Date.parse(alert.since)) / 1000, language)} />
      </dl>
      {area === undefined ? null : (
        <p className="no-print">
          <Link to={`/sites/${plan.site}/areas/${area.id}`}>{t.toArea}</Link>
        </p>
      )}
      {mayAct && isActive ? (
        <div className="row no-print">
          {alert.acknowledgedAt === null ? (
            <button
              type="button"
              className="button primary"
              disabled={deed.isPending}
              onClick={() => deed.mutate({ do: 'acknowledge', note: '' })}
            >
              {t.acknowledge}
            </button>
          ) : null}
          {isShelved(alert, now) ? (
            <button
              type="button"
              className="button"
              disabled={deed.isPending}
              onClick={() => deed.mutate({ do: 'unshelve' })}
            >
              {t.unshelve}
            </button>
          ) : (
            <button type="button" className="button" onClick={() => shelving.current?.showModal()}>
              {t.shelve}…
            </button>
          )}
        </div>
      ) : null}
      {mayAct ? null : <p className="quiet">{t.onlyOperators}</p>}
      {deed.isError ? (
        <p className="fault" role="alert">
          {problemSentence(deed.error, language)}
        </p>
      ) : null}
      <ShelveDialog
        ref={shelving}
        onShelve={(until, reason) => deed.mutate({ do: 'shelve', until, reason })}
      />
      <Card alert={alert} mayAct={mayAct && isActive} deed={deed} />
      {mayAct ? (
        <NoteForm onNote={(text) => deed.mutate({ do: 'actions', kind: 'note', text })} />
      ) : null}
      <Log alert={alert} />
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string | undefined }) {
  if (value === undefined) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

/** The steps that the people of the place agreed on; a tick is an entry in the log and stays. */
function Card({
  alert,
  mayAct,
  deed,
}: {
  readonly alert: Alert;
  readonly mayAct: boolean;
  readonly deed: ReturnType<typeof useDeed>;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  const card = stepsOf(alert, plan, language);
  if (card === undefined) return <p className="quiet">{t.noCard}</p>;
  return (
    <section className="action-card card" aria-labelledby="card-title">
      <h3 id="card-title">
        {t.actionCard}: {card.title}
      </h3>
      <ol>
        {card.steps.map(({ text, done }) => (
          <li key={text}>
            <label>
              <input
                type="checkbox"
                checked={done !== undefined}
                disabled={!mayAct || done !== undefined || deed.isPending}
                onChange={() => deed.mutate({ do: 'actions', kind: 'step', text })}
              />
              <span>
                {text}
                {done === undefined ? null : (
                  <small className="quiet">
                    {' '}
                    {t.stepDone(
                      done.user ?? t.system,
                      clockSeconds(done.at, language, plan.timeZone),
                    )}
                  </small>
                )}
              </span>
            </label>
          </li>
        ))}
      </ol>
    </section>
  );
}

export function NoteForm({
  onNote,
  label,
}: {
  readonly onNote: (text: string) => void;
  readonly label?: string;
}) {
  const t = useWords(words);
  const [text, setText] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (text.trim() === '') return;
    onNote(text.trim());
    setText('');
  };
  return (
    <form className="row no-print" onSubmit={submit}>
      <label className="field note-field">
        <span>{label ?? t.note}</span>
        <input
          value={text}
          placeholder={t.noteHint}
          maxLength={1_000}
          onChange={(event) => setText(event.target.value)}
        />
      </label>
      <button type="submit" className="button note-send">
        {t.addNote}
      </button>
    </form>
  );
}

export function Log({ alert }: { readonly alert: Alert }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const plan = usePlan();
  if (alert.actions.length === 0) return null;
  return (
    <section aria-label={t.log}>
      <h3>{t.log}</h3>
      <ol className="log">
        {alert.actions
          .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
          .map(({ at, user, kind, text }) => (
            <li key={`${at}${kind}${text}`}>
              <time dateTime={at}>{clockSeconds(at, language, plan.timeZone)}</time>
              <span>{user ?? t.system}</span>
              <span>
                {t[`log-${kind}`]}
                {text === '' ? '' : `: ${text}`}
              </span>
            </li>
          ))}
      </ol>
    </section>
  );
}
