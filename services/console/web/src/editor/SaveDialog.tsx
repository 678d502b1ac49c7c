import { useEffect, useId, useRef, useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiError, send } from '../shared/api.js';
import { Fault } from '../shared/Fault.js';
import { useWords } from '../shared/i18n.js';
import { planKey } from '../shared/site.js';
import { Changes } from './Changes.js';
import type { ThingDiff } from './diff.js';
import type { Draft } from './document.js';
import { words } from './words.js';

/** Shows what changes and asks why; saves as the next version. */
export function SaveDialog({
  plan,
  basedOn,
  diffs,
  onClose,
  onSaved,
}: {
  readonly plan: Draft;
  readonly basedOn: number;
  readonly diffs: readonly ThingDiff[];
  readonly onClose: () => void;
  readonly onSaved: (version: number) => void;
}) {
  const t = useWords(words);
  const dialog = useRef<HTMLDialogElement>(null);
  const [note, setNote] = useState('');
  const id = useId();
  const cache = useQueryClient();
  useEffect(() => dialog.current?.showModal(), []);
  const save = useMutation({
    mutationFn: () =>
      send<{ version: number }>('POST', `/sites/${plan.site}/plans`, {
        plan,
        note: note.trim(),
        basedOn,
      }),
    onSuccess: ({ version }) => {
      void cache.invalidateQueries({ queryKey: planKey(plan.site) });
      void cache.invalidateQueries({ queryKey: ['plans', plan.site] });
      onSaved(version);
    },
  });
  const isConflict = save.error instanceof ApiError && save.error.status === 409;
  return (
    <dialog ref={dialog} className="save-dialog" aria-labelledby={`${id}title`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (note.trim() !== '' && !save.isPending) save.mutate();
        }}
      >
        <h2 id={`${id}title`}>{t.saveTitle}</h2>
        <p className="quiet">{t.saveWhy}</p>
        {isConflict ? (
          <p className="fault" role="alert">
            {t.conflict}
          </p>
        ) : save.error === null ? null : (
          <Fault error={save.error} />
        )}
        <div
          className="changes-box"
          tabIndex={0}
          role="region"
          aria-label={t.changes(String(diffs.length))}
        >
          <Changes diffs={diffs} />
        </div>
        <span className="field">
          <label htmlFor={`${id}note`}>{t.note}</label>
          <textarea
            id={`${id}note`}
            rows={3}
            maxLength={1_000}
            required
            value={note}
            onChange={({ target }) => setNote(target.value)}
          />
        </span>
        <div className="row">
          <button
            type="submit"
            className="button primary"
            disabled={note.trim() === '' || save.isPending}
          >
            {save.isPending ? t.saving : t.confirm}
          </button>
          <button type="button" className="button" onClick={onClose}>
            {t.cancel}
          </button>
        </div>
      </form>
    </dialog>
  );
}
