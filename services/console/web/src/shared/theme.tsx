import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { remember, remembered } from './memory.js';

/** Dark for the control room, light for the desk. */
export type Theme = 'dark' | 'light';

interface Chosen {
  readonly theme: Theme;
  readonly choose: (theme: Theme) => void;
}
const Context = createContext<Chosen | undefined>(undefined);

function firstTheme(): Theme {
  const known = remembered('theme');
  if (known === 'dark' || known === 'light') return known;
  return matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
}

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useState(() => {
    const first = firstTheme();
    document.documentElement.dataset['theme'] = first;
    return first;
  });
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const choose = useCallback((next: Theme) => {
    remember('theme', next);
    // Before React draws again, so that what reads the properties (charts, the plan) reads the new ones.
    document.documentElement.dataset['theme'] = next;
    setTheme(next);
  }, []);
  const chosen = useMemo(() => ({ theme, choose }), [theme, choose]);
  return <Context value={chosen}>{children}</Context>;
}

export function useTheme(): Chosen {
  const chosen = use(Context);
  if (chosen === undefined) throw new Error('No ThemeProvider around this component.');
  return chosen;
}

/** The value of a custom property (`--text`) in the theme that is on. */
export function property(name: `--${string}`): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
