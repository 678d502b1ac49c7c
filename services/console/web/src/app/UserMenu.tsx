import type { ReactNode } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { send } from '../shared/api.js';
import { useWords } from '../shared/i18n.js';
import { OwnPassword } from './OwnPassword.js';
import { useUser } from './session.js';
import { words } from './words.js';

export function SignOut() {
  const t = useWords(words);
  const cache = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => send('DELETE', '/session'),
    // Whether or not the server answered, nothing of the session stays here.
    onSettled: async () => {
      cache.clear();
      location.assign('/');
    },
  });
  return (
    <button type="button" className="button" onClick={() => signOut.mutate()}>
      {t.signOut}
    </button>
  );
}

export function UserMenu({ children }: { readonly children?: ReactNode }) {
  const t = useWords(words);
  const user = useUser();
  return (
    <details className="menu">
      <summary className="button">{user.name}</summary>
      <div className="menu-sheet card">
        <p>
          <strong>{user.name}</strong>
          <br />
          <span className="quiet">{t[user.role]}</span>
        </p>
        {children}
        {user.origin === 'local' ? <OwnPassword /> : null}
        <SignOut />
      </div>
    </details>
  );
}
