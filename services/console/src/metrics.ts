import type { Metrics } from '@hitonami/service';

/** Upper bounds of the time of an answer, s. */
const ANSWER_BUCKETS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What the console tells of itself. Labels come from closed lists alone. */
export interface ConsoleMetrics {
  /** @param route its pattern, such as `/api/v1/sites/:site/plan` */
  answered(route: string, status: number, seconds: number): void;
  viewers(count: number): void;
  sent(snapshots: number): void;
  skipped(snapshots: number): void;
  dropped(): void;
  /** Whether the headcount's receivers are told nothing of a site. */
  withheld(site: string, isWithheld: boolean): void;
  pushed(what: 'headcount webhook' | 'headcount mqtt' | 'escalation', isDone: boolean): void;
}

export function consoleMetrics(metrics: Metrics): ConsoleMetrics {
  const requests = metrics.histogram({
    name: 'hitonami_console_request_seconds',
    help: 'Time from a request to its answer by route (stage); streams are not counted.',
    labels: ['stage', 'outcome'],
    buckets: ANSWER_BUCKETS_S,
  });
  const viewers = metrics.gauge({
    name: 'hitonami_console_viewers',
    help: 'Streams of live pictures that are open.',
  });
  const snapshots = metrics.counter({
    name: 'hitonami_console_snapshots_total',
    help: 'Live pictures by what became of them: sent, or skipped for a newer one because the viewer was slow.',
    labels: ['outcome'],
  });
  const dropped = metrics.counter({
    name: 'hitonami_console_viewers_dropped_total',
    help: 'Viewers that read nothing for so long that their stream was closed.',
  });
  const pushes = metrics.counter({
    name: 'hitonami_console_pushes_total',
    help: 'What the console sent by itself, by kind and whether it arrived.',
    labels: ['stage', 'outcome'],
  });
  const withheld = metrics.gauge({
    name: 'hitonami_console_headcount_withheld',
    help: '1 for a site whose plan does not let its headcount go to the receivers that are configured; 0 where it is sent.',
    labels: ['site'],
  });
  return {
    answered: (stage, status, seconds) => {
      const outcome = status < 400 ? 'ok' : status < 500 ? 'refused' : 'failed';
      requests.observe({ stage, outcome }, seconds);
    },
    viewers: (count) => {
      viewers.set(count);
    },
    sent: (count) => {
      snapshots.inc({ outcome: 'sent' }, count);
    },
    skipped: (count) => {
      snapshots.inc({ outcome: 'skipped' }, count);
    },
    dropped: () => {
      dropped.inc();
    },
    withheld: (site, isWithheld) => {
      withheld.set({ site }, isWithheld ? 1 : 0);
    },
    pushed: (stage, isDone) => {
      pushes.inc({ stage, outcome: isDone ? 'done' : 'failed' });
    },
  };
}
