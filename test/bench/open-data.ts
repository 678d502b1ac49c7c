import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  addDays,
  localInstantMs,
  type PlanDataset,
  type ReleasedCell,
  type SitePlan,
} from '@hitonami/model';
import { openPublicFolder, type PublicFolder } from '@hitonami/releases';
import { scenario } from '@hitonami/simulator';
import { startChild } from './child.js';
import { startConsoleBeside } from './open-data-console.js';
import { secondsSince, type BenchOptions, type Figure } from './measure.js';
import type { OpenDataOrder, OpenDataUse } from './open-data-process.js';
import type { Visited, VisitorsOrder } from './open-data-visitors-process.js';

const PAGES_PER_S = 200;
const DOWNLOADS = 50;
/** 20 Mbit/s each: all together a line of 1 Gbit/s. */
const BYTES_PER_S = 2_500_000;
const DAYS = 10;
/** Until what is made for the first time is made, and who waited for it has it. */
const WARM_UP_MS = 3_000;
/** Larger files are downloaded. */
const LARGE_BYTES = 500_000;

/** The public's service in a process of its own: pages at a steady pace, with downloads beside them, and a bare server beside it. */
export async function openData(options: BenchOptions): Promise<Figure[]> {
  const { quick, folder, say } = options;
  const data = join(folder, 'open-data');
  mkdirSync(data, { recursive: true });
  const { plan } = scenario('rush-hour');
  say('releases for the public');
  const files = await publish(openPublicFolder(join(data, 'public')), plan);
  const environment = {
    HITONAMI_DATA: data,
    HITONAMI_PUBLIC_ADDRESS: '127.0.0.1:0',
    HITONAMI_PUBLIC_PROXIES: '127.0.0.1',
  };
  const seconds = quick ? 3 : 20;
  const pages = pagesOf(plan);
  const order = { environment, folder: join(data, 'records'), profiles: options.profiles };
  const visitors = { pages, perS: PAGES_PER_S, files, bytesPerS: BYTES_PER_S };
  say(`${String(PAGES_PER_S)} pages a second of the public’s service, and of a bare server`);
  const quiet = await load({ kind: 'open-data', ...order }, { ...visitors, downloads: 0 }, seconds);
  const bare = await load({ kind: 'hello', ...order }, { ...visitors, downloads: 0 }, seconds);
  say(`the same beside ${String(DOWNLOADS)} downloads`);
  const busy = await load(
    { kind: 'open-data', ...order },
    { ...visitors, downloads: DOWNLOADS },
    seconds,
  );
  // Takes a warehouse and a console, so it is left out of the short form.
  const beside = quick
    ? []
    : await console({ kind: 'open-data', ...order }, visitors, options, plan);
  return [
    ...beside,
    figure(
      'public_pages_p50_ms',
      busy.p50Ms,
      'ms',
      `${String(PAGES_PER_S)} pages of the catalogue a second beside ${String(DOWNLOADS)} downloads at 20 Mbit/s`,
    ),
    figure('public_pages_p99_ms', busy.p99Ms, 'ms', '… the slowest hundredth'),
    figure('public_pages_per_s', busy.perS, '1/s', '… pages answered'),
    figure(
      'public_downloads_mib_per_s',
      busy.mibPerS,
      'MiB',
      '… what all downloads had together in a second',
    ),
    figure(
      'public_cpu_share',
      busy.cpuShare,
      '',
      '… of one core that the server takes, packing included',
    ),
    figure(
      'public_rss_mib',
      busy.rssMib,
      'MiB',
      '… memory of the server, embedded records included',
    ),
    figure('public_faults', busy.faults + quiet.faults, '', '… answers that were not 200'),
    figure('public_quiet_p99_ms', quiet.p99Ms, 'ms', 'the same pages without downloads'),
    figure('public_quiet_cpu_share', quiet.cpuShare, '', '… of one core'),
    figure(
      'public_page_cpu_ms',
      quiet.cpuMs,
      'ms',
      '… CPU time of a page, whatever else the machine does',
    ),
    figure(
      'public_bare_p99_ms',
      bare.p99Ms,
      'ms',
      'a bare Fastify that says hello at the same pace',
    ),
    figure('public_bare_cpu_share', bare.cpuShare, '', '… of one core: the limit'),
    figure('public_bare_page_cpu_ms', bare.cpuMs, 'ms', '… CPU time of an answer'),
  ];
}

/** How long a console on the same machine takes to answer, without and with all that the public may ask for at once. */
async function console(
  order: Parameters<typeof load>[0],
  visitors: Omit<VisitorsOrder, 'url' | 'downloads'>,
  { folder, say }: BenchOptions,
  plan: SitePlan,
): Promise<Figure[]> {
  say('a console beside the public’s service');
  const seconds = 30;
  const beside = await startConsoleBeside(folder, plan);
  try {
    await beside.ask(WARM_UP_MS / 1_000);
    const aloneMs = percentile(await beside.ask(seconds), 0.95);
    let besideMs = NaN;
    await load(order, { ...visitors, downloads: DOWNLOADS }, seconds, async () => {
      besideMs = percentile(await beside.ask(seconds), 0.95);
    });
    return [
      figure(
        'console_alone_p95_ms',
        aloneMs,
        'ms',
        'answers of a console on the same machine, one after the other',
      ),
      figure(
        'console_beside_public_p95_ms',
        besideMs,
        'ms',
        '… beside the pages and downloads above',
      ),
      figure('console_beside_public_ratio', besideMs / aloneMs, '', '… over those without'),
    ];
  } finally {
    await beside.stop();
  }
}

