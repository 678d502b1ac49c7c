import { createContext, use, useCallback, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { remember, remembered } from './memory.js';

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the site plan says in both languages. */
export interface Text {
  readonly ja: string;
  readonly en: string;
}

type Said<T = unknown> = Readonly<Record<Language, T>>;
/** The words of one view, as it uses them: each key in the language chosen. */
export type Words<D extends Readonly<Record<string, Said>>> = {
  readonly [K in keyof D]: D[K]['ja'] & D[K]['en'];
};

/**
 * A dictionary: one file a view, `export const words = dictionary({ title: { ja: '…', en: '…' } })`. An entry is a string or a
 * function that returns one; a missing language does not compile.
 */
export function dictionary<const D extends Readonly<Record<string, Said<Phrase>>>>(
  entries: D,
): { readonly [K in keyof D]: Said<Widened<D[K]['ja']>> } {
  return entries as unknown as { readonly [K in keyof D]: Said<Widened<D[K]['ja']>> };
}
type Phrase = string | ((...values: never[]) => string);
type Widened<T> = T extends string ? string : T;

interface Chosen {
  readonly language: Language;
  readonly choose: (language: Language) => void;
}
const Context = createContext<Chosen | undefined>(undefined);

/** Remembered, else what the browser asks for. */
function firstLanguage(): Language {
  const known = remembered('language');
  if (known === 'ja' || known === 'en') return known;
  return navigator.language.startsWith('ja') ? 'ja' : 'en';
}

export function LanguageProvider({ children }: { readonly children: ReactNode }) {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const choose = useCallback((next: Language) => {
    remember('language', next);
    setLanguage(next);
  }, []);
  const chosen = useMemo(() => ({ language, choose }), [language, choose]);
  return <Context value={chosen}>{children}</Context>;
}

export function useLanguage(): Chosen {
  const chosen = use(Context);
  if (chosen === undefined) throw new Error('No LanguageProvider around this component.');
  return chosen;
}

const picked = new WeakMap<object, Partial<Record<Language, unknown>>>();

/** Every entry of a dictionary in one language; the same object for the same dictionary and language. */
export function inLanguage<D extends Readonly<Record<string, Said>>>(
  entries: D,
  language: Language,
): Words<D> {
  const known = picked.get(entries) ?? {};
  picked.set(entries, known);
  known[language] ??= Object.fromEntries(
    Object.entries(entries).map(([key, said]) => [key, said[language]]),
  );
  return known[language] as Words<D>;
}

/** The words of a view: `const t = useWords(words); t.title`. */
export function useWords<D extends Readonly<Record<string, Said>>>(entries: D): Words<D> {
  return inLanguage(entries, useLanguage().language);
}

/** Says a text of the site plan: `const say = useSay(); say(area.name)`. */
export function useSay(): (text: Text) => string {
  const { language } = useLanguage();
  return useCallback((text: Text) => text[language], [language]);
}
