import type { Records } from '@hitonami/records';
import type { PublicFolder } from '@hitonami/releases';
import { frameFigures, type MetricsSources, type PlanFollower } from '@hitonami/service';

/** Days whose head of the audit log is told. */
const HEADS_TOLD = 100;

export interface DocumentParts {
  readonly plans: Pick<PlanFollower, 'versions' | 'sites'>;
  readonly sources: Pick<MetricsSources, 'look'>;
  readonly records: Pick<Records, 'audit'>;
  readonly folder: Pick<PublicFolder, 'writeSite'>;
}

/** Tells the public's service what it has no way to learn by itself: the plan's versions, the figures of frames, the audit's heads. */
export async function writeDocuments({
  plans,
  sources,
  records,
  folder,
}: DocumentParts): Promise<readonly string[]> {
  const auditHeads = await records.audit.heads(HEADS_TOLD);
  const metrics = await sources.look();
  const sites = plans.sites();
  for (const site of sites)
    await folder.writeSite(site, {
      plans: plans
        .versions(site)
        .map(({ plan, inForceFromUs }) => ({ plan, fromMs: inForceFromUs / 1000 })),
      figures: frameFigures(metrics, site),
      auditHeads,
    });
  return sites;
}
