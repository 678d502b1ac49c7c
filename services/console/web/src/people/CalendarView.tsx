import { useId, useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { DAY_KINDS } from '../../../src/contract/constants.js';
import type { CalendarEntry } from '../../../src/contract/index.js';
import { useMay } from '../app/session.js';
import { useNow } from '../charts/use-now.js';
import { addDays, serviceDayOf } from '../charts/zoned-time.js';
import { get, send } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { TableBox } from '../shared/TableBox.js';
import { longDay } from '../shared/format.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { usePlan } from '../shared/site.js';
import { Waiting } from '../shared/Waiting.js';
import { aroundToday } from './calendar-days.js';
import { words } from './words.js';
import '../charts/charts.css';
import './people.css';

type NewEntry = Omit<CalendarEntry, 'id'>;

/** Days unlike their kind. */
export default function CalendarView() {
  const t = useWords(words);
  const { site, timeZone } = usePlan();
  const mayChange = useMay('engineer');
  const cache = useQueryClient();
  const key = ['calendar', site];
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => get<CalendarEntry[]>(`/sites/${site}/calendar`),
  });
  const after = {
    // The usual of days rests on the calendar.
    onSuccess: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: key }),
        cache.invalidateQueries({ queryKey: ['usual', site] }),
      ]),
  };
  // An empty form for the next entry once this one is in; one that was refused stays to be mended.
  const [added, setAdded] = useState(0);
  const add = useMutation({
    mutationFn: (entry: NewEntry) => send('POST', `/sites/${site}/calendar`, entry),
    onSuccess: () => {
      setAdded((count) => count + 1);
      return after.onSuccess();
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) => send('DELETE', `/sites/${site}/calendar/${encodeURIComponent(id)}`),
    ...after,
  });
  const today = serviceDayOf(useNow(), timeZone);
  const { coming, past } = aroundToday(data ?? [], today);
  const onRemove = ({ id, title }: CalendarEntry): void => {
    if (window.confirm(t.removeAsk(title))) remove.mutate(id);
  };
  return (
    <main id="main" className="page">
      <div>
        <h1>{t.calendar}</h1>
        <p className="quiet">{t.calendarLead}</p>
      </div>
      {error === null ? null : <Fault error={error} onRetry={refetch} />}
      {remove.error === null ? null : <Fault error={remove.error} />}
      {mayChange ? (
        <EntryForm
          key={added}
          tomorrow={addDays(today, 1)}
          isBusy={add.isPending}
          error={add.error}
          onAdd={(entry) => add.mutate(entry)}
        />
      ) : (
        <p className="quiet">{t.engineerOnly}</p>
      )}
      {data === undefined ? (
        error === null ? (
          <Waiting />
        ) : null
      ) : (
        <>
          <Entries title={t.coming} entries={coming} {...(mayChange && { onRemove })} />
          {past.length > 0 ? (
            <Entries title={t.past} entries={past} {...(mayChange && { onRemove })} />
          ) : null}
        </>
      )}
    </main>
  );
}

function EntryForm({
  tomorrow,
  isBusy,
  error,
  onAdd,
}: {
  readonly tomorrow: string;
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly onAdd: (entry: NewEntry) => void;
}) {
  const t = useWords(words);
  const id = useId();
  const [entry, setEntry] = useState<NewEntry>({
    day: tomorrow,
    title: '',
    countsAs: null,
    isUnusual: true,
  });
  return (
    <form
      className="card form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onAdd({ ...entry, title: entry.title.trim() });
      }}
    >
      <h2>{t.addEntry}</h2>
      {error === null ? null : <Fault error={error} />}
      <div className="people-fields">
        <span className="field">
          <label htmlFor={`${id}day`}>{t.day}</label>
          <input
            id={`${id}day`}
            type="date"
            required
            value={entry.day}
            onChange={({ target }) => setEntry({ ...entry, day: target.value })}
          />
        </span>
        <span className="field wide">
          <label htmlFor={`${id}title`}>{t.titleWord}</label>
          <input
            id={`${id}title`}
            required
            maxLength={200}
            pattern=".*\S.*"
            value={entry.title}
            onChange={({ target }) => setEntry({ ...entry, title: target.value })}
          />
        </span>
        <span className="field">
          <label htmlFor={`${id}kind`}>{t.countsAs}</label>
          <select
            id={`${id}kind`}
            value={entry.countsAs ?? ''}
            onChange={({ target }) =>
              setEntry({
                ...entry,
                countsAs: DAY_KINDS.find((kind) => kind === target.value) ?? null,
              })
            }
          >
            <option value="">{t.asIs}</option>
            {DAY_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t[kind]}
              </option>
            ))}
          </select>
        </span>
        <label className="row">
          <input
            type="checkbox"
            checked={entry.isUnusual}
            onChange={({ target }) => setEntry({ ...entry, isUnusual: target.checked })}
          />
          {t.unusual}
        </label>
        <button type="submit" className="button primary" disabled={isBusy}>
          {t.add}
        </button>
      </div>
    </form>
  );
}

function Entries({
  title,
  entries,
  onRemove,
}: {
  readonly title: string;
  readonly entries: readonly CalendarEntry[];
  readonly onRemove?: (entry: CalendarEntry) => void;
}) {
  const t = useWords(words);
  const { language } = useLanguage();
  return (
    <section className="card">
      <h2>{title}</h2>
      {entries.length === 0 ? (
        <p className="quiet">{t.noEntries}</p>
      ) : (
        <TableBox label={title}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t.day}</th>
                <th scope="col">{t.titleWord}</th>
                <th scope="col">{t.countsAs}</th>
                <th scope="col">{t.unusual}</th>
                {onRemove === undefined ? null : (
                  <th scope="col">
                    <span className="visually-hidden">{t.remove}</span>
                  </th>
                )}
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <tr key={entry.id}>
                  <td>{longDay(`${entry.day}T00:00:00Z`, language, 'UTC')}</td>
                  <th scope="row">{entry.title}</th>
                  <td>{entry.countsAs === null ? t.asIs : t[entry.countsAs]}</td>
                  <td>{entry.isUnusual ? t.yes : t.no}</td>
                  {onRemove === undefined ? null : (
                    <td>
                      <button
                        type="button"
                        className="button small"
                        onClick={() => onRemove(entry)}
                      >
                        {t.remove}
                        <span className="visually-hidden"> {entry.title}</span>
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </TableBox>
      )}
    </section>
  );
}
