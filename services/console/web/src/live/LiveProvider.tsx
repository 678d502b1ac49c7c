import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { activeAlertsKey } from '../alerts/queries.js';
import { SESSION_KEY } from '../app/session.js';
import { url } from '../shared/api.js';
import { purposesKey, useOutside, usePurpose, usePurposes } from '../shared/purposes.js';
import { planKey } from '../shared/site.js';
import { openLive } from './connection.js';
import { LiveStore } from './store.js';
import type { ConnectionStatus, Picture } from './store.js';

const Context = createContext<LiveStore | undefined>(undefined);

/**
 * One live stream for all views of a site: with the people where a purpose gives them to the account, else of alerts alone;
 * none for who is outside.
 * Key it by the site.
 */
export function LiveProvider({
  site,
  children,
}: {
  readonly site: string;
  readonly children: ReactNode;
}) {
  const cache = useQueryClient();
  const [store] = useState(() => new LiveStore());
  const { isAsked } = usePurposes();
  const { purpose } = usePurpose('live');
  const isOutside = useOutside() !== undefined;
  useEffect(() => {
    if (isAsked || isOutside) return undefined;
    const address =
      purpose === undefined
        ? url(`/sites/${site}/alerts/stream`)
        : url(`/sites/${site}/live`, { purpose });
    const live = openLive(address, {
      snapshot: (snapshot) => {
        store.take(snapshot);
      },
      alerts: ({ active }) => {
        cache.setQueryData(activeAlertsKey(site), active);
      },
      plan: () => {
        void cache.invalidateQueries({ queryKey: planKey(site) });
        void cache.invalidateQueries({ queryKey: purposesKey(site) });
      },
      open: () => {
        store.setStatus('open');
      },
      lost: () => {
        store.setStatus('lost');
        // Was it the network, or has the session ended? The session's answer says which.
        void cache.invalidateQueries({ queryKey: SESSION_KEY });
        void cache.invalidateQueries({ queryKey: purposesKey(site) });
      },
    });
    return () => {
      live.close();
      store.stop();
    };
  }, [site, store, cache, purpose, isAsked, isOutside]);
  return <Context value={store}>{children}</Context>;
}

export function useLiveStore(): LiveStore {
  const store = use(Context);
  if (store === undefined) throw new Error('No LiveProvider around this component.');
  return store;
}

/** The newest picture, once a second: for words and tables. */
export function usePicture(): Picture | undefined {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.shown);
}

export function useConnectionStatus(): ConnectionStatus {
  const store = useLiveStore();
  return useSyncExternalStore(store.subscribe, store.status);
}
