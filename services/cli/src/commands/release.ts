import { access } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { HitonamiError, parsePlan, type BothLanguages } from '@hitonami/model';
import {
  answer,
  askPublisher,
  isPublisherRunning,
  makeReleaser,
  openFolder,
  openOwnRecords,
  openStore,
  publisherMetrics,
  publisherSchema,
  type PublisherConfig,
  type PublisherRequest,
  type ReleaseLine,
} from '@hitonami/publisher';
import {
  createMetrics,
  followPlans,
  openLog,
  readConfig,
  type Environment,
} from '@hitonami/service';
import { findEmbeddedWarehouse, startEmbeddedWarehouse } from '@hitonami/warehouse';
import { commandLogger } from '../command-logger.js';
import { closeAll } from '../close-all.js';
import { WAREHOUSE_FOLDER } from '../data-folder.js';
import { formatTable } from '../table.js';
import { readText } from '../read-text.js';

export interface ReleaseOptions {
  data: string;
  site?: string;
  dataset?: string;
  period?: string;
  /** Dataset and period. */
  correct?: string[];
  withdraw?: string;
  becauseJa?: string;
  becauseEn?: string;
  json?: boolean;
}

/**
 * `hitonami release`: what is due now of the plan's datasets, a correction, or a withdrawal. Asks the publisher that runs in the
 * data folder; opens the parts itself where none does.
 *
 * @returns the exit code: 1 where something failed, or what was asked for is refused
 */
export async function release(
  planFile: string | undefined,
  options: ReleaseOptions,
  environment: Environment,
  print: (line: string) => void,
): Promise<number> {
  const request = await requestOf(planFile, options);
  const lines = (await isPublisherRunning(options.data))
    ? await askPublisher(options.data, request)
    : await releaseHere(options.data, request, environment);
  if (options.json === true) for (const line of lines) print(JSON.stringify(line));
  else print(lines.length === 0 ? NOTHING : tableOf(lines));
  const isAsked = request.kind !== 'release' || request.period !== undefined;
  const isBad = ({ outcome }: ReleaseLine): boolean =>
    outcome === 'failed' || (isAsked && outcome === 'refused');
  return lines.some(isBad) ? 1 : 0;
}

const NOTHING =
  'nothing is due: no dataset of a plan in force has a period that was measured and is over';

/** @throws HitonamiError `INPUT` for what does not go together */
async function requestOf(
  planFile: string | undefined,
  { correct, withdraw, becauseJa, becauseEn, ...options }: ReleaseOptions,
): Promise<PublisherRequest> {
  const site = planFile === undefined ? options.site : parsePlan(await readText(planFile)).site;
  const common = {
    user: `os:${userInfo().username}`,
    ...(site !== undefined && { site }),
  };
  if (options.period !== undefined && !isPeriod(options.period)) {
    throw new HitonamiError(
      'INPUT',
      `--period: '${options.period}' is neither a day nor a month: give one such as 2026-10-05 or 2026-10`,
    );
  }
  if (correct === undefined && withdraw === undefined)
    return {
      ...{ ...common, kind: 'release' as const },
      ...(options.dataset !== undefined && { dataset: options.dataset }),
      ...(options.period !== undefined && { period: options.period }),
    };
  if (becauseJa === undefined || becauseEn === undefined)
    throw new HitonamiError(
      'INPUT',
      'the public is told why: give the reason with --because-ja and --because-en',
    );
  const because: BothLanguages = { ja: becauseJa, en: becauseEn };
  if (withdraw !== undefined) return { ...common, kind: 'withdraw', dataset: withdraw, because };
  const [dataset, period, ...more] = correct ?? [];
  if (dataset === undefined || period === undefined || more.length > 0)
    throw new HitonamiError(
      'INPUT',
      'a correction is of one dataset and one period: --correct crowding-15-min 2026-10-05',
    );
  return { ...{ ...common, kind: 'correct' as const }, dataset, period, because };
}

