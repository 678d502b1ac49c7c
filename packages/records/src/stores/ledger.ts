import { HitonamiError } from '@hitonami/model';
import { LIMITS, day, id, instant, name, wholeNumber } from '../limits.js';
import type { Database, Sql } from '../sql/port.js';

/** What a release with noise spends of the privacy budget of the days that it is about. */
export interface LedgerDebit {
  readonly site: string;
  /** Local days that the data is about, `YYYY-MM-DD`: all of them are debited, or none. */
  readonly day: string | readonly string[];
  readonly dataset: string;
  /** `2026-10` or `2026-10-05`. */
  readonly period: string;
  readonly version: number;
  /** Spent on each of the days; counted in millionths, rounded up. */
  readonly epsilon: number;
  /** What may be spent on one day by all datasets and versions of the site together; counted in millionths, rounded down. */
  readonly budget: number;
  /** Default now. */
  readonly at?: Date;
}

export interface LedgerEntry {
  readonly dataset: string;
  readonly period: string;
  readonly version: number;
  readonly epsilon: number;
  /** The budget of the day when it was spent. */
  readonly budget: number;
  readonly at: Date;
}

/** The ledger of the privacy budget: per site and day of the data, over all datasets and versions. Only added to. */
export interface Ledger {
  /**
   * Notes what is spent, before anything is written that spends it; on the disk when it resolves. Of debits at the same time
   * each sees the others.
   *
   * @returns `already` where this release had been debited for all of the days: nothing was spent now
   * @throws HitonamiError `INPUT`, `detail` `LEDGER_SPENT`, where a day would go over the budget: nothing is spent then;
   *   `detail` `LEDGER_OTHERWISE` where the release was debited with another ε before
   */
  debit(debit: LedgerDebit): Promise<'debited' | 'already'>;
  /** The sum of ε of a day; 0 where nothing was. */
  spent(site: string, day: string): Promise<number>;
  /** What a day was spent on, the oldest first. */
  list(site: string, day: string): Promise<LedgerEntry[]>;
}

/** `detail` of a refusal for want of budget. */
export const LEDGER_SPENT = 'budget-spent';
/** `detail` of a refusal since the release was debited otherwise. */
export const LEDGER_OTHERWISE = 'debited-otherwise';

/** Days of one debit: a release is about a month at most. */
const DAYS_MAX = 31;
const MILLION = 1_000_000;
/** ε and budgets beyond this are a mistake: at e^100 nothing is protected. */
const EPSILON_MAX = 100;
/** What a decimal loses as a binary fraction, in millionths. */
const BINARY_LOSS = 1e-6;
/** Any fixed number: with that of the site it names the lock of who debits. */
const DEBIT_LOCK = 7_411_906;

export function ledger(database: Database): Ledger {
  return {
    async debit(debit) {
      const days = [...new Set([debit.day].flat())].map(day).sort();
      if (days.length === 0 || days.length > DAYS_MAX)
        throw refused('day', `a debit is for 1 to ${DAYS_MAX} days, not ${days.length}`);
      const site = id('site', debit.site);
      const release = [
        id('dataset', debit.dataset),
        name('period', debit.period),
        wholeNumber('version', debit.version),
      ] as const;
      const epsilon = millionths('epsilon', debit.epsilon, Math.ceil);
      const budget = millionths('budget', debit.budget, Math.floor);
      if (epsilon === 0) throw refused('epsilon', 'epsilon is 0: a release with noise spends some');
      const at = instant('at', debit.at ?? new Date());
      return database.transaction(async (sql) => {
        await sql.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [DEBIT_LOCK, site]);
        const own = await sql.query<{ day: string; epsilon: number }>(
          `SELECT day::text AS day, epsilon_millionths AS epsilon FROM ledger
           WHERE site = $1 AND day = ANY ($2::text[]::date[]) AND dataset = $3 AND period = $4 AND version = $5`,
          [site, days, ...release],
        );
        if (own.some((entry) => entry.epsilon !== epsilon))
          throw refused(
            LEDGER_OTHERWISE,
            `version ${debit.version} of ${debit.dataset} ${debit.period} was debited with another ε before`,
          );
        const missing = days.filter((one) => !own.some((entry) => entry.day === one));
        if (missing.length === 0) return 'already';
        await requireBudget(sql, site, missing, epsilon, budget);
        await sql.query(
          `INSERT INTO ledger (site, day, dataset, period, version, epsilon_millionths, budget_millionths, at)
           SELECT $1, one, $3, $4, $5, $6, $7, $8 FROM unnest($2::text[]::date[]) AS one`,
          [site, missing, ...release, epsilon, budget, at],
        );
        return 'debited';
      });
    },
    async spent(site, of) {
      const [row] = await database.query<{ spent: number }>(
        'SELECT coalesce(sum(epsilon_millionths), 0)::bigint AS spent FROM ledger WHERE site = $1 AND day = $2::text::date',
        [id('site', site), day(of)],
      );
      return (row?.spent ?? 0) / MILLION;
    },
    async list(site, of) {
      const found = await database.query<LedgerEntry>(
        `SELECT dataset, period, version, epsilon_millionths AS epsilon, budget_millionths AS budget, at
         FROM ledger WHERE site = $1 AND day = $2::text::date ORDER BY id LIMIT $3`,
        [id('site', site), day(of), LIMITS.rows],
      );
      return found.map(({ epsilon, budget, ...entry }) => ({
        ...entry,
        epsilon: epsilon / MILLION,
        budget: budget / MILLION,
      }));
    },
  };
}

/** @throws HitonamiError `INPUT` that names the first day on which it is not enough */
async function requireBudget(
  sql: Sql,
  site: string,
  days: readonly string[],
  epsilon: number,
  budget: number,
): Promise<void> {
  const spent = await sql.query<{ day: string; spent: number }>(
    `SELECT day::text AS day, sum(epsilon_millionths)::bigint AS spent FROM ledger
     WHERE site = $1 AND day = ANY ($2::text[]::date[]) GROUP BY ledger.day`,
    [site, days],
  );
  for (const one of days) {
    const before = spent.find((row) => row.day === one)?.spent ?? 0;
    if (before + epsilon > budget)
      throw refused(
        LEDGER_SPENT,
        `the privacy budget of ${site} for ${one} is ${budget / MILLION}, of which ${before / MILLION} is spent: ${epsilon / MILLION} more cannot be`,
      );
  }
}

/** A decimal of up to six places is kept as it is; what is finer is rounded to the safe side. */
function millionths(what: string, value: number, toSafeSide: (value: number) => number): number {
  if (!Number.isFinite(value) || value < 0 || value > EPSILON_MAX)
    throw refused(what, `${what} is not between 0 and ${EPSILON_MAX}`);
  const whole = Math.round(value * MILLION);
  return Math.abs(value * MILLION - whole) <= BINARY_LOSS ? whole : toSafeSide(value * MILLION);
}

function refused(detail: string, why: string): HitonamiError {
  return new HitonamiError('INPUT', why, { detail });
}
