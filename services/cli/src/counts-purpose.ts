import type { SitePlan } from '@hitonami/model';

/** A purpose for which counts of a site may be read, to name in an example; a plan without one has none to read. */
export function countsPurpose({ governance }: SitePlan): string {
  return governance.purposes.find(({ items }) => items.includes('measures'))?.id ?? '…';
}
