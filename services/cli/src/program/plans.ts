import type { Environment } from '@hitonami/service';
import type { Command } from 'commander';
import type { notice } from '../commands/notice.js';
import type { publish } from '../commands/publish.js';
import type { release } from '../commands/release.js';
import { dataOption, print } from './common.js';

/** Commands for the site plan and what the public is told of it. */
export function withPlans(hitonami: Command, environment: Environment): void {
  hitonami
    .command('check')
    .description('is a site plan right? says every fault with its key, its place and its mend')
    .argument('<site.json>', 'the site plan')
    .action(async (plan: string) => {
      const { check } = await import('../commands/check.js');
      process.exitCode = await check(plan, print, Date.now());
    });

  hitonami
    .command('publish')
    .description(
      'put a version of a site plan on the event log, from where every service learns it',
    )
    .argument('<site.json>', 'the site plan')
    .addOption(dataOption('where the embedded log lives'))
    .addHelpText(
      'after',
      `
Which log: the embedded one in the data folder, or what the environment names, as for hitonami run:
  HITONAMI_LOG=kafka                     the log is Kafka; --data is not used then
  HITONAMI_KAFKA_BROKERS                 host:port, …
  HITONAMI_TOPIC_PREFIX                  default hitonami.
  HITONAMI_OBSERVATION_PARTITIONS        default 4, where the topics have to be made`,
    )
    .action(async (plan: string, options: Parameters<typeof publish>[1]) =>
      (await import('../commands/publish.js')).publish(plan, options, environment, print),
    );

  hitonami
    .command('release')
    .description(
      'computes what is due of the plan’s datasets under disclosure control, and puts it into the public folder; fails where something does',
    )
    .argument('[site.json]', 'a site plan that is on the log: its site alone')
    .addOption(dataOption('data folder of the system'))
    .option('--site <id>', 'which site, where there are several')
    .option('--dataset <id>', 'this dataset alone')
    .option('--period <period>', 'this period alone, such as 2026-10-05 or 2026-10')
    .option(
      '--correct <dataset-and-period...>',
      'a new version of what is released, with the reason',
    )
    .option('--withdraw <dataset>', 'it is given no more, with the reason')
    .option('--because-ja <text>', 'the reason, for the public')
    .option('--because-en <text>', 'the same in English')
    .option('--json', 'one line of JSON for each period')
    .addHelpText(
      'after',
      `
Beside a system that runs with --public, its publisher is asked; otherwise the embedded parts of the data folder are
opened for the while. Servers are named by the keys of hitonami run publisher:
  HITONAMI_LOG=kafka, HITONAMI_KAFKA_BROKERS, HITONAMI_WAREHOUSE_URL, HITONAMI_RECORDS_URL, HITONAMI_PUBLIC_FOLDER, …`,
    )
    .action(async (plan: string | undefined, options: Parameters<typeof release>[1]) => {
      const { release } = await import('../commands/release.js');
      process.exitCode = await release(plan, options, environment, print);
    });

  hitonami
    .command('notice')
    .description(
      'what the public and the staff are told, from the plan: notices, poster, sticker, page, register, briefing, assessment; Japanese and English, HTML and PDF',
    )
    .argument('<site.json>', 'the site plan')
    .requiredOption('--out <folder>', 'where the documents are written')
    .option('--before <old.json>', 'the plan of the notice before: what changed is said')
    .option('--url <url>', 'address of the public page, in print and as a QR code')
    .option('--audit <report.json>', 'what hitonami audit has measured')
    .option('--no-pdf', 'HTML alone')
    .action(async (plan: string, options: Parameters<typeof notice>[1]) =>
      (await import('../commands/notice.js')).notice(plan, options, print),
    );
}
