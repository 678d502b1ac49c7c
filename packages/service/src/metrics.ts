import { HitonamiError } from '@hitonami/model';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const PREFIX = 'hitonami_';

/** The only labels a series may have: all from the site plan or from a closed list, so that no series set grows without bound. */
export const METRIC_LABELS = [
  'site',
  'floor',
  'area',
  'camera',
  'line',
  'counter',
  'direction',
  'kind',
  'topic',
  'group',
  'partition',
  'table',
  'reason',
  'outcome',
  'state',
  'stage',
  'level',
  'service',
  'component',
  'severity',
  'band',
  'rule',
] as const;

export type MetricLabel = (typeof METRIC_LABELS)[number];

export interface MetricOptions<L extends MetricLabel> {
  /** Begins with `hitonami_`, ends in its base unit; a counter ends in `_total`. */
  name: string;
  help: string;
  labels?: readonly L[];
}

export interface HistogramOptions<L extends MetricLabel> extends MetricOptions<L> {
  /** Upper bounds in the unit of the name. */
  buckets: readonly number[];
}

/**
 * The metrics of one process, in a registry of their own. Asking again for the same metric gives the same one, so that
 * several services can share it in one process; asking for it with other labels or another type is refused.
 */
export interface Metrics {
  readonly registry: Registry;
  readonly contentType: string;
  counter<L extends MetricLabel = never>(options: MetricOptions<L>): Counter<L>;
  gauge<L extends MetricLabel = never>(options: MetricOptions<L>): Gauge<L>;
  histogram<L extends MetricLabel = never>(options: HistogramOptions<L>): Histogram<L>;
  /** Removes every series of the metric whose labels have these values, for example of a partition that was lost. */
  forget<L extends MetricLabel>(
    metric: Counter<L> | Gauge<L> | Histogram<L>,
    where: Partial<Record<L, string>>,
  ): Promise<void>;
  /** Everything, in the Prometheus text format. */
  text(): Promise<string>;
}

/** @throws HitonamiError `CONFIG` from the factories, for a name or a label that is not allowed. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const made = new Map<string, { type: string; labels: string; metric: unknown }>();

  function once<T>(type: string, options: MetricOptions<MetricLabel>, make: () => T): T {
    check(type, options);
    const labels = (options.labels ?? []).join(',');
    const known = made.get(options.name);
    if (known === undefined) {
      const metric = make();
      made.set(options.name, { type, labels, metric });
      return metric;
    }
    if (known.type !== type || known.labels !== labels) {
      throw new HitonamiError(
        'CONFIG',
        `Metric ${options.name} is already a ${known.type} with labels (${known.labels}); it cannot also be a ${type} with (${labels}).`,
      );
    }
    return known.metric as T;
  }

  const base = <L extends MetricLabel>(options: MetricOptions<L>) => ({
    name: options.name,
    help: options.help,
    labelNames: [...(options.labels ?? [])],
    registers: [registry],
  });

  const metrics: Metrics = {
    registry,
    contentType: registry.contentType,
    counter: (options) => once('counter', options, () => new Counter(base(options))),
    gauge: (options) => once('gauge', options, () => new Gauge(base(options))),
    histogram: (options) =>
      once(
        'histogram',
        options,
        () => new Histogram({ ...base(options), buckets: [...options.buckets] }),
      ),
    forget: (metric, where) => forget(metric as unknown as Series, where),
    text: () => registry.metrics(),
  };
  metrics
    .gauge({
      name: 'hitonami_service_info',
      help: 'Always 1; which services this process runs.',
      labels: ['service'],
    })
    .set({ service }, 1);
  return metrics;
}

function check(type: string, { name, labels = [] }: MetricOptions<MetricLabel>): void {
  const fault = (problem: string): HitonamiError =>
    new HitonamiError('CONFIG', `Metric ${name}: ${problem}`);
  if (!/^hitonami_[a-z0-9_]+$/.test(name)) throw fault(`a name is ${PREFIX} and lower case.`);
  if ((type === 'counter') !== name.endsWith('_total')) {
    throw fault('a counter, and only a counter, ends in _total.');
  }
  if (/_(ms|us|ns|minutes|hours|km|cm|mm|kb|mb|percent|permille)(_total)?$/.test(name)) {
    throw fault('use the base unit: seconds, metres, bytes, ratio.');
  }
  const allowed: readonly string[] = METRIC_LABELS;
  for (const label of labels) {
    if (!allowed.includes(label)) {
      throw fault(`label ${label} is not allowed; allowed are ${METRIC_LABELS.join(', ')}.`);
    }
  }
}

interface Series {
  get(): Promise<{ values: readonly { labels: Readonly<Record<string, string | number>> }[] }>;
  remove(labels: Readonly<Record<string, string | number>>): void;
}

async function forget(metric: Series, where: Readonly<Record<string, unknown>>): Promise<void> {
  const { values } = await metric.get();
  for (const { labels } of values) {
    if (!Object.entries(where).every(([name, value]) => labels[name] === value)) continue;
    // A histogram's buckets add a label of their own, which `remove` does not know.
    const { le: _bucket, ...own } = labels;
    metric.remove(own);
  }
}
