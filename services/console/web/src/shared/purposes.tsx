import { createContext, use, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { SitePurposes } from '../../../src/contract/index.js';
import type { DATA_ITEMS } from '../../../src/contract/constants.js';
import { get } from './api.js';
import { remember, remembered } from './memory.js';

type Item = (typeof DATA_ITEMS)[number];
export type Purpose = SitePurposes['purposes'][number];

export const purposesKey = (site: string) => ['purposes', site] as const;
/** A purpose may begin while a page is open, milliseconds. */
const REFRESH_MS = 300_000;

interface Choice {
  /** Undefined while it is asked for, and where the server does not say. */
  readonly answer: SitePurposes | undefined;
  readonly isAsked: boolean;
  readonly chosen: string | undefined;
  readonly choose: (id: string) => void;
}

const Context = createContext<Choice | undefined>(undefined);

/** For what the pages of a site are read: chosen by whoever reads, among what the plan allows the account. Key it by the site. */
export function PurposesProvider({
  site,
  children,
}: {
  readonly site: string;
  readonly children: ReactNode;
}) {
  const { data: answer, isPending } = useQuery({
    queryKey: purposesKey(site),
    queryFn: () => get<SitePurposes>(`/sites/${site}/purposes`),
    staleTime: 60_000,
    refetchInterval: REFRESH_MS,
  });
  const key = `purpose.${site}`;
  const [chosen, setChosen] = useState(() => remembered(key));
  const value = useMemo(
    () => ({
      answer,
      isAsked: isPending,
      chosen,
      choose: (id: string) => {
        remember(key, id);
        setChosen(id);
      },
    }),
    [answer, isPending, chosen, key],
  );
  return <Context value={value}>{children}</Context>;
}

export function usePurposes(): Choice {
  const choice = use(Context);
  if (choice === undefined) throw new Error('No PurposesProvider around this component.');
  return choice;
}

/** Why the account is shown nothing that was measured; undefined inside, and while it is not known. */
export function useOutside(): NonNullable<SitePurposes['outside']> | undefined {
  return usePurposes().answer?.outside ?? undefined;
}

/** The purpose that is named with a request: the chosen one where it covers what is asked for, else the first that does. */
export interface Named {
  /** Undefined where none does: the server then says why. */
  readonly purpose: string | undefined;
  /** What was captured before is not for it, ms since 1970. */
  readonly fromMs: number;
}

/** @param place an area or line; left out: everything of the site */
export function usePurpose(item: Item, place?: string): Named {
  const { answer, chosen } = usePurposes();
  return useMemo(
    () => namedOf(answer?.purposes ?? [], chosen, item, place),
    [answer, chosen, item, place],
  );
}

export function namedOf(
  purposes: readonly Purpose[],
  chosen: string | undefined,
  item: Item,
  place?: string,
): Named {
  const able = purposes.filter(
    ({ readableFrom, places }) =>
      readableFrom[item] !== undefined &&
      (places === null || (place !== undefined && places.includes(place))),
  );
  const one = able.find(({ id }) => id === chosen) ?? able[0];
  return { purpose: one?.id, fromMs: Date.parse(one?.readableFrom[item] ?? '1970-01-01T00:00Z') };
}

/** A period as far as a purpose covers it; where it covers nothing of it, as it was, for the server to say why. */
export function covered<P extends { readonly fromMs: number; readonly toMs: number }>(
  period: P,
  { fromMs }: Named,
): P {
  return fromMs > period.fromMs && fromMs < period.toMs ? { ...period, fromMs } : period;
}
