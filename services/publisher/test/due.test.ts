import { describe, expect, it } from 'vitest';
import { localInstantMs, type ReleaseManifest, type SitePlan } from '@hitonami/model';
import { dataset, stationPlan } from '../../../test/support/measured-days.js';
import { dueOf } from '../src/releases/due.js';
import { periodOf } from '../src/releases/periods.js';

const DAYS = ['2026-03-30', '2026-03-31'];
const STEPS = [
  dataset('a-day', { stepS: 86_400 }),
  dataset('b-hours', { stepS: 3_600 }),
  dataset('c-quarters', { stepS: 900 }),
];

function due(plan: SitePlan, told: readonly [id: string, day: string][] = []) {
  const releases = told.map(([id, name]) => {
    const one = plan.datasets.find((own) => own.id === id)!;
    const { fromMs, toMs } = periodOf(one, name, plan.timeZone);
    return {
      ...{ site: plan.site, period: name, fromMs, toMs, dataset: one },
      protection: { rule: 'fewest-people' },
    } as unknown as ReleaseManifest;
  });
  return dueOf({
    ...{ plan, releases, days: DAYS, withdrawals: [], settleMs: 0 },
    versions: [{ plan, fromMs: 0 }],
    nowMs: localInstantMs('2026-04-02', 0, plan.timeZone),
  });
}

describe('releases come out', () => {
  const plan = stationPlan({ datasets: STEPS });

  it('the newest day first, and of one day the shortest steps first, whatever they are called', () => {
    expect(due(plan).map((one) => `${one.period.name} ${one.dataset.id} ${one.state}`)).toEqual([
      '2026-03-31 c-quarters due',
      '2026-03-31 b-hours due',
      '2026-03-31 a-day due',
      '2026-03-30 c-quarters due',
      '2026-03-30 b-hours due',
      '2026-03-30 a-day due',
    ]);
  });

  it('never between shorter and longer steps that are out already: together those could give it away', () => {
    const found = due(plan, [
      ['c-quarters', '2026-03-31'],
      ['a-day', '2026-03-31'],
    ]).filter((one) => one.dataset.id === 'b-hours');
    expect(found.map(({ state }) => state)).toEqual(['refused', 'due']);
    expect(found[0]?.because?.en).toContain("lie between those of 'c-quarters' and 'a-day'");
    expect(found[0]?.because?.ja).toContain('「c-quarters」と「a-day」の間');
  });

  it('between those that are about other places', () => {
    const apart = stationPlan({
      datasets: STEPS.map((one) => ({
        ...one,
        places: one.id === 'b-hours' ? ['a00'] : ['a01', 'a02'],
      })),
    });
    const told = [
      ['c-quarters', '2026-03-31'],
      ['a-day', '2026-03-31'],
    ] as const;
    const hours = due(
      apart,
      told.map(([id, day]) => [id, day]),
    ).find((one) => one.dataset.id === 'b-hours');
    expect(hours?.state).toBe('due');
  });
});
