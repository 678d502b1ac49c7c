/** How values become text, the same in every format. */

const MINUTE_MS = 60_000;
/** Texts that are kept, so that a name is escaped once; cleared when there are more. */
const KEPT_MAX = 20_000;

/** Instants as local time with its offset from UTC, ISO 8601: `2026-10-01T00:00:00+09:00`. */
export class LocalTimes {
  readonly #format: Intl.DateTimeFormat;
  readonly #texts = new Map<number, string>();

  constructor(timeZone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  }

  text(ms: number): string {
    const known = this.#texts.get(ms);
    if (known !== undefined) return known;
    const minutes = this.#offsetMin(ms);
    const local = new Date(ms + minutes * MINUTE_MS).toISOString().slice(0, 19);
    const size = Math.abs(minutes);
    const two = (n: number): string => String(n).padStart(2, '0');
    const text = `${local}${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
    if (this.#texts.size >= KEPT_MAX) this.#texts.clear();
    this.#texts.set(ms, text);
    return text;
  }

  #offsetMin(ms: number): number {
    const name = this.#format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value;
    // `GMT`, `GMT+09:00`; zones of before 1900 have seconds, which no release has.
    const [, sign, hours, minutes] = /^GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
    if (sign === undefined) return 0;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  }
}

/** A function of text that remembers what it made of the same texts before. */
export function remembered(make: (text: string) => string): (text: string) => string {
  const made = new Map<string, string>();
  return (text) => {
    let result = made.get(text);
    if (result === undefined) {
      if (made.size >= KEPT_MAX) made.clear();
      result = make(text);
      made.set(text, result);
    }
    return result;
  };
}

/** A field of RFC 4180: quoted where it holds a separator, a quote, a break, or space at an end. Absent is empty; '' is quoted. */
export function csvField(text: string): string {
  return text === '' || /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * The same for a spreadsheet, which takes a text that begins with =, +, -, @, a tab or a break for a formula: an apostrophe goes
 * before it (OWASP, CSV injection). Full-width forms count, for spreadsheets in Japanese take them too.
 */
export function spreadsheetField(text: string): string {
  return csvField(/^\s*[=+\-@＝＋－＠\t\r\n]/.test(text) ? `'${text}` : text);
}