interface Loaded {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly perS: number;
  readonly mibPerS: number;
  readonly cpuShare: number;
  /** For a page, with its share of the downloads beside it. */
  readonly cpuMs: number;
  readonly rssMib: number;
  readonly faults: number;
}

async function load(
  { profiles, ...order }: OpenDataOrder & Pick<BenchOptions, 'profiles'>,
  visit: Omit<VisitorsOrder, 'url'>,
  seconds: number,
  meanwhile: () => Promise<void> = () => pause(seconds * 1_000),
): Promise<Loaded> {
  const server = await startChild(
    'open-data-process.js',
    order,
    profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
  );
  try {
    const { url } = await server.ask<OpenDataUse>('use');
    const visitors = await startChild('open-data-visitors-process.js', { ...visit, url });
    try {
      // What is made for the first time is not measured.
      await pause(WARM_UP_MS);
      await visitors.ask<Visited>('visited');
      const [before, startMs] = [await server.ask<OpenDataUse>('use'), performance.now()];
      await meanwhile();
      const { latenciesMs, downloadedBytes, faults } = await visitors.ask<Visited>('visited');
      const after = await server.ask<OpenDataUse>('use');
      const spentS = secondsSince(startMs);
      return {
        p50Ms: percentile(latenciesMs, 0.5),
        p99Ms: percentile(latenciesMs, 0.99),
        perS: latenciesMs.length / spentS,
        mibPerS: downloadedBytes / 2 ** 20 / spentS,
        cpuShare: (after.cpuS - before.cpuS) / spentS,
        cpuMs: ((after.cpuS - before.cpuS) / latenciesMs.length) * 1_000,
        rssMib: after.rssBytes / 2 ** 20,
        faults,
      };
    } finally {
      await visitors.stop();
    }
  } finally {
    await server.stop();
  }
}

/** What people and harvesters ask for. */
function pagesOf({ site }: SitePlan): string[] {
  const dataset = 'crowding-monthly';
  return [
    ...['ja', 'en'].flatMap((language) => [
      `/${language}/${site}/data/`,
      `/${language}/${site}/data/${dataset}`,
      `/${language}/${site}/data/crowding-15-min`,
      `/${language}/${site}/data/?q=${encodeURIComponent('混雑')}`,
      `/${language}/${site}/data/crowding-15-min/2026-10-03/v1`,
    ]),
    ...[
      '/api/3/action/package_search?rows=100&start=0',
      '/catalog.ttl',
      `/dataset/${site}_${dataset}.jsonld`,
    ],
  ];
}

/** Days by quarters and a month by hours. @returns the paths of files to download */
async function publish(folder: PublicFolder, plan: SitePlan): Promise<string[]> {
  await folder.writeSite(plan.site, {
    plans: [{ plan, fromMs: 0 }],
    figures: undefined,
    auditHeads: [],
  });
  const files: string[] = [];
  const days = Array.from({ length: DAYS }, (_, i) => addDays('2026-10-01', i));
  for (const period of [...days, '2026-10']) {
    const found = plan.datasets.find(
      ({ id }) => id === (period.length > 7 ? 'crowding-15-min' : 'crowding-monthly'),
    );
    // By quarters, so that its files are of some megabytes.
    const dataset = found && { ...found, stepS: 900 as const };
    if (dataset === undefined) throw new Error('the scenario has other datasets');
    const { site, version, files: made } = await write(folder, plan, dataset, period);
    for (const { name, bytes } of made)
      if (bytes > LARGE_BYTES)
        files.push(`/files/${site}/${dataset.id}/${period}/v${String(version)}/${name}`);
  }
  return files;
}

async function write(folder: PublicFolder, plan: SitePlan, dataset: PlanDataset, period: string) {
  const first = period.length > 7 ? period : `${period}-01`;
  const days = period.length > 7 ? 1 : 31;
  const [fromMs, toMs] = [
    localInstantMs(first, 0, plan.timeZone),
    localInstantMs(addDays(first, days), 0, plan.timeZone),
  ];
  const writer = await folder.begin({
    ...{
      site: plan.site,
      siteName: plan.name,
      publisher: plan.operator.name,
      contact: plan.operator.contact,
    },
    ...{
      timeZone: plan.timeZone,
      dataset,
      period,
      fromMs,
      toMs,
      planVersions: [plan.version],
      plan,
    },
    protection: { k: 10, rule: 'suppression', roundedTo: 1, words: plan.name },
  });
  for (let startMs = fromMs; startMs < toMs; startMs += dataset.stepS * 1000)
    await writer.write(cells(plan, startMs, dataset.stepS * 1000));
  return writer.finish({ isCountOfProtectedTold: true });
}

function cells({ areas }: SitePlan, startMs: number, lengthMs: number): ReleasedCell[] {
  return [...areas.map(({ id }) => [id]), []].map((places, i) => ({
    key: { places, startMs, lengthMs },
    measures: {
      occupancy: 20 + ((startMs / lengthMs + i * 7) % 90),
      occupancyMax: 120,
      density: 0.3,
      los: 'A',
      meanSpeedMS: 1.2,
    },
    quality: { coverage: 1, doubtful: 0, saturation: 0 },
  }));
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

const figure = (key: string, value: number, unit: Figure['unit'], what: string): Figure => ({
  key,
  value,
  unit,
  what,
});
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
