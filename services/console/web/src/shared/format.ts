import type { Language } from './i18n.js';

const LOCALE: Readonly<Record<Language, string>> = { ja: 'ja-JP', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();
/** By decimals. */
const numbers = new Map<number, Intl.NumberFormat>();

function format(language: Language, timeZone: string, options: Intl.DateTimeFormatOptions) {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`;
  const known =
    formats.get(key) ?? new Intl.DateTimeFormat(LOCALE[language], { timeZone, ...options });
  formats.set(key, known);
  return known;
}

const CLOCK = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;

/** `06:03` in the site's own time. */
export function clock(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, CLOCK).format(new Date(at));
}

/** `06:03:27` in the site's own time. */
export function clockSeconds(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, { ...CLOCK, second: '2-digit' }).format(new Date(at));
}

/** `11/22 06:03` or `22/11, 06:03` in the site's own time. */
export function dayClock(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, { month: '2-digit', day: '2-digit', ...CLOCK }).format(
    new Date(at),
  );
}

/** The same to the second, for what holds from an instant on. */
export function dayClockSeconds(at: string | number, language: Language, timeZone: string): string {
  const parts = { month: '2-digit', day: '2-digit', ...CLOCK, second: '2-digit' } as const;
  return format(language, timeZone, parts).format(new Date(at));
}

/** `2026年11月22日(日)` or `Sun, 22 Nov 2026`. */
export function longDay(at: string | number, language: Language, timeZone: string): string {
  return format(language, timeZone, {
    year: 'numeric',
    month: language === 'ja' ? 'long' : 'short',
    day: 'numeric',
    weekday: 'short',
  }).format(new Date(at));
}

/** Several things in one sentence, as the language strings them together. */
export function listed(items: readonly string[], language: Language): string {
  return items.join(language === 'ja' ? '、' : ', ');
}

/** A number with fixed decimals and grouped thousands; a dash where it is not known: never a zero. */
export function figure(value: number | null | undefined, decimals = 0): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const known =
    numbers.get(decimals) ??
    new Intl.NumberFormat('en-GB', {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    });
  numbers.set(decimals, known);
  return known.format(value);
}

/** A share as `82%`; a dash where it is not known. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  return `${Math.round(share * 100)}%`;
}

/** How long ago or how long for, in words: `3 min 20 s`, `3分20秒`. */
export function duration(seconds: number, language: Language): string {
  const s = Math.max(0, Math.round(seconds));
  const [d, h, m] = [Math.floor(s / 86_400), Math.floor(s / 3_600) % 24, Math.floor(s / 60) % 60];
  const ja = language === 'ja';
  if (d > 0) return ja ? `${d}日${h}時間` : `${d} d ${h} h`;
  if (h > 0) return ja ? `${h}時間${m}分` : `${h} h ${m} min`;
  if (m >= 10) return ja ? `${m}分` : `${m} min`;
  if (m > 0) return ja ? `${m}分${s % 60}秒` : `${m} min ${s % 60} s`;
  return ja ? `${s}秒` : `${s} s`;
}
