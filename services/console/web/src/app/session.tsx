import { createContext, use, useEffect } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ROLES } from '../../../src/contract/constants.js';
import type { Role, Session, User } from '../../../src/contract/index.js';
import { get, onSignedOut, setCsrfToken } from '../shared/api.js';

export const SESSION_KEY = ['session'] as const;

/** Who is signed in, or how one can. */
export function useSession() {
  const cache = useQueryClient();
  const query = useQuery({
    queryKey: SESSION_KEY,
    queryFn: () => get<Session>('/session'),
    staleTime: 60_000,
    retry: true,
    retryDelay: 2_000,
  });
  useEffect(() => {
    onSignedOut(() => void cache.invalidateQueries({ queryKey: SESSION_KEY }));
  }, [cache]);
  const token = query.data?.csrfToken ?? null;
  useEffect(() => setCsrfToken(token), [token]);
  return query;
}

const UserContext = createContext<User | undefined>(undefined);
export const UserProvider = UserContext;

/** The user who is signed in: everything behind the door has one. */
export function useUser(): User {
  const user = use(UserContext);
  if (user === undefined) throw new Error('Nobody is signed in around this component.');
  return user;
}

/** Whether the user may do what `role` may. The server decides again. */
export function useMay(role: Role): boolean {
  return ROLES.indexOf(useUser().role) >= ROLES.indexOf(role);
}
