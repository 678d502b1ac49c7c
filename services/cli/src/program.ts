import { createRequire } from 'node:module';
import { address, type Address } from '@hitonami/service';
import { Command, InvalidArgumentError } from 'commander';
import { check } from './commands/check.js';
import { demo } from './commands/demo.js';
import { publish } from './commands/publish.js';
import { run, SERVICE_NAMES } from './commands/run.js';
import { sql } from './commands/sql.js';
import { up } from './commands/up.js';

const DATA = '.hitonami/up';
const DEMO_DATA = '.hitonami/demo';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const print = (line: string): void => {
  console.log(line);
};

/** The command line of `hitonami`. */
export function program(): Command {
  const hitonami = new Command('hitonami')
    .description(
      'Crowd flow of stations and public space: people become anonymous positions, and the picture is gone.',
    )
    .version(version)
    .showHelpAfterError()
    .addHelpText(
      'after',
      `
How it goes:
  hitonami demo                          see it work: a simulated station in this terminal
  hitonami check site.json               is my site plan right? each fault with its place and its mend
  hitonami replay clip.mp4 --plan site.json --model person.onnx
                                         run a recording through everything, and see what it counts
  hitonami up site.json --model person.onnx
                                         run a site on this machine; cameras send frames to its gRPC address
  hitonami sql "SELECT * FROM area_measures_read ORDER BY start DESC LIMIT 5"
                                         ask the warehouse of what runs
  hitonami run ingestor                  one service alone, from HITONAMI_* variables, as in deploy/compose.yaml`,
    );

  hitonami
    .command('demo')
    .description('simulated sensors through the whole road, with a live table of areas and lines')
    .option('--data <folder>', 'where its log and warehouse live; emptied at the start', DEMO_DATA)
    .action((options: { data: string }) => demo(options, process.stdout));

  hitonami
    .command('up')
    .description('the whole road in one process, on the embedded log and warehouse')
    .argument('<site.json>', 'the site plan')
    .option('--data <folder>', 'where its log and warehouse live', DATA)
    .option(
      '--model <file>',
      'the detector (ONNX); without one only positions and counts are taken',
    )
    .option('--listen <address>', 'where frames, positions and counts come in', parseAddress, {
      host: '127.0.0.1',
      port: 50_051,
    })
    .option('--metrics <address>', 'where metrics and health are served', parseAddress, {
      host: '127.0.0.1',
      port: 9_464,
    })
    .option(
      '--warehouse-port <port>',
      'where ClickHouse’s HTTP interface is answered, on this machine alone',
      parsePort,
      8_123,
    )
    .action((plan: string, options: Parameters<typeof up>[1]) => up(plan, options, print));

  hitonami
    .command('run')
    .description(
      `one service as this process, from HITONAMI_* variables: ${SERVICE_NAMES.join(', ')}`,
    )
    .argument('<service>')
    .action(async (name: string) => {
      process.exitCode = await run(name, process.env);
    });

  hitonami
    .command('publish')
    .description(
      'put a version of a site plan on the event log, from where every service learns it',
    )
    .argument('<site.json>', 'the site plan')
    .action((plan: string) => publish(plan, process.env, print));

  hitonami
    .command('check')
    .description('is a site plan right? says every fault with its key, its place and its mend')
    .argument('<site.json>', 'the site plan')
    .action(async (plan: string) => {
      process.exitCode = await check(plan, print);
    });

  hitonami
    .command('sql')
    .description('ask the warehouse of a running system')
    .argument('<statement>', 'SQL of ClickHouse')
    .option('--data <folder>', 'data folder of the running system', DATA)
    .option('--url <url>', 'a ClickHouse server instead')
    .option('--format <name>', 'a format of ClickHouse', 'PrettyCompact')
    .action((statement: string, options: Parameters<typeof sql>[1]) =>
      sql(statement, options, (text) => process.stdout.write(text)),
    );

  return hitonami;
}

function parseAddress(value: string): Address {
  const parsed = address().safeParse(value);
  if (parsed.success) return parsed.data;
  throw new InvalidArgumentError(parsed.error.issues[0]?.message ?? 'not an address');
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('must be a port number from 0 to 65535');
}
