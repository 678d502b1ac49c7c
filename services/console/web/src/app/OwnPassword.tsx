import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '../shared/api.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { problemSentence } from '../shared/problem-words.js';
import { SESSION_KEY } from './session.js';
import { words } from './words.js';

const PASSWORD_MIN = 12;

/** Whoever signs in with a password changes it here; sessions elsewhere end with it. */
export function OwnPassword() {
  const t = useWords(words);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => send('POST', '/session/password', { old, password }),
    onSuccess: async () => {
      setOld('');
      setPassword('');
      // The session is a new one, and so is its token.
      await cache.invalidateQueries({ queryKey: SESSION_KEY });
    },
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <details>
      <summary>{t.ownPassword}</summary>
      <form className="form" onSubmit={submit}>
        <label className="field">
          <span>{t.oldPassword}</span>
          <input
            type="password"
            value={old}
            onChange={(event) => setOld(event.target.value)}
            autoComplete="current-password"
            required
            maxLength={200}
          />
        </label>
        <label className="field">
          <span>{t.newPassword}</span>
          <input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="new-password"
            required
            minLength={PASSWORD_MIN}
            maxLength={200}
          />
          <small className="quiet">{t.passwordRule}</small>
        </label>
        {change.isError ? (
          <p className="fault" role="alert">
            {problemSentence(change.error, language)}
          </p>
        ) : null}
        {change.isSuccess ? <p role="status">{t.passwordChanged}</p> : null}
        <button type="submit" className="button" disabled={change.isPending}>
          {t.ownPassword}
        </button>
      </form>
    </details>
  );
}
