import { describe, expect, it } from 'vitest';
import { label, planText, testGovernance } from '../../../test/support/plans.js';
import { readPlan } from '../src/index.js';

const dataset = {
  id: 'crowding',
  title: label,
  description: label,
  subject: 'areas',
  stepS: 3_600,
  period: 'month',
  startsOn: '2026-01-01',
  purpose: 'statistics',
  audience: 'open',
  licence: 'CC-BY-4.0',
};

function issuesOf(changes: object, purposeChanges: object = {}): string[] {
  const governance = testGovernance();
  const statistics = {
    ...governance.purposes[0],
    id: 'statistics',
    items: ['measures', 'flow-legs'],
    retention: { measuresDays: 7, rollupDays: 365, flowLegsDays: 3 },
    recipients: ['public', 'buyers'],
    ...purposeChanges,
  };
  const { issues } = readPlan(
    planText({
      governance: {
        ...governance,
        recipients: [
          ...governance.recipients,
          { id: 'public', name: label, role: 'public' },
          { id: 'buyers', name: label, role: 'buyers' },
        ],
        purposes: [...governance.purposes, statistics],
      },
      datasets: [{ ...dataset, ...changes }],
    }),
  );
  return issues.map(({ key, problem }) => `${key}: ${problem}`);
}

describe('a dataset of the plan', () => {
  it('is an open one of areas by the hour and month', () => {
    expect(issuesOf({})).toEqual([]);
  });

  it('is for buyers, at a price, under a contract', () => {
    const price = label;
    expect(issuesOf({ ...{ audience: 'buyers', licence: 'contract', price }, stepS: 900 })).toEqual(
      [],
    );
  });

  it.each([
    [{ places: ['nowhere'] }, "datasets[0].places[0]: 'nowhere' is not in this plan"],
    [{ places: ['middle'] }, "datasets[0].places[0]: 'middle' is not in this plan"],
    [{ purpose: 'else' }, "datasets[0].purpose: 'else' is not in this plan"],
    [
      { purpose: 'safety' },
      "datasets[0].purpose: 'safety' gives nothing to a recipient with the role 'public'",
    ],
    [{ licence: 'contract' }, "datasets[0].licence: 'contract' is not a licence for everybody"],
    [{ price: label }, 'datasets[0].price: open data has a price'],
    [
      { subject: 'movements' },
      'datasets[0].period: movements are counted from movements, which are kept for days',
    ],
    [
      { subject: 'sequences', stepS: 900, period: 'day' },
      'datasets[0].audience: sequences of areas are never open data',
    ],
    [
      { noise: { mechanism: 'laplace', epsilon: 1 } },
      'datasets[0].noise: how much one person changes areas has no bound',
    ],
  ])('%j is refused', (changes, issue) => {
    expect(issuesOf(changes)).toContain(issue);
  });

  it('is refused where its purpose does not use what it is computed from', () => {
    const purpose = { items: ['measures'], retention: { measuresDays: 7, rollupDays: 365 } };
    expect(issuesOf({ subject: 'lines', period: 'day' }, purpose)).toEqual([
      "datasets[0].purpose: 'statistics' does not use flow-legs, which lines are computed from",
    ]);
  });
});
