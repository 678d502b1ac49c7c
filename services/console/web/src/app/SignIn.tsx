import { useState } from 'react';
import type { SyntheticEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send, url } from '../shared/api.js';
import { useLanguage, useWords } from '../shared/i18n.js';
import { problemSentence } from '../shared/problem-words.js';
import { LanguageSwitch, ThemeSwitch } from './Switches.js';
import { SESSION_KEY } from './session.js';
import { words } from './words.js';

/** Why a sign-in through the provider came to nothing, as the server sends the browser back. */
const OIDC_FAULTS = {
  failed: 'oidcFailed',
  unavailable: 'oidcUnavailable',
  'no-role': 'oidcNoRole',
  disabled: 'oidcDisabled',
} as const;

function oidcFault(): (typeof OIDC_FAULTS)[keyof typeof OIDC_FAULTS] | undefined {
  const why = new URLSearchParams(location.search).get('sign-in') ?? '';
  return why in OIDC_FAULTS ? OIDC_FAULTS[why as keyof typeof OIDC_FAULTS] : undefined;
}

export function SignIn({ hasOidc }: { readonly hasOidc: boolean }) {
  const t = useWords(words);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => send('POST', '/session', { name, password }),
    onSuccess: () => cache.invalidateQueries({ queryKey: SESSION_KEY }),
  });
  const fault = oidcFault();
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    signIn.mutate();
  };
  return (
    <main id="main" className="door">
      <h1 className="door-name">{t.product}</h1>
      <form className="card form" onSubmit={submit}>
        <h2>{t.signIn}</h2>
        {fault === undefined ? null : (
          <p className="fault" role="alert">
            {t[fault]}
          </p>
        )}
        {hasOidc ? (
          <>
            <a className="button primary" href={url('/session/oidc')}>
              {t.withOidc}
            </a>
            <p className="quiet">{t.or}</p>
          </>
        ) : null}
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
            autoComplete="current-password"
            required
            maxLength={200}
          />
        </label>
        {signIn.isError ? (
          <p className="fault" role="alert">
            {problemSentence(signIn.error, language)}
          </p>
        ) : null}
        <button
          type="submit"
          className={hasOidc ? 'button' : 'button primary'}
          disabled={signIn.isPending}
        >
          {t.signIn}
        </button>
      </form>
      <div className="row">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </main>
  );
}
