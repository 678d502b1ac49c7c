import type { PlanRecipient } from '@hitonami/model';

/** What the plan has in two languages. */
export type Text = PlanRecipient['name'];

export const LANGUAGES = ['ja', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Numbers, days and lists as they are written in a language. */
export interface Words {
  readonly language: Language;
  /** The text of this language. */
  readonly pick: (text: Text) => string;
  /** The same for the texts of the documents themselves. */
  readonly say: (ja: string, en: string) => string;
  /** `YYYY-MM-DD` in words. */
  readonly day: (day: string) => string;
  /** A length of time in its fitting unit: minutes, hours, days or years. */
  readonly span: (hours: number) => string;
  readonly list: (items: readonly string[]) => string;
  /** A share of 0 to 1 as whole percent; never 0 % or 100 % of what is neither. */
  readonly percent: (share: number) => string;
}

const MONTHS =
  'January February March April May June July August September October November December'.split(
    ' ',
  );
const HOURS_PER_DAY = 24;
const DAYS_PER_YEAR = 365;
/** From so many days on a length is told in years. */
const YEARS_FROM_DAYS = 730;

export function wordsOf(language: Language): Words {
  const say = (ja: string, en: string): string => (language === 'ja' ? ja : en);
  return {
    language,
    say,
    pick: (text) => text[language],
    day: (day) => {
      const [year = 0, month = 0, date = 0] = day.split('-').map(Number);
      return say(
        `${year}年${month}月${date}日`,
        `${date} ${MONTHS[month - 1] ?? String(month)} ${year}`,
      );
    },
    span: (hours) => spanOf(hours, language),
    list: (items) =>
      language === 'ja'
        ? items.join('、')
        : items.length < 2
          ? items.join('')
          : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`,
    percent: (share) => {
      const whole = Math.round(share * 100);
      if (whole === 0 && share > 0) return say('1%未満', 'under 1%');
      if (whole === 100 && share < 1) return say('99%超', 'over 99%');
      return `${whole}%`;
    },
  };
}

function spanOf(hours: number, language: Language): string {
  const unit = (value: number, ja: string, en: string): string => {
    const rounded = Math.round(value * 10) / 10;
    return language === 'ja' ? `${rounded}${ja}` : `${rounded} ${en}${rounded === 1 ? '' : 's'}`;
  };
  const days = hours / HOURS_PER_DAY;
  if (days >= YEARS_FROM_DAYS) return unit(days / DAYS_PER_YEAR, '年', 'year');
  if (days >= 2) return unit(days, '日', 'day');
  if (hours >= 2 || hours === 1) return unit(hours, '時間', 'hour');
  return unit(Math.round(hours * 60), '分', 'minute');
}

/** As a sentence begins. */
export function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
