import { join } from 'node:path';
import { HitonamiError } from '@hitonami/model';
import {
  mayRead,
  outsideBecause,
  planInForce,
  type Answer,
  type PlanVersionInForce,
} from '@hitonami/privacy';
import { followPlans, openLog, type Environment } from '@hitonami/service';
import { findEmbeddedWarehouse, type Warehouse } from '@hitonami/warehouse';
import { commandLogger } from '../command-logger.js';
import { WAREHOUSE_FOLDER } from '../data-folder.js';
import { noteRead, type RecordsPlace } from '../note-read.js';
import { tablesOf, type NamedTable } from '../sql/items.js';
import { openStoredWarehouse, readStores, type StoresConfig } from '../stores-config.js';

/** The engine removes what has expired within this; such rows are no reason to refuse, ms. */
const REMOVAL_MS_MAX = 6 * 3_600_000;
/** Of a statement, in the audit log, characters. */
const STATEMENT_MAX = 3_000;

export interface SqlOptions {
  data: string;
  url?: string;
  format?: string;
  /** Id of a purpose of the plans; needed where the statement names a table of people. */
  purpose?: string;
  /** Whom the reader acts for: the operator, which is the default, or a processor. */
  recipient?: string;
}

/**
 * `hitonami sql "…"`: asks the warehouse of a running system. What names a table of people names its purpose, is refused
 * where that does not cover all that the table holds, and is in the audit log before it is asked.
 * @param write false where nobody reads the answer any more: the rest is not asked for
 */
export async function sql(
  statement: string,
  options: SqlOptions,
  environment: Environment,
  write: (text: string) => boolean,
): Promise<void> {
  const tables = tablesOf(statement);
  const config = readStores(environment, options.data);
  const folder = join(options.data, WAREHOUSE_FOLDER);
  const server = options.url ?? config.warehouseUrl;
  const url = server ?? (await findEmbeddedWarehouse(folder));
  if (url === undefined) {
    throw new HitonamiError(
      'UNAVAILABLE',
      `no warehouse runs on ${folder}; start one (hitonami up, or hitonami run warehouse), or name one with --url or HITONAMI_WAREHOUSE_URL`,
    );
  }
  const warehouse = openStoredWarehouse(url, config);
  try {
    if (tables.length > 0)
      await requirePurpose({
        ...{ statement, tables, options, config, warehouse },
        ...{ data: options.data, isServer: server !== undefined, recordsUrl: config.recordsUrl },
      });
    for await (const chunk of await warehouse.query(statement, {}, options.format))
      if (!write(chunk)) break;
  } finally {
    await warehouse.close();
  }
}

interface Reading extends RecordsPlace {
  statement: string;
  tables: readonly NamedTable[];
  options: SqlOptions;
  config: StoresConfig;
  warehouse: Warehouse;
}

async function requirePurpose(reading: Reading): Promise<void> {
  const { options, statement, tables } = reading;
  const refusal = await refusalOf(reading);
  const names = tables.map(({ table }) => table).join(', ');
  await noteRead(reading, {
    action: refusal === undefined ? 'data.read' : 'data.refuse',
    subject: names,
    detail: `hitonami sql, purpose ${options.purpose ?? 'none'}: ${statement.slice(0, STATEMENT_MAX)}`,
  });
  if (refusal !== undefined) throw new HitonamiError('INPUT', `${names} is not read: ${refusal}`);
}

/** Why not, in both languages; undefined where every site's plan grants all that the tables hold of it. */
async function refusalOf({
  tables,
  options,
  config,
  warehouse,
}: Reading): Promise<string | undefined> {
  const log = await openLog(config, 'sql', commandLogger('sql', 'warn'));
  try {
    const plans = await followPlans(log, commandLogger('sql', 'warn'));
    await plans.stop();
    const known = plans.sites().map((site) => ({
      site,
      versions: plans
        .versions(site)
        .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 })),
    }));
    if (options.purpose === undefined) return unnamed(tables, known);
    for (const table of tables) {
      for (const [site, oldestMs] of await oldestOf(warehouse, table)) {
        const versions = known.find((one) => one.site === site)?.versions;
        if (versions === undefined)
          return `the log has no plan of the site '${site}': name the log that has it (hitonami sql --help)`;
        const outside = outsideBecause(
          planInForce(versions, Date.now()),
          options.recipient ?? null,
        );
        if (outside !== undefined) return `${outside.en} (${outside.ja})`;
        const answer = ask(versions, table, options.purpose, options.recipient, oldestMs);
        if (!answer.isGranted) return `${answer.because.en} (${answer.because.ja})`;
      }
    }
    return undefined;
  } finally {
    await log.close();
  }
}

function ask(
  versions: readonly PlanVersionInForce[],
  { item }: NamedTable,
  purpose: string,
  wanted: string | undefined,
  oldestMs: number,
): Answer {
  const nowMs = Date.now();
  const plan = planInForce(versions, nowMs);
  const recipient =
    wanted ?? plan?.governance.recipients.find(({ role }) => role === 'operator')?.id ?? '';
  const from = (fromMs: number): Answer =>
    mayRead(versions, { purpose, item, recipient, fromMs, toMs: nowMs + 1, nowMs });
  const answer = from(Math.min(oldestMs, nowMs));
  if (answer.isGranted || answer.reason !== 'too-old') return answer;
  const keptFromMs = answer.readableFromMs ?? nowMs;
  return keptFromMs - oldestMs < REMOVAL_MS_MAX ? from(keptFromMs) : answer;
}

/** The oldest that a table holds of each site, ms since 1970. */
async function oldestOf(
  warehouse: Warehouse,
  { table, time }: NamedTable,
): Promise<[string, number][]> {
  const statement = `SELECT site, toUnixTimestamp64Milli(min(${time})) AS oldest FROM ${table} GROUP BY site`;
  let lines = '';
  for await (const chunk of await warehouse.query(statement, {}, 'JSONEachRow')) lines += chunk;
  return lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { site, oldest } = JSON.parse(line) as { site: string; oldest: string | number };
      return [site, Number(oldest)];
    });
}

function unnamed(
  tables: readonly NamedTable[],
  known: readonly { versions: readonly PlanVersionInForce[] }[],
): string {
  const items = new Set(tables.map(({ item }) => item));
  const ids = new Set(
    known.flatMap(({ versions }) =>
      (versions.at(-1)?.plan.governance.purposes ?? [])
        .filter((purpose) => [...items].every((item) => purpose.items.includes(item)))
        .map(({ id }) => id),
    ),
  );
  const which = [...ids].map((id) => `--purpose ${id}`).join(' or ');
  return ids.size > 0
    ? `a read names its purpose: ${which} (閲覧には目的が必要です)`
    : 'a read names its purpose, and no purpose of the plans uses this (閲覧には目的が必要ですが、計画の目的にこれを使うものはありません)';
}
