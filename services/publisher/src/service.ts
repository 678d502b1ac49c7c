import type { Records } from '@hitonami/records';
import {
  followPlans,
  FRAME_FIGURE_METRICS,
  MetricsSources,
  openLog,
  topicSpecs,
  type Service,
  type ServiceContext,
} from '@hitonami/service';
import { publisherSchema, type PublisherConfig } from './config.js';
import { Documents } from './documents.js';
import { startLoop } from './loop.js';
import { publisherMetrics } from './metrics.js';
import { makeReleaser, openFolder, openOwnRecords, openStore } from './parts.js';
import type { Releaser, ReleaseLine } from './releases/releaser.js';
import { answerRequests, sayRunning, type PublisherRequest } from './requests.js';
import { LiveNow } from './travellers/live.js';
import { ToldTravellers } from './travellers/told.js';
import { Travellers } from './travellers/travellers.js';

/** What the public's service reads is renewed this often, ms. */
const DOCUMENTS_MS = 15_000;
/** Commands that ask for something are answered within this, ms, while no release is being written. */
const REQUESTS_MS = 1_000;
/** A loop that has not got round for so long is stuck, ms; of a release, a day that long. */
const SILENCE_MAX_MS = 10 * 60_000;
const RELEASE_SILENCE_MAX_MS = 60 * 60_000;
const TIDY_MS = 24 * 3_600_000;

export interface PublisherOptions {
  /** Records that somebody else in this process has open, and closes: embedded ones have one owner. */
  records?: Records | undefined;
}

/** Inside: turns what is measured into files that the public may have, and knows no other way out. */
export function publisherService(
  options: PublisherOptions = {},
): Service<PublisherConfig> & { schema: typeof publisherSchema } {
  return {
    name: 'publisher',
    schema: publisherSchema,
    start: (context) => start(context, options),
  };
}

async function start(
  { config, logger, metrics: registry, health, own, signal }: ServiceContext<PublisherConfig>,
  options: PublisherOptions,
): Promise<void> {
  const metrics = publisherMetrics(registry);
  const log = await openLog(config, 'publisher', logger);
  own({ name: 'event log', disconnect: () => log.close() });
  await log.createTopics(topicSpecs(config.observationPartitions));
  const plans = await followPlans(log, logger);
  own({ name: 'plans', disconnect: () => plans.stop() });
  const warehouse = await openStore(config);
  own({ name: 'warehouse', disconnect: () => warehouse.close() });
  const records = options.records ?? (await openOwnRecords(config));
  if (options.records === undefined) own({ name: 'records', disconnect: () => records.close() });
  const folder = openFolder(config, logger);
  const sources = new MetricsSources(
    config.metricsSources ?? [],
    new Set(FRAME_FIGURE_METRICS),
    logger,
  );
  sources.start();
  own({ name: 'sources', disconnect: () => sources.stop() });
  const live = new LiveNow(logger);
  const unfollow = await live.follow(log);
  own({ name: 'live', disconnect: unfollow });

  const loop = (name: string, everyMs: number, silenceMs: number, turn: () => Promise<void>) => {
    const heartbeat = health.heartbeat(`publisher ${name}`, silenceMs);
    const stop = startLoop({ name, everyMs, signal, heartbeat, logger }, turn);
    own({ name, close: stop });
    return heartbeat;
  };
  const documents = new Documents({ plans, sources, records, folder, logger });
  loop('documents', DOCUMENTS_MS, SILENCE_MAX_MS, async () => {
    for (const site of await documents.write()) metrics.documents(site, Date.now());
  });

  const told = new ToldTravellers(config.data);
  const travellers = new Travellers({
    ...{ plans, live, warehouse, records, folder, told, metrics, logger },
    everyMs: config.travellersEvery,
  });
  own({ name: 'pictures', finish: () => travellers.stop() });
  loop('travellers', config.travellersEvery, SILENCE_MAX_MS, () => travellers.turn(Date.now()));
  loop('tidying', TIDY_MS, 2 * TIDY_MS, () => told.tidy(Date.now()));

  const { releaser, stop } = makeReleaser({
    ...{ config, plans, warehouse, records, folder, logger, metrics },
  });
  // At once: a program that is being solved would hold up the stop, and is begun anew.
  signal.addEventListener('abort', () => void stop());
  own({ name: 'disclosure control', disconnect: stop });
  own({ name: 'sign', disconnect: await sayRunning(config.data) });
  let nextMs = 0;
  let isSwept = false;
  // One loop for both: what a command asks for and what is due are never written at once.
  const heartbeat = loop('releases', REQUESTS_MS, RELEASE_SILENCE_MAX_MS, async () => {
    const beat = (): void => {
      heartbeat.beat();
    };
    if (!isSwept) {
      isSwept = true;
      await releaser.sweep();
    }
    await answerRequests(config.data, (asked) => answer(releaser, asked, { signal, beat }));
    if (performance.now() < nextMs) return;
    nextMs = performance.now() + config.releasesEvery;
    await releaser.runDue({}, { user: null, signal, beat });
    if (!signal.aborted) metrics.looked(Date.now());
  });
}

/** Does what a command asks for. */
export async function answer(
  releaser: Releaser,
  { kind, user, because, site, dataset, period }: PublisherRequest,
  options: { signal: AbortSignal; beat: () => void },
): Promise<readonly ReleaseLine[]> {
  const run = { ...options, user: user.startsWith('os:') ? user : `os:${user}` };
  if (kind === 'correct' && dataset !== undefined && period !== undefined && because)
    return [await releaser.correct({ site, dataset, period }, because, run)];
  if (kind === 'withdraw' && dataset !== undefined && because)
    return [await releaser.withdraw({ site, dataset }, because, run.user)];
  return releaser.runDue({ site, dataset, period }, run);
}
