import { HitonamiError } from '@hitonami/model';

/** Most characters (UTF-16 units) of each kind of text, and most rows of a list. */
export const LIMITS = {
  id: 300,
  name: 100,
  password: 200,
  text: 4_000,
  document: 8 * 1024 * 1024,
  rows: 1_000,
} as const;

/** Control characters, which no name or id has; and the two that mark the direction of text and could disguise a name. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** @throws HitonamiError `INPUT` that names what is too long, empty or has control characters; never the text itself */
export function name(what: string, value: string, most: number = LIMITS.name): string {
  if (value.trim() === '') throw refused(what, 'is empty');
  if (value.length > most) throw refused(what, `has ${value.length} characters, at most ${most}`);
  if (CONTROL.test(value)) throw refused(what, 'has control characters');
  return value;
}

export function id(what: string, value: string): string {
  return name(what, value, LIMITS.id);
}

/** Free text; may be empty and have several lines. */
export function text(what: string, value: string, most: number = LIMITS.text): string {
  if (value.length > most) throw refused(what, `has ${value.length} characters, at most ${most}`);
  if (value.includes('\u0000')) throw refused(what, 'has the character U+0000');
  return value;
}

export function instant(what: string, value: Date): Date {
  if (Number.isNaN(value.getTime())) throw refused(what, 'is no instant');
  return value;
}

/** 1 to `LIMITS.rows`. */
export function rows(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1) throw refused('limit', 'is no count');
  return Math.min(limit, LIMITS.rows);
}

/** A local day, `YYYY-MM-DD`. */
export function day(value: string): string {
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00Z`) : Number.NaN;
  // 30 February is taken for 2 March by some engines.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== value)
    throw refused('day', 'is no day such as 2026-11-22');
  return value;
}

/** 1, 2, 3, … */
export function wholeNumber(what: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw refused(what, 'is no whole number above 0');
}

function refused(what: string, why: string): HitonamiError {
  return new HitonamiError('INPUT', `${what} ${why}`, { detail: what });
}
