import type { ClosedWindow, LateFrame } from '@hitonami/crowd';
import { HitonamiError, type SitePlan } from '@hitonami/model';
import type { Logger, Readiness } from '@hitonami/service';
import type { Warehouse } from '@hitonami/warehouse';
import type { AggregatorMetrics } from './metrics.js';
import type { Bucket } from './rollup-ledger.js';
import { storable } from './storing.js';

const RETRY_FIRST_MS = 100;
const RETRY_MAX_MS = 10_000;

/** What one site has to write. */
export interface SiteWork {
  plan: SitePlan;
  windows: ClosedWindow[];
  /** Longer windows that are whole once `windows` are written. */
  buckets: Bucket[];
  late: LateFrame[];
}

/**
 * Writes of closed windows what may be stored to the warehouse, then rolls up what has become whole. A refusal that may pass is tried again
 * until it passes or the signal is aborted: nothing is dropped, and the log waits.
 */
export class WarehouseWriter {
  private readonly warehouse: Warehouse;
  private readonly keep: boolean;
  private readonly logger: Logger;
  private readonly metrics: AggregatorMetrics;
  private readonly readiness: Readiness;
  private readonly beat: () => void;

  constructor(parts: {
    warehouse: Warehouse;
    keep: boolean;
    logger: Logger;
    metrics: AggregatorMetrics;
    readiness: Readiness;
    /** Called at every try: who waits for the warehouse is alive, though not ready. */
    beat: () => void;
  }) {
    this.warehouse = parts.warehouse;
    this.keep = parts.keep;
    this.logger = parts.logger;
    this.metrics = parts.metrics;
    this.readiness = parts.readiness;
    this.beat = parts.beat;
    this.readiness.ready();
  }

  /** @throws HitonamiError `WAREHOUSE` for a fault that will not pass, `STOPPED` where the signal is aborted meanwhile */
  async write(sites: readonly SiteWork[], signal: AbortSignal): Promise<void> {
    const stop = this.metrics.writeSeconds.startTimer();
    for (const { plan, windows, buckets, late } of sites) {
      const retention = this.keep ? ('keep' as const) : plan.retention;
      const { smallestGroup } = plan.governance;
      const options = {
        retention,
        areaKinds: new Map(plan.areas.map((area) => [area.id, area.kind])),
      };
      const stored = windows.map((window) => storable(window, plan, this.keep));
      const kept = stored.map(({ window }) => window);
      if (kept.length > 0)
        await this.persist(signal, () => this.warehouse.insertWindows(kept, options));
      for (const bucket of buckets) {
        await this.persist(signal, () =>
          this.warehouse.rollup({ site: plan.site, retention, smallestGroup, ...bucket }),
        );
      }
      if (late.length > 0) {
        await this.persist(signal, () => this.warehouse.insertLateFrames(late, retention));
        this.metrics.rows.inc({ table: 'late_frames' }, late.length);
      }
      this.count(kept);
      for (const { withheld } of stored) this.metrics.withhold(plan.site, withheld);
    }
    stop();
  }

  private count(windows: readonly ClosedWindow[]): void {
    const add = (table: string, rows: (window: ClosedWindow) => number): void => {
      this.metrics.rows.inc(
        { table },
        windows.reduce((sum, window) => sum + rows(window), 0),
      );
    };
    add('area_measures', (window) => window.areas.length);
    add('line_measures', (window) => window.lines.length);
    add('flow_measures', (window) => window.flows.length);
    add('journey_measures', (window) => window.journeys.length);
    add('camera_measures', (window) => window.cameras.length);
    add('flow_legs', (window) => window.legs.length);
    add('positions', (window) => window.positions.count);
  }

  private async persist(signal: AbortSignal, step: () => Promise<unknown>): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      this.beat();
      try {
        await unlessAborted(step(), signal);
        this.readiness.ready();
        return;
      } catch (error) {
        if (!(error instanceof HitonamiError && error.canRetry)) throw error;
        const waitMs = Math.min(RETRY_MAX_MS, RETRY_FIRST_MS * 2 ** attempt);
        this.readiness.notReady(error.message);
        this.metrics.refusals.inc();
        this.logger.warn(
          { err: error, attempt, waitMs },
          'the warehouse did not take the rows; trying again',
        );
        await pause(waitMs, signal);
      }
    }
  }
}

/** Resolves after a time, or throws `STOPPED` once aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await unlessAborted(over, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The result of some work, or `STOPPED` once aborted: what the work still does then is harmless, and nobody waits for it. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      reject(new HitonamiError('STOPPED', 'stopped; the log keeps what is not written'));
    };
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    const settled = (): void => {
      signal.removeEventListener('abort', onAbort);
    };
    work.finally(settled).then(resolve, reject);
  });
}
