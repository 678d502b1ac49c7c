import { createRequire } from 'node:module';
import { address, type Address } from '@hitonami/service';
import { scenarioNames } from '@hitonami/simulator';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { audit } from './commands/audit.js';
import type { calibrate } from './commands/calibrate.js';
import type { demo } from './commands/demo.js';
import type { evaluate } from './commands/evaluate.js';
import type { notice } from './commands/notice.js';
import type { publish } from './commands/publish.js';
import type { release } from './commands/release.js';
import type { replay } from './commands/replay.js';
import { run, SERVICE_NAMES } from './commands/run.js';
import type { sql } from './commands/sql.js';
import type { stored } from './commands/stored.js';
import type { up } from './commands/up.js';
import type { verifyAudit } from './commands/verify-audit.js';
import { withModels } from './models/command.js';

const DATA = '.hitonami/up';
const CONSOLE_PORT = 8_080;
const DEMO_DATA = '.hitonami/demo';

/** Which log and warehouse a command looks into. */
const LOG_HELP = `
Which log: the embedded one in the data folder, or what the environment names, as for hitonami run:
  HITONAMI_LOG=kafka                     the log is Kafka
  HITONAMI_KAFKA_BROKERS                 host:port, …
  HITONAMI_TOPIC_PREFIX                  default hitonami.
Which warehouse: the embedded one in the data folder, or --url, or HITONAMI_WAREHOUSE_URL, with
  HITONAMI_WAREHOUSE_USER, HITONAMI_WAREHOUSE_PASSWORD`;

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

const print = (line: string): void => {
  console.log(line);
};

