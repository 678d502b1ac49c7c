import type { AlertReport, PasswordCost } from '../src/index.js';
import type { Database } from '../src/sql/port.js';

/** Quick, and as weak as it looks: what is tested is not how long a guess takes. */
export const CHEAP: PasswordCost = { log2N: 10, r: 8, p: 1 };
export const PASSWORD = 'correct horse battery staple';
export const HOUR_MS = 3_600_000;

/** A place where records are kept, and a way to open it anew. */
export interface Target {
  open(): Promise<Database>;
  /** Another one, without tables. */
  another(name: string): Promise<Database>;
  remove(): Promise<void>;
}

export function report(change: Partial<AlertReport> & { id: string }): AlertReport {
  return {
    site: 'shibuya',
    rule: 'density',
    subject: 'hall',
    severity: 'warning',
    state: 'firing',
    since: new Date('2026-11-22T08:00:00Z'),
    at: new Date('2026-11-22T08:00:00Z'),
    revision: 1,
    value: 2.6,
    threshold: 2.5,
    atLeast: false,
    minutesToNext: null,
    planVersion: 1,
    ...change,
  };
}

export const minutes = (after: number): Date =>
  new Date(Date.UTC(2026, 10, 22, 8) + after * 60_000);