/** Whether it is a day or a month that there is; a dataset has periods of one kind alone. */
function isPeriod(name: string): boolean {
  if (!/^\d{4}-\d{2}(-\d{2})?$/.test(name)) return false;
  const day = name.length === 7 ? `${name}-01` : name;
  const atMs = Date.parse(`${day}T00:00:00Z`);
  // A day that there is not, such as February 30, is taken for a later one.
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(day);
}

/** Opens what the environment names, or what lies in the data folder, for the while. */
async function releaseHere(
  data: string,
  request: PublisherRequest,
  environment: Environment,
): Promise<readonly ReleaseLine[]> {
  const closers: (() => Promise<unknown>)[] = [];
  const stopping = new AbortController();
  const onSignal = (): void => {
    stopping.abort();
  };
  process.once('SIGINT', onSignal);
  try {
    const logger = commandLogger('release', 'warn');
    const config = await withWarehouse(
      readConfig(publisherSchema, { ...environment, HITONAMI_DATA: data }),
      closers,
    );
    const log = await openLog(config, 'release', logger);
    closers.push(() => log.close());
    const plans = await followPlans(log, logger);
    closers.push(() => plans.stop());
    const warehouse = await openStore(config);
    closers.push(() => warehouse.close());
    const records = await openOwnRecords(config).catch((cause: unknown) => {
      if (!(cause instanceof HitonamiError) || cause.detail !== 'folder-in-use') throw cause;
      throw new HitonamiError(
        'CONFIG',
        `a system runs in ${data} without a publisher: start it with --public, or stop it for the while`,
        { cause },
      );
    });
    closers.push(() => records.close());
    const { releaser, stop } = makeReleaser({
      ...{ config, plans, warehouse, records, logger },
      folder: openFolder(config, logger),
      metrics: publisherMetrics(createMetrics('release')),
    });
    closers.push(stop);
    return await answer(releaser, request, { signal: stopping.signal, beat: () => undefined });
  } finally {
    process.off('SIGINT', onSignal);
    await closeAll(closers.reverse());
  }
}

/** Starts the embedded warehouse for the while where nobody runs it. @throws HitonamiError `INPUT` where there is none */
async function withWarehouse(
  config: PublisherConfig,
  closers: (() => Promise<unknown>)[],
): Promise<PublisherConfig> {
  const folder = join(config.data, WAREHOUSE_FOLDER);
  if (config.warehouseUrl !== undefined || (await findEmbeddedWarehouse(folder)) !== undefined)
    return config;
  await access(folder).catch((cause: unknown) => {
    throw new HitonamiError(
      'INPUT',
      `${folder} is not there: name the data folder of a system with --data, or its servers (see --help)`,
      { cause },
    );
  });
  const engine = await startEmbeddedWarehouse({ folder });
  closers.push(() => engine.stop());
  return { ...config, warehouseUrl: engine.url };
}

function tableOf(lines: readonly ReleaseLine[]): string {
  const isOneSite = new Set(lines.map(({ site }) => site)).size <= 1;
  const right = 'right' as const;
  return formatTable(
    [
      { head: isOneSite ? 'dataset' : 'site: dataset' },
      { head: 'period' },
      { head: 'outcome' },
      { head: 'version', align: right },
      { head: 'cells', align: right },
      { head: 'withheld', align: right },
      { head: 'kB', align: right },
      { head: 's', align: right },
      { head: '' },
    ],
    lines.map((line) => [
      isOneSite ? line.dataset : `${line.site}: ${line.dataset}`,
      ...[line.period, line.outcome, String(line.version ?? ''), String(line.cells ?? '')],
      String(line.protectedCells ?? ''),
      line.bytes === undefined ? '' : (line.bytes / 1000).toFixed(0),
      line.tookMs === undefined ? '' : (line.tookMs / 1000).toFixed(1),
      line.because?.en ?? '',
    ]),
  );
}
