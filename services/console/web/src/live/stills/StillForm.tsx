import { useId, useRef, useState } from 'react';
import { ApiError } from '../../shared/api.js';
import { Fault } from '../../shared/Fault.js';
import { useWords } from '../../shared/i18n.js';
import { useBring, useRemove } from './queries.js';
import { words } from './words.js';

const BYTES_MAX = 4 * 1024 * 1024;
const TYPES = ['image/png', 'image/jpeg'];
const DAYS_MAX = 366;

/** Brings the picture of an empty place, for engineers. */
export function StillForm({
  site,
  camera,
  hasStill,
}: {
  readonly site: string;
  readonly camera: string;
  readonly hasStill: boolean;
}) {
  const t = useWords(words);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File>();
  const [isEmpty, setEmpty] = useState(false);
  const [keepDays, setKeepDays] = useState(DAYS_MAX);
  const bring = useBring(site);
  const remove = useRemove(site);
  const wrong =
    file === undefined
      ? undefined
      : file.size > BYTES_MAX
        ? t.tooLarge
        : TYPES.includes(file.type)
          ? undefined
          : t.noPicture;
  return (
    <details className="still-form">
      <summary>{t.change}</summary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (file === undefined || wrong !== undefined || !isEmpty || bring.isPending) return;
          bring.mutate(
            { camera, file, keepDays },
            {
              onSuccess: () => {
                setFile(undefined);
                setEmpty(false);
                if (field.current !== null) field.current.value = '';
              },
            },
          );
        }}
      >
        <p className="quiet">{t.why}</p>
        {bring.error === null ? null : isNotEmpty(bring.error) ? (
          <p className="fault" role="alert">
            {t.notEmpty}
          </p>
        ) : (
          <Fault error={bring.error} />
        )}
        {remove.error === null ? null : <Fault error={remove.error} />}
        <span className="field">
          <label htmlFor={`${id}file`}>{t.file}</label>
          <input
            ref={field}
            id={`${id}file`}
            type="file"
            accept={TYPES.join(',')}
            required
            aria-describedby={`${id}wrong`}
            onChange={({ target }) => {
              setFile(target.files?.[0]);
              // Said of the picture before, it says nothing of this one.
              setEmpty(false);
            }}
          />
          <span id={`${id}wrong`} role="status">
            {wrong ?? ''}
          </span>
        </span>
        <label className="row">
          <input
            type="checkbox"
            required
            checked={isEmpty}
            onChange={({ target }) => setEmpty(target.checked)}
          />
          {t.nobody}
        </label>
        <span className="field">
          <label htmlFor={`${id}days`}>{t.keepDays}</label>
          <input
            id={`${id}days`}
            type="number"
            min={1}
            max={DAYS_MAX}
            step={1}
            required
            value={Number.isFinite(keepDays) ? keepDays : ''}
            onChange={({ target }) => setKeepDays(target.valueAsNumber)}
          />
        </span>
        <div className="row">
          <button
            type="submit"
            className="button primary"
            disabled={file === undefined || wrong !== undefined || !isEmpty || bring.isPending}
          >
            {bring.isPending ? t.bringing : t.bring}
          </button>
          {hasStill ? (
            <button
              type="button"
              className="button"
              disabled={remove.isPending}
              onClick={() => {
                if (window.confirm(t.removeSure)) remove.mutate(camera);
              }}
            >
              {t.remove}
            </button>
          ) : null}
        </div>
      </form>
    </details>
  );
}

/** The detector of an ingestor has found somebody. */
function isNotEmpty(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'not-empty';
}
