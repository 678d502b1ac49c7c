import { useState } from 'react';
import type { RefObject, SyntheticEvent } from 'react';
import { useWords } from '../shared/i18n.js';
import { serverNow } from '../shared/server-clock.js';
import { words } from './words.js';

const CHOICES_MIN = [5, 15, 30, 60, 120];
const FIRST_MIN = 15;

/** Shelving always ends: for how long, and why. */
export function ShelveDialog({
  ref,
  onShelve,
}: {
  readonly ref: RefObject<HTMLDialogElement | null>;
  readonly onShelve: (until: string, reason: string) => void;
}) {
  const t = useWords(words);
  const [minutes, setMinutes] = useState(FIRST_MIN);
  const [reason, setReason] = useState('');
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    onShelve(new Date(serverNow() + minutes * 60_000).toISOString(), reason.trim());
    setReason('');
    ref.current?.close();
  };
  return (
    <dialog ref={ref} aria-labelledby="shelve-title">
      <form className="form" onSubmit={submit}>
        <h2 id="shelve-title">{t.shelve}</h2>
        <label className="field">
          <span>{t.shelveFor}</span>
          <select value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
            {CHOICES_MIN.map((each) => (
              <option key={each} value={each}>
                {t.minutes(each)}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          <span>{t.reason}</span>
          <input
            value={reason}
            required
            maxLength={1_000}
            pattern=".*\S.*"
            onChange={(event) => setReason(event.target.value)}
          />
        </label>
        <div className="row">
          <button type="submit" className="button primary">
            {t.shelve}
          </button>
          <button type="button" className="button" onClick={() => ref.current?.close()}>
            {t.cancel}
          </button>
        </div>
      </form>
    </dialog>
  );
}
