import type { Metrics } from '@hitonami/service';

/** Upper bounds of the time of an answer, s. */
const ANSWER_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the public's service tells of itself. Labels come from closed lists alone. */
export interface OpenDataMetrics {
  /** @param route its pattern, such as `/:language/:site/` */
  answered(route: string, status: number, seconds: number): void;
  /** How many files are under way. */
  sending(count: number): void;
  came(
    kind: 'inquiry' | 'opinion',
    outcome: 'kept' | 'refused' | 'too-many' | 'trapped' | 'failed',
  ): void;
}

export function openDataMetrics(metrics: Metrics): OpenDataMetrics {
  const requests = metrics.histogram({
    name: 'hitonami_public_request_seconds',
    help: 'Time from a request of the public to its answer by route (stage).',
    labels: ['stage', 'outcome'],
    buckets: ANSWER_BUCKETS_S,
  });
  const inquiries = metrics.counter({
    name: 'hitonami_public_inquiries_total',
    help: 'Questions and opinions by kind and what became of them.',
    labels: ['kind', 'outcome'],
  });
  const downloads = metrics.gauge({
    name: 'hitonami_public_downloads',
    help: 'Files of releases that are under way now; at most 500.',
  });
  return {
    sending: (count) => {
      downloads.set(count);
    },
    answered: (stage, status, seconds) => {
      const outcome = status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed';
      requests.observe({ stage, outcome }, seconds);
    },
    came: (kind, outcome) => {
      inquiries.inc({ kind, outcome });
    },
  };
}
