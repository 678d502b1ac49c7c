import type { Language } from '@hitonami/privacy';

const LOCALES = { ja: 'ja-JP', en: 'en-GB' } as const;

const NUMBERS = {
  ja: new Intl.NumberFormat(LOCALES.ja),
  en: new Intl.NumberFormat(LOCALES.en),
} as const;

/** An instant as the clock at the site shows it, to the minute. */
export function instantText(ms: number, timeZone: string, language: Language): string {
  return new Intl.DateTimeFormat(LOCALES[language], {
    timeZone,
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(ms);
}

export function numberText(value: number, language: Language): string {
  return NUMBERS[language].format(value);
}