/** The command line of `hitonami`. Each command is loaded where it is wanted: all of them take a second longer to load. */
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
  hitonami demo                          see it work: a simulated station in the console, and in this terminal
  hitonami check site.json               is my site plan right? each fault with its place and its mend
  hitonami calibrate points.json         where the picture's points lie on the floor, and how surely
  hitonami replay clip.mp4 --plan site.json
                                         run a recording through everything, and see what it counts
  hitonami evaluate --scenario rush-hour how right the numbers are, where the truth is known
  hitonami up site.json                  run a site on this machine; cameras send frames to its gRPC address
  hitonami sql --purpose crowd-safety "SELECT * FROM area_measures_read ORDER BY start DESC LIMIT 5"
                                         ask the warehouse of what runs
  hitonami audit                         how far people can be followed by what is stored, and what could be changed
  hitonami release                       what the plan publishes, under disclosure control, for what is over
  hitonami stored                        is anything there that is older than it may be?
  hitonami run ingestor                  one service alone, from HITONAMI_* variables, as in deploy/compose.yaml`,
    );

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
    .option('--console <address>', 'where the operators’ console is served', parseAddress, {
      host: '127.0.0.1',
      port: CONSOLE_PORT,
    })
    .action(async (options: Parameters<typeof demo>[0]) =>
      (await import('./commands/demo.js')).demo(options, process.stdout),
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
    .option('--listen <address>', 'where frames, positions and counts come in', parseAddress, {
      host: '127.0.0.1',
      port: 50_051,
    })
    .option('--metrics <address>', 'where metrics and health are served', parseAddress, {
      host: '127.0.0.1',
      port: 9_464,
    })
    .option('--console <address>', 'where the operators’ console is served', parseAddress, {
      host: '127.0.0.1',
      port: CONSOLE_PORT,
    })
    .option(
      '--public <address>',
      'where the public’s pages are served: notices, figures of frames, questions',
      parseAddress,
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
      (await import('./commands/up.js')).up(plan, options, print),
    );

  hitonami
    .command('replay')
    .description(
      'a recording through the real ingestor, log, aggregator and warehouse; loses nothing, and can be repeated',
    )
    .argument(
      '<recording>',
      'a video, a folder of pictures, or positions (.csv, .jsonl: time, id, x, y in metres)',
    )
    .option(
      '--plan <site.json>',
      'the site plan; without one a clip’s picture is taken for the floor',
    )
    .option(
      '--model <name|file>',
      'the detector, for a clip: one that was added, or an ONNX file; default: the one that is shipped',
    )
    .option('--camera <id>', 'which camera of the plan it is, where there are several')
    .option(
      '--start <time>',
      'capture time of its first frame (ISO 8601); default: the recording’s own, else when its file was last changed',
      parseTime,
    )
    .option(
      '--rate <n>',
      'frames a second; default: the clip’s own, at most 10; 2.5 for positions',
      parseRate,
    )
    .option('--data <folder>', 'an empty folder for its log and warehouse; default: a new one')
    .option('--kafka <brokers>', 'use Kafka for the log: host:port, …', parseList)
    .addOption(
      new Option('--format <name>', 'what is printed')
        .choices(['table', 'jsonl', 'mot'])
        .default('table'),
    )
    .action(async (recording: string, options: Parameters<typeof replay>[1]) =>
      (await import('./commands/replay.js')).replay(recording, options, process.stdout),
    );

  hitonami
    .command('evaluate')
    .description(
      'how right the numbers are: of a clip or of detections against a truth file in MOT format, or of a simulated station',
    )
    .argument('[clip]', 'a video')
    .option('--truth <gt.txt>', 'frame,id,left,top,width,height,confidence,X,Y,Z')
    .option(
      '--model <name|file>',
      'the detector: one that was added, or an ONNX file; default: the one that is shipped',
    )
    .option(
      '--scenario <name>',
      `instead of a clip: drawn cameras through the whole road against the truth (${scenarioNames.join(', ')})`,
    )
    .option('--plan <site.json>', 'measure the scenario with another plan than its own')
    .option('--seed <n>', 'of the scenario; default: 1', parseSeed)
    .option('--seconds <n>', 'length of the scenario; default: its own', parseSeconds)
    .option('--detections <det.txt>', 'instead of a clip and a model: judges the tracker alone')
    .option('--rate <n>', 'frames a second of the detections; default: 25', parseRate)
    .option(
      '--homography <h.json>',
      'picture pixels to floor metres; without one the picture is the plane',
    )
    .option(
      '--threshold <share>',
      'score from which a detection counts; default: the model’s own, 0.7 with --detections',
      parseShare,
    )
    .option('--input-size <w>x<h>', 'network pixels, for a model that leaves it open', parseSize)
    .option('--json', 'one line of JSON')
    .action(async (clip: string | undefined, options: Parameters<typeof evaluate>[1]) =>
      (await import('./commands/evaluate.js')).evaluate(clip, options, print),
    );

  hitonami
    .command('calibrate')
    .description(
      'from points whose place is known, or from walkers, to a camera’s calibration with its residual in metres',
    )
    .argument('[points]', 'four or more points (.json, .csv): u, v in pixels, x, y in metres')
    .option('--clip <clip>', 'walkers are seen in it; with points: what the grid is drawn over')
    .option('--height <m>', 'mean stature of the walkers, shoes on, metres', parseStature)
    .option('--detections <det.txt>', 'boxes of walkers in MOT format instead of a clip')
    .option('--model <file>', 'the detector (ONNX); default: the one that is shipped')
    .option('--lens <lens.json>', 'fx fy cx cy and k1 k2 k3 p1 p2 of the lens, as OpenCV has them')
    .option('--fov <degrees>', 'horizontal field of view, where no lens is known', parseDegrees)
    .option('--size <w>x<h>', 'pixels of the picture', parseSize)
    .option('--frame <picture>', 'a picture to draw the grid over; people in it are painted over')
    .option('--overlay <file>', 'draw the floor’s grid: .png or .jpg over the picture, .svg alone')
    .option('--json', 'one line of JSON')
    .action(async (points: string | undefined, options: Parameters<typeof calibrate>[1]) =>
      (await import('./commands/calibrate.js')).calibrate(points, options, print),
    );

  hitonami
    .command('run')
    .description(
      `one service as this process, from HITONAMI_* variables: ${SERVICE_NAMES.join(', ')}`,
    )
    .argument('<service>')
    .action(async (name: string) => {
      // Ends here, also where a part of the service was not done by its deadline and still holds the process.
      process.exit(await run(name, process.env));
    });

  hitonami
    .command('publish')
    .description(
      'put a version of a site plan on the event log, from where every service learns it',
    )
    .argument('<site.json>', 'the site plan')
    .addOption(
      new Option('--data <folder>', 'where the embedded log lives')
        .env('HITONAMI_DATA')
        .default(DATA),
    )
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
      (await import('./commands/publish.js')).publish(plan, options, process.env, print),
    );

  hitonami
    .command('release')
    .description(
      'computes what is due of the plan’s datasets under disclosure control, and puts it into the public folder; fails where something does',
    )
    .argument('[site.json]', 'a site plan that is on the log: its site alone')
    .addOption(
      new Option('--data <folder>', 'data folder of the system').env('HITONAMI_DATA').default(DATA),
    )
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
      const { release } = await import('./commands/release.js');
      process.exitCode = await release(plan, options, process.env, print);
    });

  hitonami
    .command('check')
    .description('is a site plan right? says every fault with its key, its place and its mend')
    .argument('<site.json>', 'the site plan')
    .action(async (plan: string) => {
      const { check } = await import('./commands/check.js');
      process.exitCode = await check(plan, print, Date.now());
    });

  hitonami
    .command('sql')
    .description('ask the warehouse of a running system')
    .argument('<statement>', 'SQL of ClickHouse')
    .option('--data <folder>', 'data folder of the running system', DATA)
    .option('--url <url>', 'a ClickHouse server instead')
    .option('--format <name>', 'a format of ClickHouse', 'PrettyCompact')
    .option(
      '--purpose <id>',
      'of the plan: needed for a table of people or counts; noted in the audit log',
    )
    .option('--recipient <id>', 'of the plan, whom you act for; default: the operator')
    .addHelpText('after', LOG_HELP)
    .action(async (statement: string, options: Parameters<typeof sql>[1]) =>
      (await import('./commands/sql.js')).sql(statement, options, process.env, (text) =>
        process.stdout.write(text),
      ),
    );

  hitonami
    .command('verify-audit')
    .description(
      'walks the chain of the audit log; fails where an entry was changed, removed or put in. The embedded records must not be in use',
    )
    .addOption(
      new Option('--data <folder>', 'data folder, where HITONAMI_RECORDS_URL names no PostgreSQL')
        .env('HITONAMI_DATA')
        .default(DATA),
    )
    .option('--head <hash>', 'a head that was published earlier: is it still in the chain?')
    .action(async (options: Parameters<typeof verifyAudit>[0]) => {
      const { verifyAudit } = await import('./commands/verify-audit.js');
      process.exitCode = await verifyAudit(options, process.env, print);
    });

  hitonami
    .command('audit')
    .description(
      'attacks what is stored as an adversary would, and reports how far people can be followed; fails above the plan’s limits',
    )
    .option('--data <folder>', 'data folder of the system', DATA)
    .option('--site <id>', 'which site, where there are several')
    .option('--url <url>', 'a ClickHouse server instead of the embedded warehouse')
    .option('--database <name>', 'of the warehouse', 'hitonami')
    .addOption(
      new Option(
        '--records <url>',
        'PostgreSQL of the records, whose audit log notes the read; default: embedded in the data folder',
      ).env('HITONAMI_RECORDS_URL'),
    )
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
    .addHelpText('after', LOG_HELP)
    .action(async (options: Parameters<typeof audit>[0]) => {
      process.exitCode = await (
        await import('./commands/audit.js')
      ).audit(options, process.env, print);
    });

  hitonami
    .command('stored')
    .description(
      'proves of every topic and table that nothing is there that is older than it may be; fails where something is',
    )
    .option('--data <folder>', 'data folder of the system', DATA)
    .option('--url <url>', 'a ClickHouse server instead of the embedded warehouse')
    .option('--database <name>', 'of the warehouse', 'hitonami')
    .addHelpText('after', LOG_HELP)
    .action(async (options: Parameters<typeof stored>[0]) => {
      process.exitCode = await (
        await import('./commands/stored.js')
      ).stored(options, process.env, print);
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
      (await import('./commands/notice.js')).notice(plan, options, print),
    );

  withModels(hitonami, print);
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

function parseTime(value: string): Date {
  const time = new Date(value);
  if (!Number.isNaN(time.getTime())) return time;
  throw new InvalidArgumentError('must be a time such as 2026-04-01T08:00:00+09:00');
}

function parseRate(value: string): number {
  const rate = Number(value);
  if (rate >= 0.2 && rate <= 100) return rate;
  throw new InvalidArgumentError('must be from 0.2 to 100');
}

function parsePeople(text: string): number {
  const share = Number(text);
  if (share >= 0.1 && share <= 1) return share;
  throw new InvalidArgumentError('must be from 0.1 to 1');
}

function parseSeed(value: string): number {
  const seed = Number(value);
  if (/^\d{1,9}$/.test(value)) return seed;
  throw new InvalidArgumentError('must be a whole number from 0 to 999999999');
}

function parseSeconds(value: string): number {
  const seconds = Number(value);
  if (seconds >= 10 && seconds <= 3_600) return seconds;
  throw new InvalidArgumentError('must be from 10 to 3600');
}

function parseList(value: string): string[] {
  return value.split(',').map((item) => item.trim());
}

function parseStature(value: string): number {
  const stature = Number(value);
  if (stature >= 0.8 && stature <= 2.2) return stature;
  throw new InvalidArgumentError('must be from 0.8 to 2.2 metres');
}

function parseDegrees(value: string): number {
  const degrees = Number(value);
  if (degrees >= 2 && degrees <= 170) return degrees;
  throw new InvalidArgumentError('must be from 2 to 170 degrees');
}

function parseShare(value: string): number {
  const share = Number(value);
  if (share > 0 && share < 1) return share;
  throw new InvalidArgumentError('must be above 0 and below 1');
}

function parseSize(value: string): [number, number] {
  const [width = 0, height = 0] = /^\d+x\d+$/.test(value) ? value.split('x').map(Number) : [];
  if (width > 0 && height > 0) return [width, height];
  throw new InvalidArgumentError('must be such as 640x480');
}
