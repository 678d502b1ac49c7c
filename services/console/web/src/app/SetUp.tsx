import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '../shared/api.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { problemSentence } from '../shared/problem-words.js';
import { LanguageSwitch, ThemeSwitch } from './Switches.js';
import { SESSION_KEY } from './session.js';
import { words } from './words.js';

const PASSWORD_MIN = 12;

/** Makes the first administrator, with the code that the console printed at its start. */
export function SetUp() {
  const t = useWords(words);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const [token, setToken] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const differ = again !== '' && again !== password;
  const make = useMutation({
    mutationFn: () => send('POST', '/session/setup', { token: token.trim(), name, password }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SESSION_KEY }),
  });
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (again === password) make.mutate();
  };
  return (
    <main id="main" className="door">
      <h1 className="door-name">{t.product}</h1>
      <form className="card form" onSubmit={submit}>
        <h2>{t.setUp}</h2>
        <p>{t.setUpWhy}</p>
        <label className="field">
          <span>{t.setUpToken}</span>
          <input
            value={token}
            onChange={(event) => setToken(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            required
            maxLength={200}
          />
        </label>
        <label className="field">
          <span>{t.name}</span>
          <input
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="username"
            required
            maxLength={100}
          />
        </label>
        <label className="field">
          <span>{t.password}</span>
          <input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            autoComplete="new-password"
            aria-describedby="password-rule"
            required
            minLength={PASSWORD_MIN}
            maxLength={200}
          />
          <small id="password-rule" className="quiet">
            {t.passwordRule}
          </small>
        </label>
        <label className="field">
          <span>{t.passwordAgain}</span>
          <input
            type="password"
            value={again}
            onChange={(event) => setAgain(event.target.value)}
            autoComplete="new-password"
            aria-invalid={differ}
            required
          />
        </label>
        {differ ? (
          <p className="fault" role="alert">
            {t.passwordsDiffer}
          </p>
        ) : null}
        {make.isError ? (
          <p className="fault" role="alert">
            {problemSentence(make.error, language)}
          </p>
        ) : null}
        <button type="submit" className="button primary" disabled={make.isPending || differ}>
          {t.create}
        </button>
      </form>
      <div className="row">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </main>
  );
}
