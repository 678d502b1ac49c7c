import type { Metrics } from '@hitonami/service';

/** What the publisher tells of itself. The label `table` is the id of a dataset, from the site plan. */
export interface PublisherMetrics {
  released(site: string, dataset: string, atMs: number): void;
  failed(site: string, dataset: string): void;
  /** @param state periods that are refused as the plan stands, and how long the oldest failing one is overdue */
  state(site: string, dataset: string, state: { refused: number; behindS: number }): void;
  /** Everything that could be due was looked at. */
  looked(atMs: number): void;
  documents(site: string, atMs: number): void;
  traveller(site: string, area: string, atMs: number): void;
  /** Travellers are told of the place no more. */
  noTraveller(site: string, area: string): void;
}

export function publisherMetrics(metrics: Metrics): PublisherMetrics {
  const releases = metrics.counter({
    name: 'hitonami_publisher_releases_total',
    help: 'Releases by dataset (table) and outcome: released or failed.',
    labels: ['site', 'table', 'outcome'],
  });
  const last = metrics.gauge({
    name: 'hitonami_publisher_last_release_timestamp_seconds',
    help: 'When a dataset (table) was released last by this process.',
    labels: ['site', 'table'],
  });
  const refused = metrics.gauge({
    name: 'hitonami_publisher_refused_periods',
    help: 'Periods of a dataset (table) that are refused as the plan stands.',
    labels: ['site', 'table'],
  });
  const behind = metrics.gauge({
    name: 'hitonami_publisher_behind_seconds',
    help: 'How long the oldest period of a dataset (table) has been overdue that fails to be released; 0 where none does.',
    labels: ['site', 'table'],
  });
  const looked = metrics.gauge({
    name: 'hitonami_publisher_looked_timestamp_seconds',
    help: 'When it was looked last, to the end, at everything that could be due.',
  });
  const documents = metrics.gauge({
    name: 'hitonami_publisher_documents_timestamp_seconds',
    help: 'When the notices and figures of a site were renewed last for the public.',
    labels: ['site'],
  });
  const travellers = metrics.gauge({
    name: 'hitonami_publisher_traveller_timestamp_seconds',
    help: 'When travellers were told last how crowded a place is.',
    labels: ['site', 'area'],
  });
  return {
    released: (site, table, atMs) => {
      releases.inc({ site, table, outcome: 'released' });
      last.set({ site, table }, atMs / 1000);
    },
    failed: (site, table) => {
      releases.inc({ site, table, outcome: 'failed' });
    },
    state: (site, table, { refused: count, behindS }) => {
      refused.set({ site, table }, count);
      behind.set({ site, table }, behindS);
    },
    looked: (atMs) => {
      looked.set(atMs / 1000);
    },
    documents: (site, atMs) => {
      documents.set({ site }, atMs / 1000);
    },
    traveller: (site, area, atMs) => {
      travellers.set({ site, area }, atMs / 1000);
    },
    noTraveller: (site, area) => {
      travellers.remove({ site, area });
    },
  };
}
