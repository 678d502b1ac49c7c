import type { AuditHead, Records } from '@hitonami/records';
import type { PublicFolder } from '@hitonami/releases';
import {
  frameFigures,
  type Logger,
  type MetricsSources,
  type PlanFollower,
} from '@hitonami/service';

/** Days whose head of the audit log is told. */
const HEADS_TOLD = 100;

export interface DocumentParts {
  readonly plans: Pick<PlanFollower, 'versions' | 'sites'>;
  readonly sources: Pick<MetricsSources, 'look'>;
  readonly records: Pick<Records, 'audit'>;
  readonly folder: Pick<PublicFolder, 'writeSite'>;
  readonly logger: Logger;
}

/** Tells the public's service what it has no way to learn by itself: the plan's versions, the figures of frames, the audit's heads. */
export class Documents {
  readonly #parts: DocumentParts;
  /** Heads stay as they were told: while the records are away the last ones are told again. */
  #heads: readonly AuditHead[] = [];

  constructor(parts: DocumentParts) {
    this.#parts = parts;
  }

  /** @returns the sites that were written */
  async write(): Promise<readonly string[]> {
    const { plans, sources, records, folder, logger } = this.#parts;
    try {
      this.#heads = await records.audit.heads(HEADS_TOLD);
    } catch (error) {
      logger.warn({ err: error }, 'the heads of the audit log cannot be read; it is tried again');
    }
    const metrics = await sources.look();
    const sites = plans.sites();
    for (const site of sites) {
      const figures = frameFigures(metrics, site);
      await folder.writeSite(site, {
        plans: plans
          .versions(site)
          .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 })),
        // With when they were counted: of a publisher that died they are old.
        figures: figures && { ...figures, atMs: Date.now() },
        auditHeads: this.#heads,
      });
    }
    return sites;
  }
}
