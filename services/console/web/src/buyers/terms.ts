import type { SitePlan } from '@hitonami/model';
import type { Buyer, NewContract } from '../../../src/contract/index.js';
import { NOT_COMBINED } from './words.js';

/** As files are told of, bytes. */
export const MEGABYTE = 1_000_000;
const DAY_MS = 86_400_000;
const DEFAULTS = { downloadsPerMonth: 1_000, bytesPerMonth: 10_000 * MEGABYTE, days: 365 } as const;

/** The terms to begin with: those of the newest version, else what was asked for. */
export function firstTerms(plan: SitePlan, buyer: Buyer, nowMs = Date.now()): NewContract {
  const [newest] = buyer.contracts;
  const sold = plan.datasets.filter(({ audience }) => audience === 'buyers');
  const asked = newest?.datasets ?? buyer.wanted;
  const datasets = sold.filter(({ id }) => asked.includes(id));
  return {
    datasets: datasets.map(({ id }) => id),
    purposes: [...new Set(datasets.map(({ purpose }) => purpose))],
    downloadsPerMonth: newest?.downloadsPerMonth ?? DEFAULTS.downloadsPerMonth,
    bytesPerMonth: newest?.bytesPerMonth ?? DEFAULTS.bytesPerMonth,
    validUntil: new Date(nowMs + DEFAULTS.days * DAY_MS).toISOString().slice(0, 10),
    notCombinedWith: { ...NOT_COMBINED },
    special: { ja: '', en: '' },
  };
}

export function toggled(chosen: readonly string[], id: string): string[] {
  return chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id];
}
