import { HitonamiError } from '@hitonami/model';
import type { Logger } from '../logging.js';
import { parsePrometheus, type Sample, type Samples } from './prometheus-text.js';

const POLL_MS = 5_000;
const TIMEOUT_MS = 4_000;
const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** Not asked any more when nobody has looked for so long, ms. */
const LOOKED_MS = 120_000;

interface Reading {
  atMs: number;
  samples: Samples;
}

/** One `/metrics` address and what it told last. */
export interface Source {
  readonly url: string;
  isUp: boolean;
  isReady: boolean;
  detail: string;
  now: Reading | undefined;
  before: Reading | undefined;
}

/** Reads the metrics of the services while somebody looks at them. */
export class MetricsSources {
  readonly #sources: Source[];
  readonly #wanted: ReadonlySet<string>;
  readonly #logger: Logger;
  #lookedMs = -Infinity;
  #readMs = -Infinity;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param urls `/metrics` addresses
   * @param wanted names of the metrics that are kept
   */
  constructor(urls: readonly string[], wanted: ReadonlySet<string>, logger: Logger) {
    this.#wanted = wanted;
    this.#logger = logger;
    this.#sources = urls.map((url) => ({
      url,
      isUp: false,
      isReady: false,
      detail: 'not asked yet',
      now: undefined,
      before: undefined,
    }));
  }

  start(): void {
    this.#timer = setInterval(() => {
      if (performance.now() - this.#lookedMs < LOOKED_MS) void this.#read();
    }, POLL_MS);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#reading;
  }

  /** As read in the last seconds. */
  async look(): Promise<readonly Source[]> {
    this.#lookedMs = performance.now();
    if (this.#lookedMs - this.#readMs > POLL_MS) await this.#read();
    return this.#sources;
  }

  #read(): Promise<void> {
    this.#reading ??= Promise.all(this.#sources.map((source) => this.#readOne(source)))
      .then(() => {
        this.#readMs = performance.now();
      })
      .finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #readOne(source: Source): Promise<void> {
    try {
      const text = await ask(source.url, [200]);
      source.before = source.now;
      source.now = { atMs: performance.now(), samples: parsePrometheus(text, this.#wanted) };
      source.isUp = true;
    } catch (error) {
      this.#logger.debug({ err: error, url: source.url }, 'a source of metrics does not answer');
      Object.assign(source, { isUp: false, isReady: false, now: undefined, before: undefined });
      source.detail = (error as Error).message;
      return;
    }
    try {
      const told: unknown = JSON.parse(await ask(new URL('/readyz', source.url).href, [200, 503]));
      const { ready, components } = told as ReadinessReport;
      source.isReady = ready;
      source.detail = Object.entries(components)
        .filter(([, component]) => !component.ready)
        .map(([name, { reason }]) => `${name}: ${reason ?? 'not ready'}`)
        .join('; ');
    } catch {
      // A part that has metrics and no readiness, such as a broker's exporter, is ready while it answers.
      source.isReady = true;
      source.detail = '';
    }
  }
}

interface ReadinessReport {
  ready: boolean;
  components: Record<string, { ready: boolean; reason?: string }>;
}

async function ask(url: string, statuses: readonly number[]): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
  if (!statuses.includes(answer.status)) {
    await answer.body?.cancel();
    throw new HitonamiError('UNAVAILABLE', `it answered ${answer.status}`);
  }
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    if (bytes > ANSWER_BYTES_MAX)
      throw new HitonamiError('INPUT', `it answered more than ${ANSWER_BYTES_MAX} bytes`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

/** The series of a metric that have these labels, over all sources. */
export function samplesOf(
  sources: readonly Source[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): Sample[] {
  return sources.flatMap(({ now }) => matching(now, name, labels));
}

/** How fast a counter rose between the last two readings, a second; null where it is not known. */
export function rateOf(
  sources: readonly Source[],
  name: string,
  labels: Readonly<Record<string, string>>,
): number | null {
  let rate: number | null = null;
  for (const { now, before } of sources) {
    if (now === undefined || before === undefined) continue;
    const found = matching(now, name, labels);
    if (found.length === 0) continue;
    const rise = total(found) - total(matching(before, name, labels));
    // A counter that fell began anew: nothing is known of in between.
    if (rise >= 0) rate = (rate ?? 0) + rise / ((now.atMs - before.atMs) / 1000);
  }
  return rate === null ? null : Math.round(rate * 1000) / 1000;
}

function total(samples: readonly Sample[]): number {
  return samples.reduce((sum, { value }) => sum + value, 0);
}

function matching(
  reading: Reading | undefined,
  name: string,
  labels: Readonly<Record<string, string>>,
): Sample[] {
  return (reading?.samples.get(name) ?? []).filter((sample) =>
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  );
}
