import type { Environment } from '@hitonami/service';
import type { Command } from 'commander';
import type { audit } from '../commands/audit.js';
import type { sql } from '../commands/sql.js';
import type { stored } from '../commands/stored.js';
import type { verifyAudit } from '../commands/verify-audit.js';
import { isOutputLost } from '../output.js';
import { parseSeed, parseUrl } from './arguments.js';
import { dataOption, print, STORES_HELP } from './common.js';

/** Commands that ask and examine what is stored. */
export function withStores(hitonami: Command, environment: Environment): void {
  hitonami
    .command('sql')
    .description('ask the warehouse of a running system')
    .argument('<statement>', 'SQL of ClickHouse')
    .addOption(dataOption('data folder of the running system'))
    .option('--url <url>', 'a ClickHouse server instead', parseUrl)
    .option('--format <name>', 'a format of ClickHouse', 'PrettyCompact')
    .option(
      '--purpose <id>',
      'of the plan: needed for a table of people or counts; noted in the audit log',
    )
    .option('--recipient <id>', 'of the plan, whom you act for; default: the operator')
    .addHelpText('after', STORES_HELP)
    .action(async (statement: string, options: Parameters<typeof sql>[1]) =>
      (await import('../commands/sql.js')).sql(statement, options, environment, (text) => {
        process.stdout.write(text);
        return !isOutputLost();
      }),
    );

  hitonami
    .command('audit')
    .description(
      'attacks what is stored as an adversary would, and reports how far people can be followed; fails above the plan’s limits',
    )
    .addOption(dataOption('data folder of the system'))
    .option('--site <id>', 'which site, where there are several')
    .option('--url <url>', 'a ClickHouse server instead of the embedded warehouse', parseUrl)
    .option('--database <name>', 'of the warehouse', 'hitonami')
    .option(
      '--truth <file>',
      'instead: positions (.csv, .jsonl: time, id, x, y) whose people are known, to measure the attack itself',
    )
    .option('--plan <site.json>', 'the site plan, for --truth')
    .option(
      '--gate-log <log.csv>',
      'time and gate of the passages of ticket gates; no names needed',
    )
    .option('--previous <risk-report.json>', 'an earlier report, for the trend')
    .option('--out <folder>', 'where risk-report.ja.md, .en.md and .json go', '.')
    .option('--seed <n>', 'of what is drawn by chance', parseSeed, 1)
    .addHelpText('after', STORES_HELP)
    .action(async (options: Parameters<typeof audit>[0]) => {
      process.exitCode = await (
        await import('../commands/audit.js')
      ).audit(options, environment, print);
    });

  hitonami
    .command('stored')
    .description(
      'proves of every topic and table that nothing is there that is older than it may be; fails where something is',
    )
    .addOption(dataOption('data folder of the system'))
    .option('--url <url>', 'a ClickHouse server instead of the embedded warehouse', parseUrl)
    .option('--database <name>', 'of the warehouse', 'hitonami')
    .addHelpText('after', STORES_HELP)
    .action(async (options: Parameters<typeof stored>[0]) => {
      process.exitCode = await (
        await import('../commands/stored.js')
      ).stored(options, environment, print);
    });

  hitonami
    .command('verify-audit')
    .description(
      'walks the chain of the audit log; fails where an entry was changed, removed or put in. The embedded records must not be in use',
    )
    .addOption(dataOption('data folder, where HITONAMI_RECORDS_URL names no PostgreSQL'))
    .option('--head <hash>', 'a head that was published earlier: is it still in the chain?')
    .action(async (options: Parameters<typeof verifyAudit>[0]) => {
      const { verifyAudit } = await import('../commands/verify-audit.js');
      process.exitCode = await verifyAudit(options, environment, print);
    });
}
