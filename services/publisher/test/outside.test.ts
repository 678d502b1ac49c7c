import { describe, expect, it } from 'vitest';
import type { SitePlan } from '@hitonami/model';
import { dataset, stationPlan } from '../../../test/support/measured-days.js';
import { outsideOf } from '../src/disclosure/outside.js';

const HOUR_MS = 3_600_000;
const stretch = { fromMs: 10 * HOUR_MS * 24, toMs: 11 * HOUR_MS * 24 };
const ways = { subject: 'sequences', audience: 'buyers', licence: 'contract' };
const planWith = (changes: object): SitePlan =>
  stationPlan({ datasets: [dataset('ways', { ...ways, ...changes })] });
const outsideIn = (plan: SitePlan, versions = [{ plan, fromMs: 0 }]) =>
  outsideOf(versions, plan, plan.datasets[0]!, stretch);

describe('what sequences leave out and movements do not', () => {
  it('is every line, and the areas that the dataset has not', () => {
    expect(outsideIn(planWith({}))).toEqual(['l0', 'l1']);
    expect(outsideIn(planWith({ places: ['a00', 'a02'] }))).toEqual(['a01', 'a03', 'l0', 'l1']);
  });

  it('is nothing that is known of other subjects', () => {
    const plan = stationPlan({ datasets: [dataset('moves', { subject: 'movements' })] });
    expect(outsideIn(plan)).toBeUndefined();
  });

  it('is unknown where movements of some places alone were kept, in any version of the time', () => {
    const plan = planWith({});
    const { governance } = plan;
    const purposes = governance.purposes.map((one) =>
      one.items.includes('flow-legs') ? { ...one, places: ['a00'] } : one,
    );
    const partly = { ...plan, governance: { ...governance, purposes } };
    expect(outsideIn(partly)).toBeUndefined();
    const since = (fromMs: number) => [
      { plan, fromMs: 0 },
      { plan: partly, fromMs },
    ];
    expect(outsideIn(plan, since(stretch.toMs - HOUR_MS))).toBeUndefined();
    expect(outsideIn(plan, since(stretch.toMs))).toEqual(['l0', 'l1']);
  });

  it('has what any version of the time had', () => {
    const plan = planWith({});
    const fewer = { ...plan, lines: plan.lines.slice(1) };
    const versions = [
      { plan, fromMs: 0 },
      { plan: fewer, fromMs: stretch.fromMs + HOUR_MS },
    ];
    expect(outsideIn(fewer, versions)).toEqual(['l0', 'l1']);
  });
});
