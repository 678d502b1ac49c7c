import { addDays } from '@hitonami/model';
import type { BuyerUsage, Records } from '@hitonami/records';
import { ProblemError } from '../http/problem.js';
import { csvText } from '../measures/csv.js';

/** Rows of one file: more is a month that nobody reads as a table. */
const ROWS_MAX = 200_000;
const ROWS_AT_ONCE = 1_000;

const COLUMNS = [
  'day',
  'buyer',
  'organisation',
  'key',
  'purpose',
  'dataset',
  'period',
  'version',
  'file',
  'requests',
  'bytes',
] as const satisfies readonly (keyof BuyerUsage)[];

/** What all buyers of a site fetched in a month, for invoices. @param month `YYYY-MM`, local */
export async function usageCsv(
  { buyerKeys }: Pick<Records, 'buyerKeys'>,
  site: string,
  month: string,
): Promise<string> {
  const from = `${month}-01`;
  const next = `${addDays(from, 31).slice(0, 7)}-01`;
  const days = { from, to: addDays(next, -1) };
  const all: BuyerUsage[] = [];
  for (;;) {
    const after = all.at(-1)?.id;
    const page = await buyerKeys.usage(site, { ...days, after, limit: ROWS_AT_ONCE });
    all.push(...page);
    if (page.length < ROWS_AT_ONCE) break;
    if (all.length >= ROWS_MAX)
      throw new ProblemError(400, 'invalid', `The month has over ${ROWS_MAX} rows.`);
  }
  return csvText(
    COLUMNS,
    all.map((row) => COLUMNS.map((column) => row[column])),
  );
}
