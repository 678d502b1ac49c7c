import { scenarioNames } from '@hitonami/simulator';
import type { Environment } from '@hitonami/service';
import type { Command } from 'commander';
import type { demo } from '../commands/demo.js';
import type { up } from '../commands/up.js';
import { run, SERVICE_NAMES } from '../commands/run.js';
import { parsePeople, parsePort } from './arguments.js';
import { DATA, print } from './common.js';

const DEMO_DATA = '.hitonami/demo';
const CONSOLE = '127.0.0.1:8080';

/** Commands that run a system or a part of one. */
export function withRunning(hitonami: Command, environment: Environment): void {
  hitonami
    .command('demo')
    .description(
      'a simulated station, drawn as its cameras see it, through the whole road: the console, and a live table beside the truth',
    )
    .option(
      '--data <folder>',
      'where its log, warehouse and records live; those of an earlier demo are removed',
      DEMO_DATA,
    )
    .option('--scenario <name>', `what happens there: ${scenarioNames.join(', ')}`, 'rush-hour')
    .option(
      '--people <share>',
      'share of the scenario’s people, 0.1 to 1 (default: 0.8 of the rush hour, 0.4 on fewer than four cores; all of the others)',
      parsePeople,
    )
    .option('--model <name|file>', 'a detector instead of the one that is shipped')
    .option('--console <address>', 'where the operators’ console is served', CONSOLE)
    .action(async (options: Parameters<typeof demo>[0]) =>
      (await import('../commands/demo.js')).demo(options, process.stdout),
    );

  hitonami
    .command('up')
    .description('the whole road in one process, on the embedded log and warehouse')
    .argument('<site.json>', 'the site plan')
    .option('--data <folder>', 'where its log and warehouse live', DATA)
    .option(
      '--model <name|file>',
      'the detector: one that was added, or an ONNX file; default: the one that is shipped; none: positions only',
    )
    .option(
      '--listen <address>',
      'where frames, positions and counts come in; beyond this machine with TLS (HITONAMI_GRPC_TLS_CERT, _KEY, _CA) or with HITONAMI_GRPC_INSECURE',
      '127.0.0.1:50051',
    )
    .option('--metrics <address>', 'where metrics and health are served', '127.0.0.1:9464')
    .option('--console <address>', 'where the operators’ console is served', CONSOLE)
    .option(
      '--public <address>',
      'where the public’s pages are served: notices, figures of frames, questions',
    )
    .option('--public-url <url>', 'the address that the public knows of them, such as a proxy’s')
    .option('--risk-report <report.json>', 'what hitonami audit has measured, for these pages')
    .option(
      '--warehouse-port <port>',
      'where ClickHouse’s HTTP interface is answered, on this machine alone',
      parsePort,
      8_123,
    )
    .action(async (plan: string, options: Parameters<typeof up>[1]) =>
      (await import('../commands/up.js')).up(plan, options, environment, print),
    );

  hitonami
    .command('run')
    .description(
      `one service as this process, from HITONAMI_* variables: ${SERVICE_NAMES.join(', ')}`,
    )
    .argument('<service>')
    .action(async (name: string) => {
      // Ends here, also where a part of the service was not done by its deadline and still holds the process.
      process.exit(await run(name, environment));
    });
}
