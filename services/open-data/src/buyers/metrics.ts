import type { BuyerDelivery, Records } from '@hitonami/records';
import type { Logger, Metrics } from '@hitonami/service';
import type { RefusalReason } from './refusals.js';

/** How often what the records know is counted anew, ms. */
const COUNT_MS = 30_000;

/** `whole`, `part`: all of it was sent. `unchanged`: nothing had to be. `broken-off`: less than was asked for. `failed`: it could not be sent. */
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];
const DELIVERY_OUTCOMES = ['whole', 'part', 'unchanged', 'broken-off', 'failed'] as const;

const TOLD = { delivered: 'sent', waiting: 'failed', 'given-up': 'given-up' } as const;

/** What is told of buyers: how many, never who. Labels come from closed lists, and from the sites of the plans. */
export interface BuyerMetrics {
  delivered(outcome: DeliveryOutcome): void;
  refused(reason: RefusalReason): void;
  /** What became of a try at a webhook. */
  told(kind: BuyerDelivery['kind'], state: BuyerDelivery['state']): void;
  /** Counts what stands in the records. */
  count(records: CountedRecords, now?: Date): Promise<void>;
}

type CountedRecords = Pick<Records, 'buyers' | 'buyerEnds' | 'buyerDeliveries'>;

export function buyerMetrics(metrics: Metrics): BuyerMetrics {
  const deliveries = metrics.counter({
    name: 'hitonami_buyers_deliveries_total',
    help: 'Files of datasets for buyers that were given, by how far they came.',
    labels: ['outcome'],
  });
  const refusals = metrics.counter({
    name: 'hitonami_buyers_refusals_total',
    help: 'Requests of buyers that were given nothing, by reason.',
    labels: ['reason'],
  });
  const webhooks = metrics.counter({
    name: 'hitonami_buyers_webhooks_total',
    help: 'Tries to tell a buyer’s webhook, by what was told (a release, an end of a contract) and what became of it.',
    labels: ['kind', 'outcome'],
  });
  const gauges = {
    waiting: metrics.gauge({
      name: 'hitonami_buyers_webhooks_waiting',
      help: 'Messages to buyers that are to be sent, or tried again.',
      labels: ['site'],
    }),
    waitingSeconds: metrics.gauge({
      name: 'hitonami_buyers_webhook_waiting_seconds',
      help: 'For how long the oldest of them waits.',
      labels: ['site'],
    }),
    contracts: metrics.gauge({
      name: 'hitonami_buyers_contracts',
      help: 'Contracts in force, and applications that wait for one.',
      labels: ['site', 'state'],
    }),
    keys: metrics.gauge({
      name: 'hitonami_buyers_keys',
      help: 'Keys that open something.',
      labels: ['site'],
    }),
    deletions: metrics.gauge({
      name: 'hitonami_buyers_deletions',
      help: 'Deletions at the end of a contract that nobody has confirmed, and whether that is overdue.',
      labels: ['site', 'state'],
    }),
  };
  // Known from the start, so that the first of a kind is a rise and not a beginning.
  for (const outcome of DELIVERY_OUTCOMES) deliveries.inc({ outcome }, 0);
  refusals.inc({ reason: 'records-away' }, 0);
  for (const kind of ['release', 'end'] as const)
    for (const outcome of Object.values(TOLD)) webhooks.inc({ kind, outcome }, 0);
  return {
    delivered: (outcome) => {
      deliveries.inc({ outcome });
    },
    refused: (reason) => {
      refusals.inc({ reason });
    },
    told: (kind, state) => {
      webhooks.inc({ kind, outcome: TOLD[state] });
    },
    async count({ buyers, buyerEnds, buyerDeliveries }, now = new Date()) {
      const [counts, open, waiting] = await Promise.all([
        buyers.counts(now),
        buyerEnds.open(now),
        buyerDeliveries.waiting(),
      ]);
      for (const gauge of Object.values(gauges)) gauge.reset();
      for (const { site, contracts, applications, keys } of counts) {
        gauges.contracts.set({ site, state: 'in-force' }, contracts);
        gauges.contracts.set({ site, state: 'applied' }, applications);
        gauges.keys.set({ site }, keys);
        for (const state of ['due', 'overdue'] as const)
          gauges.deletions.set(
            { site, state },
            open.find((one) => one.site === site)?.[state] ?? 0,
          );
        const told = waiting.find((one) => one.site === site);
        const sinceMs = told?.since.getTime() ?? now.getTime();
        gauges.waiting.set({ site }, told?.count ?? 0);
        gauges.waitingSeconds.set({ site }, Math.max(0, (now.getTime() - sinceMs) / 1_000));
      }
    },
  };
}

/** Counts now and then. @returns how to stop */
export function startCounting(
  metrics: BuyerMetrics,
  records: CountedRecords,
  logger: Logger,
): () => void {
  let isFailing = false;
  const count = (): void => {
    metrics.count(records).then(
      () => (isFailing = false),
      (error: unknown) => {
        // What was counted last stays; said once for as long as it lasts.
        if (!isFailing) logger.warn({ err: error }, 'buyers could not be counted');
        isFailing = true;
      },
    );
  };
  count();
  const timer = setInterval(count, COUNT_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
